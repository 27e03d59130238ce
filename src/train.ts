/**
 * Training end to end: the relaxation gives the lower bound and G, rounding and polishing the network, the certificate module the
 * bound as it is reported. Works on one clock, so that a time limit holds over all phases.
 */
import type { MatrixLike } from './matrix.js';
import { prepareData, type Targets, type TrainingData } from './model/data.js';
import { trainingLoss } from './model/loss.js';
import { fitWeights, type StartReport } from './network/fit.js';
import { Network } from './network/network.js';
import { type Options, type ResolvedOptions, resolveOptions } from './options.js';
import { type RelaxationResult, relaxationSteps } from './relaxation.js';
import { RunClock, runAsync, runSync } from './run.js';
import { relativeGap } from './solver/stopping.js';
import type { Progress, RunStatus } from './types.js';
import { createKernels, createKernelsSync, type Kernels } from './wasm/kernels.js';

export type TrainOptions = Options;

export interface TrainResult {
  /** 'solved' when the relaxation reached its tolerance and every start was polished to the end. */
  readonly status: RunStatus;
  readonly network: Network;
  /** Training loss of that very network on the (standardised, biased) training problem: an upper bound on the optimum. */
  readonly loss: number;
  /** Best rigorous lower bound on the loss of every network of any width. */
  readonly lowerBound: number;
  /** (loss − lowerBound) / loss, 0 when the loss is 0. */
  readonly gap: number;
  readonly relaxation: RelaxationResult;
  /** What became of each start. */
  readonly starts: readonly StartReport[];
  /** One record per solver iteration and per start. */
  readonly history: readonly Progress[];
}

/** Share of a time limit that the relaxation may use; the rest is for the network. */
const RELAXATION_SHARE = 0.6;
/** Starts of each kind, rounded and random: the spread between starts on the paper's data is larger than that between kinds. */
const STARTS = 3;

/**
 * Trains a two-layer ReLU network and bounds the loss of every other one from below.
 *
 * @param X n×d features, in any accepted form of a matrix; not mutated
 * @param Y n×c targets, or n class labels
 * @throws InputError for data that cannot be trained on, OptionsError for an option, MemoryError before allocating too much;
 * rejects with `signal.reason` when aborted
 */
export async function train(X: MatrixLike, Y: Targets, options: TrainOptions = {}): Promise<TrainResult> {
  const resolved = resolveOptions(options);
  const clock = new RunClock(resolved);
  const data = prepareData(X, Y, resolved);
  return runAsync(trainSteps(await createKernels(), data, resolved, clock), resolved);
}

/** `train` without a break, for workers and scripts; throws `signal.reason` when aborted from within `onProgress`. */
export function trainSync(X: MatrixLike, Y: Targets, options: TrainOptions = {}): TrainResult {
  const resolved = resolveOptions(options);
  const clock = new RunClock(resolved);
  const data = prepareData(X, Y, resolved);
  return runSync(trainSteps(createKernelsSync(), data, resolved, clock), resolved);
}

function* trainSteps(
  kernels: Kernels,
  data: TrainingData,
  options: ResolvedOptions,
  clock: RunClock,
): Generator<Progress, TrainResult> {
  const { problem, featureMap, classes } = data;
  const { X, Y } = problem;

  const relaxationClock = clock.within(RELAXATION_SHARE * clock.remainingMs());
  const relaxation = yield* relaxationSteps(kernels, problem, options, relaxationClock);
  const { value, lowerBound, certificate } = relaxation;

  const starts = {
    G: relaxation.G,
    roundings: [options.rounding].flat(),
    width: Math.min(startWidth(X.rows, Y.columns), options.maxWidth),
    starts: STARTS,
    seed: options.seed,
  };
  const fitting = fitWeights(kernels, problem, starts, clock);
  let step = fitting.next();
  for (; !step.done; step = fitting.next()) {
    const loss = step.value.loss as number;
    yield { ...step.value, value, lowerBound, gap: relativeGap(loss, lowerBound) };
  }
  const fit = step.value;

  const loss = trainingLoss(problem, fit.weights);
  return {
    status: fit.isComplete ? relaxation.status : clock.expiredStatus(),
    network: new Network({ ...fit.weights, featureMap, classes, certificate }),
    loss,
    lowerBound,
    gap: relativeGap(loss, lowerBound),
    relaxation,
    starts: fit.starts,
    history: [...relaxation.history, ...fit.starts.map((start, k) => startRecord(start, k, lowerBound))],
  };
}

/**
 * Neurons of each start: nc + 1 always suffice (problem.md, program 2), but far fewer carry the optimum on real data, and an
 * evaluation costs in proportion; on the paper's data 100 come as close as 300 for n ≤ 100.
 */
const startWidth = (n: number, c: number): number => Math.min(n * c + 1, Math.max(100, Math.min(400, n)));

const startRecord = (start: StartReport, iteration: number, lowerBound: number): Progress => ({
  phase: 'polish',
  iteration,
  elapsedMs: start.elapsedMs,
  loss: start.loss,
  lowerBound,
  gap: relativeGap(start.loss, lowerBound),
});
