/** Scores of outputs (n×c) against one-hot targets: by the largest output, and by the paper's protocol. */
import type { Matrix } from '../../src/index.js';
import type { Scores } from './results.js';

const largestColumn = (A: Matrix, i: number): number => A.row(i).indexOf(Math.max(...A.row(i)));

/** Accuracy, precision, recall and F1 by the largest output, classes weighted alike. */
export function scoreClasses(outputs: Matrix, Y: Matrix): Scores {
  const c = Y.columns;
  const confusion = Array.from({ length: c }, () => new Array<number>(c).fill(0));
  for (let i = 0; i < Y.rows; i++) confusion[largestColumn(Y, i)][largestColumn(outputs, i)]++;
  const perClass = confusion.map((row, k) => {
    const right = row[k];
    const support = row.reduce((sum, count) => sum + count, 0);
    const predicted = confusion.reduce((sum, other) => sum + other[k], 0);
    const precision = predicted > 0 ? right / predicted : 0;
    const recall = support > 0 ? right / support : 0;
    return { precision, recall, f1: right > 0 ? (2 * precision * recall) / (precision + recall) : 0, support };
  });
  const mean = (part: 'precision' | 'recall' | 'f1'): number =>
    perClass.reduce((sum, scores) => sum + scores[part] / c, 0);
  const right = confusion.reduce((sum, row, k) => sum + row[k], 0);
  return {
    accuracy: right / Y.rows,
    precision: mean('precision'),
    recall: mean('recall'),
    f1: mean('f1'),
    perClass,
    confusion,
  };
}

export const accuracyOf = (outputs: Matrix, Y: Matrix): number => {
  let right = 0;
  for (let i = 0; i < Y.rows; i++) if (largestColumn(outputs, i) === largestColumn(Y, i)) right++;
  return right / Y.rows;
};

export interface TunedAccuracy {
  readonly accuracy: number;
  readonly threshold: number;
}

const THRESHOLDS = 100;

/**
 * The paper's protocol: an output above the threshold is a 1, a row counts when all its c entries are right, and of the thresholds 0, 0.01, …, 1 the
 * one that is best on these very rows is taken, the least of equals. Tuned on the labels it is scored with.
 */
export function tuneThreshold(outputs: Matrix, Y: Matrix): TunedAccuracy {
  let best = { accuracy: -1, threshold: 0 };
  for (let k = 0; k <= THRESHOLDS; k++) {
    const threshold = k / THRESHOLDS;
    let right = 0;
    for (let i = 0; i < Y.rows; i++) {
      const target = Y.row(i);
      if (outputs.row(i).every((output, j) => output > threshold === target[j] > 0)) right++;
    }
    const accuracy = right / Y.rows;
    if (accuracy > best.accuracy) best = { accuracy, threshold };
  }
  return best;
}
