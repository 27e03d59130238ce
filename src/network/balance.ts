/**
 * Rewriting a network without changing what it computes on the training rows, each step lowering or keeping the weight decay:
 * (·)₊ is positively homogeneous, so (t u, v / t) is the same neuron for every t > 0 and ½(‖u‖² + ‖v‖²) ≥ ‖u‖‖v‖ with
 * equality at ‖u‖ = ‖v‖ (the paper, section 3; Pilanci & Ergen, ICML 2020).
 */
import type { Matrix } from '../base/matrix.js';
import { columnNorms, selectNeurons, type Weights, widthOf } from './weights.js';

/** Neurons whose ‖u‖‖v‖ is zero removed, the others scaled to ‖u_j‖ = ‖v_j‖. The prediction is unchanged. */
export function balance(weights: Weights): Weights {
  const masses = neuronMasses(weights);
  const alive = indexesWhere(masses, (mass) => mass > 0);
  const { U, V } = selectNeurons(weights, alive);
  const normsU = columnNorms(U);
  const normsV = columnNorms(V);
  for (let j = 0; j < alive.length; j++) {
    const scale = Math.sqrt(normsV[j] / normsU[j]);
    for (let k = 0; k < U.rows; k++) U.set(k, j, U.get(k, j) * scale);
    for (let k = 0; k < V.rows; k++) V.set(k, j, V.get(k, j) / scale);
  }
  return { U, V };
}

/** ‖u_j‖‖v_j‖ of each neuron: its share of the weight decay once balanced, its mass in the measure of program 2. */
export function neuronMasses(weights: Weights): Float64Array {
  const normsU = columnNorms(weights.U);
  const normsV = columnNorms(weights.V);
  return normsU.map((norm, j) => norm * normsV[j]);
}

/** Neurons that are 0 on every row of X removed. The prediction on X is unchanged. */
export function dropInactive(X: Matrix, weights: Weights): Weights {
  const { U } = weights;
  const m = widthOf(weights);
  const isActive = new Uint8Array(m);
  const row = new Float64Array(m);
  let silent = m;
  for (let i = 0; i < X.rows && silent > 0; i++) {
    row.fill(0);
    for (let k = 0; k < U.rows; k++) {
      const x = X.get(i, k);
      const u = U.row(k);
      for (let j = 0; j < m; j++) row[j] += x * u[j];
    }
    for (let j = 0; j < m; j++) {
      if (isActive[j] || !(row[j] > 0)) continue;
      isActive[j] = 1;
      silent--;
    }
  }
  return selectNeurons(
    weights,
    indexesWhere(isActive, (flag) => flag === 1),
  );
}

/** Weights on features that are 0 in every row of X set to 0: they change no prediction there, and cost weight decay. */
export function dropUnusedFeatures(X: Matrix, weights: Weights): Weights {
  const isUsed = new Uint8Array(X.columns);
  for (let i = 0; i < X.rows; i++) {
    const row = X.row(i);
    for (let k = 0; k < row.length; k++) if (row[k] !== 0) isUsed[k] = 1;
  }
  if (isUsed.every((flag) => flag === 1)) return weights;
  const U = weights.U.clone();
  for (let k = 0; k < X.columns; k++) if (!isUsed[k]) U.row(k).fill(0);
  return { ...weights, U };
}

/** Neurons with mass ≤ share · (largest mass) removed. */
export function dropLight(weights: Weights, share: number): Weights {
  const masses = neuronMasses(weights);
  const threshold = share * masses.reduce((largest, mass) => Math.max(largest, mass), 0);
  return selectNeurons(
    weights,
    indexesWhere(masses, (mass) => mass > threshold),
  );
}

function indexesWhere<T extends Float64Array | Uint8Array>(values: T, test: (value: number) => boolean): number[] {
  const indexes: number[] = [];
  for (let j = 0; j < values.length; j++) if (test(values[j])) indexes.push(j);
  return indexes;
}
