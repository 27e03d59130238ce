/**
 * Pricing, in the language of column generation: which neurons would lower the loss, given the residual R. A neuron u is a violator
 * when f(u) = ‖Rᵀ(Xu)₊‖ > reg; when there is none, the loss is optimal at every width. Local search finds most violators and proves
 * nothing; the exact oracle is asked where it can cope and local search has little left to say.
 */

import { Matrix } from '../base/matrix.js';
import type { RunClock } from '../base/run.js';
import type { Heartbeat } from '../base/types.js';
import { dot } from '../base/vector.js';
import type { Sight } from '../network/sight.js';
import type { ExactCertificate } from '../problem/problem.js';
import type { NeuronOracle } from '../proof/exact/oracle.js';
import type { LocalMaximum } from '../proof/exact/plane.js';
import type { NeuronAscent } from './ascent.js';
import type { StartDirections } from './starts.js';

export interface Priced {
  /** Distinct violators, the worst first. */
  readonly violators: readonly LocalMaximum[];
  /** Largest f met, relative to reg; at least 1. */
  readonly violation: number;
  /** Rigorous bound of f over all neurons; Infinity when nothing was proved. */
  readonly upperBound: number;
  /** The search that proved it; undefined when the exact oracle was not asked. */
  readonly search?: ExactSearch;
  /** Cones the exact oracle examined. */
  readonly nodes: number;
}

/** What repeats a search of the exact oracle bit for bit. */
export type ExactSearch = Pick<ExactCertificate, 'floor' | 'tolerance'>;

export interface Pricer {
  /** Whether it is worth asking when time is up already. */
  readonly isInstant: boolean;
  /** @param present unit directions of the present neurons, d×m */
  price(R: Matrix, present: Matrix): Generator<Heartbeat, Priced>;
}

/** A violator exceeds reg by more than this share; less is the master problem's own accuracy. */
const CLEAR = 1e-10;
/** The best of so many starts are ascended, as a multiple, and for so many steps. */
const PRESELECTION = 4;
const ASCENT_STEPS = 60;

export interface LocalPricing {
  /** Starts ascended. */
  readonly starts: number;
  /** Violators returned at most, and the cosine above which two count as one. */
  readonly keep: number;
  readonly sameDirection: number;
}

/** Prices by local search alone. */
export class LocalPricer implements Pricer {
  readonly isInstant = false;
  readonly #ascent: NeuronAscent;
  readonly #starts: StartDirections;
  readonly see: Sight;
  readonly #reg: number;
  readonly #settings: LocalPricing;
  readonly #clock: RunClock;

  constructor(
    ascent: NeuronAscent,
    starts: StartDirections,
    see: Sight,
    reg: number,
    settings: LocalPricing,
    clock: RunClock,
  ) {
    this.#ascent = ascent;
    this.#starts = starts;
    this.see = see;
    this.#reg = reg;
    this.#settings = settings;
    this.#clock = clock;
  }

  price(R: Matrix, present: Matrix): Generator<Heartbeat, Priced> {
    return this.search(R, present, 1);
  }

  /** As `price`, with `effort` times as many starts. */
  *search(R: Matrix, present: Matrix, effort: number): Generator<Heartbeat, Priced> {
    const { starts, keep, sameDirection } = this.#settings;
    this.#ascent.setResidual(R);
    const found: LocalMaximum[] = [];
    for (let batch = 0; batch < effort && (batch === 0 || !this.#clock.expired()); batch++) {
      found.push(...this.ascendFrom(this.#bestStarts(starts, present)));
      yield { kind: 'heartbeat', phase: 'growth', iteration: batch, elapsedMs: this.#clock.elapsedMs() };
    }
    return {
      violators: distinct(found, this.see, this.#reg, keep, sameDirection),
      violation: violationOf(found, this.#reg),
      upperBound: Number.POSITIVE_INFINITY,
      nodes: 0,
    };
  }

  #bestStarts(count: number, present: Matrix): Float64Array[] {
    const sampled = this.#starts.sample(PRESELECTION * count, present);
    const values = this.#ascent.values(sampled);
    const order = Array.from(values.keys()).sort((i, j) => values[j] - values[i] || i - j);
    return order.slice(0, count).map((j) => columnOf(sampled, j));
  }

  /** The violators among the local maxima above the given directions (for the residual set last). */
  ascendFrom(directions: readonly Float64Array[]): LocalMaximum[] {
    if (directions.length === 0) return [];
    const { U, values } = this.#ascent.ascend(fromColumns(directions), ASCENT_STEPS, () => this.#clock.expired());
    return Array.from(values, (value, j) => ({ value, direction: columnOf(U, j) }));
  }
}

/** Violators returned at most by the exact oracle and by the local search beside it. */
const KEEP_EXACT = 60;
/** Directions with a larger cosine count as one: much finer than in local pricing, since two sides of a kink may both be needed. */
const SAME_DIRECTION = 1 - 1e-9;
/** Vertices of cones from this share of reg on are worth an ascent. */
const CANDIDATE_SHARE = 0.9;
/** While local search finds violations above this, the exact oracle is asked only every so many rounds, for a bound. */
const LOCAL_SUFFICES = 1.1;
const LONGEST_WITHOUT_PROOF = 8;
/** Tolerance of the oracle: a tenth of the violation it has to resolve, at most this. */
const COARSEST = 3e-2;
const RESOLVED_SHARE = 0.1;
/** Share of the final gap the oracle's own tolerance may take. */
const TOLERANCE_SHARE = 0.2;

/** Prices by the exact oracle, to a tolerance that follows the violation down. */
export class ExactPricer implements Pricer {
  readonly #oracle: NeuronOracle;
  readonly #local: LocalPricer;
  readonly #reg: number;
  readonly #finest: number;
  readonly #clock: RunClock;
  #tolerance = COARSEST;
  #roundsWithoutProof = 0;

  /** @param gapTolerance relative gap of the loss that is aimed at */
  constructor(oracle: NeuronOracle, local: LocalPricer, reg: number, gapTolerance: number, clock: RunClock) {
    this.#oracle = oracle;
    this.#local = local;
    this.#reg = reg;
    this.#finest = TOLERANCE_SHARE * gapTolerance;
    this.#clock = clock;
  }

  /** In the plane a search takes O(n log n). */
  get isInstant(): boolean {
    return this.#oracle.rank <= 2;
  }

  *price(R: Matrix, present: Matrix): Generator<Heartbeat, Priced> {
    if (this.isInstant) return yield* this.#priceInPlane(R);
    const local = yield* this.#local.price(R, present);
    if (local.violation > LOCAL_SUFFICES && this.#roundsWithoutProof < LONGEST_WITHOUT_PROOF) {
      this.#roundsWithoutProof++;
      return local;
    }
    this.#roundsWithoutProof = 0;

    const search = { floor: this.#reg * local.violation, tolerance: this.#tolerance };
    const options = { ...search, candidateLevel: CANDIDATE_SHARE * this.#reg };
    const maximum = yield* this.#oracle.maximize(R, options, this.#clock);
    const corners = [maximum, ...maximum.candidates];
    const found = [...local.violators, ...this.#local.ascendFrom(corners.map(({ direction }) => direction))];
    const violation = Math.max(local.violation, violationOf(found, this.#reg));
    const resolved = Math.max(RESOLVED_SHARE * (violation - 1), this.#finest);
    this.#tolerance = Math.min(COARSEST, resolved);
    return {
      violators: distinct(found, this.#local.see, this.#reg, KEEP_EXACT, SAME_DIRECTION),
      violation,
      upperBound: maximum.upperBound,
      search,
      nodes: maximum.nodes,
    };
  }

  *#priceInPlane(R: Matrix): Generator<Heartbeat, Priced> {
    const search = { floor: this.#reg, tolerance: this.#finest };
    const { candidates, upperBound } = yield* this.#oracle.maximize(R, search, this.#clock);
    return {
      violators: distinct(candidates, this.#local.see, this.#reg, KEEP_EXACT, SAME_DIRECTION),
      violation: violationOf(candidates, this.#reg),
      upperBound,
      search,
      nodes: 0,
    };
  }
}

const violationOf = (found: readonly LocalMaximum[], reg: number): number =>
  found.reduce((largest, { value }) => Math.max(largest, value / reg), 1);

/** Of the violators the worst `keep` of which no two are nearly parallel as the data see them. */
function distinct(
  found: readonly LocalMaximum[],
  see: Sight,
  reg: number,
  keep: number,
  sameDirection: number,
): LocalMaximum[] {
  const kept: LocalMaximum[] = [];
  const seen: Float64Array[] = [];
  for (const violator of [...found].sort((a, b) => b.value - a.value)) {
    if (violator.value <= reg * (1 + CLEAR) || kept.length === keep) break;
    const direction = see(new Matrix(violator.direction, violator.direction.length, 1)).data;
    if (!seen.every((other) => dot(other, direction) < sameDirection)) continue;
    kept.push(violator);
    seen.push(direction);
  }
  return kept;
}

const columnOf = (A: Matrix, j: number): Float64Array => Float64Array.from({ length: A.rows }, (_, k) => A.get(k, j));

function fromColumns(columns: readonly Float64Array[]): Matrix {
  const A = Matrix.zeros(columns[0].length, columns.length);
  columns.forEach((u, j) => {
    for (let k = 0; k < u.length; k++) A.set(k, j, u[k]);
  });
  return A;
}
