/** What `train` and `demo` share: split, train with a progress line and Ctrl-C, score, report. */
import { type Bound, type Explanation, type RelaxationResult, type TrainResult, train } from '../index.js';
import type { RoundingName } from '../network/rounding/roundings.js';
import { type Dataset, selectRows, splitRows, targetsOf } from './dataset.js';
import { type Score, score } from './score.js';
import { watched } from './watched.js';

export interface TrainingSettings {
  readonly reg: number;
  readonly bias: boolean;
  readonly standardize: boolean;
  readonly tolerance: number;
  readonly rounding?: readonly RoundingName[] | undefined;
  readonly maxWidth?: number | undefined;
  readonly seed: number;
  readonly testFraction: number;
  readonly timeLimitMs?: number | undefined;
}

/** The result in numbers, as `--json` prints it. */
export interface TrainingReport {
  readonly status: string;
  readonly elapsedMs: number;
  readonly trainRows: number;
  readonly testRows: number;
  readonly features: number;
  readonly width: number;
  readonly loss: number;
  readonly lowerBound: number;
  readonly gap: number;
  readonly bound: Bound;
  readonly explanation: Explanation;
  /** Undefined where there was no time for it. */
  readonly relaxation: Pick<RelaxationResult, 'value' | 'lowerBound' | 'gap' | 'iterations' | 'flops'> | undefined;
  readonly train: Score | undefined;
  readonly test: Score | undefined;
}

export interface Training {
  readonly fit: TrainResult;
  /** The rows trained on. */
  readonly trainSet: Dataset;
  readonly report: TrainingReport;
}

export async function runTraining(dataset: Dataset, settings: TrainingSettings): Promise<Training> {
  const { testFraction, ...options } = settings;
  const rows = splitRows(dataset.X.rows, testFraction, settings.seed);
  const trainSet = selectRows(dataset, rows.train);
  const testSet = selectRows(dataset, rows.test);

  const start = performance.now();
  const { result: fit } = await watched((limits) => train(trainSet.X, targetsOf(trainSet), { ...options, ...limits }));

  return {
    fit,
    trainSet,
    report: {
      status: fit.status,
      elapsedMs: Math.round(performance.now() - start),
      trainRows: trainSet.X.rows,
      testRows: testSet.X.rows,
      features: dataset.features.length,
      width: fit.network.width,
      loss: fit.loss,
      lowerBound: fit.lowerBound,
      gap: fit.gap,
      bound: fit.bound,
      explanation: fit.explanation,
      relaxation: fit.relaxation && summarize(fit.relaxation),
      train: score(fit.network, trainSet),
      test: score(fit.network, testSet),
    },
  };
}

/** The report for people. */
export function formatReport(report: TrainingReport): string {
  const { relaxation, bound } = report;
  const rows: [string, string][] = [
    ['rows', `${report.trainRows} for training, ${report.testRows} for testing, ${report.features} features`],
    ['status', `${report.status} after ${(report.elapsedMs / 1000).toFixed(1)} s`],
    ['network', `${report.width} neurons`],
    ['training loss', report.loss.toPrecision(7)],
    [
      'certified bound',
      `${report.lowerBound.toPrecision(7)} by ${BOUND_SOURCES[bound.from]}: no network of any width has a smaller loss`,
    ],
    ['gap', `${percent(report.gap)} of the loss lies between the two`],
    ...formatRelaxation(relaxation),
    ['on training rows', formatScore(report.train)],
    ...(report.test === undefined ? [] : [['on test rows', formatScore(report.test)] as [string, string]]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

/** What is told of a relaxation. */
const summarize = ({ value, lowerBound, gap, iterations, flops }: RelaxationResult) => ({
  value,
  lowerBound,
  gap,
  iterations,
  flops,
});

function formatRelaxation(relaxation: TrainingReport['relaxation']): [string, string][] {
  if (relaxation === undefined) return [['relaxation', 'not solved: there was no time for it']];
  const { value, lowerBound, gap, iterations, flops } = relaxation;
  return [
    ['relaxation', `value ${value.toPrecision(7)}, certified bound ${lowerBound.toPrecision(7)}`],
    ['relaxation gap', `${gap.toExponential(2)} after ${iterations} iterations, ${gigaflops(flops)}`],
  ];
}

const BOUND_SOURCES: Readonly<Record<Bound['from'], string>> = {
  exact: 'the exact oracle',
  relaxation: 'the relaxation',
  norms: 'the lengths of the rows',
};

const percent = (fraction: number): string => `${(100 * fraction).toPrecision(3)} %`;

const gigaflops = (flops: number): string => `${(flops / 1e9).toPrecision(3)} Gflop`;

function formatScore(value: Score | undefined): string {
  if (value === undefined) return 'no rows';
  return 'accuracy' in value
    ? `accuracy ${value.accuracy.toFixed(4)}`
    : `mean squared error ${value.meanSquaredError.toPrecision(5)}`;
}
