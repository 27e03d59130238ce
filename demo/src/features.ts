/** Between the library's matrices and the flat arrays that the page's own code draws. */
import { type FeatureMap, type Network, prepareData } from 'convex-relu';
import { classLabels, type Dataset } from './dataset.js';
import type { PlainNetwork } from './plain-network.js';
import type { Settings } from './settings.js';

/** A training problem as the library is given it; plain data, which crosses to a worker. */
export interface Problem {
  readonly X: Dataset['X'];
  readonly labels: readonly string[];
  readonly options: { readonly reg: number; readonly bias: boolean; readonly standardize: boolean };
}

/** Features are standardised where they have units. */
export const problemOf = (dataset: Dataset, { reg, bias }: Settings): Problem => ({
  X: dataset.X,
  labels: classLabels(dataset),
  options: { reg, bias, standardize: dataset.hasUnits },
});

/** The very matrices that the library trains on, with the column of ones for the bias. */
export const prepare = ({ X, labels, options }: Problem) => prepareData(X, labels, options);

/**
 * A trained network on raw features: standardisation and bias become each neuron's offset.
 *
 * @param network U d×m, d counting the bias, and V c×m
 */
export function plainNetwork({ U, V, featureMap }: Pick<Network, 'U' | 'V' | 'featureMap'>): PlainNetwork {
  const { columns: d, bias, standardization }: FeatureMap = featureMap;
  const width = U.columns;
  const hidden = new Float64Array(width * (d + 1));
  for (let j = 0; j < width; j++) {
    let offset = bias ? U.get(d, j) : 0;
    for (let k = 0; k < d; k++) {
      const weight = U.get(k, j) / (standardization?.scales[k] ?? 1);
      hidden[j * (d + 1) + k] = weight;
      offset -= weight * (standardization?.means[k] ?? 0);
    }
    hidden[j * (d + 1) + d] = offset;
  }
  return { d, classes: V.rows, width, hidden, output: V.transpose().data };
}
