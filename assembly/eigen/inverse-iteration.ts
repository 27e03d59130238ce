/**
 * Eigenvectors of a symmetric tridiagonal matrix by inverse iteration, re-orthogonalised against the earlier ones of the same
 * cluster. O(n) a vector, O(n k²) a cluster of k; the caller checks the result, because no rule for clusters is safe.
 * Reference: B. Parlett, The Symmetric Eigenvalue Problem, section 4.9; LAPACK dstein.
 */
import { bytes, get, getInt, put, putInt, row } from '../address';
import { axpy, dot, scale } from '../blas/vector';

const UNIT: f64 = 1.1102230246251565e-16;
/** Eigenvalues closer than this part of the radius are one cluster (dstein's choice). */
const CLUSTER: f64 = 1e-3;
const SOLVES: i32 = 2;

export function inverseIterationWorkspace(n: i32): f64 {
  return 5 * bytes(n);
}

/** Factors T − shift·I = P L U with row interchanges; zero pivots become `floor`. */
function factor(n: i32, d: usize, e: usize, shift: f64, floor: f64, work: usize): void {
  const size = <usize>bytes(n);
  const inversePivot = work;
  const above = work + size;
  const secondAbove = work + 2 * size;
  const multiplier = work + 3 * size;
  const swapped = work + 4 * size;
  let a = get(d, 0) - shift;
  let b = n > 1 ? get(e, 0) : 0;
  for (let i = 0; i < n - 1; i++) {
    const below = get(e, i);
    const nextDiagonal = get(d, i + 1) - shift;
    const nextAbove = i < n - 2 ? get(e, i + 1) : 0;
    if (Math.abs(a) >= Math.abs(below)) {
      if (Math.abs(a) < floor) a = floor;
      const m = below / a;
      put(inversePivot, i, 1 / a);
      put(above, i, b);
      put(secondAbove, i, 0);
      put(multiplier, i, m);
      putInt(swapped, i, 0);
      a = nextDiagonal - m * b;
      b = nextAbove;
    } else {
      const m = a / below;
      put(inversePivot, i, 1 / below);
      put(above, i, nextDiagonal);
      put(secondAbove, i, nextAbove);
      put(multiplier, i, m);
      putInt(swapped, i, 1);
      a = b - m * nextDiagonal;
      b = -m * nextAbove;
    }
  }
  if (Math.abs(a) < floor) a = floor;
  put(inversePivot, n - 1, 1 / a);
}

/** z ← U⁻¹ L⁻¹ P z. */
function solve(n: i32, work: usize, z: usize): void {
  const size = <usize>bytes(n);
  const inversePivot = work;
  const above = work + size;
  const secondAbove = work + 2 * size;
  const multiplier = work + 3 * size;
  const swapped = work + 4 * size;
  let y = get(z, 0);
  for (let i = 0; i < n - 1; i++) {
    const next = get(z, i + 1);
    const m = get(multiplier, i);
    if (getInt(swapped, i)) {
      put(z, i, next);
      y = y - m * next;
    } else {
      put(z, i, y);
      y = next - m * y;
    }
  }
  let x1 = y * get(inversePivot, n - 1);
  let x2 = 0.0;
  put(z, n - 1, x1);
  for (let i = n - 2; i >= 0; i--) {
    const x = (get(z, i) - get(above, i) * x1 - get(secondAbove, i) * x2) * get(inversePivot, i);
    put(z, i, x);
    x2 = x1;
    x1 = x;
  }
}

/** z ← z − Σ (z·v) v over rows [from, to) of Z, one after the other. */
function orthogonalise(n: i32, Z: usize, ldz: i32, from: i32, to: i32, z: usize): void {
  for (let k = from; k < to; k++) {
    const v = row(Z, k, ldz);
    axpy(n, -dot(n, z, v), v, z);
  }
}

/** Unit eigenvectors of (d, e) for the ascending eigenvalues w (count) in the rows of Z. */
export function inverseIteration(
  n: i32, d: usize, e: usize, radius: f64, count: i32, w: usize, Z: usize, ldz: i32, work: usize,
): void {
  const floor = Math.max(UNIT * radius, 1e-290);
  let clusterStart = 0;
  // A fixed seed: results are reproducible, and no eigenvector is orthogonal to every start.
  let seed: u32 = 12345;
  for (let k = 0; k < count; k++) {
    if (k > 0 && get(w, k) - get(w, k - 1) > CLUSTER * radius) clusterStart = k;
    const z = row(Z, k, ldz);
    factor(n, d, e, get(w, k), floor, work);
    for (let i = 0; i < n; i++) {
      seed = seed * 1664525 + 1013904223;
      put(z, i, <f64>(<i32>seed >> 8) * 1.1920928955078125e-7);
    }
    for (let solves = 0; solves < SOLVES; solves++) {
      solve(n, work, z);
      orthogonalise(n, Z, ldz, clusterStart, k, z);
      scale(n, 1 / Math.sqrt(dot(n, z, z)), z);
    }
    // Once more: the first pass leaves round-off that normalising may have magnified.
    if (k > clusterStart) {
      orthogonalise(n, Z, ldz, clusterStart, k, z);
      scale(n, 1 / Math.sqrt(dot(n, z, z)), z);
    }
  }
}
