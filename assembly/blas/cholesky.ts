/**
 * Cholesky factorisation A = L·Lᵀ in place, lower triangle, right-looking and blocked: factor a diagonal block, solve the
 * panel below it by substitution, update the rest by one SYRK-like GEMM. n³/3 multiply–adds.
 * Reference: G. Golub, C. Van Loan, Matrix Computations, 4th ed., algorithm 4.2.10 and section 4.2.6.
 */
import { element, get, matrixBytes, put, row } from '../address';
import { CHOLESKY_BLOCK } from '../../src/engine/constants';
import { gemm, gemmWorkspace } from './gemm';
import { solveLower } from './triangular';
import { transpose } from './transpose';
import { dot } from './vector';

const BLOCK: i32 = CHOLESKY_BLOCK;

export function choleskyWorkspace(n: i32): f64 {
  return gemmWorkspace() + matrixBytes(BLOCK, n);
}

/** Unblocked, by rows. Returns 0, or j + 1 when pivot j is not positive. */
function factorBlock(n: i32, A: usize, lda: i32): i32 {
  for (let j = 0; j < n; j++) {
    const a = row(A, j, lda);
    for (let i = 0; i < j; i++) {
      const b = row(A, i, lda);
      put(a, i, (get(a, i) - dot(i, a, b)) / get(b, i));
    }
    const pivot = get(a, j) - dot(j, a, a);
    // The negated test also catches NaN.
    if (!(pivot > 0 && pivot < Infinity)) return j + 1;
    put(a, j, Math.sqrt(pivot));
  }
  return 0;
}

export function cholesky(n: i32, A: usize, lda: i32, work: usize): i32 {
  const panel = work + <usize>gemmWorkspace();
  for (let k = 0; k < n; k += BLOCK) {
    const failed = choleskyPanel(n, A, lda, k, work);
    if (failed) return failed;
    const rest = k + BLOCK;
    const m = n - rest;
    if (m <= 0) return 0;
    gemm(m, m, BLOCK, -1, panel, 1, m, panel, m, 1, 0, element(row(A, rest, lda), rest), lda, 1, work);
  }
  return 0;
}

/**
 * The columns of the factor from k on, a block of them, where those before are done and have been subtracted from the rest. Leaves what is
 * below the diagonal block, transposed, behind the workspace of GEMM.
 */
export function choleskyPanel(n: i32, A: usize, lda: i32, k: i32, work: usize): i32 {
  const panel = work + <usize>gemmWorkspace();
  const nb = min(BLOCK, n - k);
  const diagonal = element(row(A, k, lda), k);
  const failed = factorBlock(nb, diagonal, lda);
  if (failed) return k + failed;
  const rest = k + nb;
  const m = n - rest;
  if (m == 0) return 0;
  const below = element(row(A, rest, lda), k);
  // The panel is solved transposed, so that substitution runs along contiguous rows.
  transpose(m, nb, below, lda, panel, m);
  solveLower(nb, m, diagonal, lda, panel, m, work);
  transpose(nb, m, panel, m, below, lda);
  return 0;
}
