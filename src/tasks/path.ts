/**
 * Regularisation paths: the same data at several weight decays, from large to small, each relaxation started from an interior point of
 * the one before (relaxation/start.ts), which saves the iterations that lead to the central path.
 */
import { type Check, everyEntry, positive, type Resolved } from '../base/check.js';
import type { MatrixLike } from '../base/matrix.js';
import type { RunClock } from '../base/run.js';
import { prepareData, type TrainingData } from '../problem/data.js';
import { type Placed, withPlaced } from '../problem/placed.js';
import type { Targets } from '../problem/targets.js';
import type { WarmStart } from '../relaxation/start.js';
import type { Progress } from './progress.js';
import { runTask, runTaskSync, type Task } from './task.js';
import {
  type ResolvedTrainOptions,
  TRAIN_CHECKS,
  TRAIN_DEFAULTS,
  type TrainOptions,
  type TrainResult,
  trainSteps,
} from './train.js';

/** The weight decays, and the options of `train` that make sense for several. */
export interface PathOptions extends Omit<TrainOptions, 'reg' | 'resume' | 'relaxation'> {
  /** Weight decays, each > 0, in any order. */
  readonly regs: readonly number[];
}

/** One point of a path. */
export interface PathPoint {
  readonly reg: number;
  readonly result: TrainResult;
}

const isPath: Check = (value) =>
  Array.isArray(value) && value.length > 0 && everyEntry(value, (reg) => positive(reg) === undefined)
    ? undefined
    : 'an array of numbers > 0, for example [1, 0.1, 0.01]';

const { reg: _reg, resume: _resume, relaxation: _relaxation, ...CHECKS } = TRAIN_CHECKS;
const { reg: _defaultReg, resume: _defaultResume, relaxation: _defaultRelaxation, ...SHARED } = TRAIN_DEFAULTS;
/** A path has no time limit unless one is given: its points are many. */
const DEFAULTS = { ...SHARED, timeLimitMs: undefined };

/** One run's own. */
const NOT_OF_A_PATH = { resume: undefined, relaxation: undefined };

type ResolvedPath = Resolved<PathOptions, 'onCheckpoint'>;

interface Prepared {
  /** In the order given. */
  readonly regs: readonly number[];
  readonly data: TrainingData;
  /** The options of one run for each distinct weight decay, descending. */
  readonly runs: readonly ResolvedTrainOptions[];
}

export const trainPathTask: Task<ResolvedPath, PathPoint[], Prepared> = {
  checks: { ...CHECKS, regs: isPath },
  defaults: Object.freeze(DEFAULTS),
  prepare(X, Y, { regs, ...options }) {
    const descending = [...new Set(regs)].sort((first, second) => second - first);
    const data = prepareData(X, Y, { ...options, reg: descending[0] });
    return { regs, data, runs: descending.map((reg) => ({ ...options, ...NOT_OF_A_PATH, reg })) };
  },
  *steps(kernels, { data, regs, runs }, clock) {
    const results = yield* withPlaced(kernels, data.problem, (placed) => walk(placed, data, runs, clock));
    return regs.map((reg) => ({ reg, result: results.get(reg) as TrainResult }));
  },
};

/** The result at each weight decay; each run begins where the relaxation of the one before allows. */
function* walk(
  placed: Placed,
  data: TrainingData,
  runs: Prepared['runs'],
  clock: RunClock,
): Generator<Progress, Map<number, TrainResult>> {
  const results = new Map<number, TrainResult>();
  let warmStart: WarmStart | undefined;
  for (const [k, options] of runs.entries()) {
    const share = clock.within(clock.remainingMs() / (runs.length - k));
    const trained = yield* trainSteps(placed.withReg(options.reg), data, { ...options, warmStart }, share);
    results.set(options.reg, trained.result);
    warmStart = trained.warmStart;
  }
  return results;
}

/**
 * Trains at every weight decay of `regs`; returned in the order given. A time limit holds for the whole path, shared evenly by what is left.
 *
 * @throws as `train` does
 */
export function trainPath(X: MatrixLike, Y: Targets, options: PathOptions): Promise<PathPoint[]> {
  return runTask(trainPathTask, X, Y, options);
}

/** `trainPath` without a break, for workers and scripts. */
export function trainPathSync(X: MatrixLike, Y: Targets, options: PathOptions): PathPoint[] {
  return runTaskSync(trainPathTask, X, Y, options);
}
