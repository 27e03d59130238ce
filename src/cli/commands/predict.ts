/** `convex-relu predict`: a CSV line per data row, the class and its scores or the target values. */
import { csvLine, numericColumns, readTable } from '../csv.js';
import { ExitCode } from '../exit-codes.js';
import { readModel } from '../model-file.js';

export interface PredictFlags {
  /** Texts that a spreadsheet would run as formulas are left as they are. */
  readonly raw: boolean;
}

export async function predict(modelPath: string, dataPath: string, { raw }: PredictFlags): Promise<number> {
  const { network, data } = readModel(modelPath);
  const X = numericColumns(readTable(dataPath), data.features);
  const outputs = network.predict(X);
  const { classes } = network;
  const header = classes === undefined ? data.targets : [...data.targets, ...classes.map((label) => `score ${label}`)];
  const labels = classes === undefined ? undefined : network.predictClass(X);

  let text = csvLine(header, raw);
  for (let i = 0; i < outputs.rows; i++) {
    const row = Array.from(outputs.row(i));
    text += csvLine(labels === undefined ? row : [labels[i], ...row], raw);
  }
  process.stdout.write(text);
  return ExitCode.ok;
}
