/**
 * Some eigenpairs of a symmetric tridiagonal matrix: bisection, inverse iteration, and a check of residuals and orthogonality
 * that makes the shortcut safe: on failure the caller uses divide and conquer.
 */
import { alignBytes, bytes, get, matrixBytes, row } from '../address';
import { gemm } from '../blas/gemm';
import { bisectEigenvalues, BISECT_BYTES } from './bisect';
import { inverseIteration, inverseIterationWorkspace } from './inverse-iteration';
import { squareOffDiagonal, tridiagonalRadius } from './sturm';

const UNIT: f64 = 1.1102230246251565e-16;
/** Largest residual and inner product accepted, in units of n·ε: a sixteenth of what the whole solver may have. */
const ACCEPTED: f64 = 4;

/** Below this order divide and conquer is as fast. */
const MIN_ORDER: i32 = 96;

/** Whether `count` of n eigenpairs are few enough for this to beat divide and conquer. */
export function isSubsetCheaper(n: i32, count: i32): bool {
  return n >= MIN_ORDER && count <= n / 5;
}

export function tridiagonalSubsetWorkspace(n: i32): f64 {
  const most = n / 5 + 1;
  return alignBytes(<f64>BISECT_BYTES) + bytes(n) + max(inverseIterationWorkspace(n), matrixBytes(most, most));
}

/** max |T z − w z| over the rows of Z. */
function largestResidual(n: i32, d: usize, e: usize, count: i32, w: usize, Z: usize, ldz: i32): f64 {
  let largest = 0.0;
  for (let k = 0; k < count; k++) {
    const z = row(Z, k, ldz);
    const x = get(w, k);
    for (let i = 0; i < n; i++) {
      let r = (get(d, i) - x) * get(z, i);
      if (i > 0) r += get(e, i - 1) * get(z, i - 1);
      if (i < n - 1) r += get(e, i) * get(z, i + 1);
      largest = Math.max(largest, Math.abs(r));
    }
  }
  return largest;
}

/** max |Z Zᵀ − I|. */
function orthogonalityError(n: i32, count: i32, Z: usize, ldz: i32, G: usize, gemmWork: usize): f64 {
  memory.fill(G, 0, (<usize>count * <usize>count) << 3);
  gemm(count, count, n, 1, Z, ldz, 1, Z, 1, ldz, 0, G, count, 1, gemmWork);
  let largest = 0.0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) largest = Math.max(largest, Math.abs(get(row(G, i, count), j)));
    largest = Math.max(largest, Math.abs(get(row(G, i, count), i) - 1));
  }
  return largest;
}

/** Eigenpairs [first, last) of (d, e), which are kept; false when they fail the check. Requires isSubsetCheaper. */
export function tridiagonalSubset(
  n: i32, d: usize, e: usize, first: i32, last: i32, w: usize, Z: usize, ldz: i32, work: usize, gemmWork: usize,
): bool {
  const count = last - first;
  const e2 = work + <usize>alignBytes(<f64>BISECT_BYTES);
  const rest = e2 + <usize>bytes(n);
  const radius = tridiagonalRadius(n, d, e);
  squareOffDiagonal(n, e, e2);
  bisectEigenvalues(n, d, e2, radius, first, last, w, work);
  inverseIteration(n, d, e, radius, count, w, Z, ldz, rest);
  const tolerance = ACCEPTED * <f64>n * UNIT;
  // The negated tests also catch NaN.
  if (!(largestResidual(n, d, e, count, w, Z, ldz) <= tolerance * radius)) return false;
  return orthogonalityError(n, count, Z, ldz, rest, gemmWork) <= tolerance;
}
