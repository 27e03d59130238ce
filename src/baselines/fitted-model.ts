/** What every trained model that is not a `Network` has in common: features in, outputs or classes out. */
import { InputError } from '../base/errors.js';
import { checkMatrix, type Matrix, type MatrixLike, toMatrix } from '../base/matrix.js';
import { record } from '../base/untrusted.js';
import type { TrainingData } from '../problem/data.js';
import { checkFeatureMap, type FeatureMap, mapFeatures } from '../problem/features.js';
import { checkClasses, decodeLabels, type Label } from '../problem/labels.js';

export abstract class FittedModel {
  readonly featureMap: FeatureMap;
  /** The labels its outputs stand for; undefined when it was trained on targets. */
  readonly classes: readonly Label[] | undefined;
  /** Number of outputs c. */
  readonly outputs: number;
  /** Number of columns after the feature map, d. */
  protected readonly inputs: number;

  /** @throws InputError naming the part of the data that is malformed */
  constructor(data: TrainingData) {
    const { featureMap, classes, problem } = record(data, 'data') as Partial<TrainingData>;
    const { X, Y } = record(problem, 'data.problem');
    this.featureMap = checkFeatureMap(featureMap, 'data.featureMap');
    this.outputs = checkMatrix(Y, 'data.problem.Y').columns;
    this.inputs = this.featureMap.columns + (this.featureMap.bias ? 1 : 0);
    checkShape('data.problem.X', checkMatrix(X, 'data.problem.X'), { columns: this.inputs });
    if (classes !== undefined) checkClasses(classes, 'data.classes', this.outputs);
    this.classes = classes;
  }

  /** The outputs (n×c) for features that are mapped already (n×d). */
  protected abstract evaluate(X: Matrix): Matrix;

  /**
   * The outputs, n×c.
   *
   * @param X n rows with the features of the training data, in any accepted form of a matrix
   * @throws InputError when X has another number of columns than in training, or is not finite
   */
  predict(X: MatrixLike): Matrix {
    return this.evaluate(mapFeatures(toMatrix(X, 'X'), this.featureMap, 'X'));
  }

  /** For each row the class with the largest output: its label, or its index when the model was trained on targets. */
  predictClass(X: MatrixLike): Label[] {
    return decodeLabels(this.predict(X), this.classes ?? Array.from({ length: this.outputs }, (_, k) => k));
  }
}

/** A matrix that a model is made of. @throws InputError when it is none, or not of the rows and columns given */
export function checkShape(name: string, A: Matrix, wanted: { rows?: number; columns?: number }): Matrix {
  const { rows, columns } = checkMatrix(A, name);
  if (rows === (wanted.rows ?? rows) && columns === (wanted.columns ?? columns)) return A;
  throw new InputError(
    name,
    `is ${rows} × ${columns}; the model needs ${wanted.rows ?? 'any number of'} rows and ${wanted.columns ?? 'any number of'} columns`,
  );
}
