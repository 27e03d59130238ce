/**
 * Solves with a lower triangle and one right-hand side, four rows at a time: every number of L is read once, which is all such a
 * solve costs. n² flops.
 */
import { element, get, put, row } from '../address';
import { gemv, gemvTransposed } from './matrix-vector';

const ROWS: i32 = 4;

/** b ← L⁻¹ b, contiguous. */
export function solveVector(n: i32, L: usize, ldl: i32, b: usize): void {
  for (let k = 0; k < n; k += ROWS) {
    const rows = min(ROWS, n - k);
    gemv(rows, k, -1, row(L, k, ldl), ldl, b, element(b, k));
    for (let i = k; i < k + rows; i++) {
      const l = row(L, i, ldl);
      let x = get(b, i);
      for (let j = k; j < i; j++) x -= get(l, j) * get(b, j);
      put(b, i, x / get(l, i));
    }
  }
}

/** b ← L⁻ᵀ b, contiguous. */
export function solveVectorTransposed(n: i32, L: usize, ldl: i32, b: usize): void {
  for (let end = n; end > 0; ) {
    const rows = min(ROWS, end);
    const k = end - rows;
    for (let i = end - 1; i >= k; i--) {
      let x = get(b, i);
      for (let j = i + 1; j < end; j++) x -= get(row(L, j, ldl), i) * get(b, j);
      put(b, i, x / get(row(L, i, ldl), i));
    }
    gemvTransposed(rows, k, -1, row(L, k, ldl), ldl, element(b, k), b);
    end = k;
  }
}
