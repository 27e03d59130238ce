/**
 * Test accuracy of every method on one split. Nothing is chosen by a look at the test rows but in `testTuned`, which is the paper's protocol and
 * says so.
 */

import { adamSync, frankWolfeSync, gatedReluSync, nngp, ntk, ridge, sgdSync } from '../../src/baselines/index.js';
import type { Examples } from '../../src/datasets/index.js';
import { type Matrix, Network, type Report, trainSync } from '../../src/index.js';
import { chooseRate } from './descent.js';
import { remainingMs, roundMs } from './history.js';
import type { AccuracySettings } from './plan.js';
import type { AccuracyMethod, AccuracyResult, AccuracyRun } from './results.js';
import { accuracyOf, scoreClasses, type TunedAccuracy, tuneThreshold } from './scores.js';

export interface AccuracyTask {
  readonly train: Examples;
  readonly test: Examples;
  readonly reg: number;
  readonly bias: boolean;
  readonly settings: AccuracySettings;
}

/** What every method leaves, besides its outputs. */
type Details = Pick<AccuracyRun, 'loss' | 'lowerBound' | 'width' | 'status'>;

interface Fit extends Details {
  readonly predict: (X: Matrix) => Matrix;
  /** The best of all iterates by the paper's protocol, where there are iterates. */
  readonly tuned?: TunedAccuracy | undefined;
}

/** Iterates are scored this far apart at least, in milliseconds: the paper looks at every one, which costs more than the training here. */
const LOOK_EVERY_MS = 50;

export function runAccuracy(task: AccuracyTask, onProgress: (progress: Report) => void = () => {}): AccuracyResult {
  const { train, test } = task;
  const methods = Object.entries(METHODS) as [AccuracyMethod, (typeof METHODS)[AccuracyMethod]][];
  const runs = methods.map(([method, solve]): AccuracyRun => {
    const startMs = performance.now();
    const { predict, tuned, ...details } = solve(task, onProgress);
    const elapsedMs = roundMs(performance.now() - startMs);
    const outputs = predict(test.X);
    const last = tuneThreshold(outputs, test.Y);
    return {
      method,
      test: scoreClasses(outputs, test.Y),
      trainAccuracy: accuracyOf(predict(train.X), train.Y),
      testTuned: tuned && tuned.accuracy > last.accuracy ? tuned : last,
      ...details,
      elapsedMs,
    };
  });
  return { runs };
}

type Method = (task: AccuracyTask, onProgress: (progress: Report) => void) => Fit;

const METHODS: Readonly<Record<AccuracyMethod, Method>> = {
  ours: fitOurs,
  nngp: ({ train: { X, Y }, reg, bias }) => predictor(nngp(X, Y, { reg, bias })),
  ntk: ({ train: { X, Y }, reg, bias }) => predictor(ntk(X, Y, { reg, bias })),
  adam: (task) => fitDescent(task, adamSync),
  sgd: (task) => fitDescent(task, sgdSync, task.settings.learningRates),
  ridge: ({ train: { X, Y }, reg, bias }) => predictor(ridge(X, Y, { reg, bias })),
  gatedRelu: ({ train: { X, Y }, reg, bias, settings }) => {
    const { model, loss, status, patterns } = gatedReluSync(X, Y, {
      reg,
      bias,
      seed: settings.seed,
      timeLimitMs: settings.programMs,
    });
    return { ...predictor(model), loss, status, width: patterns * Y.columns };
  },
  frankWolfe: ({ train: { X, Y }, reg, bias, settings }) => {
    const { network, value, status } = frankWolfeSync(X, Y, {
      reg,
      bias,
      seed: settings.seed,
      timeLimitMs: settings.programMs,
    });
    return { ...predictor(network), loss: value, status, width: network.width };
  },
};

function fitOurs({ train, test, reg, bias, settings }: AccuracyTask, onProgress: (progress: Report) => void): Fit {
  const featureMap = { columns: test.X.columns, bias };
  let tuned: TunedAccuracy = { accuracy: -1, threshold: 0 };
  let lookedMs = Number.NEGATIVE_INFINITY;
  const look = (progress: Report): void => {
    onProgress(progress);
    if (!progress.weights || progress.elapsedMs - lookedMs < LOOK_EVERY_MS) return;
    lookedMs = progress.elapsedMs;
    const here = tuneThreshold(new Network({ ...progress.weights, featureMap }).predict(test.X), test.Y);
    if (here.accuracy > tuned.accuracy) tuned = here;
  };
  const { network, loss, lowerBound, status } = trainSync(train.X, train.Y, {
    reg,
    bias,
    seed: settings.seed,
    timeLimitMs: settings.oursMs,
    onProgress: look,
  });
  return { ...predictor(network), loss, lowerBound, status, width: network.width, tuned };
}

/** @param rates of these the one with the least training loss in a trial; the method's own when left out */
function fitDescent(
  { train, reg, bias, settings }: AccuracyTask,
  descend: typeof sgdSync,
  rates?: readonly number[],
): Fit {
  const { seed, descentWidth: width, descentMs, rateTrialShare } = settings;
  const startMs = performance.now();
  const options = { reg, bias, width, seed };
  const learningRate = chooseRate(train, descend, options, rates, rateTrialShare * descentMs);
  const timeLimitMs = remainingMs(startMs, descentMs);
  const { network, loss, status } = descend(train.X, train.Y, { ...options, learningRate, timeLimitMs });
  return { ...predictor(network), loss, status, width };
}

const predictor = (model: { predict(X: Matrix): Matrix }): Pick<Fit, 'predict'> => ({
  predict: (X) => model.predict(X),
});
