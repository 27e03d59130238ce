/** Gradient descent at one width: the paper's SGD, and Adam; best of some seeds. */
import { adamSync, type DescentResult, sgdSync } from '../baselines/index.js';
import type { Examples } from '../datasets/index.js';
import { RunClock } from '../run.js';
import type { Progress } from '../types.js';
import { roundMs, thin } from './history.js';
import type { DescentSettings } from './plan.js';
import type { DescentCellResult, DescentRun } from './results.js';

const MAX_HISTORY = 200;
/** Steps after which rates are compared. */
const TRIAL_STEPS = 500;
/** Adam's own default: the paper has no rate for it. */
const ADAM_RATE = 0.02;

export function runDescent(
  examples: Examples,
  reg: number,
  width: number,
  { seeds, learningRates, sgdSteps, adamSteps, limitMs }: DescentSettings,
  onProgress: (progress: Progress) => void = () => {},
): DescentCellResult {
  const common = { reg, width, onProgress };
  return {
    sgd: bestRun(examples, sgdSync, { ...common, maxIterations: sgdSteps }, seeds, learningRates, limitMs),
    adam: bestRun(examples, adamSync, { ...common, maxIterations: adamSteps }, seeds, [ADAM_RATE], limitMs),
  };
}

/**
 * As many seeds as fit, each run to its end, and one in any case; of several rates the one with the lower loss after a few steps of the first seed,
 * kept for all. One rate needs no such trial.
 */
function bestRun(
  { X, Y }: Examples,
  descend: typeof sgdSync,
  options: Parameters<typeof sgdSync>[2] & object,
  seeds: readonly number[],
  rates: readonly number[],
  limitMs: number,
): DescentRun {
  const clock = new RunClock({ timeLimitMs: limitMs });
  const attempt = (seed: number, learningRate: number, maxIterations = options.maxIterations): DescentResult =>
    descend(X, Y, { ...options, maxIterations, seed, learningRate, timeLimitMs: clock.remainingMs() });
  const tried =
    rates.length > 1 ? rates.map((rate) => ({ rate, loss: attempt(seeds[0], rate, TRIAL_STEPS).loss })) : [];
  const rate = tried.reduce((best, next) => (next.loss < best.loss ? next : best), {
    rate: rates[0],
    loss: Number.POSITIVE_INFINITY,
  }).rate;

  const runs: DescentResult[] = [];
  for (const seed of seeds) {
    if (runs.length > 0 && clock.remainingMs() < runs[0].elapsedMs) break;
    runs.push(attempt(seed, rate));
  }
  const best = runs.reduce((least, run) => (run.loss < least.loss ? run : least));
  return {
    loss: best.loss,
    seeds: runs.length,
    losses: runs.map(({ loss }) => loss),
    iterations: best.iterations,
    learningRate: best.learningRate,
    history: lossHistory(best),
    elapsedMs: roundMs(runs.reduce((sum, run) => sum + run.elapsedMs / runs.length, 0)),
    status: best.status,
  };
}

/** Points that are finite: the last loss of a run that ran away may not be. */
function lossHistory({ history }: DescentResult): (readonly [number, number])[] {
  const points = Array.from(history, (loss, iteration) => [iteration, loss] as const);
  return thin(
    points.filter(([, loss]) => Number.isFinite(loss)),
    MAX_HISTORY,
  );
}
