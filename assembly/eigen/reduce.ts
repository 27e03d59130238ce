/**
 * What every symmetric eigenvalue kernel begins with: a scaled copy of the matrix, reduced to tridiagonal form. The scale is a
 * power of two that brings the largest entry near 1, because squares underflow at 1e-154 and overflow at 1e154.
 */
import { bytes, element, leadingDimension, matrixBytes, row } from '../address';
import { gemmWorkspace } from '../blas/gemm';
import { copy, maxAbs, scale } from '../blas/vector';
import { tridiagonalizePart } from './tridiagonalize';

/** Work addresses, in order: GEMM, the matrix, its diagonal, its off-diagonal, the reflectors' factors, the rest. */
@inline
export function matrixOf(work: usize): usize {
  return work + <usize>gemmWorkspace();
}
@inline
export function diagonalOf(n: i32, work: usize): usize {
  return matrixOf(work) + <usize>matrixBytes(n, leadingDimension(n));
}
@inline
export function offDiagonalOf(n: i32, work: usize): usize {
  return diagonalOf(n, work) + <usize>bytes(n);
}
@inline
export function factorsOf(n: i32, work: usize): usize {
  return offDiagonalOf(n, work) + <usize>bytes(n);
}
@inline
export function restOf(n: i32, work: usize): usize {
  return factorsOf(n, work) + <usize>bytes(n);
}

/** Bytes before the rest. */
export function reductionBytes(n: i32): f64 {
  return gemmWorkspace() + matrixBytes(n, leadingDimension(n)) + 3 * bytes(n);
}

/** 2^k for −1022 ≤ k ≤ 1023. */
@inline
function powerOfTwo(k: i32): f64 {
  return reinterpret<f64>((<u64>(1023 + k)) << 52);
}

/** The whole number k with 2^k ≤ x < 2^(k+1), for 0 < x < Infinity. */
function exponentOf(x: f64): i32 {
  const exponent = <i32>(reinterpret<u64>(x) >> 52);
  return exponent > 0 ? exponent - 1023 : <i32>(reinterpret<u64>(x * 18014398509481984.0) >> 52) - 1077;
}

/**
 * Copies A (lower), scaled, to matrixOf(work) and tridiagonalises it there. Returns the scale s (eigenvalues of A are those of T
 * times s), or NaN when A is not finite. n > 0.
 */
export function reduce(n: i32, A: usize, lda: i32, work: usize): f64 {
  const unit = beginReduction(n, A, lda, work);
  if (unit == unit) continueReduction(n, n, 1, work);
  return unit;
}

/** The scaled copy; the scale, or NaN when A is not finite. */
export function beginReduction(n: i32, A: usize, lda: i32, work: usize): f64 {
  const T = matrixOf(work);
  const ldt = leadingDimension(n);
  let largest = 0.0;
  for (let i = 0; i < n; i++) {
    const m = maxAbs(i + 1, row(A, i, lda));
    if (m != m) return NaN;
    largest = Math.max(largest, m);
  }
  // In two factors, since for the smallest and largest numbers one or its inverse is no double.
  const k = largest == 0 ? 0 : exponentOf(largest);
  const first = max(-1000, min(1000, k));
  const factor = powerOfTwo(-first);
  const second = powerOfTwo(first - k);
  for (let i = 0; i < n; i++) {
    const t = row(T, i, ldt);
    copy(i + 1, row(A, i, lda), t);
    scale(i + 1, factor, t);
    if (second != 1) scale(i + 1, second, t);
  }
  return powerOfTwo(first) * powerOfTwo(k - first);
}

/** Tridiagonalises the leading block of order `end` until at most `stop` rows are left; returns how many are, at last 1. */
export function continueReduction(n: i32, end: i32, stop: i32, work: usize): i32 {
  return tridiagonalizePart(
    n, matrixOf(work), leadingDimension(n), diagonalOf(n, work), offDiagonalOf(n, work), factorsOf(n, work), end, stop,
    restOf(n, work), work,
  );
}
