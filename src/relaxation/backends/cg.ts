/**
 * Preconditioned conjugate gradients in whitened coordinates: no q×q matrix. The system is
 *
 *     X + T̃ᵀ(λ/2)T̃ + E~(l) + T̃ᵀ(½ Delta' ∘ K)T̃ = R,    rows(X) = λ/Delta on the active rows,  W~(X) = l,
 *
 * X = dLambda^, K = T̃ X T̃ᵀ, Delta' = Delta without the active rows. The preconditioner drops the Delta' term and is inverted exactly
 * (preconditioner.ts). The multipliers λ are carried beside X as in a saddle-point method (Benzi, Golub, Liesen,
 * Acta Numerica 14 (2005), section 10), so active rows never see Delta, whose entries reach 1e16: λ/Delta multiplied back
 * would be noise. Since z + adjoint(λ) + E~(l) = r for every preconditioned z, the operator costs one lift of z besides.
 *
 * The right-hand side is shifted by `removed` times Σ − DᵀZD = 0 with Z expanded, which takes |R| from 1e5 to 1e3. After the
 * iteration the active rows of X are corrected until they hold (`solve`).
 */

import { cubeOf, squareOf } from '../../base/elementary.js';
import type { Algebra } from '../../linalg/algebra.js';
import { pause } from '../../linalg/steps.js';
import { flat, slice, type Vector, type View } from '../../linalg/views.js';
import { subtractProduct } from '../kernels.js';
import { copiesBytes, liftedOrder, type ProblemSize } from '../size.js';
import type { Stack } from '../stack.js';
import { activeRowsBytes, activeRowsFlops } from './active-rows.js';
import type { Backend, Direction, DirectionSettings, NewtonPoint, RightHandSide } from './contract.js';
import { lossRowsBytes, lossRowsFlops } from './loss-rows.js';
import { Preconditioner } from './preconditioner.js';
import { WhitenedStack } from './whitened-stack.js';

/** Working memory beside that of the iteration. */
const COPIES = { lifted: 16, forms: 8 } as const;
/** Usual steps in an iteration, what one costs in units of p³, and what an iteration adds: coordinates, loss rows, row corrections. */
const USUAL_STEPS = 20;
const STEP_COST = 8;
const ITERATION_COST = 45;

/** Bytes and flops of what the back end adds to an iteration. */
export const cgBytes = (size: ProblemSize): number =>
  activeRowsBytes(size) + lossRowsBytes(size) + copiesBytes(size, COPIES);
export const cgFlops = (size: ProblemSize): number =>
  activeRowsFlops(size) + lossRowsFlops(size) + (USUAL_STEPS * STEP_COST + ITERATION_COST) * cubeOf(liftedOrder(size));

/** A round of conjugate gradients. */
const MAX_STEPS = 80;
/** Rounds of a solve, corrections of the rows after each, and the share of the tolerance's energy that their error may have. */
const ROUNDS = 3;
const ROW_CORRECTIONS = 6;
const ROW_SHARE = 1e-4;

export class CgBackend implements Backend {
  readonly name = 'cg';
  readonly settings: DirectionSettings = { predictorTolerance: 0.1, correctorTolerance: 0.03, secondOrderBound: 3 };
  cgSteps = 0;
  readonly #algebra: Algebra;
  readonly #stack: Stack;
  readonly #whitened: WhitenedStack;
  readonly #preconditioner: Preconditioner;
  /** Delta with zeros at the active rows. */
  readonly #rest: Vector;
  readonly #pairs: Vector;
  readonly #K: View;
  readonly #right: View;
  readonly #R: View;
  readonly #X: View;
  readonly #z: View;
  readonly #step: View;
  readonly #image: View;
  readonly #temporary: View;
  readonly #scratch: View;
  readonly #lambda: Record<'total' | 'last' | 'step', Vector>;
  /** Loss multipliers of z, and W~(X). */
  readonly #l: View;
  readonly #loss: View;
  #newton: NewtonPoint | undefined;

  constructor(algebra: Algebra, stack: Stack) {
    const { p, c, forms, pairs, lossCount } = stack.problem;
    this.#algebra = algebra;
    this.#stack = stack;
    this.#whitened = new WhitenedStack(algebra, stack.problem);
    this.#preconditioner = new Preconditioner(algebra, stack.problem, this.#whitened);
    this.#rest = algebra.vector(pairs);
    this.#pairs = algebra.vector(pairs);
    this.#K = algebra.matrix(forms, forms);
    this.#right = algebra.matrix(p, p);
    this.#R = algebra.matrix(p, p);
    this.#X = algebra.matrix(p, p);
    this.#z = algebra.matrix(p, p);
    this.#step = algebra.matrix(p, p);
    this.#image = algebra.matrix(p, p);
    this.#temporary = algebra.matrix(p, p);
    this.#scratch = algebra.matrix(p, p);
    const { capacity } = this.#preconditioner.active;
    this.#lambda = {
      total: algebra.vector(capacity),
      last: algebra.vector(capacity),
      step: algebra.vector(capacity),
    };
    this.#l = algebra.matrix(lossCount, c);
    this.#loss = algebra.matrix(lossCount, c);
  }

  *prepare(newton: NewtonPoint): Generator<void, boolean> {
    this.#newton = newton;
    yield* this.#whitened.prepare(newton.scaling);
    if (!(yield* this.#preconditioner.prepare(newton.delta))) return false;
    const algebra = this.#algebra;
    algebra.copy(newton.delta, this.#rest);
    const rest = algebra.entries(this.#rest);
    for (const position of this.#preconditioner.active.positions) rest[position] = 0;
    return true;
  }

  /**
   * Rows are nearly dependent near the optimum, and the row factor then solves them only roughly: after the iteration the rows of X are
   * corrected until they hold. A correction that counts disturbs the inactive rows, so the iteration then goes on from the residual
   * of what stands.
   */
  *solve(rightHandSide: RightHandSide, direction: Direction): Generator<void, void> {
    const newton = this.#newton;
    if (!newton) return;
    const target = squareOf(rightHandSide.tolerance) * this.#stack.problem.p * newton.mu;
    const { total } = this.#multipliers();
    yield* this.#setRightHandSide(rightHandSide, newton, direction);
    this.#algebra.zero(this.#X);
    this.#algebra.fill(total, 0);
    for (let round = 1; ; round++) {
      yield* this.#iterate(target, newton.isExpired);
      const isDisturbed = yield* this.#correctRows(ROW_SHARE * target);
      if (!isDisturbed || round === ROUNDS || newton.isExpired()) break;
      yield* this.#setResidual();
    }
    yield* this.#finish(rightHandSide, newton, direction);
  }

  /** Corrects the rows of X until the correction's energy is at most `target`; whether any was above. */
  *#correctRows(target: number): Generator<void, boolean> {
    const { total, step } = this.#multipliers();
    for (let k = 0; k < ROW_CORRECTIONS; k++) {
      const energy = yield* this.#preconditioner.correctRows(this.#X, total, this.#step, step);
      if (!(energy > target)) return k > 0;
    }
    return true;
  }

  /** R = right-hand side − operator(X, λ). */
  *#setResidual(): Generator<void, void> {
    const algebra = this.#algebra;
    algebra.copyMatrix(this.#right, this.#R);
    algebra.axpy(-1, flat(this.#X), flat(this.#R));
    yield* this.#whitened.toPrimal(this.#X, this.#temporary);
    this.#stack.predictions(this.#temporary, this.#loss);
    yield* this.#addRest(-1, this.#loss, this.#R);
    yield* this.#whitened.subtractAdjoint(this.#multipliers().total, this.#preconditioner.active.list, this.#R);
  }

  /** R = Qᵀ(R_Z + ηΣ)Q + D̂ᵀ( Tᵀ½(R_N + ηN)T + E(ηa − r_W) − ηC0 )D̂, η = removed. */
  *#setRightHandSide(
    { Z: Rz, N: Rn, removed }: RightHandSide,
    newton: NewtonPoint,
    direction: Direction,
  ): Generator<void, void> {
    const algebra = this.#algebra;
    const { point, scaling, residual } = newton;
    const { n, d, p, c, cost } = this.#stack.problem;
    // the direction's buffers are free until the end of the solve
    algebra.copy(Rn, direction.N);
    algebra.axpy(removed, point.N, direction.N);
    algebra.copyMatrix(residual, direction.a);
    algebra.axpby(removed, flat(point.a), -1, flat(direction.a));
    algebra.zero(this.#temporary);
    const weights = algebra.entries(cost);
    const entries = algebra.entries(flat(this.#temporary));
    for (let k = 0; k < d + c; k++) entries[(n + k) * (p + 1)] = -removed * weights[k];
    yield* this.#stack.addAdjoint(1, direction.a, direction.N, undefined, this.#temporary);
    yield* this.#whitened.toDual(this.#temporary, this.#R);
    algebra.copyMatrix(Rz, this.#temporary);
    const sigma = algebra.entries(scaling.sigma);
    const shifted = algebra.entries(flat(this.#temporary));
    for (let k = 0; k < p; k++) shifted[k * (p + 1)] += removed * sigma[k];
    yield* this.#whitened.turn(this.#temporary, this.#scratch);
    algebra.axpy(1, flat(this.#scratch), flat(this.#R));
    algebra.copyMatrix(this.#R, this.#right);
  }

  /** Conjugate gradients until ⟨r, z⟩ and ⟨z, z⟩ are at most `target`, or the time is up: a rough direction is still a direction. */
  *#iterate(target: number, isExpired: () => boolean): Generator<void, void> {
    const algebra = this.#algebra;
    const { total, last, step } = this.#multipliers();
    yield* this.#preconditioner.solve(this.#R, this.#z, last, this.#l);
    let slope = algebra.inner(this.#R, this.#z);
    if (this.#isBelow(target, slope)) return;
    algebra.copyMatrix(this.#z, this.#step);
    algebra.copy(last, step);
    for (let k = 0, beta = 0; k < MAX_STEPS && !isExpired(); k++) {
      yield* pause(algebra);
      this.cgSteps++;
      yield* this.#applyRest(beta);
      const length = slope / algebra.inner(this.#step, this.#image);
      if (!Number.isFinite(length)) return;
      algebra.axpy(length, flat(this.#step), flat(this.#X));
      algebra.axpy(length, step, total);
      algebra.axpy(-length, flat(this.#image), flat(this.#R));
      yield* this.#preconditioner.solve(this.#R, this.#z, last, this.#l);
      const next = algebra.inner(this.#R, this.#z);
      if (this.#isBelow(target, next)) return;
      beta = next / slope;
      slope = next;
      this.#axpby(1, this.#z, beta, this.#step);
      algebra.axpby(1, last, beta, step);
    }
  }

  /** Whether ⟨r, z⟩ and ⟨z, z⟩ are at most `target`, or r is so small that ⟨r, z⟩ is noise. */
  #isBelow(target: number, slope: number): boolean {
    return !(slope > 0) || (slope <= target && this.#algebra.inner(this.#z, this.#z) <= target);
  }

  /** image ← operator(z) without its active rows + beta · image, which is r + D̂ᵀ(Tᵀ½ Delta' ∘ K(D̂zD̂ᵀ)T)D̂ + beta · image. */
  *#applyRest(beta: number): Generator<void, void> {
    this.#axpby(1, this.#R, beta, this.#image);
    yield* this.#whitened.toPrimal(this.#z, this.#temporary);
    yield* this.#addRest(1, undefined, this.#image);
  }

  /** target += factor · D̂ᵀ(E(l) + Tᵀ½ Delta' ∘ K(X)T)D̂, X in `temporary`, which is lost; l may be left out. */
  *#addRest(factor: number, l: View | undefined, target: View): Generator<void, void> {
    const algebra = this.#algebra;
    yield* this.#stack.lift(this.#temporary, this.#K);
    this.#stack.pairs(this.#K, this.#pairs);
    algebra.hadamard(this.#pairs, this.#rest, this.#pairs);
    algebra.zero(this.#temporary);
    yield* this.#stack.addAdjoint(1, l, this.#pairs, undefined, this.#temporary);
    yield* this.#whitened.toDual(this.#temporary, this.#scratch);
    algebra.axpy(factor, flat(this.#scratch), flat(target));
  }

  /** The direction from X, the multipliers and those of the last preconditioned residual. */
  *#finish({ Z: Rz, N: Rn, removed }: RightHandSide, newton: NewtonPoint, direction: Direction): Generator<void, void> {
    const algebra = this.#algebra;
    const { equalities } = this.#stack.problem.part.pairs;
    const { positions } = this.#preconditioner.active;
    const { residual, point } = newton;
    algebra.symmetrize(this.#X);
    yield* this.#whitened.turnBack(this.#X, direction.scaledLambda);
    yield* this.#whitened.toPrimal(this.#X, direction.Lambda);
    yield* this.#stack.lift(direction.Lambda, this.#K);
    this.#stack.pairs(this.#K, direction.pairs);
    this.#stack.predictions(direction.Lambda, direction.W);

    const { total, last } = this.#multipliers();
    algebra.axpy(1, last, total);
    subtractProduct(algebra, Rn, this.#rest, direction.pairs, direction.N);
    const multipliers = algebra.entries(total);
    const dN = algebra.entries(direction.N);
    positions.forEach((position, k) => {
      dN[position] -= multipliers[equalities + k];
    });
    const w = algebra.entries(direction.w);
    const free = algebra.entries(point.w);
    for (let k = 0; k < equalities; k++) w[k] = -multipliers[k] - removed * free[k];
    algebra.copyMatrix(residual, direction.a);
    algebra.scale(-1, flat(direction.a));
    algebra.axpy(-1, flat(direction.W), flat(direction.a));
    algebra.axpy(-1, flat(this.#l), flat(direction.a));

    // the solve's own dZ: what the multipliers give differs by round-off in the rows, which restoration mends at little cost
    algebra.copyMatrix(Rz, direction.scaledZ);
    algebra.axpy(-1, flat(direction.scaledLambda), flat(direction.scaledZ));
  }

  #multipliers(): Record<'total' | 'last' | 'step', Vector> {
    const { count } = this.#preconditioner.active.list;
    const { total, last, step } = this.#lambda;
    return { total: slice(total, 0, count), last: slice(last, 0, count), step: slice(step, 0, count) };
  }

  /** B = alpha A + beta B. */
  #axpby(alpha: number, A: View, beta: number, B: View): void {
    this.#algebra.axpby(alpha, flat(A), beta, flat(B));
    this.#algebra.flops += 3 * A.rows * A.columns;
  }
}
