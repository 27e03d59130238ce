/** Rounding: from a feasible G of the relaxation (docs/model.md, program 5) to the first layer of a network. */
import type { Matrix } from '../../base/matrix.js';
import type { Random } from '../../base/random.js';
import type { RunClock } from '../../base/run.js';
import type { Placed } from '../../problem/placed.js';

export interface RoundingInput {
  readonly placed: Placed;
  /** (n+d)×(n+d), blocks (alpha, u), in the coordinates of the problem. */
  readonly G: Matrix;
}

/** By how much the columns (alpha, beta, u, v) a rounding ended with miss being neurons, relative to their size; 0 when they are. */
export interface RoundingErrors {
  /** ‖−alpha + beta + X u‖. */
  readonly linear: number;
  /** Distance of (alpha, beta) from {alpha, beta ≥ 0, alpha ∘ beta = 0}. */
  readonly cone: number;
}

export interface RoundedLayer {
  /** d×m, m at most the width asked for; V is left to ridge regression. */
  readonly U: Matrix;
  readonly errors?: RoundingErrors;
}

/**
 * Rounds G to at most `width` neurons. Yields now and then, so that the caller can report and stop; ends early, with what it
 * has, when the clock has expired. Deterministic given the state of `random`.
 */
export type Rounding = (
  input: RoundingInput,
  width: number,
  random: Random,
  clock: RunClock,
) => Generator<void, RoundedLayer>;
