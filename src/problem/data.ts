/**
 * The user's data, checked and made into a training problem. What cannot be trained is an error; what is merely degenerate
 * (constant or duplicate columns, zero or duplicate rows, an all-zero X or Y) is handled exactly by the reductions.
 */
import { InputError } from '../base/errors.js';
import { Matrix, type MatrixLike, toMatrix } from '../base/matrix.js';
import { type FeatureMap, fitFeatureMap, mapFeatures } from './features.js';
import { encodeLabels, type Label } from './labels.js';
import type { Loss } from './losses/loss.js';
import { DEFAULT_LOSS } from './losses/named.js';
import type { TrainingProblem } from './problem.js';
import { readTargets, type Targets } from './targets.js';

/** Entries above this size would overflow the fourth powers of data that a solve forms. */
const LARGEST_ENTRY = 1e50;

export interface TrainingData {
  readonly problem: TrainingProblem;
  /** X as it was given, before the feature map. */
  readonly features: Matrix;
  readonly featureMap: FeatureMap;
  /** The labels that the columns of Y stand for; undefined when Y was given as targets. */
  readonly classes?: readonly Label[] | undefined;
}

/** The options that shape the problem. */
export interface DataOptions {
  readonly reg: number;
  readonly bias: boolean;
  readonly standardize: boolean;
  /** `DEFAULT_LOSS` when left out. */
  readonly loss?: Loss | undefined;
}

/**
 * Checks and copies the data; nothing given is mutated or kept.
 *
 * @param X n×d features, in any accepted form of a matrix
 * @param Y targets, or labels (one-hot encoded)
 * @throws InputError naming X or Y when it is no matrix, empty, ragged, not finite, beyond 1e50 in size, of a length unlike
 * the other's, or made of labels of fewer than two classes
 */
export function prepareData(X: MatrixLike, Y: Targets, options: DataOptions): TrainingData {
  const features = checkEntries(toMatrix(X, 'X'), 'X');
  const targets = readTargets(Y, 'Y');
  const encoded = targets instanceof Matrix ? { Y: checkEntries(targets, 'Y') } : encodeLabels(targets, 'Y');
  if (encoded.Y.rows !== features.rows) {
    throw new InputError('Y', `has ${encoded.Y.rows} rows, but X has ${features.rows}; both need one row per example`);
  }
  const featureMap = fitFeatureMap(features, options);
  const { reg, loss = DEFAULT_LOSS } = options;
  const problem = { X: mapFeatures(features, featureMap, 'X'), Y: encoded.Y, reg, loss };
  return { problem, features, featureMap, ...('classes' in encoded && { classes: encoded.classes }) };
}

function checkEntries(matrix: Matrix, argument: string): Matrix {
  if (matrix.rows === 0 || matrix.columns === 0) {
    throw new InputError(argument, `is ${matrix.rows} × ${matrix.columns}; at least one row and one column are needed`);
  }
  const index = matrix.data.findIndex((value) => Math.abs(value) > LARGEST_ENTRY);
  if (index >= 0) {
    const i = Math.floor(index / matrix.columns);
    throw new InputError(
      argument,
      `entry (${i}, ${index - i * matrix.columns}) is ${matrix.data[index]}, beyond ±${LARGEST_ENTRY}; rescale the data`,
    );
  }
  return matrix;
}
