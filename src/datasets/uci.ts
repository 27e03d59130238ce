/** The files of the UCI Machine Learning Repository as they are distributed, made into examples. */
import { oneOf } from '../base/check.js';
import { InputError } from '../base/errors.js';
import { Matrix } from '../base/matrix.js';
import { quote, show } from '../base/show.js';
import { text as readText, title } from '../base/untrusted.js';
import { type Examples, oneHot } from './dataset.js';

export const UCI_NAMES = ['iris', 'ionosphere', 'pima', 'banknotes'] as const;
export type UciName = (typeof UCI_NAMES)[number];

interface Format {
  readonly features: number;
  /** The last column's values, in the order of the classes. */
  readonly labels: readonly string[];
}

/** No file has a header of its own; copies that were given one are read too. */
const FORMATS: Readonly<Record<UciName, Format>> = {
  iris: { features: 4, labels: ['Iris-setosa', 'Iris-versicolor', 'Iris-virginica'] },
  ionosphere: { features: 34, labels: ['b', 'g'] },
  pima: { features: 8, labels: ['0', '1'] },
  banknotes: { features: 4, labels: ['0', '1'] },
};

/**
 * Reads `iris.data`, `ionosphere.data`, `pima-indians-diabetes.csv` (or `.data`) or `data_banknote_authentication.txt`: numbers separated by commas, the
 * class last, blank lines ignored.
 *
 * @param source name of the file, for messages
 * @throws InputError naming the line that does not fit the format
 */
export function parseUci(name: UciName, text: string, source: string = name): Examples {
  const expected = oneOf(UCI_NAMES)(name);
  if (expected !== undefined) throw new InputError('name', `expected ${expected}, got ${show(name)}`);
  const { features, labels } = FORMATS[name];
  title(source, 'source');
  const records = readText(text, 'text')
    .split(/\r?\n/)
    .map((line, k) => ({ line: k + 1, fields: line.split(',').map((field) => field.trim()) }))
    .filter(({ fields }) => fields.some((field) => field !== ''));
  const first = records[0];
  if (first?.fields.every((field) => Number.isNaN(Number(field)))) records.shift();
  if (records.length === 0) throw new InputError(source, 'holds no data');

  const X = Matrix.zeros(records.length, features);
  const classes = records.map(({ line, fields }, i) => {
    if (fields.length !== features + 1) {
      const message = `line ${line} has ${fields.length} fields; ${name} has ${features} features and a class`;
      throw new InputError(source, message);
    }
    for (let j = 0; j < features; j++) {
      const value = fields[j] === '' ? Number.NaN : Number(fields[j]);
      if (!Number.isFinite(value)) {
        throw new InputError(source, `line ${line}, field ${j + 1}: ${quote(fields[j])} is not a number`);
      }
      X.set(i, j, value);
    }
    const label = labels.indexOf(fields[features]);
    if (label >= 0) return label;
    throw new InputError(
      source,
      `line ${line}: the class is ${quote(fields[features])}; expected ${labels.join(', ')}`,
    );
  });
  return { X, Y: oneHot(classes, labels.length) };
}
