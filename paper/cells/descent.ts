/** Gradient descent at one width: the paper's SGD, and Adam; best of some seeds. */

import { adamSync, type DescentResult, sgdSync } from '../../src/baselines/index.js';
import type { Examples } from '../../src/datasets/index.js';
import type { Report } from '../../src/index.js';
import { remainingMs, roundMs, thin } from './history.js';
import type { DescentSettings } from './plan.js';
import type { DescentCellResult, DescentRun } from './results.js';

const MAX_HISTORY = 200;

export function runDescent(
  examples: Examples,
  reg: number,
  width: number,
  { seeds, learningRates, rateTrialShare, sgdSteps, adamSteps, limitMs }: DescentSettings,
  onProgress: (progress: Report) => void = () => {},
): DescentCellResult {
  const common = { reg, width, onProgress };
  return {
    sgd: bestRun(examples, sgdSync, { ...common, maxIterations: sgdSteps }, seeds, {
      limitMs,
      learningRates,
      rateTrialShare,
    }),
    adam: bestRun(examples, adamSync, { ...common, maxIterations: adamSteps }, seeds, {
      limitMs,
      rateTrialShare,
    }),
  };
}

/** Without learningRates the method keeps its own: the paper has none for Adam. */
type RateSearch = Pick<DescentSettings, 'limitMs' | 'rateTrialShare'> & Partial<Pick<DescentSettings, 'learningRates'>>;

/** As many seeds as fit, each run to its end, and one in any case; the rate chosen with the first seed is kept for all. */
function bestRun(
  examples: Examples,
  descend: typeof sgdSync,
  options: DescentTask,
  seeds: readonly number[],
  { limitMs, learningRates, rateTrialShare }: RateSearch,
): DescentRun {
  const startMs = performance.now();
  const learningRate = chooseRate(
    examples,
    descend,
    { ...options, seed: seeds[0] },
    learningRates,
    rateTrialShare * limitMs,
  );
  const attempt = (seed: number): DescentResult =>
    descend(examples.X, examples.Y, { ...options, seed, learningRate, timeLimitMs: remainingMs(startMs, limitMs) });

  const runs: DescentResult[] = [];
  for (const seed of seeds) {
    if (runs.length > 0 && remainingMs(startMs, limitMs) < runs[0].elapsedMs) break;
    runs.push(attempt(seed));
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

export type DescentTask = Parameters<typeof sgdSync>[2] & object;

/**
 * The rate with the least training loss in a trial, of all steps where time allows; one rate needs none. A rate too large may not run away but
 * kill all neurons, whose loss then stays that of no network: on raw features of different scales the best rates are a thousandfold apart.
 */
export function chooseRate(
  { X, Y }: Examples,
  descend: typeof sgdSync,
  options: DescentTask,
  rates: readonly number[] | undefined,
  limitMs: number,
): number | undefined {
  if (rates === undefined || rates.length === 1) return rates?.[0];
  const timeLimitMs = limitMs / rates.length;
  const losses = rates.map((learningRate) => descend(X, Y, { ...options, timeLimitMs, learningRate }).loss);
  return rates[losses.indexOf(Math.min(...losses))];
}

/** Points that are finite: the last loss of a run that ran away may not be. */
function lossHistory({ history }: DescentResult): (readonly [number, number])[] {
  const points = Array.from(history, (loss, iteration) => [iteration, loss] as const);
  return thin(
    points.filter(([, loss]) => Number.isFinite(loss)),
    MAX_HISTORY,
  );
}
