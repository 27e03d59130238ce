/**
 * The training loss (program 1) by its definition, in plain TypeScript: the number every other form of the problem must agree
 * with. L((X U)₊ Vᵀ) + reg/2 (‖U‖² + ‖V‖²).
 */
import { Matrix } from '../base/matrix.js';
import { sumOfSquares } from '../base/vector.js';
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

/** The training loss of a network on a problem; 0 neurons give L(0). Cost 2nm(d + c) flops. */
export function trainingLoss(problem: TrainingProblem, { U, V }: LayerWeights): number {
  const { X, Y, reg, loss } = problem;
  const { alpha } = activations(X, U);
  const F = Matrix.zeros(X.rows, Y.columns);
  for (let i = 0; i < X.rows; i++) {
    const h = alpha.row(i);
    for (let k = 0; k < Y.columns; k++) {
      const v = V.row(k);
      let output = 0;
      for (let j = 0; j < h.length; j++) output += h[j] * v[j];
      F.set(i, k, output);
    }
  }
  return loss.value(F, problem) + (reg / 2) * (sumOfSquares(U.data) + sumOfSquares(V.data));
}
