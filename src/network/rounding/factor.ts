/** The leading eigenpairs of a positive semidefinite matrix, and the factor F with F Fᵀ ≈ A made of them. */
import { Matrix } from '../../base/matrix.js';
import type { Algebra } from '../../linalg/algebra.js';

/** Relative size of the eigenvalues of G that carry information: below are the barrier's remains and round-off. */
export const SIGNIFICANT = 1e-7;

export interface Eigenpairs {
  /** r eigenvalues, largest first, > 0. */
  readonly values: Float64Array;
  /** p×r, column k the unit eigenvector of values[k]. */
  readonly vectors: Matrix;
}

/**
 * @param A symmetric p×p, lower triangle read
 * @param cutoff eigenvalues ≤ cutoff · (largest) are left out; r = 0 when A has no positive eigenvalue
 */
export function leadingEigenpairs(algebra: Algebra, A: Matrix, cutoff: number): Eigenpairs {
  const p = A.rows;
  return algebra.scoped(() => {
    const w = algebra.vector(p);
    const V = algebra.unset(p, p);
    algebra.eigh(algebra.place(A), w, V);
    const ascending = algebra.entries(w);
    const rows = algebra.entries(V);
    const threshold = p === 0 ? 0 : Math.max(0, cutoff * ascending[p - 1]);
    let rank = 0;
    while (rank < p && ascending[p - 1 - rank] > threshold) rank++;
    const vectors = Matrix.zeros(p, rank);
    for (let k = 0; k < rank; k++) {
      for (let i = 0; i < p; i++) vectors.set(i, k, rows[(p - 1 - k) * p + i]);
    }
    return { values: ascending.slice(p - rank).reverse(), vectors };
  });
}

/** p×r, column k is √w_k · (eigenvector of w_k), largest first; parameters as for `leadingEigenpairs`. */
export function factorPsd(algebra: Algebra, A: Matrix, cutoff: number): Matrix {
  const { values, vectors } = leadingEigenpairs(algebra, A, cutoff);
  for (let i = 0; i < vectors.rows; i++) {
    const row = vectors.row(i);
    for (let k = 0; k < row.length; k++) row[k] *= Math.sqrt(values[k]);
  }
  return vectors;
}
