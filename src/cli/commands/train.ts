/** `convex-relu train`: from a CSV file to a network with its certificate. */
import { prepareData, type RoundingName } from '../../index.js';
import { readTable } from '../csv.js';
import { type DatasetColumns, targetsOf, toDataset } from '../dataset.js';
import { ExitCode } from '../exit-codes.js';
import { checkWritable, digest, writeModel } from '../model-file.js';
import { formatReport, runTraining } from '../training.js';

export interface TrainFlags {
  readonly target: readonly string[];
  readonly ignore: readonly string[];
  readonly classes: boolean;
  readonly reg: number;
  readonly bias: boolean;
  readonly standardize: boolean;
  readonly testFraction: number;
  readonly seed: number;
  readonly tolerance: number;
  readonly rounding: readonly RoundingName[];
  readonly maxWidth?: number;
  /** Seconds. */
  readonly timeLimit?: number;
  readonly out?: string;
  readonly json: boolean;
}

export async function train(path: string, flags: TrainFlags): Promise<number> {
  if (flags.out !== undefined) checkWritable(flags.out);
  const { reg, bias, standardize, tolerance, rounding, maxWidth, seed, testFraction } = flags;
  const columns: DatasetColumns = { targets: flags.target, ignored: flags.ignore, classes: flags.classes };
  const dataset = toDataset(readTable(path), columns);
  const timeLimitMs = flags.timeLimit === undefined ? undefined : flags.timeLimit * 1000;
  const { fit, trainSet, report } = await runTraining(dataset, {
    reg,
    bias,
    standardize,
    tolerance,
    rounding,
    maxWidth,
    seed,
    testFraction,
    timeLimitMs,
  });

  if (flags.out !== undefined) {
    const { problem } = prepareData(trainSet.X, targetsOf(trainSet), { reg, bias, standardize });
    const claims = {
      status: fit.status,
      loss: fit.loss,
      lowerBound: fit.lowerBound,
      certifiedBound: fit.relaxation.lowerBound,
    };
    const data = {
      ...columns,
      features: dataset.features,
      rows: dataset.X.rows,
      testFraction,
      seed,
      sha256: digest(problem),
    };
    writeModel(flags.out, { data, claims, network: fit.network });
  }
  console.log(flags.json ? JSON.stringify({ ...report, model: flags.out }, null, 2) : formatReport(report));
  if (flags.out !== undefined && !flags.json) console.log(`\nwritten to ${flags.out}`);
  return fit.status === 'stopped' ? ExitCode.interrupted : ExitCode.ok;
}
