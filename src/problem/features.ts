/** From the user's features to the columns a network sees: standardised if asked, with a column of ones if asked. */
import { InputError } from '../base/errors.js';
import { Matrix } from '../base/matrix.js';
import { boolean, count, doubles, record } from '../base/untrusted.js';

/** What prediction must do to new features; fixed by the training data. */
export interface FeatureMap {
  /** Columns of the user's X. */
  readonly columns: number;
  /** A column of ones is appended, after standardisation. */
  readonly bias: boolean;
  /** Subtracted from each feature, then divided by; absent without standardisation. */
  readonly standardization?: { readonly means: Float64Array; readonly scales: Float64Array };
}

/** @throws InputError naming the part that is missing or malformed */
export function checkFeatureMap(value: unknown, path: string): FeatureMap {
  const { columns, bias, standardization } = record(value, path);
  const features = count(columns, `${path}.columns`);
  boolean(bias, `${path}.bias`);
  if (standardization !== undefined) {
    const { means, scales } = record(standardization, `${path}.standardization`);
    doubles(means, features, `${path}.standardization.means`);
    const wrong = doubles(scales, features, `${path}.standardization.scales`).indexOf(0);
    if (wrong >= 0)
      throw new InputError(`${path}.standardization.scales[${wrong}]`, 'is 0, but features are divided by it');
  }
  return value as FeatureMap;
}

/** A standard deviation of at most this share of the largest entry is round-off in the data: the feature counts as constant. */
const CONSTANT_TOLERANCE = 1e-12;

/**
 * Means and population standard deviations of the training features. A constant feature keeps scale 1: centred, it is zero
 * and has no influence, neither in training nor when it is constant at prediction.
 */
export function fitFeatureMap(
  X: Matrix,
  options: { readonly bias: boolean; readonly standardize: boolean },
): FeatureMap {
  const { bias } = options;
  if (!options.standardize) return { columns: X.columns, bias };
  const means = new Float64Array(X.columns);
  const scales = new Float64Array(X.columns);
  for (let j = 0; j < X.columns; j++) {
    const { mean, deviation, largest } = momentsOf(X, j);
    means[j] = mean;
    scales[j] = deviation > CONSTANT_TOLERANCE * largest ? deviation : 1;
  }
  return { columns: X.columns, bias, standardization: { means, scales } };
}

/** Sums of differences to the first entry: those of a constant column are 0 exactly, however many rows there are. */
function momentsOf(X: Matrix, j: number): { mean: number; deviation: number; largest: number } {
  const first = X.get(0, j);
  let sum = 0;
  let largest = 0;
  for (let i = 0; i < X.rows; i++) {
    sum += X.get(i, j) - first;
    largest = Math.max(largest, Math.abs(X.get(i, j)));
  }
  const shift = sum / X.rows;
  let squares = 0;
  for (let i = 0; i < X.rows; i++) {
    const centred = X.get(i, j) - first - shift;
    squares += centred * centred;
  }
  return { mean: first + shift, deviation: Math.sqrt(squares / X.rows), largest };
}

/**
 * Applies the map to a fresh matrix; X is not touched.
 *
 * @param argument name used in messages
 * @throws InputError when X has another number of columns than in training
 */
export function mapFeatures(X: Matrix, map: FeatureMap, argument: string): Matrix {
  if (X.columns !== map.columns) {
    throw new InputError(argument, `has ${X.columns} columns, but the network was trained on ${map.columns} features`);
  }
  const result = Matrix.zeros(X.rows, X.columns + (map.bias ? 1 : 0));
  for (let i = 0; i < X.rows; i++) {
    const row = result.row(i);
    row.set(X.row(i));
    if (map.standardization) {
      const { means, scales } = map.standardization;
      for (let j = 0; j < X.columns; j++) row[j] = (row[j] - means[j]) / scales[j];
    }
    if (map.bias) row[X.columns] = 1;
  }
  return result;
}
