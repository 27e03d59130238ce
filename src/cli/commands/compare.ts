/** `convex-relu compare`: every method trained and tested on the same splits of a CSV file. */
import {
  type ComparedMethod,
  type CompareProgress,
  type Comparison,
  type ComparisonRow,
  compare as compareMethods,
} from '../../baselines/index.js';
import { readTable } from '../csv.js';
import { targetsOf, toDataset } from '../dataset.js';
import { ExitCode } from '../exit-codes.js';
import { withInterrupt } from '../interrupt.js';
import { formatProgress, ProgressLine } from '../progress.js';
import { formatTable } from '../text-table.js';

export interface CompareFlags {
  readonly target: readonly string[];
  readonly ignore: readonly string[];
  readonly classes: boolean;
  readonly reg: number;
  readonly bias: boolean;
  readonly standardize: boolean;
  readonly splits: number;
  readonly seed: number;
  readonly methods?: readonly ComparedMethod[];
  /** Seconds, for all methods and splits together. */
  readonly timeLimit: number;
  readonly json: boolean;
}

export async function compare(path: string, flags: CompareFlags): Promise<number> {
  const { target, ignore, classes, reg, bias, standardize, splits, seed, methods, timeLimit } = flags;
  const dataset = toDataset(readTable(path), { targets: target, ignored: ignore, classes });
  const options = { reg, bias, standardize, splits, seed, methods, timeLimitMs: timeLimit * 1000 };
  const line = new ProgressLine(process.stderr);
  const onProgress = (progress: CompareProgress): void => line.show(progress.elapsedMs, () => describe(progress));
  const { result, stopped } = await withInterrupt(
    () => line.note('Stopping with the best so far; Ctrl-C again to quit at once.'),
    async (stopSignal) => {
      const result = await compareMethods(dataset.X, targetsOf(dataset), { ...options, stopSignal, onProgress });
      return { result, stopped: stopSignal.aborted };
    },
  ).finally(() => line.clear());
  console.log(flags.json ? JSON.stringify(result, null, 2) : formatComparison(result));
  return stopped ? ExitCode.interrupted : ExitCode.ok;
}

/** E.g. `run 12 of 40, split 2, adam: loss 3.20123, 0.8 s`. */
const describe = ({ run, runs, split, method, progress }: CompareProgress): string =>
  `run ${run + 1} of ${runs}, split ${split + 1}, ${method}${progress ? `: ${formatProgress(progress)}` : ''}`;

function formatComparison({ score, splits, rows, lowerBounds }: Comparison): string {
  const isAccuracy = score === 'accuracy';
  const header = ['method', 'training loss', isAccuracy ? 'test accuracy' : 'test RMSE', 'seconds'];
  const table = formatTable(
    header,
    rows.map((row) => [row.method, formatLoss(row), formatScore(row, isAccuracy), (row.meanMs / 1000).toFixed(2)]),
  );
  const bound =
    lowerBounds && `No network of any width has a mean training loss below ${mean(lowerBounds).toPrecision(5)}.`;
  return `${table}\n\nMeans over ${splits} ${splits === 1 ? 'split' : 'splits'}, ± standard deviation; half of the rows train.${bound ? `\n${bound}` : ''}`;
}

/** Only ReLU networks have the training loss that the bound is about. */
const formatLoss = ({ losses }: ComparisonRow): string => (losses ? mean(losses).toPrecision(5) : '–');

const formatScore = ({ meanScore, stdScore }: ComparisonRow, isAccuracy: boolean): string =>
  `${(isAccuracy ? meanScore : -meanScore).toFixed(4)} ± ${stdScore.toFixed(4)}`;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value / values.length, 0);
