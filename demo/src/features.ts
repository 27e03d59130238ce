/** Between the library's matrices and the flat arrays that the page's own code draws and trains on. */
import { type FeatureMap, type Network, prepareData } from 'convex-relu';
import type { FlatProblem } from './adam.js';
import { classLabels, type Dataset } from './dataset.js';
import type { PlainNetwork } from './plain-network.js';

export interface PreparedProblem {
  readonly flat: FlatProblem;
  readonly featureMap: FeatureMap;
}

/** The very problem that the library trains on: features standardised where they have units, a column of ones for the bias. */
export function prepare(dataset: Dataset, reg: number, bias: boolean): PreparedProblem {
  const options = { reg, bias, standardize: dataset.hasUnits };
  const { problem, featureMap } = prepareData(dataset.X, classLabels(dataset), options);
  const { X, Y } = problem;
  return { flat: { n: X.rows, d: X.columns, c: Y.columns, X: X.data, Y: Y.data, reg }, featureMap };
}

/** A trained network on raw features. */
export const plainNetwork = ({ U, V, featureMap }: Pick<Network, 'U' | 'V' | 'featureMap'>): PlainNetwork =>
  onRawFeatures(U.transpose().data, V.transpose().data, featureMap, V.rows);

/**
 * Hidden weights (width×d, bias last) and output weights (width×classes) as a network on raw features: standardisation and
 * bias become each neuron's offset.
 */
export function onRawFeatures(U: Float64Array, V: Float64Array, featureMap: FeatureMap, classes: number): PlainNetwork {
  const { columns: d, bias, standardization } = featureMap;
  const stride = d + (bias ? 1 : 0);
  const width = V.length / classes;
  const hidden = new Float64Array(width * (d + 1));
  for (let j = 0; j < width; j++) {
    let offset = bias ? U[j * stride + d] : 0;
    for (let k = 0; k < d; k++) {
      const weight = U[j * stride + k] / (standardization?.scales[k] ?? 1);
      hidden[j * (d + 1) + k] = weight;
      offset -= weight * (standardization?.means[k] ?? 0);
    }
    hidden[j * (d + 1) + d] = offset;
  }
  return { d, classes, width, hidden, output: V };
}
