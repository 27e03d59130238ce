/**
 * Z (m rows of length n) ← Z Qᵀ for the Q of tridiagonalize: eigenvectors of T become eigenvectors of A. Blocks of reflectors
 * are applied as H_r ⋯ H_{r+k−1} = I − V T Vᵀ, all by GEMM: 2 m n² flops.
 * Reference: R. Schreiber, C. Van Loan, A storage-efficient WY representation for products of Householder
 * transformations, SIAM J. Sci. Stat. Comput. 10 (1989).
 */
import { get, matrixBytes, put, row } from '../address';
import { gemm } from '../blas/gemm';

const MAX_BLOCK: i32 = 64;

/** Measured: deeper blocks make better GEMMs, but forming V T costs k n² whatever m is. */
function blockSize(n: i32, m: i32): i32 {
  return n <= 160 || m < n / 8 ? 24 : n <= 400 ? 32 : MAX_BLOCK;
}

export function backTransformWorkspace(n: i32, m: i32): f64 {
  return matrixBytes(MAX_BLOCK, n) + matrixBytes(m, MAX_BLOCK) + 2 * matrixBytes(MAX_BLOCK, MAX_BLOCK);
}

/** A as tridiagonalize left it; the strict upper triangle of its rows is overwritten. */
export function backTransform(n: i32, A: usize, lda: i32, tau: usize, m: i32, Z: usize, ldz: i32, work: usize, gemmWork: usize): void {
  for (let r = 1; r < n; ) r = backTransformBlock(n, A, lda, tau, m, Z, ldz, r, work, gemmWork);
}

/** Applies the block of reflectors that begins with H_r; returns the first of the next one. */
export function backTransformBlock(
  n: i32, A: usize, lda: i32, tau: usize, m: i32, Z: usize, ldz: i32, r: i32, work: usize, gemmWork: usize,
): i32 {
  const nb = blockSize(n, m);
  const TV = work;
  const ZV = TV + <usize>matrixBytes(MAX_BLOCK, n);
  const T = ZV + <usize>matrixBytes(m, MAX_BLOCK);
  const G = T + <usize>matrixBytes(MAX_BLOCK, MAX_BLOCK);
  const k = min(nb, n - r);
  const length = r + k - 1;
  const V = row(A, r, lda);
  for (let l = 0; l < k; l++) memory.fill(row(V, l, lda) + (<usize>(r + l) << 3), 0, <usize>(k - 1 - l) << 3);
  memory.fill(G, 0, <usize>(nb * nb) << 3);
  gemm(k, k, length, 1, V, lda, 1, V, 1, lda, 0, G, nb, 2, gemmWork);
  memory.fill(T, 0, <usize>(nb * nb) << 3);
  for (let j = 0; j < k; j++) {
    const t = get(tau, r + j);
    for (let i = 0; i < j; i++) {
      let s = 0.0;
      for (let l = i; l < j; l++) s += get(T, i * nb + l) * get(G, l * nb + j);
      put(T, i * nb + j, -t * s);
    }
    put(T, j * nb + j, t);
  }
  memory.fill(TV, 0, (<usize>k * <usize>length) << 3);
  gemm(k, length, k, 1, T, nb, 1, V, lda, 1, 0, TV, length, 0, gemmWork);
  memory.fill(ZV, 0, (<usize>m * <usize>k) << 3);
  gemm(k, m, length, 1, V, lda, 1, Z, 1, ldz, 0, ZV, m, 0, gemmWork);
  gemm(m, length, k, -1, ZV, 1, m, TV, length, 1, 0, Z, ldz, 0, gemmWork);
  return r + nb;
}
