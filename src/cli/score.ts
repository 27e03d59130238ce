/** How well a network predicts rows it is given: accuracy for classes, mean squared error for values. */
import type { Network } from '../index.js';
import type { Dataset } from './dataset.js';

export type Score = { readonly accuracy: number } | { readonly meanSquaredError: number };

/** Undefined for a data set without rows. */
export function score(network: Network, { X, targets }: Dataset): Score | undefined {
  if (X.rows === 0) return undefined;
  if (targets.kind === 'classes') {
    const predicted = network.predictClass(X);
    const right = targets.labels.filter((label, i) => label === String(predicted[i])).length;
    return { accuracy: right / X.rows };
  }
  const { Y } = targets;
  const errors = network.predict(X).data.map((value, k) => value - Y.data[k]);
  return { meanSquaredError: errors.reduce((sum, error) => sum + error * error, 0) / Y.data.length };
}
