/**
 * Dense Cholesky back end: the Newton system over the free entries of Lambda, q = n(n−1)/2 + nd + d(d+1)/2 + (n+d)c + c(c+1)/2 of them
 * (assembly/solver/unknowns.ts), so that complementarity of alpha and beta holds by construction:
 *
 *     H y = contract( D⁻ᵀ R_Z D⁻¹ + Tᵀ(½R_N)T − E(r_W) ),   H_ab = tr(E_a Wn⁻¹ E_b Wn⁻¹) + Σ Delta_r J_ra J_rb + (SᵀS ⊗ I)_ab
 *
 * scaled to unit diagonal, factorised, and refined by conjugate gradients preconditioned with the factor: H's condition grows like
 * 1/μ², and a few steps bring back the digits the factorisation lost. Cost q³/3 per iteration, 8 q² bytes.
 */
import { newtonUnknowns } from '../../model/memory.js';
import type { Algebra } from '../algebra.js';
import type { Stack } from '../stack.js';
import { flat, transposed, type Vector, type View } from '../views.js';
import type { Backend, Direction, DirectionSettings, NewtonPoint, RightHandSide } from './contract.js';

/** Added to the unit diagonal, in turn until the factorisation succeeds. */
const SHIFTS = [1e-15, 1e-13, 1e-11];
/** Direct solves are exact, and so are their second-order terms. */
const EXACT: DirectionSettings = {
  predictorTolerance: 0,
  correctorTolerance: 0,
  secondOrderBound: Number.POSITIVE_INFINITY,
};
const REFINEMENTS = 5;
/** Relative residual below which refinement has nothing to gain. */
const REFINED = 1e-15;

export class DenseBackend implements Backend {
  readonly name = 'dense';
  readonly settings = EXACT;
  readonly cgSteps = 0;
  readonly #algebra: Algebra;
  readonly #stack: Stack;
  readonly #order: number;
  readonly #H: View;
  readonly #scaling: Vector;
  readonly #inverseW: View;
  readonly #delta: View;
  readonly #lossGram: View;
  readonly #matrix: View;
  readonly #half: View;
  readonly #K: View;
  readonly #W: View;
  readonly #pairs: Vector;
  readonly #vectors: Record<'rhs' | 'solution' | 'residual' | 'preconditioned' | 'step' | 'image' | 'scaled', Vector>;
  #newton: NewtonPoint | undefined;

  constructor(algebra: Algebra, stack: Stack) {
    const { n, m, p, d, c, lossCount, lossForms, pairs } = stack.problem;
    this.#algebra = algebra;
    this.#stack = stack;
    const q = newtonUnknowns({ n, d, c });
    this.#order = q;
    const { exports } = algebra.kernels;
    algebra.reserveScratch(Math.max(8 * p, exports.choleskyWorkspace(q), exports.solveLowerWorkspace(q, 1)));
    this.#H = algebra.matrix(q, q);
    this.#scaling = algebra.vector(q);
    this.#inverseW = algebra.matrix(p, p);
    this.#delta = algebra.matrix(2 * n, 2 * n);
    this.#lossGram = algebra.matrix(m, m);
    algebra.product(1, transposed(lossForms), lossForms, this.#lossGram, { symmetric: true });
    this.#matrix = algebra.matrix(p, p);
    this.#half = algebra.matrix(p, p);
    this.#K = algebra.matrix(2 * n, 2 * n);
    this.#W = algebra.matrix(lossCount, c);
    this.#pairs = algebra.vector(pairs);
    const vector = () => algebra.vector(q);
    this.#vectors = {
      rhs: vector(),
      solution: vector(),
      residual: vector(),
      preconditioned: vector(),
      step: vector(),
      image: vector(),
      scaled: vector(),
    };
  }

  prepare(newton: NewtonPoint): boolean {
    this.#newton = newton;
    const algebra = this.#algebra;
    const { inverse } = newton.scaling;
    algebra.product(1, transposed(inverse), inverse, this.#inverseW, { symmetric: true });
    this.#stack.expandPairs(1, newton.delta, this.#delta);
    for (const shift of SHIFTS) {
      this.#assemble(shift);
      if (algebra.cholesky(this.#H)) return true;
    }
    return false;
  }

  solve({ Z: Rz, N: Rn }: RightHandSide, direction: Direction): void {
    if (!this.#newton) return;
    const algebra = this.#algebra;
    const { exports } = algebra.kernels;
    const { n, d, p, Xw } = this.#stack.problem;
    const { scaling, residual } = this.#newton;
    const { rhs, solution } = this.#vectors;

    scaling.toDual(Rz, this.#matrix);
    algebra.copyMatrix(residual, direction.a);
    algebra.scale(-1, flat(direction.a));
    algebra.copy(Rn, direction.N);
    this.#stack.addAdjoint(1, direction.a, direction.N, undefined, this.#matrix);
    exports.contractUnknowns(n, d, p, Xw.at, this.#matrix.at, p, rhs.at);
    this.#solveRefined(rhs, solution, direction);

    exports.expandUnknowns(n, d, p, Xw.at, solution.at, direction.Lambda.at, p);
    scaling.fromPrimal(direction.Lambda, direction.scaledLambda);
    this.#stack.lift(direction.Lambda, this.#K);
    this.#stack.pairs(this.#K, direction.pairs);
    this.#stack.predictions(direction.Lambda, direction.W);

    // dw from the diagonal of the alpha block of D⁻ᵀ(R_Z − dLambda~)D⁻¹ = dZ
    algebra.copyMatrix(Rz, direction.scaledZ);
    algebra.axpy(-1, flat(direction.scaledLambda), flat(direction.scaledZ));
    scaling.toDual(direction.scaledZ, this.#matrix);
    this.#stack.addAdjoint(1, direction.a, direction.N, undefined, this.#matrix);
    const diagonal = algebra.entries(flat(this.#matrix));
    const w = algebra.entries(direction.w);
    for (let i = 0; i < n; i++) w[i] = -diagonal[i * (p + 1)];
  }

  /** H with unit diagonal plus the shift, lower triangle. */
  #assemble(shift: number): void {
    const algebra = this.#algebra;
    const { exports } = algebra.kernels;
    const { n, d, p, Xw } = this.#stack.problem;
    const q = this.#order;
    const H = this.#H;
    exports.schurKronecker(n, d, p, Xw.at, this.#inverseW.at, p, H.at, q, algebra.scratch(8 * p));
    exports.schurPairs(n, d, p, Xw.at, this.#delta.at, 2 * n, H.at, q);
    algebra.flops += 2 * q * q + n * n * (4 * d * d + d * d * d + d ** 4 / 4);
    this.#addLoss();
    const entries = algebra.entries(flat(H));
    const scaling = algebra.entries(this.#scaling);
    for (let k = 0; k < q; k++) scaling[k] = 1 / Math.sqrt(entries[k * (q + 1)]);
    exports.scaleSymmetric(q, this.#scaling.at, H.at, q);
    for (let k = 0; k < q; k++) entries[k * (q + 1)] += shift;
  }

  /** H += SᵀS ⊗ I on the (alpha, u')–v block. */
  #addLoss(): void {
    const { n, m, p, c } = this.#stack.problem;
    const q = this.#order;
    const entries = this.#algebra.entries(flat(this.#H));
    const gram = this.#algebra.entries(flat(this.#lossGram));
    /** Index of entry (x, m) of Lambda among the unknowns. */
    const start = (x: number): number => x * p - (x * (x - 1)) / 2 - Math.min(x, n) + m - (x < n ? x + 1 : x);
    for (let x = 0; x < m; x++) {
      for (let y = 0; y <= x; y++) {
        const value = gram[x * m + y];
        if (value === 0) continue;
        for (let k = 0; k < c; k++) entries[(start(x) + k) * q + start(y) + k] += value;
      }
    }
  }

  /**
   * y = H⁻¹ r by the factor, then preconditioned conjugate gradients on the exact operator. The multipliers' steps da −= W(y) and
   * dN −= Delta ∘ K(y) are accumulated beside y: entries of Delta reach 1e16, so taken from the final y, whose last digit is
   * as large as the corrections, they would miss dZ = −E(da) − Tᵀ(½dN + dw)T by Delta times round-off.
   */
  #solveRefined(rhs: Vector, solution: Vector, { a, N }: Direction): void {
    const algebra = this.#algebra;
    const { residual, preconditioned, step, image } = this.#vectors;
    const advance = (length: number): void => {
      algebra.axpy(-length, image, residual);
      algebra.axpy(-length, flat(this.#W), flat(a));
      algebra.axpy(-length, this.#pairs, N);
    };
    this.#precondition(rhs, solution);
    this.#apply(solution, image);
    algebra.copy(rhs, residual);
    advance(1);
    const target = REFINED * this.#scaledNorm(rhs);
    let previous = 0;
    for (let k = 0; k < REFINEMENTS; k++) {
      if (this.#scaledNorm(residual) <= target) return;
      this.#precondition(residual, preconditioned);
      const slope = algebra.dot(residual, preconditioned);
      if (k === 0) algebra.fill(step, 0);
      else algebra.scale(slope / previous, step);
      algebra.axpy(1, preconditioned, step);
      previous = slope;
      this.#apply(step, image);
      const length = slope / algebra.dot(step, image);
      if (!Number.isFinite(length)) return;
      algebra.axpy(length, step, solution);
      advance(length);
    }
  }

  /** out = contract( Wn⁻¹ X Wn⁻¹ + E(W(X)) + Tᵀ(½ Delta ∘ K(X))T ), X = Σ y_a E_a. */
  #apply(y: Vector, out: Vector): void {
    const algebra = this.#algebra;
    const { exports } = algebra.kernels;
    const { n, d, p, Xw } = this.#stack.problem;
    const delta = this.#newton?.delta as Vector;
    const X = this.#matrix;
    exports.expandUnknowns(n, d, p, Xw.at, y.at, X.at, p);
    this.#stack.lift(X, this.#K);
    this.#stack.pairs(this.#K, this.#pairs);
    exports.hadamard(delta.length, delta.at, this.#pairs.at, this.#pairs.at);
    this.#stack.predictions(X, this.#W);
    algebra.product(1, this.#inverseW, X, this.#half);
    algebra.product(1, this.#half, this.#inverseW, X, { symmetric: true });
    this.#stack.addAdjoint(1, this.#W, this.#pairs, undefined, X);
    exports.contractUnknowns(n, d, p, Xw.at, X.at, p, out.at);
  }

  /** out = diag(s) (L Lᵀ)⁻¹ diag(s) r. */
  #precondition(r: Vector, out: Vector): void {
    const { exports } = this.#algebra.kernels;
    exports.hadamard(r.length, r.at, this.#scaling.at, out.at);
    const column: View = { at: out.at, rows: out.length, columns: 1, rowStride: 1, columnStride: 1 };
    this.#algebra.solveCholesky(this.#H, column);
    exports.hadamard(out.length, out.at, this.#scaling.at, out.at);
  }

  #scaledNorm(r: Vector): number {
    const { scaled } = this.#vectors;
    this.#algebra.kernels.exports.hadamard(r.length, r.at, this.#scaling.at, scaled.at);
    return Math.sqrt(this.#algebra.dot(scaled, scaled));
  }
}
