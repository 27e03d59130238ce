/** `convex-relu path`: one data set at several weight decays, each relaxation started from that of the next larger one. */
import { type RelaxationResult, trainPath } from '../../index.js';
import { readTable } from '../csv.js';
import { targetsOf, toDataset } from '../dataset.js';
import { ExitCode } from '../exit-codes.js';
import { formatTable } from '../text-table.js';
import { watched } from '../watched.js';

export interface PathFlags {
  readonly target: readonly string[];
  readonly ignore: readonly string[];
  readonly classes: boolean;
  readonly regs: readonly number[];
  readonly bias: boolean;
  readonly standardize: boolean;
  readonly seed: number;
  readonly tolerance: number;
  /** Seconds, for the whole path. */
  readonly timeLimit?: number;
  readonly json: boolean;
}

export async function path(file: string, flags: PathFlags): Promise<number> {
  const { target, ignore, classes, regs, bias, standardize, seed, tolerance, timeLimit } = flags;
  const dataset = toDataset(readTable(file), { targets: target, ignored: ignore, classes });
  const timeLimitMs = timeLimit === undefined ? undefined : timeLimit * 1000;
  const { result, stopped } = await watched((limits) =>
    trainPath(dataset.X, targetsOf(dataset), { regs, bias, standardize, seed, tolerance, timeLimitMs, ...limits }),
  );
  const points = result.map(({ reg, result: { status, relaxation, loss, lowerBound, gap, network } }) => {
    return {
      reg,
      status,
      relaxation: relaxation && summarize(relaxation),
      lowerBound,
      loss,
      gap,
      width: network.width,
    };
  });
  if (flags.json) console.log(JSON.stringify(points, null, 2));
  else {
    const header = ['reg', 'value', 'bound', 'loss', 'gap', 'neurons', 'iterations', 'Gflop', 'status'];
    const rows = points.map(({ reg, relaxation, lowerBound, loss, gap, width, status }) => [
      String(reg),
      relaxation?.value.toPrecision(7) ?? '–',
      lowerBound.toPrecision(7),
      loss.toPrecision(7),
      `${(100 * gap).toPrecision(3)} %`,
      String(width),
      String(relaxation?.iterations ?? 0),
      ((relaxation?.flops ?? 0) / 1e9).toPrecision(3),
      status,
    ]);
    console.log(`${formatTable(header, rows)}\n\n${LEGEND}`);
  }
  return stopped ? ExitCode.interrupted : ExitCode.ok;
}

/** What is told of a relaxation. */
const summarize = ({ value, lowerBound, iterations, flops }: RelaxationResult) => ({
  value,
  lowerBound,
  iterations,
  flops,
});

const LEGEND = `value: of the relaxation; iterations and Gflop: of its solve
bound: certified, no network of any width has a smaller loss (the better of the relaxation's and the exact oracle's)`;
