/**
 * The lifted block Lambda of a group of m rows over (alpha, u, h), p = m + s with s = d + e, and its free entries: y, q of them, are the group's own,
 * b, s(s+1)/2 of them, are shared by all groups.
 *   y: A_ij, j < i, row by row; then C_ik (m×d), the entries (alpha_i, u_k); then W_ik (m×e), the entries (alpha_i, h_k).
 *   b: the lower triangle over (u, h), row by row.
 * A_ii = x_i·C_i (alpha_i beta_i = 0), so the basis matrix of C_ik is e_i e_{m+k}ᵀ + e_{m+k} e_iᵀ + x_ik e_i e_iᵀ. X is m×d, T forms×p, Lambda p×p, all packed.
 */
import { bytes, element, get, getInt, matrixBytes, put, row } from '../address';
import { gemm, gemmWorkspace } from '../blas/gemm';
import { axpy } from '../blas/vector';
import { LOWER } from '../../src/engine/constants';

/** Index in y of the entry of alpha_i with (u, h)_k. */
@inline
function rowEntry(m: i32, d: i32, e: i32, i: i32, k: i32): i32 {
  const first = (m * (m - 1)) / 2;
  return k < d ? first + i * d + k : first + m * d + i * e + k - d;
}

/** Lambda (both triangles) from y and b. */
export function groupExpand(m: i32, d: i32, e: i32, X: usize, y: usize, b: usize, Lambda: usize): void {
  const s = d + e;
  const p = m + s;
  for (let i = 0; i < m; i++) {
    const target = row(Lambda, i, p);
    let diagonal: f64 = 0;
    for (let j = 0; j < i; j++) {
      const value = get(y, (i * (i - 1)) / 2 + j);
      put(target, j, value);
      put(row(Lambda, j, p), i, value);
    }
    for (let k = 0; k < s; k++) {
      const value = get(y, rowEntry(m, d, e, i, k));
      put(target, m + k, value);
      put(row(Lambda, m + k, p), i, value);
      if (k < d) diagonal += get(row(X, i, d), k) * value;
    }
    put(target, i, diagonal);
  }
  for (let i = 0; i < s; i++) {
    for (let j = 0; j <= i; j++) {
      const value = load<f64>(b);
      b += 8;
      put(row(Lambda, m + i, p), m + j, value);
      put(row(Lambda, m + j, p), m + i, value);
    }
  }
}

/** ry and rb = tr(E R) over all basis matrices E: the adjoint of groupExpand. R symmetric full p×p. */
export function groupContract(m: i32, d: i32, e: i32, X: usize, R: usize, ry: usize, rb: usize): void {
  const s = d + e;
  const p = m + s;
  for (let i = 0; i < m; i++) {
    const source = row(R, i, p);
    const diagonal = get(source, i);
    for (let j = 0; j < i; j++) put(ry, (i * (i - 1)) / 2 + j, 2 * get(source, j));
    for (let k = 0; k < s; k++) {
      const own: f64 = k < d ? get(row(X, i, d), k) * diagonal : 0;
      put(ry, rowEntry(m, d, e, i, k), 2 * get(source, m + k) + own);
    }
  }
  for (let i = 0; i < s; i++) {
    const source = element(row(R, m + i, p), m);
    for (let j = 0; j < i; j++) put(rb, j, 2 * get(source, j));
    put(rb, i, get(source, i));
    rb += <usize>(i + 1) << 3;
  }
}

/**
 * H (q×q lower, rows ldh apart), Hb (q rows ldb apart, s(s+1)/2 columns) and Hbb (lower, packed square) ← tr(E_a M E_b M) over y and y, y and b, b and
 * b; M symmetric full p×p, work p doubles.
 */
export function groupKronecker(
  m: i32, d: i32, e: i32, X: usize, M: usize, H: usize, ldh: i32, Hb: usize, ldb: i32, Hbb: usize, work: usize,
): void {
  const s = d + e;
  const p = m + s;
  let at = 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < i; j++, at++) {
      const g = row(M, i, p);
      const h = row(M, j, p);
      productsInA(m, g, h, i, j, row(H, at, ldh));
      productsInShared(m, s, g, h, s, row(Hb, at, ldb));
    }
  }
  for (let part = 0; part < 2; part++) {
    for (let i = 0; i < m; i++) {
      const g = row(M, i, p);
      for (let k = part == 0 ? 0 : d; k < (part == 0 ? d : s); k++, at++) {
        const source = row(M, m + k, p);
        const own: f64 = part == 0 ? 0.5 * get(row(X, i, d), k) : 0;
        for (let l = 0; l < p; l++) put(work, l, get(source, l) + own * get(g, l));
        const target = row(H, at, ldh);
        productsInA(m, g, work, m, 0, target);
        productsInRows(m, d, e, X, g, work, at, target);
        productsInShared(m, s, g, work, s, row(Hb, at, ldb));
      }
    }
  }
  const shared = (s * (s + 1)) / 2;
  at = 0;
  for (let i = 0; i < s; i++) {
    for (let j = 0; j <= i; j++, at++) {
      const target = row(Hbb, at, shared);
      productsInShared(m, s, row(M, m + i, p), row(M, m + j, p), i + 1, target);
      if (i == j) for (let k = 0; k <= at; k++) put(target, k, 0.5 * get(target, k));
    }
  }
}

/** 2 (g_k h_l + h_k g_l) for the entries (k, l) of A before (i, j); all of A for i = m. */
function productsInA(m: i32, g: usize, h: usize, i: i32, j: i32, out: usize): void {
  for (let k = 1; k <= i && k < m; k++) {
    const last = k == i ? j + 1 : k;
    combine(last, 2 * get(h, k), g, 2 * get(g, k), h, element(out, (k * (k - 1)) / 2));
  }
}

/** The same for the entries of C and W up to number `last`, with what A_kk adds to C_k. */
function productsInRows(m: i32, d: i32, e: i32, X: usize, g: usize, h: usize, last: i32, out: usize): void {
  let at = (m * (m - 1)) / 2;
  for (let k = 0; k < m && at <= last; k++, at += d) {
    const target = element(out, at);
    const gk = 2 * get(g, k);
    const hk = 2 * get(h, k);
    combine(d, hk, element(g, m), gk, element(h, m), target);
    axpy(d, gk * get(h, k), row(X, k, d), target);
  }
  for (let k = 0; k < m && at <= last; k++, at += e) {
    combine(e, 2 * get(h, k), element(g, m + d), 2 * get(g, k), element(h, m + d), element(out, at));
  }
}

/** The same for the first `rows` rows of the shared block; its diagonal entries count once. */
function productsInShared(m: i32, s: i32, g: usize, h: usize, rows: i32, out: usize): void {
  const gs = element(g, m);
  const hs = element(h, m);
  for (let k = 0; k < rows; k++) {
    combine(k + 1, 2 * get(hs, k), gs, 2 * get(gs, k), hs, out);
    out = element(out, k);
    put(out, 0, 0.5 * get(out, 0));
    out += 8;
  }
}

/** out = alpha x + beta y; out need not be aligned with them. */
function combine(n: i32, alpha: f64, x: usize, beta: f64, y: usize, out: usize): void {
  const a = f64x2.splat(alpha);
  const b = f64x2.splat(beta);
  let k = 0;
  for (; k + 1 < n; k += 2) {
    v128.store(element(out, k), f64x2.add(f64x2.mul(a, v128.load(element(x, k))), f64x2.mul(b, v128.load(element(y, k)))));
  }
  if (k < n) put(out, k, alpha * get(x, k) + beta * get(y, k));
}

/** Bytes that groupPairs needs for so many products over a shared block of order s. */
export function groupPairsWorkspace(count: i32, s: i32): f64 {
  return gemmWorkspace() + 2 * bytes(s) + bytes(count) + matrixBytes(count, (s * (s + 1)) / 2);
}

/**
 * H, Hb and Hbb += Σ_k theta_k J_k J_kᵀ over the products K_fg = T_f Lambda T_gᵀ of forms f = first_k ≠ g = second_k, J_k their derivative by (y, b). Form f
 * involves alpha of row formRow_f only (−1: of none). The derivatives by b are collected for one product at the end.
 */
export function groupPairs(
  m: i32, d: i32, e: i32, X: usize, T: usize, formRow: usize, count: i32, first: usize, second: usize, theta: usize,
  H: usize, ldh: i32, Hb: usize, ldb: i32, Hbb: usize, work: usize,
): void {
  const s = d + e;
  const p = m + s;
  const shared = (s * (s + 1)) / 2;
  const onF = work + <usize>gemmWorkspace();
  const onG = onF + <usize>bytes(s);
  const weights = onG + <usize>bytes(s);
  const stored = weights + <usize>bytes(count);
  let rows = 0;
  for (let k = 0; k < count; k++) {
    const f = getInt(first, k);
    const g = getInt(second, k);
    const i = getInt(formRow, f);
    const j = getInt(formRow, g);
    const us = element(row(T, f, p), m);
    const vs = element(row(T, g, p), m);
    const tau: f64 = i < 0 ? 0 : get(row(T, f, p), i);
    const rho: f64 = j < 0 ? 0 : get(row(T, g, p), j);
    const weight = get(theta, k);
    const fHasShared = hasEntries(s, us);
    const gHasShared = hasEntries(s, vs);
    for (let l = 0; l < s; l++) {
      put(onF, l, tau * get(vs, l));
      put(onG, l, rho * get(us, l));
    }
    const isOneRow = i == j && i >= 0;
    if (isOneRow) {
      // both in the entries of one row, and A_ii = x_i·C_i
      axpy(s, 1, onG, onF);
      axpy(d, tau * rho, row(X, i, d), onF);
    }
    const onB = row(stored, rows, shared);
    const hasB = fHasShared && gHasShared;
    if (hasB) {
      outerEntries(s, us, vs, onB);
      put(weights, rows++, weight);
    }
    const hasF = tau != 0 && (gHasShared || isOneRow);
    const hasG = rho != 0 && fHasShared && i != j;
    if (hasF) addRowTerms(m, d, e, i, i, weight, onF, onF, H, ldh);
    if (hasG) addRowTerms(m, d, e, j, j, weight, onG, onG, H, ldh);
    if (hasF && hasG) addRowTerms(m, d, e, i, j, weight, onF, onG, H, ldh);
    if (tau != 0 && rho != 0 && i != j) {
      const high = max(i, j);
      const a = (high * (high - 1)) / 2 + min(i, j);
      const value = weight * tau * rho;
      const diagonal = element(row(H, a, ldh), a);
      store<f64>(diagonal, load<f64>(diagonal) + value * tau * rho);
      if (hasF) addColumn(m, d, e, a, i, value, onF, H, ldh);
      if (hasG) addColumn(m, d, e, a, j, value, onG, H, ldh);
      if (hasB) axpy(shared, value, onB, row(Hb, a, ldb));
    }
    if (hasB && hasF) addSharedTerms(m, d, e, i, weight, onF, onB, shared, Hb, ldb);
    if (hasB && hasG) addSharedTerms(m, d, e, j, weight, onG, onB, shared, Hb, ldb);
  }
  gemm(shared, shared, rows, 1, stored, 1, shared, stored, shared, 1, weights, Hbb, shared, LOWER, work);
}

function hasEntries(n: i32, x: usize): bool {
  for (let k = 0; k < n; k++) if (get(x, k) != 0) return true;
  return false;
}

/** The coefficients of uᵀ B v over the lower triangle of B. */
function outerEntries(s: i32, u: usize, v: usize, out: usize): void {
  for (let k = 0; k < s; k++) {
    const uk = get(u, k);
    const vk = get(v, k);
    for (let l = 0; l < k; l++) put(out, l, uk * get(v, l) + vk * get(u, l));
    put(out, k, uk * vk);
    out = element(out, k + 1);
  }
}

/** H += weight (f at row i)(g at row j)ᵀ and, for i ≠ j, its transpose: lower triangle. */
function addRowTerms(m: i32, d: i32, e: i32, i: i32, j: i32, weight: f64, f: usize, g: usize, H: usize, ldh: i32): void {
  if (i < j) {
    addRowTerms(m, d, e, j, i, weight, g, f, H, ldh);
    return;
  }
  const c = (m * (m - 1)) / 2;
  const w = c + m * d;
  for (let k = 0; k < d; k++) {
    axpy(i == j ? k + 1 : d, weight * get(f, k), g, element(row(H, c + i * d + k, ldh), c + j * d));
  }
  for (let k = 0; k < e; k++) {
    const target = row(H, w + i * e + k, ldh);
    const value = weight * get(f, d + k);
    axpy(d, value, g, element(target, c + j * d));
    axpy(i == j ? k + 1 : e, value, element(g, d), element(target, w + j * e));
    if (i != j) axpy(d, weight * get(g, d + k), f, element(row(H, w + j * e + k, ldh), c + i * d));
  }
}

/** H += value · f in column a, at the entries of row i. */
function addColumn(m: i32, d: i32, e: i32, a: i32, i: i32, value: f64, f: usize, H: usize, ldh: i32): void {
  for (let k = 0; k < d + e; k++) {
    const at = element(row(H, rowEntry(m, d, e, i, k), ldh), a);
    store<f64>(at, load<f64>(at) + value * get(f, k));
  }
}

function addSharedTerms(
  m: i32, d: i32, e: i32, i: i32, weight: f64, f: usize, onB: usize, shared: i32, Hb: usize, ldb: i32,
): void {
  for (let k = 0; k < d + e; k++) {
    const value = weight * get(f, k);
    if (value != 0) axpy(shared, value, onB, row(Hb, rowEntry(m, d, e, i, k), ldb));
  }
}
