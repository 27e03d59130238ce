/**
 * The exact oracle: max over ‖u‖ = 1 of ‖Rᵀ(Xu)₊‖ with a rigorous upper bound, where rank(X) allows it. It decides whether a network
 * is optimal at every width (docs/model.md, "Duality"): with R = Y − prediction it is, when the maximum is ≤ reg.
 */

import type { Matrix } from '../../base/matrix.js';
import { inflate, normAbove } from '../../base/round-off.js';
import type { RunClock } from '../../base/run.js';
import type { Progress } from '../../base/types.js';
import type { Kernels } from '../../engine/kernels.js';
import { type ConeSearchOptions, type ConeSearchResult, searchCones } from './cone-search.js';
import { type LocalMaximum, maximizeInPlane } from './plane.js';
import { hasRankAbove } from './rank.js';
import { type RowSpace, rowSpace, scaleDown, toDataSpace } from './row-space.js';

/** Ranks beyond this are out of reach: the number of cones grows as n^(rank − 2). */
export const MAX_EXACT_RANK = 5;

const DEFAULT_TOLERANCE = 1e-6;

export interface NeuronSearchOptions {
  /** The search proves max ≤ (1 + tolerance) · max(floor, best value found); smaller maxima are not resolved. Default 0. */
  readonly floor?: number | undefined;
  /** Default 1e-6. Below rank 3 the maximum is always found to round-off. */
  readonly tolerance?: number | undefined;
  /** Default: no limit. */
  readonly maxNodes?: number | undefined;
  /** Directions found with at least this value are returned in `candidates`; default: the floor, when it is positive, else none. */
  readonly candidateLevel?: number | undefined;
}

export interface NeuronMaximum {
  /** ‖Rᵀ(Xu)₊‖ ≤ upperBound for every ‖u‖ = 1, proved in floating point; Infinity when the search was cut short. */
  readonly upperBound: number;
  /** Largest value found; the one of `direction`. */
  readonly value: number;
  /** Unit vector of length d. */
  readonly direction: Float64Array;
  /** Promising directions, the largest value first; those with value > floor are violators. Up to a few hundred. */
  readonly candidates: readonly LocalMaximum[];
  /** Cones examined; 0 where none were needed (rank ≤ 2). */
  readonly nodes: number;
  /** False when a limit ended the search, which then proves nothing. */
  readonly complete: boolean;
}

/** The oracle of one X, for many R. */
export class NeuronOracle {
  /** Whether the rank of X is small enough. */
  readonly isApplicable: boolean;
  readonly #X: Matrix;
  readonly #kernels: Kernels;
  #space: RowSpace | undefined;

  constructor(kernels: Kernels, X: Matrix) {
    this.#kernels = kernels;
    this.#X = X;
    this.isApplicable = !hasRankAbove(X, MAX_EXACT_RANK) && this.rank <= MAX_EXACT_RANK;
  }

  get rank(): number {
    return this.#rowSpace.W.columns;
  }

  /** Made when it is asked for: the decomposition behind it takes long where X is large and the oracle of no use. */
  get #rowSpace(): RowSpace {
    this.#space ??= rowSpace(this.#X);
    return this.#space;
  }

  /** Cones a search is expected to examine. */
  get expectedNodes(): number {
    return this.isApplicable ? expectedNodes(this.#X.rows, this.rank) : Number.POSITIVE_INFINITY;
  }

  *maximize(R: Matrix, options: NeuronSearchOptions, clock: RunClock): Generator<Progress, NeuronMaximum> {
    const { scaled, scale } = scaleDown(R);
    const unit = scale * this.#rowSpace.scale;
    const floor = options.floor ?? 0;
    const level = options.candidateLevel ?? (floor > 0 ? floor : Number.POSITIVE_INFINITY);
    const { tolerance = DEFAULT_TOLERANCE, maxNodes = Number.POSITIVE_INFINITY } = options;
    const limits = { floor: floor / unit, candidateLevel: level / unit, tolerance, maxNodes };
    const search = this.#search(scaled, limits, clock);
    let step = search.next();
    for (; !step.done; step = search.next()) {
      yield { phase: 'oracle', iteration: step.value, elapsedMs: clock.elapsedMs() };
    }
    const { upperBound, maxima, nodes } = step.value;
    const found = maxima.map(({ direction }) => this.#inData(direction, R)).sort((a, b) => b.value - a.value);
    const best =
      found[0] ??
      this.#inData(
        Float64Array.from({ length: this.rank }, (_, k) => (k === 0 ? 1 : 0)),
        R,
      );
    return {
      ...best,
      upperBound: this.#boundInData(upperBound, scaled) * unit,
      candidates: found.filter((candidate) => candidate.value >= level),
      nodes,
      complete: upperBound < Number.POSITIVE_INFINITY,
    };
  }

  *#search(R: Matrix, limits: ConeSearchOptions, clock: RunClock): Generator<number, ConeSearchResult> {
    const { Z } = this.#rowSpace;
    if (this.rank > 2) return yield* searchCones(this.#kernels, Z, R, limits, clock);
    return { ...maximizeInPlane(Z, R), nodes: 0 };
  }

  /** A direction of the row space as a unit vector of the data space, with its value there. */
  #inData(z: Float64Array, R: Matrix): LocalMaximum {
    const direction = toDataSpace(this.#rowSpace, z);
    return { direction, value: neuronValue(this.#X, R, direction) };
  }

  /** See row-space.ts; R with entries of size about 1. */
  #boundInData(bound: number, R: Matrix): number {
    const { stretch, defect } = this.#rowSpace;
    let shift = 0;
    for (let i = 0; i < R.rows; i++) shift += inflate(normAbove(R.row(i)) * defect[i], 1);
    return inflate(stretch * bound + shift, R.rows + 4);
  }
}

/** ‖Rᵀ(Xu)₊‖. */
export function neuronValue(X: Matrix, R: Matrix, u: Float64Array): number {
  const z = new Float64Array(R.columns);
  for (let i = 0; i < X.rows; i++) {
    const x = X.row(i);
    let product = 0;
    for (let j = 0; j < u.length; j++) product += x[j] * u[j];
    if (product <= 0) continue;
    const r = R.row(i);
    for (let k = 0; k < z.length; k++) z[k] += r[k] * product;
  }
  return Math.hypot(...z);
}

/**
 * Cones a search is expected to examine, each taking one to four microseconds: 0 for rank ≤ 2, else a multiple of n. Fitted to
 * residuals of nearly optimal networks, the hard case: n = 60 to 685, see docs/exact.md.
 */
export function expectedNodes(n: number, rank: number): number {
  if (rank <= 2) return 0;
  return rank > MAX_EXACT_RANK ? Number.POSITIVE_INFINITY : CONES_PER_ROW[rank - 3] * n;
}

const CONES_PER_ROW = [200, 3500, 15_000];
