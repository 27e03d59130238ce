/**
 * The smallest eigenvalue of a symmetric matrix in plain TypeScript, to about n·ε·‖A‖: Householder tridiagonalisation, then
 * bisection on Sturm counts (Golub and Van Loan, Matrix Computations, 4th ed., §8.3.1 and §8.4.1). Cost 4n³/3.
 */
import type { Matrix } from '../base/matrix.js';

/** Bisection halves an interval of width 2‖T‖ down to its spacing: 53 steps, and a few for safety. */
const BISECTIONS = 60;

/** @returns the smallest eigenvalue; 0 for the 0×0 matrix */
export function smallestEigenvalue(A: Matrix): number {
  if (A.rows === 0) return 0;
  const { diagonal, offDiagonal } = tridiagonalise(A);
  const radius = (i: number) => Math.abs(offDiagonal[i - 1] ?? 0) + Math.abs(offDiagonal[i] ?? 0);
  let low = diagonal.reduce((bound, value, i) => Math.min(bound, value - radius(i)), Number.POSITIVE_INFINITY);
  let high = diagonal.reduce((bound, value) => Math.min(bound, value), Number.POSITIVE_INFINITY);
  for (let k = 0; k < BISECTIONS && low < high; k++) {
    const middle = low + (high - low) / 2;
    if (hasEigenvalueBelow(diagonal, offDiagonal, middle)) high = middle;
    else low = middle;
  }
  return low;
}

/** Reads the lower triangle of A, which is not changed. */
function tridiagonalise(A: Matrix): { diagonal: Float64Array; offDiagonal: Float64Array } {
  const n = A.rows;
  const T = A.clone();
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) T.set(j, i, T.get(i, j));
  const h = new Float64Array(n);
  const product = new Float64Array(n);
  for (let k = 0; k + 2 < n; k++) {
    let largest = 0;
    for (let i = k + 1; i < n; i++) largest = Math.max(largest, Math.abs(T.get(i, k)));
    if (largest === 0) continue;
    let square = 0;
    for (let i = k + 1; i < n; i++) {
      h[i] = T.get(i, k) / largest;
      square += h[i] * h[i];
    }
    const pivot = h[k + 1] > 0 ? -Math.sqrt(square) : Math.sqrt(square);
    const factor = Math.sqrt(square - h[k + 1] * pivot);
    h[k + 1] -= pivot;
    for (let i = k + 1; i < n; i++) h[i] /= factor;
    T.set(k + 1, k, pivot * largest);
    let overlap = 0;
    for (let i = k + 1; i < n; i++) {
      const row = T.row(i);
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += row[j] * h[j];
      product[i] = sum;
      overlap += sum * h[i];
    }
    for (let i = k + 1; i < n; i++) product[i] -= (overlap / 2) * h[i];
    for (let i = k + 1; i < n; i++) {
      const row = T.row(i);
      for (let j = k + 1; j < n; j++) row[j] -= h[i] * product[j] + product[i] * h[j];
    }
  }
  return {
    diagonal: Float64Array.from({ length: n }, (_, i) => T.get(i, i)),
    offDiagonal: Float64Array.from({ length: n - 1 }, (_, i) => T.get(i + 1, i)),
  };
}

/** Whether T − x I has a negative pivot, that is, T an eigenvalue below x. */
function hasEigenvalueBelow(diagonal: Float64Array, offDiagonal: Float64Array, x: number): boolean {
  let pivot = diagonal[0] - x;
  for (let i = 1; i < diagonal.length && pivot >= 0; i++) {
    const coupling = offDiagonal[i - 1];
    if (pivot === 0 && coupling !== 0) return true;
    pivot = diagonal[i] - x - (coupling === 0 ? 0 : (coupling / pivot) * coupling);
  }
  return pivot < 0;
}
