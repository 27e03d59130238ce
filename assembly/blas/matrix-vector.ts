/** Level 2: matrix–vector products, each reading the matrix once. */
import { element, get, put, row } from '../address';
import { lanes, madd, opaqueZero } from '../simd';
import { axpy, dot } from './vector';

/** y (m) += alpha · A (m×n) · x, four rows at a time. */
export function gemv(m: i32, n: i32, alpha: f64, A: usize, lda: i32, x: usize, y: usize): void {
  const ld = <usize>lda << 3;
  let i = 0;
  for (; i + 4 <= m; i += 4) {
    let a0 = row(A, i, lda);
    let a1 = a0 + ld;
    let a2 = a1 + ld;
    let a3 = a2 + ld;
    let p = x;
    const end = x + ((<usize>n << 3) & ~15);
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    while (p < end) {
      const v = v128.load(p);
      s0 = madd(v128.load(a0), v, s0);
      s1 = madd(v128.load(a1), v, s1);
      s2 = madd(v128.load(a2), v, s2);
      s3 = madd(v128.load(a3), v, s3);
      a0 += 16;
      a1 += 16;
      a2 += 16;
      a3 += 16;
      p += 16;
    }
    let t0 = lanes(s0);
    let t1 = lanes(s1);
    let t2 = lanes(s2);
    let t3 = lanes(s3);
    if (n & 1) {
      const v = load<f64>(p);
      t0 += load<f64>(a0) * v;
      t1 += load<f64>(a1) * v;
      t2 += load<f64>(a2) * v;
      t3 += load<f64>(a3) * v;
    }
    put(y, i, get(y, i) + alpha * t0);
    put(y, i + 1, get(y, i + 1) + alpha * t1);
    put(y, i + 2, get(y, i + 2) + alpha * t2);
    put(y, i + 3, get(y, i + 3) + alpha * t3);
  }
  for (; i < m; i++) put(y, i, get(y, i) + alpha * dot(n, row(A, i, lda), x));
}

/** y (n) += alpha · Aᵀ · x, A m×n, four rows at a time. */
export function gemvTransposed(m: i32, n: i32, alpha: f64, A: usize, lda: i32, x: usize, y: usize): void {
  const ld = <usize>lda << 3;
  let i = 0;
  for (; i + 4 <= m; i += 4) {
    let a0 = row(A, i, lda);
    let a1 = a0 + ld;
    let a2 = a1 + ld;
    let a3 = a2 + ld;
    const x0 = alpha * get(x, i);
    const x1 = alpha * get(x, i + 1);
    const x2 = alpha * get(x, i + 2);
    const x3 = alpha * get(x, i + 3);
    const w0 = f64x2.splat(x0);
    const w1 = f64x2.splat(x1);
    const w2 = f64x2.splat(x2);
    const w3 = f64x2.splat(x3);
    let p = y;
    const end = y + ((<usize>n << 3) & ~15);
    while (p < end) {
      let v = v128.load(p);
      v = madd(v128.load(a0), w0, v);
      v = madd(v128.load(a1), w1, v);
      v = madd(v128.load(a2), w2, v);
      v = madd(v128.load(a3), w3, v);
      v128.store(p, v);
      a0 += 16;
      a1 += 16;
      a2 += 16;
      a3 += 16;
      p += 16;
    }
    if (n & 1) {
      const v = load<f64>(a0) * x0 + load<f64>(a1) * x1 + load<f64>(a2) * x2 + load<f64>(a3) * x3;
      store<f64>(p, load<f64>(p) + v);
    }
  }
  for (; i < m; i++) axpy(n, alpha * get(x, i), row(A, i, lda), y);
}

/**
 * y = A x, A symmetric, lower triangle read once: rows i…i+3 give y_i += A_i x and y += A_iᵀ x_i in one pass. Rows start at
 * column 0 and blocks at multiples of four, so there is no ragged edge before the last three rows. Two rows of four are one
 * basic block: with all four V8 runs out of registers.
 */
export function symv(n: i32, A: usize, lda: i32, x: usize, y: usize): void {
  const ld = <usize>lda << 3;
  const flag = opaqueZero();
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    let a0 = row(A, i, lda);
    let a1 = a0 + ld;
    let a2 = a1 + ld;
    let a3 = a2 + ld;
    const xi = element(x, i);
    // Loaded, not splatted from numbers: V8 would sink the splats into the loop.
    const w0 = v128.load64_splat(xi);
    const w1 = v128.load64_splat(xi, 8);
    const w2 = v128.load64_splat(xi, 16);
    const w3 = v128.load64_splat(xi, 24);
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let v: v128;
    let xv: v128;
    let yv: v128;
    let px = x;
    let py = y;
    const end = y + (<usize>i << 3);
    // Where the last round ends in its middle.
    const half = i & 4 ? end - 32 : 0;
    while (py < end) {
      xv = v128.load(px);
      yv = v128.load(py);
      v = v128.load(a0);
      s0 = madd(v, xv, s0);
      yv = madd(v, w0, yv);
      v = v128.load(a1);
      s1 = madd(v, xv, s1);
      yv = madd(v, w1, yv);
      if (flag & 1) break;
      v = v128.load(a2);
      s2 = madd(v, xv, s2);
      yv = madd(v, w2, yv);
      v = v128.load(a3);
      s3 = madd(v, xv, s3);
      yv = madd(v, w3, yv);
      v128.store(py, yv);
      if (flag & 2) break;
      xv = v128.load(px, 16);
      yv = v128.load(py, 16);
      v = v128.load(a0, 16);
      s0 = madd(v, xv, s0);
      yv = madd(v, w0, yv);
      v = v128.load(a1, 16);
      s1 = madd(v, xv, s1);
      yv = madd(v, w1, yv);
      if (flag & 4) break;
      v = v128.load(a2, 16);
      s2 = madd(v, xv, s2);
      yv = madd(v, w2, yv);
      v = v128.load(a3, 16);
      s3 = madd(v, xv, s3);
      yv = madd(v, w3, yv);
      v128.store(py, yv, 16);
      if (py == half) break;
      xv = v128.load(px, 32);
      yv = v128.load(py, 32);
      v = v128.load(a0, 32);
      s0 = madd(v, xv, s0);
      yv = madd(v, w0, yv);
      v = v128.load(a1, 32);
      s1 = madd(v, xv, s1);
      yv = madd(v, w1, yv);
      if (flag & 8) break;
      v = v128.load(a2, 32);
      s2 = madd(v, xv, s2);
      yv = madd(v, w2, yv);
      v = v128.load(a3, 32);
      s3 = madd(v, xv, s3);
      yv = madd(v, w3, yv);
      v128.store(py, yv, 32);
      if (flag & 16) break;
      xv = v128.load(px, 48);
      yv = v128.load(py, 48);
      v = v128.load(a0, 48);
      s0 = madd(v, xv, s0);
      yv = madd(v, w0, yv);
      v = v128.load(a1, 48);
      s1 = madd(v, xv, s1);
      yv = madd(v, w1, yv);
      if (flag & 32) break;
      v = v128.load(a2, 48);
      s2 = madd(v, xv, s2);
      yv = madd(v, w2, yv);
      v = v128.load(a3, 48);
      s3 = madd(v, xv, s3);
      yv = madd(v, w3, yv);
      v128.store(py, yv, 48);
      a0 += 64;
      a1 += 64;
      a2 += 64;
      a3 += 64;
      px += 64;
      py += 64;
    }
    const x0 = load<f64>(xi);
    const x1 = load<f64>(xi, 8);
    const x2 = load<f64>(xi, 16);
    const x3 = load<f64>(xi, 24);
    a0 = element(row(A, i, lda), i);
    a1 = a0 + ld;
    a2 = a1 + ld;
    a3 = a2 + ld;
    const d10 = load<f64>(a1);
    const d20 = load<f64>(a2);
    const d21 = load<f64>(a2, 8);
    const d30 = load<f64>(a3);
    const d31 = load<f64>(a3, 8);
    const d32 = load<f64>(a3, 16);
    put(y, i, lanes(s0) + load<f64>(a0) * x0 + d10 * x1 + d20 * x2 + d30 * x3);
    put(y, i + 1, lanes(s1) + d10 * x0 + load<f64>(a1, 8) * x1 + d21 * x2 + d31 * x3);
    put(y, i + 2, lanes(s2) + d20 * x0 + d21 * x1 + load<f64>(a2, 16) * x2 + d32 * x3);
    put(y, i + 3, lanes(s3) + d30 * x0 + d31 * x1 + d32 * x2 + load<f64>(a3, 24) * x3);
  }
  for (; i < n; i++) {
    const a = row(A, i, lda);
    const xi = get(x, i);
    put(y, i, dot(i, a, x) + get(a, i) * xi);
    axpy(i, xi, a, y);
  }
}
