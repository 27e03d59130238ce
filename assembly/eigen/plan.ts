/** What one divide-and-conquer run keeps: addresses and counts at the head of its workspace, because kernels have no state. */
import { alignBytes, bytes, get, getInt, intBytes, matrixBytes, putInt } from '../address';

@unmanaged
export class Plan {
  /** Eigenvalues, by row of Q. */
  d: usize = 0;
  e: usize = 0;
  /** Eigenvectors are rows. */
  Q: usize = 0;
  ldq: i32 = 0;
  /** i32: rows of Q in ascending order of eigenvalue, relative to the start of their block. */
  order: usize = 0;
  /** Differences δ_i − λ_j, then coefficients, k×k. */
  S: usize = 0;
  /** Rows of Q before the merge. */
  rows: usize = 0;
  z: usize = 0;
  poles: usize = 0;
  weights: usize = 0;
  squares: usize = 0;
  roots: usize = 0;
  deflatedValues: usize = 0;
  merged: usize = 0;
  support: usize = 0;
  active: usize = 0;
  deflated: usize = 0;
  position: usize = 0;
  /** Wanted eigenpairs [first, last) of the whole matrix, in ascending order; the last merge forms only those. */
  first: i32 = 0;
  last: i32 = 0;
  gemmWork: usize = 0;

  // Of the merge under way:
  /** Active rows that are nonzero in the left half only; in the left half or both; in the right half or both. */
  left: i32 = 0;
  leftAndBoth: i32 = 0;
  bothAndRight: i32 = 0;
  /** Copies within `rows`: left halves, right halves, deflated rows. */
  oldLeft: usize = 0;
  oldRight: usize = 0;
  oldDeflated: usize = 0;
  /** Active rows. */
  count: i32 = 0;
  /** Wanted roots [from, to), and the number of wanted deflated rows. */
  from: i32 = 0;
  to: i32 = 0;
  kept: i32 = 0;
}

export function mergeWorkspace(n: i32): f64 {
  return alignBytes(<f64>offsetof<Plan>()) + matrixBytes(n, n + 1) + matrixBytes(n + 1, n) + 6 * bytes(n + 2) + 5 * intBytes(n);
}

export function planMerges(n: i32, work: usize): Plan {
  const plan = changetype<Plan>(work);
  let p = work + <usize>alignBytes(<f64>offsetof<Plan>());
  plan.S = p;
  p += <usize>matrixBytes(n, n + 1);
  plan.rows = p;
  p += <usize>matrixBytes(n + 1, n);
  const size = <usize>bytes(n + 2);
  plan.z = p;
  plan.poles = p + size;
  plan.weights = p + 2 * size;
  plan.squares = p + 3 * size;
  plan.roots = p + 4 * size;
  plan.deflatedValues = p + 5 * size;
  p += 6 * size;
  const ints = <usize>intBytes(n);
  plan.merged = p;
  plan.support = p + ints;
  plan.active = p + 2 * ints;
  plan.deflated = p + 3 * ints;
  plan.position = p + 4 * ints;
  return plan;
}

/** Ascending insertion sort of row indices by their value in d; for lists that are nearly sorted. */
export function sortRows(n: i32, d: usize, list: usize): void {
  for (let i = 1; i < n; i++) {
    const index = getInt(list, i);
    const x = get(d, index);
    let j = i - 1;
    while (j >= 0 && get(d, getInt(list, j)) > x) {
      putInt(list, j + 1, getInt(list, j));
      j--;
    }
    putInt(list, j + 1, index);
  }
}
