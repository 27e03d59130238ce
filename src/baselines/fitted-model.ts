/** What every trained model that is not a `Network` has in common: features in, outputs or classes out. */
import { type Matrix, type MatrixLike, toMatrix } from '../base/matrix.js';
import type { TrainingData } from '../problem/data.js';
import { type FeatureMap, mapFeatures } from '../problem/features.js';
import { decodeLabels, type Label } from '../problem/labels.js';

export abstract class FittedModel {
  readonly featureMap: FeatureMap;
  /** The labels its outputs stand for; undefined when it was trained on targets. */
  readonly classes: readonly Label[] | undefined;
  /** Number of outputs c. */
  readonly outputs: number;

  constructor({ featureMap, classes, problem }: TrainingData) {
    this.featureMap = featureMap;
    this.classes = classes;
    this.outputs = problem.Y.columns;
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
