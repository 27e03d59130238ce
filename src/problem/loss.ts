/**
 * The training loss (program 1) by its definition, in plain TypeScript: the number every other form of the problem must agree
 * with. ½ ‖(X U)₊ Vᵀ − Y‖² + reg/2 (‖U‖² + ‖V‖²).
 */
import { Matrix } from '../base/matrix.js';
import type { TrainingProblem } from './problem.js';

/** U d×m and V c×m: neuron j is (column j of U, column j of V). */
export interface LayerWeights {
  readonly U: Matrix;
  readonly V: Matrix;
}

/** alpha = (X U)₊ and beta = (−X U)₊, both n×m, column j for neuron j: −alpha + beta + X U = 0. */
export function activations(X: Matrix, U: Matrix): { alpha: Matrix; beta: Matrix } {
  const alpha = Matrix.zeros(X.rows, U.columns);
  const beta = Matrix.zeros(X.rows, U.columns);
  for (let i = 0; i < X.rows; i++) {
    const sum = alpha.row(i);
    for (let k = 0; k < X.columns; k++) {
      const x = X.get(i, k);
      for (let j = 0; j < U.columns; j++) sum[j] += x * U.get(k, j);
    }
    for (let j = 0; j < U.columns; j++) {
      beta.set(i, j, Math.max(0, -sum[j]));
      sum[j] = Math.max(0, sum[j]);
    }
  }
  return { alpha, beta };
}

/** The training loss of a network on a problem; 0 neurons give ½‖Y‖². Cost 2nm(d + c) flops. */
export function trainingLoss({ X, Y, reg }: TrainingProblem, { U, V }: LayerWeights): number {
  const { alpha } = activations(X, U);
  let error = 0;
  for (let i = 0; i < X.rows; i++) {
    const h = alpha.row(i);
    for (let k = 0; k < Y.columns; k++) {
      const v = V.row(k);
      let output = 0;
      for (let j = 0; j < h.length; j++) output += h[j] * v[j];
      error += (output - Y.get(i, k)) ** 2;
    }
  }
  return error / 2 + (reg / 2) * (sumOfSquares(U.data) + sumOfSquares(V.data));
}

/** ‖x‖². */
export function sumOfSquares(x: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k] * x[k];
  return sum;
}
