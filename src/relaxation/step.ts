/**
 * Steps that stay strictly feasible. Primal and dual lengths are apart; after a primal step A_ii := x_i·C_i restores complementarity of
 * alpha and beta to the last bit, after a dual step Z is recomputed from (a, N, w), so round-off never accumulates.
 *
 * When the recomputed Z is not positive definite it is restored by the identity A_ii + B_ii = x_iᵀ D x_i: w ← w − 2δ/‖x_i‖² adds
 * curvature on alpha at the price 2δ λ̂/γ on D, λ̂ = λ_max(Σ x_i x_iᵀ/‖x_i‖²), paid by (a, N, w) ← (ta, t²N, t²w), t = (1 + 2δλ̂/γ)^{-½}.
 */
import { squareOf } from '../base/elementary.js';
import type { Algebra } from '../linalg/algebra.js';
import { choleskySteps } from '../linalg/steps.js';
import { flat } from '../linalg/views.js';
import type { PlacedLoss } from '../problem/losses/loss.js';
import type { Direction } from './backends/contract.js';
import { setComplementaryDiagonal } from './kernels.js';
import type { Objective } from './objective.js';
import type { Point } from './point.js';
import type { NesterovTodd } from './scaling.js';
import type { Stack } from './stack.js';

/** Fraction of the way to the boundary. */
const STEP_FRACTION = 0.95;
/** A step that fails numerically is shortened by these factors at most so many times. */
const PRIMAL_SHRINK = 0.7;
const DUAL_SHRINK = 0.8;
const MAX_SHRINKS = 40;
/** First δ in units of γ/λ̂, its growth, and how often it grows: up to about 1e-2. */
const RESTORATION_START = 1e-9;
const RESTORATION_GROWTH = 3.3;
const MAX_RESTORATIONS = 13;
/** λ̂ is rounded up so that t is on the safe side. */
const SAFETY = 1.0001;

export interface StepLengths {
  readonly primal: number;
  readonly dual: number;
}

/** Largest steps that keep Lambda, Z ⪰ 0, K, N ≥ 0 and a in the domain of L*, Infinity when unbounded. */
export function* stepLengths(
  algebra: Algebra,
  scaling: NesterovTodd,
  point: Point,
  direction: Direction,
  loss: PlacedLoss,
): Generator<void, StepLengths> {
  const primal = yield* scaling.stepToBoundary(direction.scaledLambda);
  const dual = yield* scaling.stepToBoundary(direction.scaledZ);
  return {
    primal: Math.min(primal, algebra.stepRatio(point.pairs, direction.pairs)),
    dual: Math.min(dual, algebra.stepRatio(point.N, direction.N), loss.largestStep(point.a, direction.a)),
  };
}

/** The length actually aimed at: short of the boundary, never above 1. */
export const damped = (length: number): number => Math.min(1, STEP_FRACTION * length);

/** next's primal part = point + t · direction, t ≤ length shortened until it is strictly feasible. Returns t, 0 when it stays. */
export function* movePrimal(
  algebra: Algebra,
  stack: Stack,
  point: Point,
  direction: Direction,
  length: number,
  next: Point,
): Generator<void, number> {
  const { Xw } = stack.problem;
  for (let k = 0, t = length; k < MAX_SHRINKS && t > 0; k++, t *= PRIMAL_SHRINK) {
    algebra.copyMatrix(point.Lambda, next.Lambda);
    algebra.axpy(t, flat(direction.Lambda), flat(next.Lambda));
    algebra.symmetrize(next.Lambda);
    setComplementaryDiagonal(algebra, Xw, next.Lambda);
    yield* stack.lift(next.Lambda, next.K);
    stack.pairs(next.K, next.pairs);
    if (!(algebra.minimum(next.pairs) > 0)) continue;
    algebra.copyMatrix(next.Lambda, next.primalFactor);
    if (!(yield* choleskySteps(algebra, next.primalFactor))) continue;
    stack.predictions(next.Lambda, next.W);
    return t;
  }
  copyPrimal(algebra, point, next);
  return 0;
}

/** next's dual part = point + t · direction with Z ≻ 0, restored or shortened where needed. Returns t, 0 when it stays. */
export function* moveDual(
  algebra: Algebra,
  stack: Stack,
  objective: Objective,
  point: Point,
  direction: Direction,
  length: number,
  next: Point,
): Generator<void, number> {
  const bound = objective.bound(point.a);
  for (let k = 0, t = length; k < MAX_SHRINKS && t > 0; k++, t *= DUAL_SHRINK) {
    setDual(algebra, point, direction, t, next);
    if (yield* factoriseDual(algebra, stack, next)) return t;
    if (k === 0) {
      if ((yield* restoreDual(algebra, stack, next)) && objective.bound(next.a) > bound) return t;
    }
  }
  copyDual(algebra, point, next);
  return 0;
}

function copyPrimal(algebra: Algebra, from: Point, to: Point): void {
  algebra.copyMatrix(from.Lambda, to.Lambda);
  algebra.copyMatrix(from.K, to.K);
  algebra.copy(from.pairs, to.pairs);
  algebra.copyMatrix(from.W, to.W);
  algebra.copyMatrix(from.primalFactor, to.primalFactor);
}

export function copyDual(algebra: Algebra, from: Point, to: Point): void {
  algebra.copyMatrix(from.a, to.a);
  algebra.copy(from.N, to.N);
  algebra.copy(from.w, to.w);
  algebra.copyMatrix(from.Z, to.Z);
  algebra.copyMatrix(from.dualFactor, to.dualFactor);
}

function setDual(algebra: Algebra, point: Point, direction: Direction, t: number, next: Point): void {
  algebra.copyMatrix(point.a, next.a);
  algebra.axpy(t, flat(direction.a), flat(next.a));
  algebra.copy(point.N, next.N);
  algebra.axpy(t, direction.N, next.N);
  algebra.copy(point.w, next.w);
  algebra.axpy(t, direction.w, next.w);
}

/** Z(a, N, w) and its factor; false when it is not positive definite. */
export function* factoriseDual(algebra: Algebra, stack: Stack, point: Point): Generator<void, boolean> {
  yield* stack.dualSlack(point.a, point.N, point.w, point.Z);
  algebra.copyMatrix(point.Z, point.dualFactor);
  return yield* choleskySteps(algebra, point.dualFactor);
}

/** Trades bound for feasibility with the smallest δ that makes Z ≻ 0; false when none of them does. */
export function* restoreDual(
  algebra: Algebra,
  stack: Stack,
  point: Point,
  attempts = MAX_RESTORATIONS,
): Generator<void, boolean> {
  const { reg, frameBound, inverseSquares } = stack.problem;
  let delta = (RESTORATION_START * reg) / frameBound;
  let before = 0;
  let scaleBefore = 1;
  for (let k = 0; k < attempts; k++, delta *= RESTORATION_GROWTH) {
    const t = 1 / Math.sqrt(1 + (2 * delta * frameBound * SAFETY) / reg);
    const relative = t / scaleBefore;
    // from the last trial (scaleBefore, before) to (t, delta): w = t² (w₀ − 2δ/‖x‖²)
    algebra.scale(relative, flat(point.a));
    algebra.scale(squareOf(relative), point.N);
    algebra.scale(squareOf(relative), point.w);
    algebra.axpy(-2 * squareOf(t) * (delta - before), inverseSquares, point.w);
    if (yield* factoriseDual(algebra, stack, point)) return true;
    before = delta;
    scaleBefore = t;
  }
  return false;
}
