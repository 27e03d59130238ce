/** The leading eigenpairs of a positive semidefinite matrix, and the factor F with F Fᵀ ≈ A made of them. */
import { Matrix } from '../../base/matrix.js';
import { checkStatus, type Kernels } from '../../engine/kernels.js';

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
export function leadingEigenpairs(kernels: Kernels, A: Matrix, cutoff: number): Eigenpairs {
  const { arena, exports } = kernels;
  const p = A.rows;
  const mark = arena.mark();
  try {
    const copy = arena.allocate(p * p);
    const w = arena.allocate(p);
    const V = arena.allocate(p * p);
    const work = arena.allocateBytes(exports.eighWorkspace(p));
    arena.write(copy, A.data);
    checkStatus(exports.eigh(p, copy, p, w, V, p, work), 'eigh');
    const ascending = arena.view(w, p);
    const rows = arena.view(V, p * p);
    const threshold = p === 0 ? 0 : Math.max(0, cutoff * ascending[p - 1]);
    let rank = 0;
    while (rank < p && ascending[p - 1 - rank] > threshold) rank++;
    const vectors = Matrix.zeros(p, rank);
    for (let k = 0; k < rank; k++) {
      for (let i = 0; i < p; i++) vectors.set(i, k, rows[(p - 1 - k) * p + i]);
    }
    return { values: ascending.slice(p - rank).reverse(), vectors };
  } finally {
    arena.release(mark);
  }
}

/** p×r, column k is √w_k · (eigenvector of w_k), largest first; parameters as for `leadingEigenpairs`. */
export function factorPsd(kernels: Kernels, A: Matrix, cutoff: number): Matrix {
  const { values, vectors } = leadingEigenpairs(kernels, A, cutoff);
  for (let i = 0; i < vectors.rows; i++) {
    const row = vectors.row(i);
    for (let k = 0; k < row.length; k++) row[k] *= Math.sqrt(values[k]);
  }
  return vectors;
}
