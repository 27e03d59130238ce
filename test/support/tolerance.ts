/**
 * Every tolerance used by a test, in one place, each tied to the reason it has its size (docs/tolerances.md).
 *
 * - Integer-valued data small enough to be exact: compare with `toBe` / `toEqual`, no tolerance.
 * - Round-off: `roundOff(n, norm)` = k·n·ε·‖A‖ with k ≤ 64.
 * - A solver stopped at `tolerance`: `solverTolerance`, ten times that, scaled as the stopping rule is.
 * - Reference values: `referenceTolerance`, their own stated accuracy, else 1e-4 (1 + |value|).
 */
import { expect } from 'vitest';
import type { Matrix } from '../../src/base/matrix.js';

/** Spacing of the doubles at 1. */
export const EPSILON = Number.EPSILON;

/** Largest k in k·n·ε·‖A‖ that still counts as round-off. */
export const MAX_ROUND_OFF_FACTOR = 64;

/**
 * Round-off allowed after sums of length n over data of norm `norm`.
 *
 * @param factor how many such steps follow one another, at most 64
 */
export function roundOff(n: number, norm: number, factor = 8): number {
  if (!(factor <= MAX_ROUND_OFF_FACTOR))
    throw new RangeError(`${factor} is more than round-off: at most ${MAX_ROUND_OFF_FACTOR}`);
  return factor * Math.max(1, n) * EPSILON * norm;
}

/** Allowed error of a value from a solver that was asked for `tolerance` relative accuracy. */
export const solverTolerance = (tolerance: number, value: number): number =>
  10 * tolerance * Math.max(1, Math.abs(value));

/** Allowed distance to a published or stored value. */
export const referenceTolerance = (value: number, relativeAccuracy = 1e-4): number =>
  relativeAccuracy * (1 + Math.abs(value));

/** Share of its bound that a genuine certificate may lose to round-off: far below any gap that is asked for. */
export const CERTIFICATE_LOSS = 1e-8;

/** The same where the certificate is known in closed form and small: a few hundred roundings. */
export const CLOSED_FORM_CERTIFICATE_LOSS = 1e-11;

/** Accuracy of a dual point's best bound when it is evaluated by its definition in double precision. */
export const DUAL_REFERENCE_ACCURACY = 1e-10;

/** Share by which pinned flop counts may move: the counting itself may become more exact. */
export const FLOP_TOLERANCE = 0.01;

/** Relative error of the rows of a Newton system that a back end solves exactly (seen: 2e-10, where Delta reaches 1e8). */
export const NEWTON_ROW_ACCURACY = 1e-9;

/** Relative error of a central difference with step `differenceStep` against a derivative, away from kinks. */
export const DIFFERENCE_TOLERANCE = 1e-6;
/** ε^(1/3): balances truncation (step²) and cancellation (ε/step) of a central difference. */
export const differenceStep = (x: number): number => Math.cbrt(EPSILON) * Math.max(1, Math.abs(x));

/** Asserts |actual − expected| ≤ tolerance; NaN fails. */
export function expectWithin(actual: number, expected: number, tolerance: number, what = 'value'): void {
  const difference = Math.abs(actual - expected);
  expect(difference <= tolerance, `${what}: ${actual} is ${difference} from ${expected}, more than ${tolerance}`).toBe(
    true,
  );
}

/** Asserts that two matrices or arrays of the same shape agree entrywise within `tolerance`; NaN fails. */
export function expectAllWithin(
  actual: Matrix | ArrayLike<number>,
  expected: Matrix | ArrayLike<number>,
  tolerance: number,
  what = 'entry',
): void {
  const shape = (value: Matrix | ArrayLike<number>) => ('data' in value ? [value.rows, value.columns] : [value.length]);
  const entries = (value: Matrix | ArrayLike<number>) => ('data' in value ? value.data : value);
  expect(shape(actual), `${what}: shape`).toEqual(shape(expected));
  const a = entries(actual);
  const b = entries(expected);
  let worst = 0;
  for (let k = 0; k < a.length; k++) {
    const difference = Math.abs(a[k] - b[k]);
    if (Number.isNaN(difference)) {
      worst = k;
      break;
    }
    if (difference > Math.abs(a[worst] - b[worst])) worst = k;
  }
  if (a.length > 0) expectWithin(a[worst], b[worst], tolerance, `${what} ${worst} (the worst)`);
}
