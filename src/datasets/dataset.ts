/** A data set as the paper's protocol uses it: rows for training, and rows for testing where there are any. */
import { squareOf } from '../base/elementary.js';
import { InputError, NumericalError } from '../base/errors.js';
import { checkMatrix, isNumberRow, largestColumn, Matrix } from '../base/matrix.js';
import { Random } from '../base/random.js';
import { show } from '../base/show.js';
import { firstNot, record, count as wholeNumber } from '../base/untrusted.js';

export interface Examples {
  /** n×d features. */
  readonly X: Matrix;
  /** n×c targets, one-hot for classes. */
  readonly Y: Matrix;
}

export interface Dataset {
  readonly train: Examples;
  readonly test?: Examples | undefined;
}

/** @throws InputError unless the value is examples: two matrices, one row of either for each */
export function checkExamples(value: unknown, path: string): Examples {
  const { X: features, Y: targets } = record(value, path);
  const [X, Y] = [checkMatrix(features, `${path}.X`), checkMatrix(targets, `${path}.Y`)];
  if (X.rows === Y.rows) return { X, Y };
  throw new InputError(`${path}.Y`, `has ${Y.rows} rows, but X has ${X.rows}; both need one row per example`);
}

/** @throws InputError unless the value is a data set whose two parts have the same columns */
function checkDataset(value: unknown): Dataset {
  const { train: first, test: second } = record(value, 'dataset');
  const train = checkExamples(first, 'dataset.train');
  if (second === undefined) return { train };
  const test = checkExamples(second, 'dataset.test');
  if (test.X.columns === train.X.columns && test.Y.columns === train.Y.columns) return { train, test };
  throw new InputError('dataset.test', 'has another number of columns than dataset.train');
}

/** The chosen rows, in the order given. @throws InputError naming the part that is none, or a row that is not there */
export function selectExamples(examples: Examples, rows: ArrayLike<number>): Examples {
  const { X, Y } = checkExamples(examples, 'examples');
  checkIndices(rows, X.rows, 'rows');
  return { X: selectRows(X, rows), Y: selectRows(Y, rows) };
}

/** All rows of a data set, training first. */
export function allExamples(dataset: Dataset): Examples {
  const { train, test } = checkDataset(dataset);
  if (test === undefined) return train;
  return { X: stack(train.X, test.X), Y: stack(train.Y, test.Y) };
}

/**
 * Splits examples of classes in two, of each class half of the rows on either side (an odd one for testing), chosen by the seed.
 *
 * @param examples Y one-hot
 */
export function stratifiedHalves(examples: Examples, seed: number): Dataset {
  const { X, Y } = checkExamples(examples, 'examples');
  if (Y.columns === 0) throw new InputError('examples.Y', 'has no columns, one for each class is needed');
  const groups = Array.from({ length: Y.columns }, (): number[] => []);
  for (const row of new Random(seed).permutation(X.rows)) groups[largestColumn(Y, row)].push(row);
  const train = groups.flatMap((group) => group.slice(0, Math.floor(group.length / 2)));
  const test = groups.flatMap((group) => group.slice(Math.floor(group.length / 2)));
  const ascending = (rows: number[]): number[] => rows.sort((first, second) => first - second);
  return { train: selectExamples(examples, ascending(train)), test: selectExamples(examples, ascending(test)) };
}

/** Splits examples in two halves (an odd row for testing), chosen by the seed. */
export function randomHalves(examples: Examples, seed: number): Dataset {
  const order = new Random(seed).permutation(checkExamples(examples, 'examples').X.rows);
  const half = Math.floor(order.length / 2);
  return {
    train: selectExamples(examples, order.slice(0, half).sort()),
    test: selectExamples(examples, order.slice(half).sort()),
  };
}

/**
 * One-hot targets.
 *
 * @param classes for each row its class, 0 … count − 1
 * @throws InputError naming `classes` or `count`
 */
export function oneHot(classes: ArrayLike<number>, count: number): Matrix {
  checkIndices(classes, wholeNumber(count, 'count'), 'classes');
  const Y = Matrix.zeros(classes.length, count);
  for (let i = 0; i < classes.length; i++) Y.set(i, classes[i], 1);
  return Y;
}

/** The data set as CSV: columns x1 … xd, y1 … yc and split (`train` or `test`). */
export function formatCsv(dataset: Dataset): string {
  const { train, test } = checkDataset(dataset);
  const names = (letter: string, count: number): string[] =>
    Array.from({ length: count }, (_, k) => `${letter}${k + 1}`);
  const lines = [[...names('x', train.X.columns), ...names('y', train.Y.columns), 'split'].join(',')];
  const write = ({ X, Y }: Examples, split: string): void => {
    for (let i = 0; i < X.rows; i++) lines.push([...X.row(i), ...Y.row(i), split].join(','));
  };
  write(train, 'train');
  if (test) write(test, 'test');
  return `${lines.join('\n')}\n`;
}

/** Subtracts one number from all features and divides by another, both of the training rows: their mean and standard deviation. */
export function scaleByScalars(dataset: Dataset): Dataset {
  const { train, test } = checkDataset(dataset);
  const { data } = train.X;
  const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
  const deviation = Math.sqrt(data.reduce((sum, x) => sum + squareOf(x - mean), 0) / data.length);
  if (deviation === Number.POSITIVE_INFINITY)
    throw new NumericalError(
      'dataset.train.X: its standard deviation is too large for a double; divide the features first',
    );
  if (!(deviation > 0)) throw new InputError('X', 'all entries are equal; there is nothing to scale by');
  const scale = ({ X, Y }: Examples): Examples => ({
    X: new Matrix(
      X.data.map((x) => (x - mean) / deviation),
      X.rows,
      X.columns,
    ),
    Y,
  });
  return { train: scale(train), ...(test && { test: scale(test) }) };
}

/** @throws InputError unless the value is an array of whole numbers below `limit` */
function checkIndices(value: unknown, limit: number, argument: string): void {
  if (!isNumberRow(value)) throw new InputError(argument, `expected an array of whole numbers, got ${show(value)}`);
  const wrong = firstNot(value, (index) => Number.isInteger(index) && Number(index) >= 0 && Number(index) < limit);
  if (wrong < 0) return;
  throw new InputError(
    `${argument}[${wrong}]`,
    `is ${show(value[wrong])}; a whole number from 0 to ${limit - 1} is needed`,
  );
}

function selectRows(A: Matrix, rows: ArrayLike<number>): Matrix {
  const result = Matrix.zeros(rows.length, A.columns);
  for (let k = 0; k < rows.length; k++) result.row(k).set(A.row(rows[k]));
  return result;
}

function stack(A: Matrix, B: Matrix): Matrix {
  const result = Matrix.zeros(A.rows + B.rows, A.columns);
  result.data.set(A.data);
  result.data.set(B.data, A.data.length);
  return result;
}
