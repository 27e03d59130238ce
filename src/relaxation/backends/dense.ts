/**
 * Dense Cholesky back end: the Newton system over the free entries of Lambda, q = n(n−1)/2 + nd + d(d+1)/2 + (n+d)c + c(c+1)/2 of them
 * (assembly/solver/unknowns.ts), so that complementarity of alpha and beta holds by construction:
 *
 *     M y = contract( D⁻ᵀ R_Z D⁻¹ + Tᵀ(½R_N)T − E(H r_W) ),   M_ab = tr(E_a Wn⁻¹ E_b Wn⁻¹) + Σ Delta_r J_ra J_rb + (Σ_r s_r s_rᵀ ⊗ H_r)_ab
 *
 * scaled to unit diagonal, factorised, and refined by conjugate gradients preconditioned with the factor: M's condition grows like
 * 1/μ², and a few steps bring back the digits the factorisation lost. Cost q³/3 per iteration, 8 q² bytes.
 */

import { cubeOf, squareOf } from '../../base/elementary.js';
import type { Algebra } from '../../linalg/algebra.js';
import { choleskySteps, pause } from '../../linalg/steps.js';
import { flat, packed, transposed, type Vector, type View } from '../../linalg/views.js';
import { assembleSchur, contractUnknowns, expandUnknowns, scaleSymmetric } from '../kernels.js';
import { liftedOrder, type ProblemSize } from '../size.js';
import type { Stack } from '../stack.js';
import type { Backend, Direction, DirectionSettings, NewtonPoint, RightHandSide } from './contract.js';
import { DenseLoss } from './dense-loss.js';

/**
 * Unknowns of the Newton system, Lambda over (alpha, u, v) without the diagonal of its alpha block:
 * n(n−1)/2 + nd + d(d+1)/2 + (n+d)c + c(c+1)/2.
 */
export const newtonUnknowns = (size: ProblemSize): number => {
  const p = liftedOrder(size);
  return (p * (p + 1)) / 2 - size.n;
};

/** Bytes and flops of what the back end adds to an iteration: H, and its Cholesky factorisation. */
export const denseBytes = (size: ProblemSize): number => 8 * squareOf(newtonUnknowns(size));
export const denseFlops = (size: ProblemSize): number => cubeOf(newtonUnknowns(size)) / 3;

/** Added to the unit diagonal, in turn until the factorisation succeeds. */
const SHIFTS = [1e-15, 1e-13, 1e-11];
/** Direct solves are exact, and so are their second-order terms. */
const EXACT: DirectionSettings = {
  predictorTolerance: 0,
  correctorTolerance: 0,
  secondOrderBound: Number.POSITIVE_INFINITY,
};
/** Times the residual is computed afresh, with conjugate gradients on the recursive residual in between. */
const ROUNDS = 2;
/** Steps that bring back lost digits, down to the relative residual below which further ones have nothing to gain. */
const REFINEMENTS = 6;
const REFINED = 1e-15;
/** Where rows are nearly parallel the factor misses some directions altogether; steps go on, at most so many, until they are found. */
const MAX_STEPS = 300;
const ACCEPTABLE = 1e-10;

export class DenseBackend implements Backend {
  readonly name = 'dense';
  readonly settings = EXACT;
  readonly cgSteps = 0;
  readonly #algebra: Algebra;
  readonly #stack: Stack;
  readonly #order: number;
  readonly #M: View;
  readonly #scaling: Vector;
  readonly #inverseW: View;
  readonly #delta: View;
  readonly #loss: DenseLoss;
  readonly #matrix: View;
  readonly #scaled: View;
  readonly #K: View;
  readonly #W: View;
  readonly #pairs: Vector;
  readonly #vectors: Record<'solution' | 'residual' | 'preconditioned' | 'step' | 'image' | 'scaled', Vector>;
  #newton: NewtonPoint | undefined;

  constructor(algebra: Algebra, stack: Stack) {
    const { n, p, d, c, forms, lossCount, pairs } = stack.problem;
    this.#algebra = algebra;
    this.#stack = stack;
    const q = newtonUnknowns({ n, d, c });
    this.#order = q;
    algebra.reserveFor({ cholesky: q });
    this.#M = algebra.matrix(q, q);
    this.#scaling = algebra.vector(q);
    this.#inverseW = algebra.matrix(p, p);
    this.#delta = algebra.matrix(forms, forms);
    this.#loss = new DenseLoss(algebra, stack.problem);
    this.#matrix = algebra.matrix(p, p);
    this.#scaled = algebra.matrix(p, p);
    this.#K = algebra.matrix(forms, forms);
    this.#W = algebra.matrix(lossCount, c);
    this.#pairs = algebra.vector(pairs);
    const vector = () => algebra.vector(q);
    this.#vectors = {
      solution: vector(),
      residual: vector(),
      preconditioned: vector(),
      step: vector(),
      image: vector(),
      scaled: vector(),
    };
  }

  *prepare(newton: NewtonPoint): Generator<void, boolean> {
    this.#newton = newton;
    const algebra = this.#algebra;
    const { inverse } = newton.scaling;
    algebra.product(1, transposed(inverse), inverse, this.#inverseW, { symmetric: true });
    this.#stack.expandPairs(1, newton.delta, this.#delta);
    for (const shift of SHIFTS) {
      this.#assemble(shift);
      yield* pause(algebra);
      if (yield* choleskySteps(algebra, this.#M)) return true;
    }
    return false;
  }

  /**
   * The steps dLambda~, da and dN are accumulated beside the unknowns y, correction by correction, instead of taken from the final y. Where
   * rows are nearly parallel, Wn⁻¹ and Delta are so large that the last digit of y alone would put more into
   * dZ = D⁻ᵀ(R_Z − dLambda~)D⁻¹ = −E(da) − Tᵀ(½dN + dw)T than Z can bear; a small correction brings only a small error. The round-off
   * is then in the primal side of the equations, which every iterate restores exactly.
   */
  *solve({ Z: Rz, N: Rn }: RightHandSide, direction: Direction): Generator<void, void> {
    if (!this.#newton) return;
    const algebra = this.#algebra;
    const { n, p, Xw } = this.#stack.problem;
    const { solution, residual } = this.#vectors;

    algebra.fill(solution, 0);
    algebra.zero(direction.scaledLambda);
    algebra.copyMatrix(this.#newton.residual, direction.a);
    this.#loss.apply(direction.a, this.#newton.curvature);
    algebra.scale(-1, flat(direction.a));
    algebra.copy(Rn, direction.N);
    yield* this.#setResidual(Rz, direction);
    const start = this.#scaledNorm(residual);
    for (let k = 0; k < ROUNDS && this.#scaledNorm(residual) > REFINED * start; k++) {
      yield* this.#improve(direction, start);
      yield* this.#setResidual(Rz, direction);
    }

    // dw takes what is left of dZ on the diagonal of the alpha block
    const diagonal = algebra.entries(flat(this.#matrix));
    const w = algebra.entries(direction.w);
    for (let i = 0; i < n; i++) w[i] = -diagonal[i * (p + 1)];
    expandUnknowns(algebra, Xw, solution, direction.Lambda);
    yield* this.#stack.lift(direction.Lambda, this.#K);
    this.#stack.pairs(this.#K, direction.pairs);
    this.#stack.predictions(direction.Lambda, direction.W);
  }

  /** M with unit diagonal plus the shift, lower triangle. */
  #assemble(shift: number): void {
    const algebra = this.#algebra;
    const q = this.#order;
    const M = this.#M;
    assembleSchur(algebra, this.#stack.problem.Xw, this.#inverseW, this.#delta, M);
    this.#loss.addTo(M, this.#newton?.curvature);
    const entries = algebra.entries(flat(M));
    const scaling = algebra.entries(this.#scaling);
    for (let k = 0; k < q; k++) scaling[k] = 1 / Math.sqrt(entries[k * (q + 1)]);
    scaleSymmetric(algebra, this.#scaling, M);
    for (let k = 0; k < q; k++) entries[k * (q + 1)] += shift;
  }

  /** dZ~ = R_Z − dLambda~, and how far D⁻ᵀ dZ~ D⁻¹ + E(da) + Tᵀ(½dN)T is from 0: in full, and contracted to the unknowns. */
  *#setResidual(Rz: View, { scaledLambda, scaledZ, a, N }: Direction): Generator<void, void> {
    const algebra = this.#algebra;
    algebra.copyMatrix(Rz, scaledZ);
    algebra.axpy(-1, flat(scaledLambda), flat(scaledZ));
    this.#newton?.scaling.toDual(scaledZ, this.#matrix);
    yield* this.#stack.addAdjoint(1, a, N, undefined, this.#matrix);
    contractUnknowns(algebra, this.#stack.problem.Xw, this.#matrix, this.#vectors.residual);
  }

  /** Conjugate gradients on the exact operator, preconditioned by the factor, from the current residual. */
  *#improve({ scaledLambda, a, N }: Direction, start: number): Generator<void, void> {
    const algebra = this.#algebra;
    const { solution, residual, preconditioned, step, image } = this.#vectors;
    let previous = 0;
    for (let k = 0; k < MAX_STEPS; k++) {
      if (!(this.#scaledNorm(residual) > (k < REFINEMENTS ? REFINED : ACCEPTABLE) * start)) return;
      this.#precondition(residual, preconditioned);
      yield* pause(algebra);
      const slope = algebra.dot(residual, preconditioned);
      if (k === 0) algebra.fill(step, 0);
      else algebra.scale(slope / previous, step);
      algebra.axpy(1, preconditioned, step);
      previous = slope;
      yield* this.#apply(step, image);
      const length = slope / algebra.dot(step, image);
      if (!Number.isFinite(length)) return;
      algebra.axpy(length, step, solution);
      algebra.axpy(-length, image, residual);
      algebra.axpy(length, flat(this.#scaled), flat(scaledLambda));
      algebra.axpy(-length, flat(this.#W), flat(a));
      algebra.axpy(-length, this.#pairs, N);
    }
  }

  /** out = M y = contract( D⁻ᵀ X~ D⁻¹ + E(H W(X)) + Tᵀ(½ Delta ∘ K(X))T ), X = Σ y_a E_a; leaves X~, H W(X) and Delta ∘ K(X) behind. */
  *#apply(y: Vector, out: Vector): Generator<void, void> {
    if (!this.#newton) return;
    const algebra = this.#algebra;
    const { Xw } = this.#stack.problem;
    const { delta, scaling, curvature } = this.#newton;
    const X = this.#matrix;
    expandUnknowns(algebra, Xw, y, X);
    yield* this.#stack.lift(X, this.#K);
    this.#stack.pairs(this.#K, this.#pairs);
    algebra.hadamard(delta, this.#pairs, this.#pairs);
    this.#stack.predictions(X, this.#W);
    this.#loss.apply(this.#W, curvature);
    scaling.fromPrimal(X, this.#scaled);
    scaling.toDual(this.#scaled, X);
    yield* this.#stack.addAdjoint(1, this.#W, this.#pairs, undefined, X);
    contractUnknowns(algebra, Xw, X, out);
  }

  /** out = diag(s) (L Lᵀ)⁻¹ diag(s) r. */
  #precondition(r: Vector, out: Vector): void {
    const algebra = this.#algebra;
    algebra.hadamard(r, this.#scaling, out);
    algebra.solveCholesky(this.#M, packed(out.at, out.length, 1));
    algebra.hadamard(out, this.#scaling, out);
  }

  #scaledNorm(r: Vector): number {
    const { scaled } = this.#vectors;
    this.#algebra.hadamard(r, this.#scaling, scaled);
    return Math.sqrt(this.#algebra.dot(scaled, scaled));
  }
}
