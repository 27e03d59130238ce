/**
 * Projection on the cone of positive semidefinite matrices: P = Σ_{w_k > 0} w_k v_k v_kᵀ, or A + Σ_{w_k < 0} |w_k| v_k v_kᵀ when
 * fewer eigenvalues are negative; the inertia is counted (Sturm) before any vector is formed.
 * Reference: N. Higham, Computing a nearest symmetric positive semidefinite matrix, Linear Algebra Appl. 103 (1988).
 */
import { bytes, get, leadingDimension, matrixBytes, put, row } from '../address';
import { gemm } from '../blas/gemm';
import { mirror } from '../blas/transpose';
import { scale } from '../blas/vector';
import { NOT_FINITE } from '../../src/engine/constants';
import { reduce } from '../eigen/reduce';
import { countUpTo, eighWorkspace, reducedEigenpairs } from '../eigen/symmetric-eigen';

export function projectPsdWorkspace(n: i32): f64 {
  return eighWorkspace(n) + matrixBytes(n, leadingDimension(n)) + bytes(n);
}

/** Returns the number of positive eigenvalues or a negative status; P may be A. */
export function projectPsd(n: i32, A: usize, lda: i32, P: usize, ldp: i32, work: usize): i32 {
  if (n == 0) return 0;
  const ld = leadingDimension(n);
  const V = work + <usize>eighWorkspace(n);
  const w = V + <usize>matrixBytes(n, ld);
  const unit = reduce(n, A, lda, work);
  if (unit != unit) return NOT_FINITE;
  const negative = countUpTo(n, 0, work);
  const positive = n - negative;
  const usePositive = positive <= negative;
  // In units of `unit`: an eigenvalue may be too large for a double where no entry of the projection is.
  const count = usePositive
    ? reducedEigenpairs(n, negative, n, 1, w, V, ld, work)
    : reducedEigenpairs(n, 0, negative, 1, w, V, ld, work);
  if (count < 0) return count;
  for (let i = 0; i < n; i++) {
    const p = row(P, i, ldp);
    const a = row(A, i, lda);
    if (usePositive) memory.fill(p, 0, <usize>(i + 1) << 3);
    else for (let j = 0; j <= i; j++) put(p, j, get(a, j) / unit);
  }
  // A value of the wrong sign is round-off at zero.
  for (let k = 0; k < count; k++) put(w, k, Math.max(0, usePositive ? get(w, k) : -get(w, k)));
  gemm(n, n, count, 1, V, 1, ld, V, ld, 1, w, P, ldp, 1, work);
  for (let i = 0; i < n; i++) scale(i + 1, unit, row(P, i, ldp));
  mirror(n, P, ldp);
  return positive;
}
