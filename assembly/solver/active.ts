/**
 * Active rows: M pairs (i, j) of stack rows given as two lists of M i32. Their Schur complement is what preconditions the
 * conjugate-gradient back end.
 */
import { element, get, getInt, put, row } from '../address';
import { dot } from '../blas/vector';

/** out_k = A[i_k] · B[j_k] over rows of length p. */
export function pairDots(m: i32, i: usize, j: usize, p: i32, A: usize, lda: i32, B: usize, ldb: i32, out: usize): void {
  for (let k = 0; k < m; k++) put(out, k, dot(p, row(A, getInt(i, k), lda), row(B, getInt(j, k), ldb)));
}

/** out (rows of length p) += Σ_k ½ x_k (e_i e_jᵀ + e_j e_iᵀ) B. */
export function pairScatter(
  m: i32, i: usize, j: usize, x: usize, p: i32, B: usize, ldb: i32, out: usize, ldo: i32,
): void {
  for (let k = 0; k < m; k++) {
    const half = 0.5 * get(x, k);
    addRow(p, half, row(B, getInt(j, k), ldb), row(out, getInt(i, k), ldo));
    addRow(p, half, row(B, getInt(i, k), ldb), row(out, getInt(j, k), ldo));
  }
}

function addRow(p: i32, alpha: f64, x: usize, y: usize): void {
  const splat = f64x2.splat(alpha);
  let k = 0;
  for (; k + 1 < p; k += 2) {
    const at = element(y, k);
    v128.store(at, f64x2.add(v128.load(at), f64x2.mul(splat, v128.load(element(x, k)))));
  }
  if (k < p) put(y, k, get(y, k) + alpha * get(x, k));
}

/** Rows [from, to) of H (M×M, lower) = ½ (W[i_k, i_l] W[j_k, j_l] + W[i_k, j_l] W[j_k, i_l]), W symmetric full. */
export function pairSchur(from: i32, to: i32, i: usize, j: usize, W: usize, ldw: i32, H: usize, ldh: i32): void {
  for (let k = from; k < to; k++) {
    const a = row(W, getInt(i, k), ldw);
    const b = row(W, getInt(j, k), ldw);
    const target = row(H, k, ldh);
    for (let l = 0; l <= k; l++) {
      const s = getInt(i, l);
      const t = getInt(j, l);
      put(target, l, 0.5 * (get(a, s) * get(b, t) + get(a, t) * get(b, s)));
    }
  }
}

/**
 * Rows [from, to) of H (lower) −= ¼ (v_j e_i + v_i e_j)_kᵀ P (v_j e_i + v_i e_j)_l, P symmetric full of order n2, v of length n2, work n2 doubles.
 */
export function pairSchurLoss(
  from: i32, to: i32, n2: i32, i: usize, j: usize, v: usize, P: usize, ldp: i32, H: usize, ldh: i32, work: usize,
): void {
  for (let k = from; k < to; k++) {
    const vi = 0.25 * get(v, getInt(i, k));
    const vj = 0.25 * get(v, getInt(j, k));
    const a = row(P, getInt(i, k), ldp);
    const b = row(P, getInt(j, k), ldp);
    for (let s = 0; s < n2; s++) put(work, s, vj * get(a, s) + vi * get(b, s));
    const target = row(H, k, ldh);
    for (let l = 0; l <= k; l++) {
      const s = getInt(i, l);
      const t = getInt(j, l);
      put(target, l, get(target, l) - get(work, s) * get(v, t) - get(work, t) * get(v, s));
    }
  }
}

/** y = A x for symmetric A from its diagonal and its strict upper triangle; the lower one may hold something else. */
export function symvUpper(n: i32, diagonal: usize, A: usize, lda: i32, x: usize, y: usize): void {
  for (let i = 0; i < n; i++) put(y, i, get(diagonal, i) * get(x, i));
  for (let i = 0; i < n; i++) {
    const xi = get(x, i);
    const source = row(A, i, lda);
    const splat = f64x2.splat(xi);
    let sum = f64x2.splat(0);
    let k = i + 1;
    for (; k + 1 < n; k += 2) {
      const a = v128.load(element(source, k));
      const at = element(y, k);
      sum = f64x2.add(sum, f64x2.mul(a, v128.load(element(x, k))));
      v128.store(at, f64x2.add(v128.load(at), f64x2.mul(a, splat)));
    }
    let total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
    if (k < n) {
      const a = get(source, k);
      total += a * get(x, k);
      put(y, k, get(y, k) + a * xi);
    }
    put(y, i, get(y, i) + total);
  }
}

/** The lower triangle of A from its diagonal and its strict upper triangle. */
export function restoreLower(n: i32, diagonal: usize, A: usize, lda: i32): void {
  for (let i = 0; i < n; i++) {
    const target = row(A, i, lda);
    for (let k = 0; k < i; k++) put(target, k, get(row(A, k, lda), i));
    put(target, i, get(diagonal, i));
  }
}
