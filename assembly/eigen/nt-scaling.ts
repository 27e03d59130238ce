/**
 * The singular value decomposition RᵀL = Q Σ Vᵀ that the Nesterov–Todd scaling of an interior point needs, for Cholesky factors
 * Lambda = L Lᵀ and Z = R Rᵀ.
 *
 * B = RᵀL and BᵀB are formed by GEMM; the eigenvectors V₀ of BᵀB are good to ε σ_max²/gap, so the columns of B V₀ are orthogonal
 * except for the small ones, and a few one-sided Jacobi sweeps finish them to high relative accuracy.
 * References: M. Todd, K. Toh, R. Tütüncü, On the Nesterov–Todd direction in semidefinite programming, SIAM J. Optim. 8 (1998);
 * J. Demmel, K. Veselić, Jacobi's method is more accurate than QR, SIAM J. Matrix Anal. Appl. 13 (1992).
 */
import { element, get, leadingDimension, matrixBytes, put, row } from '../address';
import { gemm } from '../blas/gemm';
import { dot } from '../blas/vector';
import { MAX_JACOBI_SWEEPS, NO_CONVERGENCE, NOT_FINITE, OK } from '../../src/engine/constants';
import { rotate } from './rotate';
import { eigh, eighWorkspace } from './symmetric-eigen';

const UNIT: f64 = 1.1102230246251565e-16;
const MAX_SWEEPS: i32 = MAX_JACOBI_SWEEPS;

export function ntScalingWorkspace(n: i32): f64 {
  return eighWorkspace(n) + 2 * matrixBytes(n, leadingDimension(n));
}

/** Copies a lower triangle, zeros above it. */
function copyLower(n: i32, A: usize, lda: i32, B: usize, ldb: i32): void {
  for (let i = 0; i < n; i++) {
    memory.copy(row(B, i, ldb), row(A, i, lda), <usize>(i + 1) << 3);
    memory.fill(element(row(B, i, ldb), i + 1), 0, <usize>(n - 1 - i) << 3);
  }
}

/**
 * A sweep's rotations of the rows [from, to) of C with all later ones, and of V; returns how many there were. `squares` is what the sweep knows
 * of the rows' lengths, computed where it begins.
 */
export function jacobiRows(n: i32, C: usize, ldc: i32, V: usize, ldv: i32, squares: usize, from: i32, to: i32): i32 {
  const tolerance = <f64>n * UNIT;
  let rotations = 0;
  if (from == 0) for (let i = 0; i < n; i++) put(squares, i, dot(n, row(C, i, ldc), row(C, i, ldc)));
  for (let i = from; i < min(to, n - 1); i++) {
    for (let j = i + 1; j < n; j++) {
      const p = row(C, i, ldc);
      const q = row(C, j, ldc);
      const product = dot(n, p, q);
      const a = get(squares, i);
      const b = get(squares, j);
      if (!(Math.abs(product) > tolerance * Math.sqrt(a) * Math.sqrt(b))) continue;
      rotations++;
      const zeta = (b - a) / (2 * product);
      const t = (zeta >= 0 ? 1.0 : -1.0) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
      const c = 1 / Math.sqrt(1 + t * t);
      rotate(n, p, q, c, -c * t);
      rotate(n, row(V, i, ldv), row(V, j, ldv), c, -c * t);
      put(squares, i, dot(n, p, p));
      put(squares, j, dot(n, q, q));
    }
  }
  return rotations;
}

/** Rotates pairs of rows of C (and V) until they are orthogonal in relative terms; returns the status. */
function jacobi(n: i32, C: usize, ldc: i32, V: usize, ldv: i32, squares: usize): i32 {
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    if (jacobiRows(n, C, ldc, V, ldv, squares, 0, n) == 0) return OK;
  }
  return NO_CONVERGENCE;
}

/** Descending selection sort of sigma with the rows of V; the list is nearly sorted. */
function sortDescending(n: i32, sigma: usize, V: usize, ldv: i32, buffer: usize): void {
  const size = <usize>n << 3;
  for (let i = 0; i < n - 1; i++) {
    let best = i;
    for (let j = i + 1; j < n; j++) if (get(sigma, j) > get(sigma, best)) best = j;
    if (best == i) continue;
    const x = get(sigma, i);
    put(sigma, i, get(sigma, best));
    put(sigma, best, x);
    memory.copy(buffer, row(V, i, ldv), size);
    memory.copy(row(V, i, ldv), row(V, best, ldv), size);
    memory.copy(row(V, best, ldv), buffer, size);
  }
}

/** sigma (n) descending, row k of V (n×n) the right singular vector of sigma[k]. The strict upper triangles are not read. */
export function ntScaling(n: i32, L: usize, ldl: i32, R: usize, ldr: i32, sigma: usize, V: usize, ldv: i32, work: usize): i32 {
  if (n == 0) return OK;
  const ld = leadingDimension(n);
  const B = work + <usize>eighWorkspace(n);
  const size = <usize>matrixBytes(n, ld);
  const C = B + size;
  // V and C hold the cleaned factors until B is formed.
  copyLower(n, L, ldl, V, ldv);
  copyLower(n, R, ldr, C, ld);
  memory.fill(B, 0, size);
  gemm(n, n, n, 1, C, 1, ld, V, ldv, 1, 0, B, ld, 0, work);
  memory.fill(C, 0, size);
  gemm(n, n, n, 1, B, 1, ld, B, ld, 1, 0, C, ld, 1, work);
  const status = eigh(n, C, ld, sigma, V, ldv, work);
  if (status < 0) return status;
  memory.fill(C, 0, size);
  gemm(n, n, n, 1, V, ldv, 1, B, 1, ld, 0, C, ld, 0, work);
  const cleaned = jacobi(n, C, ld, V, ldv, sigma);
  if (cleaned < 0) return cleaned;
  return finishScaling(n, C, ld, sigma, V, ldv, work);
}

/** sigma = the lengths of the rows of C, descending, with the rows of V; n numbers of work. */
export function finishScaling(n: i32, C: usize, ldc: i32, sigma: usize, V: usize, ldv: i32, work: usize): i32 {
  for (let k = 0; k < n; k++) {
    const s = Math.sqrt(dot(n, row(C, k, ldc), row(C, k, ldc)));
    if (s != s) return NOT_FINITE;
    put(sigma, k, s);
  }
  sortDescending(n, sigma, V, ldv, work);
  return OK;
}
