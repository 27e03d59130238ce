/** `convex-relu train`: from a CSV file to a network, and to a proof of how good it is. */
import type { RoundingName } from '../../network/rounding/roundings.js';
import { readTable } from '../csv.js';
import { type DatasetColumns, toDataset } from '../dataset.js';
import { ExitCode } from '../exit-codes.js';
import { serializeModel } from '../model-file.js';
import { checkOutput, saveOutput } from '../output-file.js';
import { formatReport, runTraining, type Training } from '../training.js';

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
  readonly proof?: string;
  readonly json: boolean;
}

export async function train(path: string, flags: TrainFlags): Promise<number> {
  if (flags.out !== undefined) checkOutput('--out', flags.out);
  if (flags.proof !== undefined) checkOutput('--proof', flags.proof);
  const { reg, bias, standardize, tolerance, rounding, maxWidth, seed, testFraction } = flags;
  const columns: DatasetColumns = { targets: flags.target, ignored: flags.ignore, classes: flags.classes };
  const dataset = toDataset(readTable(path), columns);
  const timeLimitMs = flags.timeLimit === undefined ? undefined : flags.timeLimit * 1000;
  const training = await runTraining(dataset, {
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
  const data = { ...columns, features: dataset.features, rows: dataset.X.rows, testFraction, seed };
  const written = [
    ...save('--out', flags.out, () => modelText(training, data)),
    ...save('--proof', flags.proof, () => `${training.fit.proof.save()}\n`),
  ];

  const { fit, report } = training;
  console.log(
    flags.json ? JSON.stringify({ ...report, model: flags.out, proof: flags.proof }, null, 2) : formatReport(report),
  );
  if (written.length > 0 && !flags.json) console.log(`\nwritten to ${written.map((file) => file.path).join(' and ')}`);
  for (const { path: rescued, problem } of written) {
    if (problem !== undefined) console.error(`${problem}; it is in ${rescued} instead`);
  }
  if (written.some(({ problem }) => problem !== undefined)) return ExitCode.unexpected;
  return fit.status === 'stopped' ? ExitCode.interrupted : ExitCode.ok;
}

const save = (option: string, path: string | undefined, text: () => string): ReturnType<typeof saveOutput>[] =>
  path === undefined ? [] : [saveOutput(option, path, text())];

function modelText({ fit }: Training, data: Parameters<typeof serializeModel>[0]['data']): string {
  const { status, loss, lowerBound, network, problem } = fit;
  return serializeModel({
    data,
    problem: { loss: problem.loss.name, reg: problem.reg },
    claims: { status, loss, lowerBound },
    network,
  });
}
