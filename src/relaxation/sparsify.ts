/**
 * Which multipliers of the interior point carry anything. Every N_ij of an iterate is positive, most of them only because the barrier keeps
 * them so, about θμ/K_ij. The largest threshold on N_ij ‖x_i‖‖x_j‖ is sought below which all can be dropped at no cost: a, w and so the
 * bound stay, and Z keeps KEPT_SHARE of itself, Z(a, N', w) ⪰ KEPT_SHARE · Z(a, N, w), so that it is as provably positive as before.
 * Cost: STEPS Cholesky factorisations of order p.
 */
import type { Algebra } from '../linalg/algebra.js';
import { flat } from '../linalg/views.js';
import type { Point } from './point.js';
import type { Stack } from './stack.js';

const KEPT_SHARE = 0.1;
/** Halvings of the interval of thresholds, on a logarithmic scale. */
const STEPS = 10;

/** Sets the multipliers of `dual` that carry nothing to 0. @param scratch a point whose N, Z and dualFactor may be overwritten */
export function dropNegligible(
  algebra: Algebra,
  stack: Stack,
  dual: Pick<Point, 'a' | 'N' | 'w'>,
  scratch: Pick<Point, 'N' | 'Z' | 'dualFactor'>,
): void {
  const { a, N, w } = dual;
  const multipliers = algebra.read(N);
  const sizes = relativeSizes(algebra, stack, multipliers);
  const [smallest, largest] = range(sizes);
  if (!(smallest < largest)) return;
  stack.dualSlack(a, N, w, scratch.Z);
  const canDrop = (threshold: number): boolean => {
    algebra.write(scratch.N, withoutSmall(multipliers, sizes, threshold));
    stack.dualSlack(a, scratch.N, w, scratch.dualFactor);
    algebra.axpy(-KEPT_SHARE, flat(scratch.Z), flat(scratch.dualFactor));
    return algebra.cholesky(scratch.dualFactor);
  };
  let [low, high] = [smallest, largest];
  for (let step = 0; step < STEPS; step++) {
    const middle = Math.sqrt(low) * Math.sqrt(high);
    if (canDrop(middle)) low = middle;
    else high = middle;
  }
  if (low > smallest) algebra.write(N, withoutSmall(multipliers, sizes, low));
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

const withoutSmall = (multipliers: Float64Array, sizes: Float64Array, threshold: number): Float64Array =>
  multipliers.map((value, k) => (sizes[k] > threshold ? value : 0));
