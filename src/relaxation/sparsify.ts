/**
 * Which multipliers of the interior point carry anything. Every N_ij of an iterate is positive, most of them only because the barrier keeps
 * them so, about θμ/K_ij. All with a small N_ij ‖x_i‖‖x_j‖ are dropped, N' for N, as many as go for nothing: a, w and so the bound stay, and Z
 * keeps KEPT_SHARE η of itself, so that it is as provably positive as before. As Z is affine in N, that is one Cholesky factorisation of order p:
 *
 *     Z(a, N', w) ⪰ η Z(a, N, w)   ⇔   Z(a, (N' − η N)/(1 − η), w) ⪰ 0.
 */
import type { RunClock } from '../base/run.js';
import type { Algebra } from '../linalg/algebra.js';
import { choleskySteps } from '../linalg/steps.js';
import type { Point } from './point.js';
import type { Stack } from './stack.js';

const KEPT_SHARE = 0.1;
/** Halvings of the interval of thresholds, on a logarithmic scale. */
const TRIALS = 8;

/**
 * Sets the multipliers of `dual` that carry nothing to 0. A run whose time is over tries once.
 *
 * @param scratch a point whose N, Z and dualFactor may be overwritten
 */
export function* dropNegligible(
  algebra: Algebra,
  stack: Stack,
  dual: Pick<Point, 'a' | 'N' | 'w'>,
  scratch: Pick<Point, 'N' | 'dualFactor'>,
  clock: RunClock,
): Generator<void, void> {
  const { a, N, w } = dual;
  const multipliers = algebra.read(N);
  const sizes = relativeSizes(algebra, stack, multipliers);
  let [low, high] = range(sizes);
  if (!(low < high)) return;
  /** Writes the multipliers to `target`, those of small size times the factor. */
  const write = (target: Point['N'], threshold: number, factor: number): void => {
    const values = algebra.entries(target);
    for (let k = 0; k < values.length; k++) values[k] = sizes[k] > threshold ? multipliers[k] : factor * multipliers[k];
  };
  function* canDrop(threshold: number): Generator<void, boolean> {
    write(scratch.N, threshold, -KEPT_SHARE / (1 - KEPT_SHARE));
    yield* stack.dualSlack(a, scratch.N, w, scratch.dualFactor);
    return yield* choleskySteps(algebra, scratch.dualFactor);
  }
  let threshold = 0;
  for (let trial = 0; trial < TRIALS && !(trial > 0 && clock.expired()); trial++) {
    const middle = Math.sqrt(low) * Math.sqrt(high);
    if (yield* canDrop(middle)) [low, threshold] = [middle, middle];
    else high = middle;
  }
  if (threshold > 0) write(N, threshold, 0);
}

/** N_ij ‖x_i‖‖x_j‖: what the products alpha_i alpha_j and the like weigh for a neuron of length 1. */
function relativeSizes(algebra: Algebra, stack: Stack, multipliers: Float64Array): Float64Array {
  const { part, inverseSquares } = stack.problem;
  const lengths = algebra.read(inverseSquares).map((inverse) => 1 / Math.sqrt(inverse));
  const { forms } = part.pairs;
  const sizes = new Float64Array(multipliers.length);
  part.pairs.forEach((i, j, position) => {
    sizes[position] = multipliers[position] * lengths[forms.rowOf(i)] * lengths[forms.rowOf(j)];
  });
  return sizes;
}

/** Least and greatest of the positive sizes; [Infinity, 0] when there is none. */
function range(sizes: Float64Array): [number, number] {
  let [smallest, largest] = [Number.POSITIVE_INFINITY, 0];
  for (const size of sizes) {
    if (!(size > 0)) continue;
    smallest = Math.min(smallest, size);
    largest = Math.max(largest, size);
  }
  return [smallest, largest];
}
