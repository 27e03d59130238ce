/** Which method should I use here? Every method trained and tested on the same seeded splits of the user's data. */
import { type Check, checkOptions, everyEntry, fraction, type OptionChecks, type Resolved } from '../base/check.js';
import { squareOf } from '../base/elementary.js';
import { InputError } from '../base/errors.js';
import { Matrix, type MatrixLike, toMatrix } from '../base/matrix.js';
import { Random } from '../base/random.js';
import { RunClock } from '../base/run.js';
import type { Report, RunLimits } from '../base/types.js';
import type { Label } from '../problem/labels.js';
import { readTargets, type Targets } from '../problem/targets.js';
import { train } from '../tasks/train.js';
import { adam } from './adam.js';
import { copositiveRelaxation } from './copositive.js';
import { frankWolfe } from './frank-wolfe.js';
import { gatedRelu } from './gated-relu.js';
import { nngp, ntk } from './kernel-regression.js';
import {
  type DataFitOptions,
  ITERATIVE_CHECKS,
  ITERATIVE_DEFAULTS,
  type IterativeOptions,
  natural,
} from './options.js';
import { ridge } from './ridge.js';
import { sgd } from './sgd.js';

export const COMPARED_METHODS = [
  'train',
  'gatedRelu',
  'frankWolfe',
  'copositiveRelaxation',
  'sgd',
  'adam',
  'nngp',
  'ntk',
  'ridge',
] as const;
export type ComparedMethod = (typeof COMPARED_METHODS)[number];

export interface CompareOptions extends Omit<IterativeOptions, 'maxIterations' | 'onProgress'> {
  /** All but copositiveRelaxation, which is for few features, when left out. */
  readonly methods?: readonly ComparedMethod[] | undefined;
  /** Random splits; a whole number ≥ 1. */
  readonly splits?: number | undefined;
  /** Share of the rows (of each class) that is trained on; in (0, 1). */
  readonly trainShare?: number | undefined;
  /** Called when a run begins, and with whatever its method reports. */
  readonly onProgress?: ((progress: CompareProgress) => void) | undefined;
}

/** How far a comparison is. */
export interface CompareProgress {
  readonly method: ComparedMethod;
  /** The split it is trained on, counted from 0. */
  readonly split: number;
  /** Runs finished, of all there are: one for each method and split. */
  readonly run: number;
  readonly runs: number;
  /** Since the comparison began. */
  readonly elapsedMs: number;
  /** The method's own report; undefined when it begins, and for closed forms. */
  readonly progress?: Report | undefined;
}

export interface ComparisonRow {
  readonly method: ComparedMethod;
  /** Over the splits: share of test rows whose class is right (labels), or −RMSE over all outputs (targets); the larger the better. */
  readonly scores: readonly number[];
  readonly meanScore: number;
  /** Population standard deviation over the splits. */
  readonly stdScore: number;
  /** Training loss of the ReLU network (trained, or made from the gated one) on each split; undefined for methods without one. */
  readonly losses?: readonly number[] | undefined;
  /** Mean wall-clock time of training. */
  readonly meanMs: number;
}

export interface Comparison {
  readonly score: 'accuracy' | 'negative RMSE';
  readonly splits: number;
  /** Best mean score first; equal ones by time. */
  readonly rows: readonly ComparisonRow[];
  /** `train`'s certified lower bound on the training loss of each split; undefined when it did not run. */
  readonly lowerBounds?: readonly number[] | undefined;
}

const DEFAULT_SPLITS = 5;
/** The paper's 50/50 splits. */
const DEFAULT_TRAIN_SHARE = 0.5;

interface ResolvedCompare extends Omit<Resolved<IterativeOptions>, 'maxIterations' | 'onProgress'> {
  readonly methods: readonly ComparedMethod[];
  readonly splits: number;
  readonly trainShare: number;
  readonly onProgress: CompareOptions['onProgress'];
}

const someMethods: Check = (value) =>
  Array.isArray(value) &&
  value.length > 0 &&
  everyEntry(value, (name) => COMPARED_METHODS.some((method) => method === name))
    ? undefined
    : `an array of some of ${COMPARED_METHODS.join(', ')}`;

/**
 * Trains every method on each split and scores it on the rest. Nothing is tuned, neither on test rows nor on training rows. Every run
 * has an even share of a time limit and what earlier ones left over; closed forms do not observe it.
 *
 * @param X n×d features, in any accepted form of a matrix; not mutated
 * @param Y n class labels, or n×c targets
 * @throws InputError, OptionsError, MemoryError as the methods do; rejects with `signal.reason` when aborted
 */
export async function compare(X: MatrixLike, Y: Targets, options: CompareOptions = {}): Promise<Comparison> {
  const { methods, splits, trainShare, onProgress, ...rest } = resolveCompare(options);
  const { reg, bias, standardize, seed, signal, stopSignal, timeLimitMs } = rest;
  const features = toMatrix(X, 'X');
  const targets = readTargets(Y, 'Y');
  const labels = targets instanceof Matrix ? targets.rows : targets.length;
  if (labels !== features.rows || labels < 2) {
    throw new InputError('Y', `has ${labels} rows and X has ${features.rows}; both need the same number, at least 2`);
  }
  const random = new Random(seed);
  const clock = new RunClock({ timeLimitMs, stopSignal });
  const results = new Map(methods.map((method) => [method, [] as Trial[]]));
  for (let split = 0; split < splits; split++) {
    const parts = splitRows(features, targets, trainShare, random);
    for (const [k, method] of methods.entries()) {
      const runs = splits * methods.length;
      const run = split * methods.length + k;
      const report = (progress?: Report): void =>
        onProgress?.({ method, split, run, runs, elapsedMs: clock.elapsedMs(), progress });
      report();
      const limits = {
        signal,
        stopSignal,
        onProgress: report,
        ...(timeLimitMs !== undefined && { timeLimitMs: shareOfLimit(timeLimitMs, clock.remainingMs(), run, runs) }),
      };
      results.get(method)?.push(await runTrial(method, parts, { reg, bias, standardize }, { ...limits, seed }));
    }
  }
  const lowerBounds = results.get('train')?.map(({ lowerBound }) => lowerBound as number);
  const rows = Array.from(results, ([method, trials]) => summarize(method, trials));
  rows.sort((first, second) => second.meanScore - first.meanScore || first.meanMs - second.meanMs);
  return { score: Array.isArray(targets) ? 'accuracy' : 'negative RMSE', splits, rows, lowerBounds };
}

/** The limit of one run: an even share, whatever earlier runs took, and what they left over. */
export const shareOfLimit = (timeLimitMs: number, remainingMs: number, run: number, runs: number): number =>
  Math.max(timeLimitMs / runs, remainingMs / (runs - run));

function resolveCompare(options: CompareOptions): ResolvedCompare {
  const { maxIterations: _, ...checks } = ITERATIVE_CHECKS;
  const all: OptionChecks<ResolvedCompare> = {
    ...checks,
    methods: someMethods,
    splits: natural,
    trainShare: fraction,
  };
  const methods = COMPARED_METHODS.filter((method) => method !== 'copositiveRelaxation');
  return checkOptions(
    options,
    { ...ITERATIVE_DEFAULTS, methods, splits: DEFAULT_SPLITS, trainShare: DEFAULT_TRAIN_SHARE },
    all,
  );
}

interface Part {
  readonly X: Matrix;
  readonly Y: Matrix | readonly Label[];
}

interface Trial {
  readonly score: number;
  readonly elapsedMs: number;
  readonly loss?: number;
  readonly lowerBound?: number;
}

/** Rows drawn without repetition; of each class the same share, and at least one row on either side where it has two. */
function splitRows(
  X: Matrix,
  Y: Matrix | readonly Label[],
  share: number,
  random: Random,
): { train: Part; test: Part } {
  const groups = new Map<Label | undefined, number[]>();
  for (const row of random.permutation(X.rows)) {
    const key = Array.isArray(Y) ? Y[row] : undefined;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const trainRows: number[] = [];
  const testRows: number[] = [];
  for (const group of groups.values()) {
    const count = Math.max(1, Math.min(group.length - 1, Math.round(share * group.length)));
    trainRows.push(...group.slice(0, count));
    testRows.push(...group.slice(count));
  }
  const part = (rows: readonly number[]): Part => ({
    X: rowsOf(X, rows),
    Y: Y instanceof Matrix ? rowsOf(Y, rows) : rows.map((r) => Y[r]),
  });
  return { train: part(trainRows), test: part(testRows) };
}

function rowsOf(A: Matrix, rows: readonly number[]): Matrix {
  const result = Matrix.zeros(rows.length, A.columns);
  rows.forEach((r, k) => {
    result.row(k).set(A.row(r));
  });
  return result;
}

interface Predictor {
  predict(X: MatrixLike): Matrix;
  predictClass(X: MatrixLike): Label[];
}

async function runTrial(
  method: ComparedMethod,
  { train: { X, Y }, test }: { train: Part; test: Part },
  fit: DataFitOptions,
  run: RunLimits & { readonly seed: number },
): Promise<Trial> {
  run.signal?.throwIfAborted();
  const startMs = performance.now();
  const { predictor, ...losses } = await fitMethod(method, X, Y instanceof Matrix ? Y : { labels: Y }, fit, {
    ...fit,
    ...run,
  });
  const elapsedMs = performance.now() - startMs;
  return { score: scoreOf(predictor, test), elapsedMs, ...losses };
}

/** Gated and copositive programs predict by their own optimum; the ReLU network made from it gives the loss. */
async function fitMethod(
  method: ComparedMethod,
  X: Matrix,
  Y: Targets,
  fit: DataFitOptions,
  options: RunLimits & Pick<IterativeOptions, 'seed'>,
): Promise<{ predictor: Predictor; loss?: number; lowerBound?: number }> {
  switch (method) {
    case 'train': {
      const { network, loss, lowerBound } = await train(X, Y, options);
      return { predictor: network, loss, lowerBound };
    }
    case 'frankWolfe': {
      const { network, value } = await frankWolfe(X, Y, options);
      return { predictor: network, loss: value };
    }
    case 'nngp':
      return { predictor: nngp(X, Y, fit) };
    case 'ntk':
      return { predictor: ntk(X, Y, fit) };
    case 'ridge':
      return { predictor: ridge(X, Y, fit) };
    case 'sgd':
    case 'adam': {
      const { network, loss } = await { sgd, adam }[method](X, Y, options);
      return { predictor: network, loss };
    }
    default: {
      const { model, loss } = await { gatedRelu, copositiveRelaxation }[method](X, Y, options);
      return { predictor: model, loss };
    }
  }
}

function scoreOf(predictor: Predictor, { X, Y }: Part): number {
  if (!(Y instanceof Matrix)) {
    return predictor.predictClass(X).filter((label, i) => label === Y[i]).length / Y.length;
  }
  const F = predictor.predict(X);
  const squares = F.data.reduce((sum, value, k) => sum + squareOf(value - Y.data[k]), 0);
  return -Math.sqrt(squares / Y.data.length);
}

function summarize(method: ComparedMethod, trials: readonly Trial[]): ComparisonRow {
  const scores = trials.map(({ score }) => score);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value / values.length, 0);
  const meanScore = mean(scores);
  const losses = trials.flatMap(({ loss }) => (loss === undefined ? [] : [loss]));
  return {
    method,
    scores,
    meanScore,
    stdScore: Math.sqrt(mean(scores.map((score) => squareOf(score - meanScore)))),
    ...(losses.length > 0 && { losses }),
    meanMs: mean(trials.map(({ elapsedMs }) => elapsedMs)),
  };
}
