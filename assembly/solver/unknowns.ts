/**
 * The free entries of Lambda (p×p, p = n + d + c, over alpha, u', v): its upper triangle row by row without the diagonal of the
 * alpha block, which A_ii = x_i·C_i (complementarity of alpha_i and beta_i) eliminates. The basis matrix of C_ik is therefore
 * e_i e_{n+k}ᵀ + e_{n+k} e_iᵀ + Xw_ik e_i e_iᵀ.
 */
import { element, get, put, row } from '../address';

/** Index of the first free entry of row i of Lambda. */
export function rowStart(i: i32, n: i32, p: i32): i32 {
  return i * p - (i * (i - 1)) / 2 - min(i, n);
}

/** A_ii = x_i·C_i, i < n, in Lambda; X n×d packed. */
export function complementaryDiagonal(n: i32, d: i32, X: usize, Lambda: usize, ld: i32): void {
  for (let i = 0; i < n; i++) {
    const target = row(Lambda, i, ld);
    const x = row(X, i, d);
    let sum: f64 = 0;
    for (let k = 0; k < d; k++) sum += get(x, k) * get(target, n + k);
    put(target, i, sum);
  }
}

/** Lambda (both triangles) = Σ_a y_a E_a. */
export function expandUnknowns(n: i32, d: i32, p: i32, X: usize, y: usize, Lambda: usize, ld: i32): void {
  for (let i = 0; i < p; i++) {
    for (let j = i < n ? i + 1 : i; j < p; j++) {
      const value = load<f64>(y);
      y += 8;
      put(row(Lambda, i, ld), j, value);
      put(row(Lambda, j, ld), i, value);
    }
  }
  complementaryDiagonal(n, d, X, Lambda, ld);
}

/** r_a = tr(E_a R), R symmetric full p×p: the adjoint of expandUnknowns. */
export function contractUnknowns(n: i32, d: i32, p: i32, X: usize, R: usize, ldr: i32, r: usize): void {
  for (let i = 0; i < p; i++) {
    const source = row(R, i, ldr);
    const diagonal = get(source, i);
    const start = element(r, rowStart(i, n, p));
    if (i >= n) put(start, 0, diagonal);
    const first = i < n ? i + 1 : i;
    for (let j = i + 1; j < p; j++) put(start, j - first, 2 * get(source, j));
    if (i >= n) continue;
    const c = element(start, n - first);
    for (let k = 0; k < d; k++) put(c, k, get(c, k) + get(row(X, i, d), k) * diagonal);
  }
}
