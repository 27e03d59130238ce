/** The little dense algebra that needs no WebAssembly: for small matrices, and for what is computed by its definition. */
import { Matrix } from '../base/matrix.js';

/** A B; terms with a zero of A are left out. */
export function times(A: Matrix, B: Matrix): Matrix {
  const result = Matrix.zeros(A.rows, B.columns);
  for (let i = 0; i < A.rows; i++) {
    const target = result.row(i);
    for (let k = 0; k < A.columns; k++) {
      const factor = A.get(i, k);
      if (factor === 0) continue;
      const source = B.row(k);
      for (let j = 0; j < target.length; j++) target[j] += factor * source[j];
    }
  }
  return result;
}

/** diag(factors) A. */
export function scaledRows(A: Matrix, factors: Float64Array): Matrix {
  const result = A.clone();
  for (let i = 0; i < A.rows; i++) {
    const row = result.row(i);
    for (let j = 0; j < row.length; j++) row[j] *= factors[i];
  }
  return result;
}

/**
 * A⁻¹ B for symmetric positive definite A by Cholesky's method (Golub and Van Loan, 4th ed., §4.2.3); the lower triangle of A is
 * overwritten by its factor. Undefined when a pivot is not positive.
 */
export function solvePositive(A: Matrix, B: Matrix): Matrix | undefined {
  const n = A.rows;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = A.get(i, j);
      for (let k = 0; k < j; k++) sum -= A.get(i, k) * A.get(j, k);
      if (i !== j) A.set(i, j, sum / A.get(j, j));
      else if (sum > 0) A.set(i, i, Math.sqrt(sum));
      else return undefined;
    }
  }
  const result = B.clone();
  for (let k = 0; k < B.columns; k++) {
    for (let i = 0; i < n; i++) {
      let sum = result.get(i, k);
      for (let j = 0; j < i; j++) sum -= A.get(i, j) * result.get(j, k);
      result.set(i, k, sum / A.get(i, i));
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = result.get(i, k);
      for (let j = i + 1; j < n; j++) sum -= A.get(j, i) * result.get(j, k);
      result.set(i, k, sum / A.get(i, i));
    }
  }
  return result;
}
