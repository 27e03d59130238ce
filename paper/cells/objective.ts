/** The relaxation of one training problem, its roundings, and the network found from it. */

import { RunClock, runSync } from '../../src/base/run.js';
import type { Examples } from '../../src/datasets/index.js';
import { createKernelsSync } from '../../src/engine/kernels.js';
import {
  DEFAULT_OPTIONS,
  prepareData,
  type RelaxationResult,
  type Report,
  solveRelaxationSync,
  type TrainingProblem,
  widthSweepSync,
} from '../../src/index.js';
import { type FitOptions, fitWeights } from '../../src/network/fit.js';
import { lambdaSpectrum } from '../../src/network/rounding/lambda-factor.js';
import { ROUNDINGS, type RoundingName } from '../../src/network/rounding/roundings.js';
import { type Placed, placeProblem } from '../../src/problem/placed.js';
import { networkSteps } from '../../src/tasks/network-phase.js';
import { roundMs, thin } from './history.js';
import type { ObjectiveSettings } from './plan.js';
import type { ObjectiveResult, RoundingResult } from './results.js';

const MAX_HISTORY = 200;
const MAX_EIGENVALUES = 60;
const MAX_ITERATIONS = 1000;

export function runObjective(
  { X, Y }: Examples,
  reg: number,
  settings: ObjectiveSettings,
  onProgress: (progress: Report) => void = () => {},
): ObjectiveResult {
  const { tolerance, relaxationMs } = settings;
  const options = { reg, tolerance, maxIterations: MAX_ITERATIONS, timeLimitMs: relaxationMs, onProgress };
  const startMs = performance.now();
  const relaxation = solveRelaxationSync(X, Y, options);
  const elapsedMs = performance.now() - startMs;
  const { problem } = prepareData(X, Y, { reg });

  const { status, value, lowerBound, gap, iterations, flops, history } = relaxation;
  return {
    relaxation: {
      status,
      value,
      lowerBound,
      gap,
      iterations,
      flops,
      method: DEFAULT_OPTIONS.solveRelaxation.method,
      elapsedMs: roundMs(elapsedMs),
      history: thin(history, MAX_HISTORY).map((record) => [roundMs(record.elapsedMs), record.value, record.lowerBound]),
    },
    Lambda: spectrum(problem, relaxation),
    roundings: [...ROUNDINGS, 'random' as const].map((kind) => studyRounding(problem, relaxation, kind, settings)),
    network: findNetwork(problem, relaxation, settings, onProgress),
    ...(settings.widthsMs > 0 && { widths: sweepWidths({ X, Y }, reg, settings, onProgress) }),
  };
}

const place = (problem: TrainingProblem): Placed => placeProblem(createKernelsSync(), problem);

function spectrum(problem: TrainingProblem, { G }: RelaxationResult): ObjectiveResult['Lambda'] {
  const { eigenvalues, ...rest } = lambdaSpectrum({ placed: place(problem), G });
  return { eigenvalues: Array.from(eigenvalues.subarray(0, MAX_EIGENVALUES)), ...rest };
}

/** What a rounding gives before and after polishing, over some seeds. */
function studyRounding(
  problem: TrainingProblem,
  { G }: RelaxationResult,
  kind: RoundingName | 'random',
  { roundingMs, roundingSeeds, roundingWidth, roundingSteps, seed }: ObjectiveSettings,
): RoundingResult {
  const isRandom = kind === 'random';
  const options: FitOptions = {
    G,
    roundings: isRandom ? [] : [kind],
    roundedStarts: isRandom ? 0 : roundingSeeds,
    randomStarts: isRandom ? roundingSeeds : 0,
    width: Math.min(roundingWidth, problem.X.rows * problem.Y.columns + 1),
    maxIterations: roundingSteps,
    seed,
  };
  const clock = new RunClock({ timeLimitMs: roundingMs });
  const { starts } = runSync(fitWeights(place(problem), options, clock));
  const mine = starts.filter((start) => start.kind === kind);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value / values.length, 0);
  const errors = mine.flatMap(({ roundingErrors }) => (roundingErrors ? [roundingErrors] : []));
  const losses = mine.map(({ loss }) => loss);
  return {
    kind,
    seeds: mine.length,
    width: options.width,
    ...(errors.length > 0 && {
      feasibilityError: {
        linear: mean(errors.map(({ linear }) => linear)),
        cone: mean(errors.map(({ cone }) => cone)),
      },
    }),
    lossRounded: mean(mine.map(({ startLoss }) => startLoss)),
    lossPolished: mean(losses),
    bestPolished: Math.min(...losses),
    elapsedMs: roundMs(clock.elapsedMs() / mine.length),
  };
}

type HistoryPoint = ObjectiveResult['network']['history'][number];

/** A bound of 0 is none. */
const historyPoint = (elapsedMs: number, loss: number, bound: number): HistoryPoint =>
  bound > 0 ? [elapsedMs, loss, bound] : [elapsedMs, loss];

function findNetwork(
  problem: TrainingProblem,
  relaxation: RelaxationResult,
  { networkMs, networkTolerance, seed }: ObjectiveSettings,
  onProgress: (progress: Report) => void,
): ObjectiveResult['network'] {
  const options = { ...DEFAULT_OPTIONS.train, tolerance: networkTolerance, seed };
  const clock = new RunClock({ timeLimitMs: networkMs });
  const history: HistoryPoint[] = [];
  let best = { loss: Number.POSITIVE_INFINITY, bound: 0 };
  const record = (progress: Report): void => {
    const loss = Math.min(best.loss, progress.loss ?? best.loss);
    const bound = Math.max(best.bound, progress.lowerBound ?? 0);
    if (loss < best.loss || bound > best.bound) {
      history.push(historyPoint(roundMs(clock.elapsedMs()), loss, bound));
    }
    best = { loss, bound };
    onProgress(progress);
  };
  const steps = networkSteps(place(problem), relaxation.G, options, clock);
  const { status, loss, weights, source, growth } = runSync(steps, { onProgress: record });
  const lowerBound = Math.max(relaxation.lowerBound, growth.lowerBound ?? 0);
  const elapsedMs = roundMs(clock.elapsedMs());
  return {
    status,
    loss,
    lowerBound,
    ...(growth.lowerBound !== undefined && { globalLowerBound: growth.lowerBound }),
    gap: loss > 0 ? Math.max(0, loss - lowerBound) / loss : 0,
    width: weights.U.columns,
    source,
    elapsedMs,
    history: [...thin(history, MAX_HISTORY - 1), historyPoint(elapsedMs, loss, growth.lowerBound ?? 0)],
  };
}

function sweepWidths(
  { X, Y }: Examples,
  reg: number,
  { widthsMs, networkTolerance, seed }: ObjectiveSettings,
  onProgress: (progress: Report) => void,
): ObjectiveResult['widths'] {
  const options = { reg, tolerance: networkTolerance, seed, timeLimitMs: widthsMs, onProgress };
  const { points, sufficient, criticalWidth } = widthSweepSync(X, Y, options);
  return { points: points.map(({ width, loss }) => [width, loss]), sufficient, criticalWidth };
}
