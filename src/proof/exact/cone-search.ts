/**
 * The exact oracle in 3 to 5 dimensions: drives the branch and bound of assembly/exact/cone-search.ts in slices, empties its
 * candidate store between them, and turns its result into a rigorous bound (docs/exact.md, "Over cones").
 */

import { squareOf } from '../../base/elementary.js';
import type { Matrix } from '../../base/matrix.js';
import { gamma, normAbove } from '../../base/round-off.js';
import type { RunClock } from '../../base/run.js';
import { dot } from '../../base/vector.js';
import { HEAD_BEST, HEAD_BOUND, HEAD_DEPTH, HEAD_DIRECTION, HEAD_LEVEL, HEAD_NODES } from '../../engine/constants.js';
import type { Algebra } from '../../linalg/algebra.js';
import { ConeKernel } from './cone-kernel.js';
import type { LocalMaximum } from './plane.js';

/** Deepest cone that is still cut. Searches seen need 50; the rest is for cones that round-off alone keeps open. */
const MAX_DEPTH = 400;
/** Cones examined between two looks at the clock: a few milliseconds. */
const SLICE_NODES = 4096;
/** Candidates the kernel can store before it has to stop and be emptied. */
const STORE = 512;
/** Directions returned at most. */
const MAX_CANDIDATES = 100;
/** Cosine above which two candidates count as one: finer than the distance at which two kinks are worth a neuron each. */
const SAME_DIRECTION = 1 - 5e-7;
/** Values below this share of Σ‖R_i‖‖z_i‖ are not resolved, since they drown in the round-off of their own sum … */
const RESOLUTION = 1e-12;
/** … nor those whose squares come near underflow. */
const LEAST_VALUE = 1e-140;

export interface ConeSearchOptions {
  /** Values up to this need no resolving: the search proves max ≤ (1 + tolerance) · max(floor, best value), up to round-off. */
  readonly floor: number;
  readonly tolerance: number;
  /** Vertices with at least this value are collected as candidates. */
  readonly candidateLevel: number;
  readonly maxNodes: number;
}

export interface ConeSearchResult {
  /** f(z) ≤ upperBound for every unit z; Infinity when the search was cut short. */
  readonly upperBound: number;
  /** The best vertex met, unless it stayed below the floor, and those above the candidate level; the largest first. */
  readonly maxima: readonly LocalMaximum[];
  readonly nodes: number;
}

/** Yields the number of cones examined so far, every few milliseconds. */
export function searchCones(
  algebra: Algebra,
  Z: Matrix,
  R: Matrix,
  options: ConeSearchOptions,
  clock: RunClock,
): Generator<number, ConeSearchResult> {
  return algebra.scopedSteps(() => searchSteps(new ConeKernel(algebra, Z, R, MAX_DEPTH, STORE), Z, R, options, clock));
}

function* searchSteps(
  kernel: ConeKernel,
  Z: Matrix,
  R: Matrix,
  options: ConeSearchOptions,
  clock: RunClock,
): Generator<number, ConeSearchResult> {
  const { rows: n, columns: d } = Z;
  const magnitude = magnitudeAbove(Z, R);
  const floor = Math.max(options.floor, RESOLUTION * magnitude, LEAST_VALUE);
  const store = new CandidateStore(kernel);
  kernel.head[HEAD_BEST] = floor * floor;
  kernel.head[HEAD_LEVEL] = squareOf(options.candidateLevel);

  const factor = squareOf(1 + options.tolerance);
  let open = 1;
  let nodes = 0;
  while (open > 0 && nodes < options.maxNodes && !clock.expired()) {
    open = kernel.advance(factor, Math.min(SLICE_NODES, options.maxNodes - nodes));
    store.drain();
    nodes = kernel.head[HEAD_NODES];
    yield nodes;
  }
  const { head } = kernel;
  const isComplete = open === 0;
  const error = roundOffAbove(n, d, head[HEAD_DEPTH] + 1, magnitude);
  if (head[HEAD_BEST] > floor * floor) {
    store.add(head[HEAD_BEST], head.slice(HEAD_DIRECTION, HEAD_DIRECTION + d));
  }
  return {
    upperBound: isComplete ? Math.sqrt(head[HEAD_BOUND]) + error : Number.POSITIVE_INFINITY,
    maxima: store.sorted(),
    nodes,
  };
}

/** Σ‖R_i‖‖z_i‖ to round-off: how fast f can change, and how large it can be. */
function magnitudeAbove(Z: Matrix, R: Matrix): number {
  let sum = 0;
  for (let i = 0; i < Z.rows; i++) sum += normAbove(R.row(i)) * normAbove(Z.row(i));
  return sum;
}

/**
 * What the bounds of the cones leave out, as a multiple of u · Σ‖R_i‖‖z_i‖ (docs/exact.md, "Over cones"): 12 for every cut on the
 * way to a cone, √d (5d + 34) for the products z_i·v and their rounding to zero, √d (2n + 2d + 8) for the sums M and b.
 * Twice that covers what is of second order and the roundings of the bound itself, since f ≤ Σ‖R_i‖‖z_i‖ whatever the cones say.
 */
const roundOffAbove = (n: number, d: number, depth: number, magnitude: number): number =>
  2 * gamma(12 * depth + Math.sqrt(d) * (2 * n + 7 * d + 42)) * magnitude + n * UNDERFLOW;

/** What underflow can do to one product of numbers of size about 1: a square root of 2⁻¹⁰⁷⁵, with a wide margin. */
const UNDERFLOW = 1e-150;

/** The best few hundred distinct candidates. */
class CandidateStore {
  #kept: LocalMaximum[] = [];
  readonly #kernel: ConeKernel;

  constructor(kernel: ConeKernel) {
    this.#kernel = kernel;
  }

  /** Takes over what the kernel has stored and, once there are many, raises the level from which it stores more. */
  drain(): void {
    for (const { square, direction } of this.#kernel.take()) this.add(square, direction);
    if (this.#kept.length < 2 * MAX_CANDIDATES) return;
    this.#kept = distinct(this.#kept);
    const last = this.#kept.at(-1);
    if (this.#kept.length === MAX_CANDIDATES && last) this.#kernel.head[HEAD_LEVEL] = squareOf(last.value);
  }

  add(square: number, direction: Float64Array): void {
    this.#kept.push({ value: Math.sqrt(square), direction });
  }

  sorted(): LocalMaximum[] {
    return distinct(this.#kept);
  }
}

/** The largest MAX_CANDIDATES of which no two point the same way. */
function distinct(candidates: readonly LocalMaximum[]): LocalMaximum[] {
  const kept: LocalMaximum[] = [];
  for (const candidate of [...candidates].sort((a, b) => b.value - a.value)) {
    if (kept.length === MAX_CANDIDATES) break;
    const isNew = kept.every((other) => dot(other.direction, candidate.direction) < SAME_DIRECTION);
    if (isNew) kept.push(candidate);
  }
  return kept;
}
