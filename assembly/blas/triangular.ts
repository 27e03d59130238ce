/**
 * Solves with a lower triangle and many right-hand sides, B (n×m) ← L⁻¹B or L⁻ᵀB, and the inverse of L.
 *
 * Diagonal blocks are solved by substitution on whole rows of B, everything else is GEMM (few right-hand sides go one by one).
 * No block is inverted, so the solves are backward stable row by row. Reference: N. Higham, Accuracy and Stability of Numerical Algorithms, section 8.1.
 */
import { bytes, element, get, put, row } from '../address';
import { gemm, gemmWorkspace } from './gemm';
import { gemvTransposed } from './matrix-vector';
import { transpose } from './transpose';
import { solveVector, solveVectorTransposed } from './triangular-vector';
import { scale } from './vector';

const BLOCK: i32 = 48;

/** Up to this many right-hand sides are solved one by one: packing L for GEMM would cost more. */
const FEW: i32 = 3;

export function solveLowerWorkspace(n: i32, m: i32): f64 {
  return max(gemmWorkspace(), bytes(n));
}

/** Solves column by column through a contiguous copy. */
function solveColumns(n: i32, m: i32, L: usize, ldl: i32, B: usize, ldb: i32, transposed: bool, work: usize): void {
  for (let j = 0; j < m; j++) {
    transpose(n, 1, element(B, j), ldb, work, n);
    if (transposed) solveVectorTransposed(n, L, ldl, work);
    else solveVector(n, L, ldl, work);
    transpose(1, n, work, n, element(B, j), ldb);
  }
}

/** B ← L⁻¹B for one diagonal block. */
function solveBlock(n: i32, m: i32, L: usize, ldl: i32, B: usize, ldb: i32): void {
  for (let i = 0; i < n; i++) {
    const l = row(L, i, ldl);
    const b = row(B, i, ldb);
    gemvTransposed(i, m, -1, B, ldb, l, b);
    scale(m, 1 / get(l, i), b);
  }
}

/** B ← L⁻ᵀB for one diagonal block; work holds n numbers. */
function solveBlockTransposed(n: i32, m: i32, L: usize, ldl: i32, B: usize, ldb: i32, work: usize): void {
  for (let i = n - 1; i >= 0; i--) {
    const b = row(B, i, ldb);
    for (let k = i + 1; k < n; k++) put(work, k - i - 1, get(row(L, k, ldl), i));
    gemvTransposed(n - 1 - i, m, -1, row(B, i + 1, ldb), ldb, work, b);
    scale(m, 1 / get(row(L, i, ldl), i), b);
  }
}

export function solveLower(n: i32, m: i32, L: usize, ldl: i32, B: usize, ldb: i32, work: usize): void {
  if (m <= FEW) {
    solveColumns(n, m, L, ldl, B, ldb, false, work);
    return;
  }
  for (let k = 0; k < n; k += BLOCK) {
    const nb = min(BLOCK, n - k);
    solveBlock(nb, m, element(row(L, k, ldl), k), ldl, row(B, k, ldb), ldb);
    const rest = k + nb;
    gemm(n - rest, m, nb, -1, element(row(L, rest, ldl), k), ldl, 1, row(B, k, ldb), ldb, 1, 0, row(B, rest, ldb), ldb, 0, work);
  }
}

export function solveLowerTransposed(n: i32, m: i32, L: usize, ldl: i32, B: usize, ldb: i32, work: usize): void {
  if (m <= FEW) {
    solveColumns(n, m, L, ldl, B, ldb, true, work);
    return;
  }
  for (let end = n; end > 0; ) {
    const nb = min(BLOCK, end);
    const k = end - nb;
    solveBlockTransposed(nb, m, element(row(L, k, ldl), k), ldl, row(B, k, ldb), ldb, work);
    gemm(k, m, nb, -1, row(L, k, ldl), 1, ldl, row(B, k, ldb), ldb, 1, 0, B, ldb, 0, work);
    end = k;
  }
}

export function triangularInverseWorkspace(n: i32): f64 {
  return solveLowerWorkspace(n, n);
}

/** X = L⁻¹, zeros above the diagonal. */
export function triangularInverse(n: i32, L: usize, ldl: i32, X: usize, ldx: i32, work: usize): void {
  for (let i = 0; i < n; i++) {
    memory.fill(row(X, i, ldx), 0, <usize>n << 3);
    put(row(X, i, ldx), i, 1);
  }
  for (let k = 0; k < n; k += BLOCK) {
    const nb = min(BLOCK, n - k);
    const rest = k + nb;
    // Columns beyond `rest` of these rows are still zero.
    solveBlock(nb, rest, element(row(L, k, ldl), k), ldl, row(X, k, ldx), ldx);
    gemm(n - rest, rest, nb, -1, element(row(L, rest, ldl), k), ldl, 1, row(X, k, ldx), ldx, 1, 0, row(X, rest, ldx), ldx, 0, work);
  }
}
