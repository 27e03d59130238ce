/** Matrices of the order of the features: too small for the kernels' products to pay. */
import { log } from '../base/elementary.js';
import { Matrix } from '../base/matrix.js';
import type { Algebra } from '../linalg/algebra.js';

/** The rows stacked. */
export function fromRows(rows: readonly Float64Array[], columns: number): Matrix {
  const A = Matrix.zeros(rows.length, columns);
  rows.forEach((row, r) => {
    A.row(r).set(row);
  });
  return A;
}

export interface Factorized {
  /** Lower triangular. */
  readonly factor: Matrix;
  readonly logDeterminant: number;
}

/** The Cholesky factor and the determinant; undefined when A is not positive definite. */
export function factorize(algebra: Algebra, A: Matrix): Factorized | undefined {
  return algebra.scoped(() => {
    const L = algebra.place(A);
    if (!algebra.cholesky(L)) return undefined;
    const factor = algebra.readMatrix(L);
    let logDeterminant = 0;
    for (let k = 0; k < A.rows; k++) {
      factor.row(k).fill(0, k + 1);
      logDeterminant += 2 * log(factor.get(k, k));
    }
    return { factor, logDeterminant };
  });
}
