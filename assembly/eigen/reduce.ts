/**
 * What every symmetric eigenvalue kernel begins with: a scaled copy of the matrix, reduced to tridiagonal form. The scale is a
 * power of two that brings the largest entry near 1, because squares underflow at 1e-154 and overflow at 1e154.
 */
import { align, bytes, element, leadingDimension, matrixBytes, row } from '../address';
import { gemmWorkspace } from '../blas/gemm';
import { copy, maxAbs, scale } from '../blas/vector';
import { tridiagonalize } from './tridiagonalize';

/** Work addresses, in order: GEMM, the matrix, its diagonal, its off-diagonal, the reflectors' factors, the rest. */
@inline
export function matrixOf(work: usize): usize {
  return work + align(gemmWorkspace());
}
@inline
export function diagonalOf(n: i32, work: usize): usize {
  return matrixOf(work) + matrixBytes(n, leadingDimension(n));
}
@inline
export function offDiagonalOf(n: i32, work: usize): usize {
  return diagonalOf(n, work) + bytes(n);
}
@inline
export function factorsOf(n: i32, work: usize): usize {
  return offDiagonalOf(n, work) + bytes(n);
}
@inline
export function restOf(n: i32, work: usize): usize {
  return factorsOf(n, work) + bytes(n);
}

/** 2^k for −1022 ≤ k ≤ 1023. */
@inline
function powerOfTwo(k: i32): f64 {
  return reinterpret<f64>((<u64>(1023 + k)) << 52);
}

/**
 * Copies A (lower), scaled, to matrixOf(work) and tridiagonalises it there. Returns the scale s (eigenvalues of A are those of T
 * times s), or NaN when A is not finite. n > 0.
 */
export function reduce(n: i32, A: usize, lda: i32, work: usize): f64 {
  const T = matrixOf(work);
  const ldt = leadingDimension(n);
  let largest = 0.0;
  for (let i = 0; i < n; i++) {
    const m = maxAbs(i + 1, row(A, i, lda));
    if (m != m) return NaN;
    largest = Math.max(largest, m);
  }
  // Clamped so that both the factor and its inverse are normal numbers.
  const exponent = <i32>(reinterpret<u64>(largest) >> 52) - 1023;
  const k = largest == 0 ? 0 : max(-1000, min(1000, exponent));
  const factor = powerOfTwo(-k);
  for (let i = 0; i < n; i++) {
    const t = row(T, i, ldt);
    copy(i + 1, row(A, i, lda), t);
    scale(i + 1, factor, t);
  }
  tridiagonalize(n, T, ldt, diagonalOf(n, work), offDiagonalOf(n, work), factorsOf(n, work), restOf(n, work), work);
  return powerOfTwo(k);
}
