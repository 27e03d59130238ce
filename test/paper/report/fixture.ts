/** Results as a run leaves them, made up: every data set, some runs cut short, a failed cell, and texts that must be escaped. */

import {
  ACCURACY_METHODS,
  type AccuracyMethod,
  type AccuracyRun,
  type Cell,
  type CellKey,
  DATA_NAMES,
  type DataName,
  type DataSummary,
  DESCENT_WIDTHS,
  type DescentRun,
  type ObjectiveResult,
  type ProgramRun,
  type Results,
} from '../../../paper/cells/results.js';
import { Random } from '../../../src/base/random.js';
import type { RunStatus } from '../../../src/base/types.js';

/** Text of a machine that would break the page if it were not escaped. */
export const HOSTILE = '<script>alert("x")</script> & \'sons\'';

const SHAPES: Readonly<Record<DataName, readonly [rows: number, testRows: number, features: number, outputs: number]>> =
  {
    random: [25, 0, 2, 5],
    spiral: [60, 0, 2, 3],
    iris: [75, 75, 4, 3],
    ionosphere: [175, 175, 34, 2],
    pima: [383, 384, 8, 2],
    banknotes: [685, 686, 4, 2],
    mnist20: [1000, 1000, 20, 10],
  };

/** Share of the optimum that the relaxation reaches at reg 0.1. */
const RATIOS: Readonly<Record<DataName, number>> = {
  random: 0.91,
  spiral: 0.979,
  iris: 0.661,
  ionosphere: 0.82,
  pima: 0.93,
  banknotes: 0.71,
  mnist20: 0.55,
};

export interface FixtureOptions {
  readonly data?: readonly DataName[];
  readonly trials?: number;
  readonly splits?: number;
}

export function makeResults({ data = DATA_NAMES, trials = 100, splits = 5 }: FixtureOptions = {}): Results {
  const cells = data.flatMap((name) =>
    [0.1, 0.01].flatMap((reg) => [
      ...trainingCells(name, reg, name === 'random' ? trials : 1),
      ...accuracyCells(name, reg, splits),
    ]),
  );
  return {
    run: {
      format: 1,
      command: 'convex-relu reproduce --data ../data --jobs 2 --out report',
      version: '0.1.0',
      commit: '0123abc',
      node: 'v20.20.0',
      machine: HOSTILE,
      started: '2026-11-22T18:00:00.000Z',
      finished: '2026-11-22T18:52:10.000Z',
      elapsedMs: 3_130_000,
      jobs: 2,
      effort: 1,
      regs: [0.1, 0.01],
      seeds: splits,
      limits: Object.fromEntries(
        data.map((name) => [
          name,
          { relaxationMs: 60_000, networkMs: 40_000, widthsMs: SHAPES[name][0] > 100 ? 0 : 30_000 },
        ]),
      ),
      missing: DATA_NAMES.filter((name) => !data.includes(name)).map((name) => ({
        data: name,
        reason: 'no file in the data folder',
      })),
      failed: [{ cell: 'programs-mnist20-0-reg0.01', reason: 'needs 5 GiB of memory & more' }],
    },
    cells,
  };
}

function trainingCells(data: DataName, reg: number, trials: number): Cell[] {
  return Array.from({ length: trials }, (_, index) => {
    const random = new Random(1 + index + (reg < 0.1 ? 1000 : 0));
    const optimum = OPTIMUM[data] * (reg < 0.1 ? 0.2 : 1) * (1 + 0.1 * random.normal());
    const ratio = RATIOS[data] * (reg < 0.1 ? 0.85 : 1) + (trials > 1 ? 0.012 * random.normal() : 0);
    const key = { data, reg, index, bias: false };
    const own: Cell = cell({ ...key, experiment: 'objective' }, objective(data, optimum, ratio));
    const rivals = Math.min(trials, 10) > index;
    if (!rivals) return [own];
    const descents = DESCENT_WIDTHS.map((width) => {
      const excess = 0.01 + 1.5 / width;
      const beats = data === 'mnist20' && reg < 0.1 && width === 300;
      return cell(
        { ...key, experiment: 'descent', width },
        {
          sgd: descent(optimum * (1 + 2 * excess), random),
          adam: descent(optimum * (beats ? 0.99 : 1 + excess), random),
        },
      );
    });
    const programs = cell(
      { ...key, experiment: 'programs' },
      {
        frankWolfe: program(optimum * 1.05, 40),
        gatedRelu: { ...program(optimum * 1.2, 60), value: optimum * 0.97 },
        ...(SHAPES[data][2] <= 8 && {
          copositiveRelaxation: { ...program(optimum * 1.3, 80), value: optimum * 0.99, dualValue: optimum * 0.98 },
        }),
      },
    );
    return [own, ...descents, ...(data === 'mnist20' && reg < 0.1 ? [] : [programs])];
  }).flat();
}

const OPTIMUM: Readonly<Record<DataName, number>> = {
  random: 8.9,
  spiral: 16.592977,
  iris: 2.53023,
  ionosphere: 1.0841,
  pima: 38.1,
  banknotes: 0.71,
  mnist20: 31.4159,
};

function objective(data: DataName, optimum: number, ratio: number): ObjectiveResult {
  const [rows, , features, outputs] = SHAPES[data];
  const known = features <= 4 && data !== 'banknotes';
  const value = optimum * ratio;
  const status: RunStatus = data === 'mnist20' ? 'time-limit' : 'certified';
  const gap = data === 'mnist20' ? 0.2 : 1e-5;
  const loss = optimum * (known ? 1.00002 : 1.002);
  const order = 2 * rows + features + outputs;
  return {
    relaxation: {
      status,
      value,
      lowerBound: value * (1 - gap),
      gap,
      iterations: 24,
      flops: 40 * order ** 3,
      method: 'auto',
      elapsedMs: 3 * order,
      history: Array.from(
        { length: 24 },
        (_, k) =>
          [(3 * order * (k + 1)) / 24, value * (1 + 30 * 0.5 ** k), value * (1 - gap) * (1 - 0.6 ** k)] as const,
      ),
    },
    Lambda: { eigenvalues: Array.from({ length: Math.min(60, order) }, (_, k) => 20 * 0.75 ** k), rank: 33, order },
    roundings: (['gaussian', 'nearest-cone', 'three-operator', 'eigenvectors', 'random'] as const).map((kind, k) => ({
      kind,
      seeds: 3,
      width: 100,
      ...(kind === 'three-operator' && { feasibilityError: { linear: 0.0213, cone: 0.1468 } }),
      lossRounded: optimum * (2 + k),
      lossPolished: optimum * (1.04 + 0.01 * k),
      bestPolished: optimum * (1.03 + 0.01 * k),
      elapsedMs: 140 + 10 * k,
    })),
    network: {
      status: data === 'mnist20' ? 'time-limit' : 'certified',
      loss,
      lowerBound: known ? optimum * 0.99998 : value * (1 - gap),
      ...(known && { globalLowerBound: optimum * 0.99998 }),
      gap: known ? 4e-5 : 1 - (value * (1 - gap)) / loss,
      width: 41,
      source: 'growth',
      elapsedMs: 900,
      history: [
        [10, optimum * 1.3],
        [60, optimum * 1.05],
        [400, optimum * 1.01, optimum * 0.9],
        [900, loss],
      ],
    },
    ...(rows <= 75 && {
      widths: {
        points: [
          [41, loss],
          [30, loss * 1.0001],
          [12, loss * 1.01],
          [6, loss * 1.2],
        ],
        sufficient: [
          { excess: 0.1, width: 8 },
          { excess: 0.01, width: 12 },
          { excess: 0.0001, width: 30 },
        ],
        criticalWidth: rows * outputs + 1,
      },
    }),
  };
}

function descent(loss: number, random: Random): DescentRun {
  const losses = Array.from({ length: 5 }, (_, k) => loss * (1 + 0.02 * k * random.uniform()));
  return {
    loss,
    seeds: 5,
    losses,
    iterations: 4000,
    learningRate: 0.01,
    history: Array.from({ length: 100 }, (_, k) => [40 * k, loss * (1 + 6 * Math.exp(-k / 9))] as const),
    elapsedMs: 800,
    status: 'max-iterations',
  };
}

function program(loss: number, width: number): ProgramRun {
  return { status: 'certified', value: loss, loss, width, patterns: 100, iterations: 20, elapsedMs: 2300 };
}

/** How well each method tests, in per cent. */
const LEVELS: Readonly<Record<AccuracyMethod, number>> = {
  ours: 93,
  nngp: 91,
  ntk: 94,
  adam: 93,
  sgd: 92,
  ridge: 84,
  gatedRelu: 92,
  frankWolfe: 90,
};

function accuracyCells(data: DataName, reg: number, splits: number): Cell[] {
  const [, testRows] = SHAPES[data];
  if (testRows === 0) return [];
  return Array.from({ length: splits + 1 }, (_, index) =>
    [false, true].map((bias) => {
      const random = new Random(index + (bias ? 50 : 0) + (reg < 0.1 ? 100 : 0));
      const runs = ACCURACY_METHODS.map((method): AccuracyRun => {
        const accuracy = Math.min(1, LEVELS[method] / 100 + 0.008 * random.normal() + (bias ? 0.01 : 0));
        const perClass = [{ precision: accuracy, recall: accuracy, f1: accuracy, support: testRows }];
        return {
          method,
          test: {
            accuracy,
            precision: accuracy - 0.01,
            recall: accuracy - 0.005,
            f1: accuracy - 0.008,
            perClass,
            confusion: [[testRows]],
          },
          trainAccuracy: method === 'ours' ? 1 : 0.96,
          testTuned: { accuracy: accuracy + 0.006, threshold: 0.45 },
          ...(['ours', 'adam', 'sgd', 'frankWolfe', 'gatedRelu'].includes(method) && {
            loss: method === 'ours' ? 2.5 : 2.7,
            width: 100,
            status: 'time-limit' as const,
          }),
          ...(method === 'ours' && { lowerBound: 1.6 }),
          elapsedMs: 1200,
        };
      });
      return cell({ experiment: 'accuracy', data, reg, index, bias }, { runs });
    }),
  ).flat();
}

function cell(key: CellKey, result: Cell['result']): Cell {
  const [rows, testRows, features, outputs] = SHAPES[key.data];
  const data: DataSummary = { rows, testRows, features, outputs, scaling: 'raw', source: 'file' };
  const provenance = {
    version: '0.1.0',
    commit: '0123abc',
    node: 'v20.20.0',
    machine: HOSTILE,
    date: '2026-11-22T18:10:00.000Z',
    elapsedMs: 1500,
    options: { seed: 1, tolerance: 1e-5 },
  };
  return { format: 1, key, data, provenance, result } as Cell;
}
