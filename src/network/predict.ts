/** The network's function, in plain TypeScript so that a saved network predicts without WebAssembly. */
import { Matrix } from '../base/matrix.js';
import type { Weights } from './weights.js';

/** (X U)₊ Vᵀ, n×c. Cost 2 n m (d + c) flops. */
export function predictRelu(X: Matrix, { U, V }: Weights): Matrix {
  const m = U.columns;
  const F = Matrix.zeros(X.rows, V.rows);
  const h = new Float64Array(m);
  for (let i = 0; i < X.rows; i++) {
    h.fill(0);
    for (let k = 0; k < X.columns; k++) {
      const x = X.get(i, k);
      const u = U.row(k);
      for (let j = 0; j < m; j++) h[j] += x * u[j];
    }
    for (let k = 0; k < V.rows; k++) {
      const v = V.row(k);
      let sum = 0;
      for (let j = 0; j < m; j++) if (h[j] > 0) sum += h[j] * v[j];
      F.set(i, k, sum);
    }
  }
  return F;
}
