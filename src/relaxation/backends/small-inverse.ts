/**
 * Inverse of a small dense matrix (order c²) by Gauss–Jordan elimination with partial pivoting; 4n³ flops, with pauses where that is long.
 */
import { NumericalError } from '../../base/errors.js';
import { Pace } from '../../base/pace.js';

/** @throws NumericalError when a pivot vanishes */
export function* invert(matrix: Float64Array, n: number): Generator<void, Float64Array> {
  const pace = new Pace();
  const A = matrix.slice();
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) inverse[i * (n + 1)] = 1;
  for (let k = 0; k < n; k++) {
    const pivot = largestBelow(A, n, k);
    const value = A[pivot * n + k];
    if (!(Math.abs(value) > 0)) throw new NumericalError('loss rows: the coupling of the outputs is singular');
    for (const M of [A, inverse]) {
      swapRows(M, n, k, pivot);
      for (let j = 0; j < n; j++) M[k * n + j] /= value;
    }
    for (let i = 0; i < n; i++) {
      const factor = A[i * n + k];
      if (i === k || factor === 0) continue;
      for (const M of [A, inverse]) subtractRow(M, n, i, k, factor);
      if (pace.isDue(n + n)) yield;
    }
  }
  return inverse;
}

/** Row i −= factor · row k. */
function subtractRow(M: Float64Array, n: number, i: number, k: number, factor: number): void {
  const target = i * n;
  const source = k * n;
  for (let j = 0; j < n; j++) M[target + j] -= factor * M[source + j];
}

function largestBelow(A: Float64Array, n: number, k: number): number {
  let best = k;
  for (let i = k + 1; i < n; i++) if (Math.abs(A[i * n + k]) > Math.abs(A[best * n + k])) best = i;
  return best;
}

function swapRows(A: Float64Array, n: number, i: number, j: number): void {
  if (i === j) return;
  const row = A.slice(i * n, (i + 1) * n);
  A.copyWithin(i * n, j * n, (j + 1) * n);
  A.set(row, j * n);
}
