/**
 * The exact oracle: max over ‖u‖ = 1 of ‖Rᵀ(Xu)₊‖ with a rigorous upper bound, where rank(X) allows it. It decides whether a network
 * is optimal at every width (docs/model.md, "Duality"): with R = Y − prediction it is, when the maximum is ≤ reg.
 */

import type { Matrix } from '../../base/matrix.js';
import { inflate, normAbove, timesPowerOfTwo, timesPowerOfTwoAbove } from '../../base/round-off.js';
import type { RunClock } from '../../base/run.js';
import type { Heartbeat } from '../../base/types.js';
import { euclideanNorm } from '../../base/vector.js';
import type { PlacedMatrix } from '../../linalg/placed-matrix.js';
import { type ConeSearchOptions, type ConeSearchResult, searchCones } from './cone-search.js';
import { type LocalMaximum, maximizeInPlane } from './plane.js';
import { hasRankAbove } from './rank.js';
import { type RowSpace, rowSpace, scaleDown, toDataSpace } from './row-space.js';
import { balanceRows } from './row-weights.js';
import { checkSearch, type NeuronSearchOptions } from './search-options.js';

/** Ranks beyond this are out of reach: the number of cones grows as n^(rank − 2). */
export const MAX_EXACT_RANK = 5;

const DEFAULT_TOLERANCE = 1e-6;

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
  readonly #placed: PlacedMatrix;
  readonly #X: Matrix;
  #space: RowSpace | undefined;

  constructor(X: PlacedMatrix) {
    this.#placed = X;
    this.#X = X.matrix;
    this.isApplicable = !hasRankAbove(X.matrix, MAX_EXACT_RANK) && this.rank <= MAX_EXACT_RANK;
  }

  get rank(): number {
    return this.#rowSpace.W.columns;
  }

  /** Made when it is asked for: the decomposition behind it takes long where X is large and the oracle of no use. */
  get #rowSpace(): RowSpace {
    this.#space ??= rowSpace(this.#X, this.#placed.svd());
    return this.#space;
  }

  /** Cones a search is expected to examine. */
  get expectedNodes(): number {
    return this.isApplicable ? expectedNodes(this.#X.rows, this.rank) : Number.POSITIVE_INFINITY;
  }

  /** @throws OptionsError for a search that could not end */
  *maximize(R: Matrix, options: NeuronSearchOptions, clock: RunClock): Generator<Heartbeat, NeuronMaximum> {
    checkSearch(options);
    const target = this.#targetOf(R);
    const { exponent } = target;
    const floor = options.floor ?? 0;
    const level = options.candidateLevel ?? (floor > 0 ? floor : Number.POSITIVE_INFINITY);
    const { tolerance = DEFAULT_TOLERANCE, maxNodes = Number.POSITIVE_INFINITY } = options;
    const search = this.#search(
      target,
      {
        floor: timesPowerOfTwo(floor, -exponent),
        candidateLevel: timesPowerOfTwo(level, -exponent),
        tolerance: Math.max(tolerance, FINEST_TOLERANCE),
        maxNodes,
      },
      clock,
    );
    let step = search.next();
    for (; !step.done; step = search.next()) {
      yield { kind: 'heartbeat', phase: 'oracle', iteration: step.value, elapsedMs: clock.elapsedMs() };
    }
    const { upperBound, maxima, nodes } = step.value;
    const found = maxima.map(({ direction }) => inData(target, direction)).sort((a, b) => b.value - a.value);
    const best =
      found[0] ??
      inData(
        target,
        Float64Array.from({ length: target.space.W.columns }, (_, k) => (k === 0 ? 1 : 0)),
      );
    return {
      ...best,
      upperBound: timesPowerOfTwoAbove(boundInData(target, upperBound), exponent),
      candidates: found.filter((candidate) => candidate.value >= level),
      nodes,
      complete: upperBound < Number.POSITIVE_INFINITY,
    };
  }

  /** The rows as they are, or balanced where that resolves more and the rank stays within reach. */
  #targetOf(R: Matrix): Target {
    const balanced = balanceRows(this.#X, R);
    if (balanced !== undefined) {
      const space = rowSpace(balanced.X);
      const isWithinReach = space.W.columns <= MAX_EXACT_RANK;
      if (isWithinReach) return { space, R: balanced.R, exponent: balanced.exponent + space.exponent };
    }
    const { scaled, exponent } = scaleDown(R);
    return { space: this.#rowSpace, R: scaled, exponent: exponent + this.#rowSpace.exponent };
  }

  *#search({ space, R }: Target, limits: ConeSearchOptions, clock: RunClock): Generator<number, ConeSearchResult> {
    if (space.W.columns > 2) return yield* searchCones(this.#placed.algebra, space.Z, R, limits, clock);
    return { ...maximizeInPlane(space.Z, R), nodes: 0 };
  }
}

/** Below this a search would try to tell numbers apart that differ by round-off. */
const FINEST_TOLERANCE = 1e-12;

/** What is searched: f(u) = 2^exponent · ‖Rᵀ(X'u)₊‖, X' the rows of `space`; both with entries of size about 1. */
interface Target {
  readonly space: RowSpace;
  readonly R: Matrix;
  readonly exponent: number;
}

/** A direction of the row space as a unit vector of the data space, with its value there. */
function inData({ space, R, exponent }: Target, z: Float64Array): LocalMaximum {
  const direction = toDataSpace(space, z);
  return { direction, value: timesPowerOfTwo(neuronValue(space.X, R, direction), exponent) };
}

/** See row-space.ts. */
function boundInData({ space, R }: Target, bound: number): number {
  let shift = 0;
  for (let i = 0; i < R.rows; i++) shift += inflate(normAbove(R.row(i)) * space.defect[i], 1);
  return inflate(space.stretch * bound + shift, R.rows + 4);
}

/** The oracle of X, the same one for all who ask. */
export const exactOracle = (X: PlacedMatrix): NeuronOracle => X.once(makeOracle);

const makeOracle = (X: PlacedMatrix): NeuronOracle => new NeuronOracle(X);

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
  return euclideanNorm(z);
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
