/** Diagonal scalings of symmetric matrices. */
import { get, getInt, put, row } from '../address';

/** A(i, j) *= s_i s_j, lower triangle. */
export function scaleSymmetric(n: i32, s: usize, A: usize, lda: i32): void {
  for (let i = 0; i < n; i++) {
    const target = row(A, i, lda);
    const si = get(s, i);
    const splat = f64x2.splat(si);
    const end = <usize>(i + 1) << 3;
    const blocks = end & ~15;
    let j: usize = 0;
    for (; j < blocks; j += 16) v128.store(target + j, f64x2.mul(v128.load(target + j), f64x2.mul(splat, v128.load(s + j))));
    if (j < end) store<f64>(target + j, load<f64>(target + j) * (si * load<f64>(s + j)));
  }
}

/** A(i, j) ← 2 A(i, j) / (s_i + s_j), full: the X with ½(diag(s) X + X diag(s)) = A. */
export function solveLyapunov(n: i32, s: usize, A: usize, lda: i32): void {
  for (let i = 0; i < n; i++) {
    const target = row(A, i, lda);
    const si = get(s, i);
    for (let j = 0; j < n; j++) put(target, j, (2 * get(target, j)) / (si + get(s, j)));
  }
}

/** out (m×m, full) = diag(f) K[index, index] diag(f), K symmetric full, index m i32. */
export function gatherSymmetric(m: i32, index: usize, f: usize, K: usize, ldk: i32, out: usize, ldo: i32): void {
  for (let i = 0; i < m; i++) {
    const source = row(K, getInt(index, i), ldk);
    const target = row(out, i, ldo);
    const fi = get(f, i);
    for (let j = 0; j < m; j++) put(target, j, fi * get(f, j) * get(source, getInt(index, j)));
  }
}
