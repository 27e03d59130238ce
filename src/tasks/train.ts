/**
 * Training end to end: the relaxation gives the lower bound and G, rounding and polishing the network, the certificate module the
 * bound as it is reported. Works on one clock, so that a time limit holds over all phases.
 */

import { count, type OptionChecks, type Resolved, someOf, width } from '../base/check.js';
import { relativeGap } from '../base/gap.js';
import type { MatrixLike } from '../base/matrix.js';
import type { RunClock } from '../base/run.js';
import type { RunStatus } from '../base/types.js';
import type { GrowthReport, GrowthResult, GrowthRound } from '../growth/grow.js';
import type { StartReport } from '../network/fit.js';
import { Network } from '../network/network.js';
import type { NetworkReport } from '../network/polish.js';
import { ROUNDINGS, type RoundingName } from '../network/rounding/roundings.js';
import { prepareData, type TrainingData } from '../problem/data.js';
import { type Placed, withPlaced } from '../problem/placed.js';
import type { TrainingProblem } from '../problem/problem.js';
import type { Targets } from '../problem/targets.js';
import { trainingLoss } from '../problem/training-loss.js';
import { Proof } from '../proof/proof.js';
import { boundOrigin } from '../proof/verify-proof.js';
import { estimateCost } from '../relaxation/cost.js';
import { resultsFit } from '../relaxation/fits.js';
import { FAST_FLOPS_PER_MS } from '../relaxation/newton.js';
import type { WarmStart } from '../relaxation/start.js';
import type { Bound } from './bound.js';
import { type Explanation, explainGap } from './explain.js';
import { isRelaxation, verifiedRelaxation } from './given-relaxation.js';
import { groupBounds } from './group-bounds.js';
import { networkSteps } from './network-phase.js';
import type { Progress } from './progress.js';
import { type RelaxationResult, wasBegun } from './relaxation-result.js';
import {
  RELAXATION_CHECKS,
  RELAXATION_DEFAULTS,
  type RelaxationOptions,
  relaxationSteps,
  type SolvedRelaxation,
  unsolved,
} from './solve-relaxation.js';
import { hasEnded, judge } from './status.js';
import { runTask, runTaskSync, type Task } from './task.js';

/** Every option may be left out; the task's defaults then hold. `tolerance` is that of the network's gap too. */
export interface TrainOptions extends Omit<RelaxationOptions, 'cone' | 'groupSize'> {
  /**
   * The relaxation of the same data at the same `reg`, `bias` and `standardize`, as solveRelaxation returned it: it is then not solved again,
   * and all the time is the network's. Solved here by default.
   */
  readonly relaxation?: RelaxationResult | undefined;
  /** Rounding of the relaxation's solution, or several to try; the best network is kept. */
  readonly rounding?: RoundingName | readonly RoundingName[] | undefined;
  /** Most neurons the network may have; a whole number ≥ 1, or Infinity. */
  readonly maxWidth?: number | undefined;
  /** Wall-clock limit in milliseconds, one minute unless said otherwise; Infinity for none. The best that was found is returned. */
  readonly timeLimitMs?: number | undefined;
  /** Seed of every random choice; a whole number in [0, 2⁵³). The same seed gives the same bits. */
  readonly seed?: number | undefined;
}

export type ResolvedTrainOptions = Resolved<TrainOptions, 'onCheckpoint' | 'resume' | 'relaxation'>;

const { cone: _cone, groupSize: _groupSize, ...SHARED_CHECKS } = RELAXATION_CHECKS;
const { cone: _anyCone, groupSize: _anySize, ...SHARED_DEFAULTS } = RELAXATION_DEFAULTS;

export const TRAIN_CHECKS: OptionChecks<TrainOptions> = Object.freeze({
  ...SHARED_CHECKS,
  relaxation: isRelaxation,
  rounding: someOf(ROUNDINGS),
  maxWidth: width,
  seed: count,
});

export const TRAIN_DEFAULTS: ResolvedTrainOptions = Object.freeze({
  ...SHARED_DEFAULTS,
  relaxation: undefined,
  rounding: 'gaussian',
  maxWidth: Number.POSITIVE_INFINITY,
  seed: 0,
  timeLimitMs: 60_000,
});

export interface TrainResult {
  /**
   * 'certified' when the gap is within the tolerance; 'converged' when relaxation and network search both ended by themselves and it is
   * not; else what cut the run short.
   */
  readonly status: RunStatus;
  readonly network: Network;
  /** Training loss of that very network on the (standardised, biased) training problem: an upper bound on the optimum. */
  readonly loss: number;
  /** Best rigorous lower bound on the loss of every network of any width: the better of the relaxation's and the exact oracle's. */
  readonly lowerBound: number;
  /** (loss − lowerBound) / loss, 0 when the loss is 0. */
  readonly gap: number;
  /** lowerBound, and where it comes from. */
  readonly bound: Bound;
  /** What proves lowerBound again, from raw X and Y: verifyProof(X, Y, proof). */
  readonly proof: Proof;
  /** The data as they were trained on: standardised, with the column of ones, labels one-hot encoded, where there are such. */
  readonly problem: TrainingProblem;
  /** As solveRelaxation returns it; undefined where the time ended before it was begun. */
  readonly relaxation: RelaxationResult | undefined;
  /** Where network and bound came from, and what the gap consists of; `explain(fit)` says it in words. */
  readonly explanation: Explanation;
  /** What became of each start. */
  readonly starts: readonly StartReport[];
  /** The rounds of growth. */
  readonly growth: readonly GrowthRound[];
  /** One record per solver iteration, per start and per round of growth, on one clock; a relaxation that was given has its own history. */
  readonly history: readonly Progress[];
}

/** Share of a time limit that the relaxation may use; the rest is for the network. */
const RELAXATION_SHARE = 0.4;

interface Prepared {
  readonly data: TrainingData;
  readonly options: ResolvedTrainOptions;
}

export const trainTask: Task<ResolvedTrainOptions, TrainResult, Prepared> = {
  checks: TRAIN_CHECKS,
  defaults: TRAIN_DEFAULTS,
  prepare(X, Y, options) {
    const data = prepareData(X, Y, options);
    const relaxation = options.relaxation && verifiedRelaxation(data, options.relaxation);
    return { data, options: { ...options, relaxation } };
  },
  *steps(kernels, { data, options }, clock) {
    return (yield* withPlaced(kernels, data.problem, (placed) => trainSteps(placed, data, options, clock))).result;
  },
};

/**
 * Trains a two-layer ReLU network and bounds the loss of every other one from below.
 *
 * @param X n×d features, in any accepted form of a matrix; not mutated
 * @param Y n×c targets, or n class labels
 * @throws InputError for data that cannot be trained on, OptionsError for an option, MemoryError before allocating too much;
 * rejects with `signal.reason` when aborted
 */
export function train(X: MatrixLike, Y: Targets, options: TrainOptions = {}): Promise<TrainResult> {
  return runTask(trainTask, X, Y, options);
}

/** `train` without a break, for workers and scripts; throws `signal.reason` when aborted from within `onProgress`. */
export function trainSync(X: MatrixLike, Y: Targets, options: TrainOptions = {}): TrainResult {
  return runTaskSync(trainTask, X, Y, options);
}

/** A trained network, and a point of its relaxation from which a run at a smaller reg may start. */
export interface Trained {
  readonly result: TrainResult;
  readonly warmStart?: WarmStart | undefined;
}

type TrainingRun = ResolvedTrainOptions & { readonly warmStart?: WarmStart | undefined };

/** The work of a training run on the placed problem of the data, at its reg. */
export function* trainSteps(
  placed: Placed,
  data: TrainingData,
  options: TrainingRun,
  clock: RunClock,
): Generator<Progress, Trained> {
  const { featureMap, classes } = data;
  const { problem } = placed;

  const given = options.relaxation;
  const isWhole = given !== undefined || solvesWhole(problem, options);
  const solved = given
    ? { relaxation: given }
    : isWhole
      ? yield* solveInTime(placed, data, options, clock)
      : { relaxation: unsolved({ ...data, problem }, options.tolerance, clock) };
  const { relaxation, warmStart }: SolvedRelaxation = solved;
  const { value } = relaxation;

  const isSolved = wasBegun(relaxation);
  const G = isSolved ? relaxation.G : undefined;
  const searching = networkSteps(
    placed,
    G,
    options,
    isWhole ? clock : clock.within(NETWORK_SHARE * clock.remainingMs()),
  );
  let step = searching.next();
  let bestBound = relaxation.lowerBound;
  let bestLoss = Number.POSITIVE_INFINITY;
  for (; !step.done; step = searching.next()) {
    bestBound = Math.max(bestBound, step.value.lowerBound ?? 0);
    bestLoss = Math.min(bestLoss, step.value.loss ?? bestLoss);
    const loss = bestLoss < Number.POSITIVE_INFINITY ? { loss: bestLoss } : {};
    yield withBounds({ ...step.value, ...loss }, value, bestBound);
  }
  const { weights, source, starts, growth, status } = step.value;

  const loss = trainingLoss(problem, weights);
  bestBound = Math.max(bestBound, growth.lowerBound ?? 0);
  let grouped: RelaxationResult | undefined;
  if (given === undefined && relativeGap(loss, bestBound) > options.tolerance) {
    const bounding = groupBounds(
      placed,
      data,
      { ...options, loss, isNeeded: !isWhole, flops: flopsForGroups(relaxation, isWhole, options) },
      clock,
    );
    let report = bounding.next();
    for (; !report.done; report = bounding.next()) {
      yield withBounds({ ...report.value, loss }, value, Math.max(bestBound, report.value.lowerBound ?? 0));
    }
    grouped = report.value;
  }
  const { bound, proof } = bestOf(relaxation, grouped, growth);
  const gap = relativeGap(loss, bound.value);
  const shown = isWhole ? relaxation : (grouped ?? relaxation);
  const bounds = { relaxation: wasBegun(shown) ? shown.lowerBound : undefined, exact: growth.lowerBound };
  const isOver = !isWhole && clock.expired();
  const result = {
    status: judge(
      gap,
      options.tolerance,
      isOver ? clock.expiredStatus() : given || !isWhole ? status : endOf(relaxation.status, status),
    ),
    network: new Network({ ...weights, featureMap, classes }),
    loss,
    lowerBound: bound.value,
    gap,
    bound,
    proof,
    problem,
    relaxation: wasBegun(shown) ? shown : undefined,
    explanation: { networkFrom: source, neurons: weights.U.columns, ...explainGap(loss, bounds) },
    starts,
    growth: growth.history,
    history: [
      ...(given ? [] : relaxation.history),
      ...starts.map((start, k) => withBounds(startRecord(start, k), value, relaxation.lowerBound)),
      ...growth.history.map((round) => withBounds(growthRecord(round), value, relaxation.lowerBound)),
      ...(grouped?.history ?? []),
    ],
  };
  return { result, warmStart };
}

/** Iterations that a relaxation in one block takes, and what it sustains: fixed, so that the choice depends on the options alone. */
const WHOLE_ITERATIONS = 25;
const WHOLE_FLOPS_PER_MS = 6e6;

/**
 * Whether the relaxation in one block is solved first, since its solution is a start for the network. Not where it does not fit in memory or its
 * share of the time: there the network comes first, and the bound from groups of rows.
 */
function solvesWhole({ X, Y }: TrainingProblem, options: ResolvedTrainOptions): boolean {
  const { method, resume, onCheckpoint, timeLimitMs } = options;
  if (method !== 'auto' || resume || onCheckpoint) return true;
  const { fits, flopsPerIteration } = estimateCost({ n: X.rows, d: X.columns, c: Y.columns });
  if (!fits || !resultsFit(X.rows, X.columns)) return false;
  const available = RELAXATION_SHARE * (timeLimitMs ?? Number.POSITIVE_INFINITY) * WHOLE_FLOPS_PER_MS;
  return WHOLE_ITERATIONS * flopsPerIteration <= available;
}

/** Shares of the time limit: for the network where no relaxation in one block is solved. */
const NETWORK_SHARE = 0.5;
/** What groups of rows sustain, small matrices and all: fixed like WHOLE_FLOPS_PER_MS. */
const GROUPED_FLOPS_PER_MS = 2e6;

/** Where there is no time limit, bounds by groups take as long as they would have with this one. */
const LONGEST_MS = 600_000;

/** What bounds by groups may take: the time that the network leaves, or as much as the relaxation in one block took. */
function flopsForGroups({ flops }: RelaxationResult, isWhole: boolean, { timeLimitMs }: ResolvedTrainOptions): number {
  if (isWhole) return flops;
  const limit = Math.min(timeLimitMs ?? LONGEST_MS, LONGEST_MS);
  return (1 - NETWORK_SHARE) * limit * GROUPED_FLOPS_PER_MS;
}

/** The relaxation, in its share of the time. */
function* solveInTime(
  placed: Placed,
  data: TrainingData,
  options: TrainingRun,
  clock: RunClock,
): Generator<Progress, SolvedRelaxation> {
  const own = clock.within(RELAXATION_SHARE * clock.remainingMs());
  const canIterate = hasTimeToIterate(placed.problem, options, own);
  const solveOptions = canIterate ? options : { ...options, maxIterations: 0 };
  const { relaxation, warmStart } = yield* relaxationSteps(placed, data, solveOptions, own);
  const isCut = !canIterate && relaxation.status === 'max-iterations';
  return { relaxation: isCut ? { ...relaxation, status: 'time-limit' } : relaxation, warmStart };
}

/**
 * False when even a fast machine would not finish one iteration in time, since an iteration cannot be broken off: the closed-form
 * start then has to do, which is feasible on both sides and so has a true value and bound too.
 */
function hasTimeToIterate({ X, Y }: TrainingProblem, { method }: ResolvedTrainOptions, clock: RunClock): boolean {
  const { flopsPerIteration } = estimateCost({ n: X.rows, d: X.columns, c: Y.columns }, method);
  return flopsPerIteration / FAST_FLOPS_PER_MS <= clock.remainingMs();
}

/** The better of the two bounds, and its proof: with the exact oracle's dual point where that proves more than the multipliers do. */
function bestOf(
  relaxation: RelaxationResult,
  grouped: RelaxationResult | undefined,
  growth: GrowthResult,
): Pick<TrainResult, 'bound' | 'proof'> {
  const { lowerBound: exactBound = 0, exactCertificate: exact } = growth;
  const best = grouped && grouped.lowerBound > relaxation.lowerBound ? grouped : relaxation;
  const { lowerBound, proof } = best;
  const parts = { relaxation: proof.relaxation, grouped: proof.grouped };
  const proved = { relaxation: parts.relaxation ? lowerBound : 0, grouped: parts.grouped ? lowerBound : 0 };
  const origin = boundOrigin({ ...parts, exact }, { ...proved, exact: exactBound });
  if (origin.from !== 'exact') return { bound: { value: lowerBound, ...origin }, proof };
  return { bound: { value: exactBound, ...origin }, proof: new Proof({ ...proof, lowerBound: exactBound, exact }) };
}

/** Adds the relaxation's value and bound, and the gap to the best bound known. */
function withBounds<P extends Progress>(progress: P, value: number, bound: number): P {
  const lowerBound = Math.max(bound, progress.lowerBound ?? 0);
  const { loss } = progress;
  return { ...progress, value, lowerBound, ...(loss !== undefined && { gap: relativeGap(loss, lowerBound) }) };
}

const startRecord = ({ elapsedMs, loss }: StartReport, iteration: number): NetworkReport => ({
  kind: 'network',
  phase: 'polish',
  iteration,
  elapsedMs,
  loss,
});

const growthRecord = ({ round, elapsedMs, loss, lowerBound }: GrowthRound): GrowthReport => ({
  kind: 'growth',
  phase: 'growth',
  iteration: round,
  elapsedMs,
  loss,
  ...(lowerBound !== undefined && { lowerBound }),
});

/** What cut the run short, the network's search before the relaxation. */
const endOf = (relaxation: RunStatus, network: RunStatus): RunStatus => (hasEnded(network) ? relaxation : network);
