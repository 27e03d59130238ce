/** Copies between triangles and transposes, in 32×32 blocks so that both sides stay in the first-level cache. */
import { get, put, row } from '../address';

const BLOCK: i32 = 32;

/** Copies the lower triangle onto the upper one. */
export function mirror(n: i32, A: usize, lda: i32): void {
  for (let ib = 0; ib < n; ib += BLOCK) {
    for (let jb = 0; jb <= ib; jb += BLOCK) {
      const iEnd = min(ib + BLOCK, n);
      for (let i = ib; i < iEnd; i++) {
        const a = row(A, i, lda);
        const jEnd = min(jb + BLOCK, i);
        for (let j = jb; j < jEnd; j++) put(row(A, j, lda), i, get(a, j));
      }
    }
  }
}

/** A = (A + Aᵀ)/2, both triangles. */
export function symmetrize(n: i32, A: usize, lda: i32): void {
  for (let ib = 0; ib < n; ib += BLOCK) {
    for (let jb = 0; jb <= ib; jb += BLOCK) {
      const iEnd = min(ib + BLOCK, n);
      for (let i = ib; i < iEnd; i++) {
        const a = row(A, i, lda);
        const jEnd = min(jb + BLOCK, i);
        for (let j = jb; j < jEnd; j++) {
          const b = row(A, j, lda);
          // Halving first cannot overflow, and is exact except for subnormal numbers.
          const mean = 0.5 * get(a, j) + 0.5 * get(b, i);
          put(a, j, mean);
          put(b, i, mean);
        }
      }
    }
  }
}

/** B (n×m) = Aᵀ, A m×n. */
export function transpose(m: i32, n: i32, A: usize, lda: i32, B: usize, ldb: i32): void {
  for (let ib = 0; ib < m; ib += BLOCK) {
    for (let jb = 0; jb < n; jb += BLOCK) {
      const iEnd = min(ib + BLOCK, m);
      const jEnd = min(jb + BLOCK, n);
      for (let j = jb; j < jEnd; j++) {
        const b = row(B, j, ldb);
        for (let i = ib; i < iEnd; i++) put(b, i, get(row(A, i, lda), j));
      }
    }
  }
}

/** B (m×n) = A. */
export function copyMatrix(m: i32, n: i32, A: usize, lda: i32, B: usize, ldb: i32): void {
  for (let i = 0; i < m; i++) memory.copy(row(B, i, ldb), row(A, i, lda), <usize>n << 3);
}
