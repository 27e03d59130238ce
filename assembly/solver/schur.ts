/**
 * Normal equations of the interior point over the free entries of Lambda (unknowns.ts), q×q, lower triangle:
 *   H_ab = tr(E_a M E_b M) + Σ_r Delta_r J_ra J_rb,   M = Wn⁻¹, J_ra = row r of K(E_a).
 * Cost 2q² flops for the first sum, O(n² d²) for the second and O(n² d⁴) in its u block.
 */
import { element, get, put, row } from '../address';
import { rowStart } from './unknowns';

/**
 * H (lower) ← tr(E_a M E_b M), M symmetric full p×p, work p doubles.
 * With E_a = e_I fᵀ + f e_Iᵀ (f = e_J, plus ½ Xw_ik e_I for C_ik, halved on the diagonal), g = M e_I and h = M f, row a is
 * 2 (g_i h_j + h_i g_j) at b = (i, j), plus 2 Xw_ik g_i h_i when b is C_ik.
 */
export function schurKronecker(
  n: i32, d: i32, p: i32, X: usize, M: usize, ldm: i32, H: usize, ldh: i32, work: usize,
): void {
  let target = H;
  for (let I = 0; I < p; I++) {
    const g = row(M, I, ldm);
    for (let J = I < n ? I + 1 : I; J < p; J++) {
      const mJ = row(M, J, ldm);
      const own: f64 = I < n && J >= n && J < n + d ? 0.5 * get(row(X, I, d), J - n) : 0;
      const other: f64 = I == J ? 0.5 : 1;
      for (let k = 0; k < p; k++) put(work, k, other * get(mJ, k) + own * get(g, k));
      kroneckerRow(n, d, p, X, g, work, I, J, target);
      target += <usize>ldh << 3;
    }
  }
}

/** Entries b ≤ (I, J) of one row. */
function kroneckerRow(n: i32, d: i32, p: i32, X: usize, g: usize, h: usize, I: i32, J: i32, out: usize): void {
  for (let i = 0; i <= I; i++) {
    const first = i < n ? i + 1 : i;
    const last = i == I ? J + 1 : p;
    const gi = 2 * get(g, i);
    const hi = 2 * get(h, i);
    const gSplat = f64x2.splat(gi);
    const hSplat = f64x2.splat(hi);
    let at = out;
    let j = first;
    for (; j + 1 < last; j += 2) {
      v128.store(at, f64x2.add(f64x2.mul(gSplat, v128.load(element(h, j))), f64x2.mul(hSplat, v128.load(element(g, j)))));
      at += 16;
    }
    if (j < last) store<f64>(at, gi * get(h, j) + hi * get(g, j));
    if (i >= n) {
      store<f64>(out, 0.5 * load<f64>(out));
    } else {
      const c = element(out, n - first);
      const both = 0.5 * gi * hi;
      for (let k = 0; k < d && n + k < last; k++) put(c, k, get(c, k) + get(row(X, i, d), k) * both);
    }
    out += <usize>(p - first) << 3;
  }
}

/**
 * H (lower) += Σ Delta_r J_ra J_rb over all rows A_ij, S_ij = A_ij − C_i·x_j, B_ij = A_ij − C_i·x_j − C_j·x_i + x_iᵀ D x_j, i ≠ j.
 * Delta symmetric full 2n×2n with zero diagonal and complementary pairs.
 */
export function schurPairs(n: i32, d: i32, p: i32, X: usize, Delta: usize, ldd: i32, H: usize, ldh: i32): void {
  for (let i = 0; i < n; i++) {
    const xi = row(X, i, d);
    const ci = rowStart(i, n, p) + n - i - 1;
    for (let j = 0; j < n; j++) {
      if (j == i) continue;
      const xj = row(X, j, d);
      const deltaB = symmetric(Delta, ldd, n + i, n + j);
      const deltaS = symmetric(Delta, ldd, i, n + j);
      const a = i < j ? rowStart(i, n, p) + j - i - 1 : rowStart(j, n, p) + i - j - 1;
      ownBlock(d, ci, a, deltaS + deltaB, xj, H, ldh);
      dBlock(n, d, p, ci, d, -deltaB, xi, xj, xj, H, ldh);
      if (j > i) continue;
      // once for each unordered pair
      add(H, ldh, a, a, symmetric(Delta, ldd, i, j) + symmetric(Delta, ldd, j, n + i) + deltaS + deltaB);
      outerProduct(d, ci, rowStart(j, n, p) + n - j - 1, deltaB, xj, xi, H, ldh);
      dBlock(n, d, p, a, 0, deltaB, xi, xj, 0, H, ldh);
      dSquare(n, d, p, deltaB, xi, xj, H, ldh);
    }
  }
}

/** S_ij and B_ij act on C_i as −x_j: C_i against A_ij (index a) and against itself. */
function ownBlock(d: i32, ci: i32, a: i32, delta: f64, xj: usize, H: usize, ldh: i32): void {
  for (let k = 0; k < d; k++) {
    const scaled = delta * get(xj, k);
    add(H, ldh, ci + k, a, -scaled);
    for (let l = 0; l <= k; l++) add(H, ldh, ci + k, ci + l, scaled * get(xj, l));
  }
}

/** H[first + k, column + l] += delta x_k y_l. */
function outerProduct(d: i32, first: i32, column: i32, delta: f64, x: usize, y: usize, H: usize, ldh: i32): void {
  for (let k = 0; k < d; k++) {
    const scaled = delta * get(x, k);
    for (let l = 0; l < d; l++) add(H, ldh, first + k, column + l, scaled * get(y, l));
  }
}

/** D_kl of B_ij against column … column + count − 1 with coefficients y, or against the single column when count is 0. */
function dBlock(
  n: i32, d: i32, p: i32, column: i32, count: i32, delta: f64, xi: usize, xj: usize, y: usize, H: usize, ldh: i32,
): void {
  for (let k = 0; k < d; k++) {
    const first = rowStart(n + k, n, p) - k;
    for (let l = k; l < d; l++) {
      const scaled = delta * coefficient(xi, xj, k, l);
      if (count == 0) add(H, ldh, first + l, column, scaled);
      for (let m = 0; m < count; m++) add(H, ldh, first + l, column + m, scaled * get(y, m));
    }
  }
}

/** D against itself. */
function dSquare(n: i32, d: i32, p: i32, delta: f64, xi: usize, xj: usize, H: usize, ldh: i32): void {
  for (let k = 0; k < d; k++) {
    const first = rowStart(n + k, n, p) - k;
    for (let l = k; l < d; l++) {
      const scaled = delta * coefficient(xi, xj, k, l);
      for (let m = 0; m <= k; m++) {
        const column = rowStart(n + m, n, p) - m;
        const last = m == k ? l : d - 1;
        for (let o = m; o <= last; o++) add(H, ldh, first + l, column + o, scaled * coefficient(xi, xj, m, o));
      }
    }
  }
}

/** Factor of D_kl = D_lk in x_iᵀ D x_j. */
@inline
function coefficient(xi: usize, xj: usize, k: i32, l: i32): f64 {
  return k == l ? get(xi, k) * get(xj, k) : get(xi, k) * get(xj, l) + get(xi, l) * get(xj, k);
}

@inline
function symmetric(A: usize, lda: i32, i: i32, j: i32): f64 {
  return get(row(A, i, lda), j);
}

@inline
function add(H: usize, ldh: i32, i: i32, j: i32, value: f64): void {
  const target = row(H, i, ldh);
  put(target, j, get(target, j) + value);
}
