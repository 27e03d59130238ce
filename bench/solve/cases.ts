/**
 * What the solve benchmarks run on: the paper's data sets from ../shared, and which of them.
 *
 *     BENCH_SOLVE=spiral,iris   only these data sets (all but mnist20 when left out; mnist20 takes up to an hour)
 *     BENCH_SECONDS=60          time limit of one solve, 240 when left out
 */

import type { Matrix } from '../../src/base/matrix.js';
import { scaleByScalars } from '../../src/datasets/index.js';
import type { RelaxationOptions } from '../../src/index.js';
import type { RelaxationResult } from '../../src/tasks/relaxation-result.js';
import { solveRelaxationSync } from '../../src/tasks/solve-relaxation.js';
import { findOptimum } from '../../test/support/fixtures.js';
import { type DatasetName, loadDataset } from '../shared-data.js';

export interface Case {
  readonly dataset: DatasetName;
  readonly reg: number;
  readonly tolerance: number;
  readonly standardize?: boolean;
}

const wanted = process.env.BENCH_SOLVE?.split(',');
const limitMs = 1000 * Number(process.env.BENCH_SECONDS ?? 240);

/** Whether the data set was asked for; mnist20 only when named. */
export const isWanted = (dataset: string): boolean =>
  wanted ? wanted.some((name) => dataset.startsWith(name)) : dataset !== 'mnist20';

/** Raw features, except for mnist20, from which one scalar mean is subtracted and divided by one scalar deviation, as in the paper. */
export function loadCase(dataset: DatasetName): { readonly X: Matrix; readonly Y: Matrix } {
  const { X, Y } = loadDataset(dataset);
  return dataset === 'mnist20' ? scaleByScalars({ train: { X, Y } }).train : { X, Y };
}

export interface Measurement {
  readonly result: RelaxationResult;
  /** User and system time of this process. */
  readonly cpuSeconds: number;
  /** Flops over the wall-clock time of the phases. */
  readonly gigaflopsPerSecond: number;
}

export function measure(X: Matrix, Y: Matrix, options: RelaxationOptions): Measurement {
  const before = process.cpuUsage();
  const result = solveRelaxationSync(X, Y, { timeLimitMs: limitMs, ...options });
  const { user, system } = process.cpuUsage(before);
  const phases = Object.values(result.timings).reduce((sum, value) => sum + value, 0);
  return { result, cpuSeconds: (user + system) / 1e6, gigaflopsPerSecond: result.flops / 1e6 / phases };
}

/** Conjugate-gradient steps of a solve. */
export function cgSteps({ history }: RelaxationResult): number {
  const last = history.at(-1);
  return last?.kind === 'iterate' ? last.cgSteps : 0;
}

/** @throws Error when the bound is above a reference optimum, of the data as given */
export function assertBelowOptimum({ dataset, reg, standardize }: Case, { lowerBound }: RelaxationResult): void {
  const optimum = findOptimum(dataset, reg)?.relaxation;
  if (standardize || !optimum) return;
  if (lowerBound > optimum.value * (1 + optimum.relativeAccuracy)) {
    throw new Error(`${dataset} at ${reg}: the bound ${lowerBound} is above the optimum ${optimum.value}`);
  }
}

export const rounded = (value: number, digits: number): number => Number(value.toPrecision(digits));

/** One line as each case finishes: the whole takes long. */
export function printLine(row: Readonly<Record<string, unknown>>): void {
  console.log(
    Object.entries(row)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  );
}
