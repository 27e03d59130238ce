/**
 * Eigenvalues of a symmetric tridiagonal matrix by counting: the number of negative pivots of T − xI is the number of
 * eigenvalues below x (Sylvester), and stays a true count for a matrix within a few units of round-off of T.
 * Reference: J. Demmel, I. Dhillon, H. Ren, On the correctness of some bisection-like parallel eigenvalue algorithms,
 * ETNA 3 (1995).
 */
import { get, put } from '../address';

/** Pivots smaller than this (matrix scaled to about 1) are replaced by it, which moves d by as little. */
export const PIVOT_FLOOR: f64 = 1e-290;

/** Number of eigenvalues of (d, e) below x; e2 = e². */
export function sturmCount(n: i32, d: usize, e2: usize, x: f64): i32 {
  let count = 0;
  let q = 1.0;
  let c = 0.0;
  for (let i = 0; i < n; i++) {
    q = get(d, i) - x - c / q;
    if (Math.abs(q) < PIVOT_FLOOR) q = -PIVOT_FLOOR;
    if (q < 0) count++;
    c = get(e2, i);
  }
  return count;
}

/** Gershgorin: every |eigenvalue| is at most this; e (n, last entry ignored). */
export function tridiagonalRadius(n: i32, d: usize, e: usize): f64 {
  let radius = 0.0;
  for (let i = 0; i < n; i++) {
    const left = i > 0 ? Math.abs(get(e, i - 1)) : 0;
    const right = i < n - 1 ? Math.abs(get(e, i)) : 0;
    radius = Math.max(radius, Math.abs(get(d, i)) + left + right);
  }
  return radius;
}

/** e2 = e², n entries, the last one 0. */
export function squareOffDiagonal(n: i32, e: usize, e2: usize): void {
  for (let i = 0; i < n - 1; i++) put(e2, i, get(e, i) * get(e, i));
  put(e2, n - 1, 0);
}

/** Eigenvalue with ascending index k by bisection to the last bit, inside [low, high]. */
export function bisectEigenvalue(n: i32, d: usize, e2: usize, k: i32, low: f64, high: f64): f64 {
  for (let step = 0; step < 110; step++) {
    const middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    if (sturmCount(n, d, e2, middle) <= k) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}
