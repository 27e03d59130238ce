/** The relaxation of one training problem, its roundings, and the network found from it. */

import type { Examples } from '../../src/datasets/index.js';
import {
  criticalWidthBound,
  DEFAULT_OPTIONS,
  examineRelaxationSync,
  prepareData,
  type RelaxationResult,
  type Report,
  roundRelaxationSync,
  solveRelaxationSync,
  type TrainResult,
  trainSync,
  widthSweepSync,
} from '../../src/index.js';
import { roundMs, thin } from './history.js';
import type { ObjectiveSettings } from './plan.js';
import type { ObjectiveResult, RoundingResult } from './results.js';

/** Each rounding, and random starts to compare with. */
const KINDS = ['gaussian', 'nearest-cone', 'three-operator', 'eigenvectors', 'random'] as const;

const MAX_HISTORY = 200;
const MAX_EIGENVALUES = 60;
const MAX_ITERATIONS = 1000;

export function runObjective(
  data: Examples,
  reg: number,
  settings: ObjectiveSettings,
  onProgress: (progress: Report) => void = () => {},
): ObjectiveResult {
  const { X, Y } = data;
  const { tolerance, relaxationMs } = settings;
  const options = { reg, tolerance, maxIterations: MAX_ITERATIONS, timeLimitMs: relaxationMs, onProgress };
  const startMs = performance.now();
  const relaxation = solveRelaxationSync(X, Y, options);
  const elapsedMs = performance.now() - startMs;
  const roundings = KINDS.map((kind) => studyRounding(data, relaxation, kind, settings));
  const { network, result } = findNetwork(data, reg, relaxation, settings, onProgress);

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
    Lambda: spectrum(data, result),
    roundings,
    network,
    ...(settings.widthsMs > 0 && { widths: sweepWidths(data, reg, settings, onProgress) }),
  };
}

function spectrum({ X, Y }: Examples, result: TrainResult): ObjectiveResult['Lambda'] {
  const { eigenvalues, rank, order } = examineRelaxationSync(X, Y, { result, factorize: false });
  return { eigenvalues: Array.from(eigenvalues.subarray(0, MAX_EIGENVALUES)), rank, order };
}

/** What a rounding gives before and after polishing, over some seeds. */
function studyRounding(
  { X, Y }: Examples,
  relaxation: RelaxationResult,
  kind: RoundingResult['kind'],
  { roundingMs, roundingSeeds, roundingWidth, roundingSteps, seed }: ObjectiveSettings,
): RoundingResult {
  const isRandom = kind === 'random';
  const { rows, columns } = prepareData(X, Y).problem.Y;
  const width = Math.min(roundingWidth, criticalWidthBound(rows, columns));
  const startMs = performance.now();
  const { starts } = roundRelaxationSync(X, Y, {
    relaxation,
    rounding: isRandom ? undefined : kind,
    roundedStarts: isRandom ? 0 : roundingSeeds,
    randomStarts: isRandom ? roundingSeeds : 0,
    width,
    maxIterations: roundingSteps,
    seed,
    timeLimitMs: roundingMs,
  });
  const elapsedMs = performance.now() - startMs;
  const mine = starts.filter((start) => start.kind === kind);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value / values.length, 0);
  const errors = mine.flatMap(({ roundingErrors }) => (roundingErrors ? [roundingErrors] : []));
  const losses = mine.map(({ loss }) => loss);
  return {
    kind,
    seeds: mine.length,
    width,
    ...(errors.length > 0 && {
      feasibilityError: {
        linear: mean(errors.map(({ linear }) => linear)),
        cone: mean(errors.map(({ cone }) => cone)),
      },
    }),
    lossRounded: mean(mine.map(({ startLoss }) => startLoss)),
    lossPolished: mean(losses),
    bestPolished: Math.min(...losses),
    elapsedMs: roundMs(elapsedMs / mine.length),
  };
}

type HistoryPoint = ObjectiveResult['network']['history'][number];

/** A bound of 0 is none. */
const historyPoint = (elapsedMs: number, loss: number, bound: number): HistoryPoint =>
  bound > 0 ? [elapsedMs, loss, bound] : [elapsedMs, loss];

function findNetwork(
  { X, Y }: Examples,
  reg: number,
  relaxation: RelaxationResult,
  { networkMs, networkTolerance, seed }: ObjectiveSettings,
  onProgress: (progress: Report) => void,
): { network: ObjectiveResult['network']; result: TrainResult } {
  const startMs = performance.now();
  const reports: { elapsedMs: number; report: Report }[] = [];
  const result = trainSync(X, Y, {
    reg,
    relaxation,
    tolerance: networkTolerance,
    seed,
    timeLimitMs: networkMs,
    onProgress: (report) => {
      reports.push({ elapsedMs: roundMs(performance.now() - startMs), report });
      onProgress(report);
    },
  });
  const { status, loss, lowerBound, gap, network, explanation, growth } = result;
  const elapsedMs = roundMs(performance.now() - startMs);
  const exactBound = growth.at(-1)?.lowerBound;
  return {
    network: {
      status,
      loss,
      lowerBound,
      ...(exactBound !== undefined && { globalLowerBound: exactBound }),
      gap,
      width: network.width,
      source: explanation.networkFrom,
      elapsedMs,
      history: [...thin(historyOf(reports, result), MAX_HISTORY - 1), historyPoint(elapsedMs, loss, exactBound ?? 0)],
    },
    result,
  };
}

/** Where the best loss or the exact bound became better; what the rounds of growth proved is not in their reports alone. */
function historyOf(reports: readonly { elapsedMs: number; report: Report }[], { growth }: TrainResult): HistoryPoint[] {
  const history: HistoryPoint[] = [];
  let best = { loss: Number.POSITIVE_INFINITY, bound: 0 };
  for (const { elapsedMs, report } of reports) {
    const proved = report.kind === 'growth' ? growth[report.iteration]?.lowerBound : undefined;
    const loss = Math.min(best.loss, report.loss ?? best.loss);
    const bound = Math.max(best.bound, proved ?? 0);
    if (loss < best.loss || bound > best.bound) history.push(historyPoint(elapsedMs, loss, bound));
    best = { loss, bound };
  }
  return history;
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
