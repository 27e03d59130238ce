/**
 * The loss as a function of width: where does a wider network stop helping? The infinite-width optimum is found by growth (and proved
 * where rank(X) allows), made smaller neuron by neuron, and at the widths asked for compared with polished random starts.
 */

import {
  type Check,
  count,
  everyEntry,
  fraction,
  LIMIT_CHECKS,
  NO_LIMITS,
  type OptionChecks,
  type Resolved,
} from '../base/check.js';
import type { MatrixLike } from '../base/matrix.js';
import type { RunClock } from '../base/run.js';
import type { RunLimits, RunStatus } from '../base/types.js';
import { criticalWidthBound } from '../network/critical-width.js';
import { fitWeights } from '../network/fit.js';
import { TrainingObjective } from '../network/objective.js';
import { prune } from '../network/prune.js';
import type { Simplified } from '../network/simplify.js';
import { widthOf } from '../network/weights.js';
import { prepareData } from '../problem/data.js';
import { type Placed, withPlaced } from '../problem/placed.js';
import type { TrainingProblem } from '../problem/problem.js';
import type { Targets } from '../problem/targets.js';
import { networkSteps } from './network-phase.js';
import { PROBLEM_CHECKS, PROBLEM_DEFAULTS, type ProblemOptions } from './options.js';
import type { Progress } from './progress.js';
import { runTask, runTaskSync, type Task } from './task.js';

export interface WidthSweepOptions extends ProblemOptions, RunLimits<Progress> {
  /** Relative gap at which the search for the optimum ends, where a bound is proved; in (0, 1). */
  readonly tolerance?: number | undefined;
  /** Seed of every random choice; a whole number in [0, 2⁵³). */
  readonly seed?: number | undefined;
  /** Widths at which random starts are tried too; by default 1, 2, 5, 10, 20, 50, 100 as far as they are below the width of the optimum. */
  readonly widths?: readonly number[] | undefined;
  /** Random starts at each of them; a whole number ≥ 0. */
  readonly restarts?: number | undefined;
}

/** The best network found with at most this many neurons. */
export interface WidthPoint {
  readonly width: number;
  readonly loss: number;
  /** (loss − best loss of all widths) / best loss. */
  readonly excess: number;
}

export interface WidthSweep {
  readonly status: RunStatus;
  /** Widths ascending, losses falling. */
  readonly points: readonly WidthPoint[];
  /** Loss of the best network of any width found. */
  readonly loss: number;
  /** What the exact oracle proved for every width, where it ran. */
  readonly lowerBound?: number | undefined;
  /** Smallest width found with an excess of at most this share. */
  readonly sufficient: readonly { readonly excess: number; readonly width: number }[];
  /** nc + 1: no more neurons are ever needed. */
  readonly criticalWidth: number;
}

const RESTART_STEPS = 5000;
/** The accuracies reported in `sufficient`. */
const EXCESSES = [1e-1, 1e-2, 1e-3, 1e-4, 1e-6];
/** Shares of a time limit for the optimum, and for elimination. */
const OPTIMUM_SHARE = 0.4;
const ELIMINATION_SHARE = 0.6;

type ResolvedSweep = Resolved<WidthSweepOptions>;

interface Prepared extends Pick<ResolvedSweep, 'tolerance' | 'seed' | 'widths' | 'restarts'> {
  readonly problem: TrainingProblem;
}

const someWidths: Check = (value) =>
  Array.isArray(value) && everyEntry(value, (width) => Number.isSafeInteger(width) && Number(width) >= 1)
    ? undefined
    : 'an array of whole numbers ≥ 1';

export const widthSweepTask: Task<ResolvedSweep, WidthSweep, Prepared> = {
  checks: {
    ...PROBLEM_CHECKS,
    tolerance: fraction,
    seed: count,
    widths: someWidths,
    restarts: count,
    ...LIMIT_CHECKS,
  } satisfies OptionChecks<WidthSweepOptions>,
  defaults: Object.freeze({
    ...PROBLEM_DEFAULTS,
    tolerance: 1e-3,
    seed: 0,
    widths: Object.freeze([1, 2, 5, 10, 20, 50, 100]),
    restarts: 5,
    ...NO_LIMITS,
  }),
  prepare(X, Y, { tolerance, seed, widths, restarts, ...options }) {
    return { problem: prepareData(X, Y, options).problem, tolerance, seed, widths: [...widths], restarts };
  },
  steps: (kernels, prepared, clock) =>
    withPlaced(kernels, prepared.problem, (placed) => sweepSteps(placed, prepared, clock)),
};

/**
 * @param X n×d features; Y n×c targets or n labels, as for `train`
 * @throws InputError, OptionsError, MemoryError as `train` does; rejects with `signal.reason` when aborted
 */
export function widthSweep(X: MatrixLike, Y: Targets, options: WidthSweepOptions = {}): Promise<WidthSweep> {
  return runTask(widthSweepTask, X, Y, options);
}

/** `widthSweep` without a break, for workers and scripts. */
export function widthSweepSync(X: MatrixLike, Y: Targets, options: WidthSweepOptions = {}): WidthSweep {
  return runTaskSync(widthSweepTask, X, Y, options);
}

function* sweepSteps(
  placed: Placed,
  { tolerance, seed, widths, restarts }: Prepared,
  clock: RunClock,
): Generator<Progress, WidthSweep> {
  const optimum = yield* networkSteps(
    placed,
    undefined,
    { tolerance, seed, rounding: 'gaussian', maxWidth: Number.POSITIVE_INFINITY },
    clock.within(OPTIMUM_SHARE * clock.remainingMs()),
  );
  const best = new Map<number, number>();
  const record = ({ weights, loss }: Simplified): void => {
    const width = widthOf(weights);
    best.set(width, Math.min(loss, best.get(width) ?? Number.POSITIVE_INFINITY));
  };
  record(optimum);

  const eliminationClock = clock.within(ELIMINATION_SHARE * clock.remainingMs());
  yield* prune(new TrainingObjective(placed), optimum.weights, 1, eliminationClock, record);

  const tried = widths.filter((width) => width < widthOf(optimum.weights));
  for (const [k, width] of tried.entries()) {
    const settings = {
      roundings: [],
      roundedStarts: 0,
      randomStarts: restarts,
      width,
      maxIterations: RESTART_STEPS,
      seed,
    };
    record(yield* fitWeights(placed, settings, clock.within(clock.remainingMs() / (tried.length - k))));
  }
  return summarize(
    best,
    placed.problem,
    clock.expired() ? clock.expiredStatus() : optimum.status,
    optimum.growth.lowerBound,
  );
}

/** Points of falling loss, since unused neurons cost nothing. */
function summarize(
  best: ReadonlyMap<number, number>,
  { X, Y }: TrainingProblem,
  status: RunStatus,
  lowerBound: number | undefined,
): WidthSweep {
  const loss = Math.min(...best.values());
  const points: WidthPoint[] = [];
  for (const width of [...best.keys()].sort((first, second) => first - second)) {
    const here = best.get(width) as number;
    const before = points.at(-1)?.loss ?? Number.POSITIVE_INFINITY;
    if (here < before) points.push({ width, loss: here, excess: loss > 0 ? (here - loss) / loss : 0 });
  }
  const sufficient = EXCESSES.map((excess) => ({
    excess,
    width: (points.find((point) => point.excess <= excess) as WidthPoint).width,
  }));
  return { status, points, loss, lowerBound, sufficient, criticalWidth: criticalWidthBound(X.rows, Y.columns) };
}
