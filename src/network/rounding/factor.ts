/** F with F Fᵀ ≈ A, from the leading eigenvectors of a positive semidefinite A. */
import { Matrix } from '../../matrix.js';
import type { Kernels } from '../../wasm/kernels.js';
import { checkStatus } from '../../wasm/kernels.js';

/**
 * @param A symmetric p×p, lower triangle read
 * @param cutoff eigenvalues ≤ cutoff · (largest) are left out
 * @returns p×r, column k is √w_k · (eigenvector of w_k), largest first; r = 0 when A has no positive eigenvalue
 */
export function factorPsd(kernels: Kernels, A: Matrix, cutoff: number): Matrix {
  const { arena, exports } = kernels;
  const p = A.rows;
  if (p === 0) return Matrix.zeros(0, 0);
  const mark = arena.mark();
  try {
    const copy = arena.allocate(p * p);
    const w = arena.allocate(p);
    const V = arena.allocate(p * p);
    const work = arena.allocateBytes(exports.eighWorkspace(p));
    arena.write(copy, A.data);
    checkStatus(exports.eigh(p, copy, p, w, V, p, work), 'eigh');
    const values = arena.view(w, p);
    const vectors = arena.view(V, p * p);
    const threshold = Math.max(0, cutoff * values[p - 1]);
    let rank = 0;
    while (rank < p && values[p - 1 - rank] > threshold) rank++;
    const F = Matrix.zeros(p, rank);
    for (let k = 0; k < rank; k++) {
      const from = p - 1 - k;
      const scale = Math.sqrt(values[from]);
      for (let i = 0; i < p; i++) F.set(i, k, scale * vectors[from * p + i]);
    }
    return F;
  } finally {
    arena.release(mark);
  }
}
