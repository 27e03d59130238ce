/**
 * Householder tridiagonalisation A = Q T Qᵀ of a symmetric matrix, blocked: 4/3 n³ flops, half of them in GEMM.
 *
 * Rows are reduced from the last to the first, so every vector starts at column 0: row r (r = n−1 … 1) gives the reflector
 * H_r = I − tau_r v_r v_rᵀ with v_r = (…, 1) of length r, left in row r, and Q = H_{n−1} ⋯ H_1.
 * Reference: J. Dongarra, D. Sorensen, S. Hammarling, Block reduction of matrices to condensed forms, JCAM 27 (1989);
 * LAPACK dlatrd with uplo = 'U'.
 */
import { bytes, element, get, leadingDimension, matrixBytes, put, row } from '../address';
import { gemm } from '../blas/gemm';
import { symv } from '../blas/matrix-vector';
import { dot, scale } from '../blas/vector';
import { lanes, madd } from '../simd';

const MAX_PANEL: i32 = 16;

/** Below this sum of squares (matrix scaled to about 1) a vector is dropped: its square would lose digits to underflow. */
const NEGLIGIBLE: f64 = 1e-280;

/** Measured: a panel trades matrix–vector work on it against the depth of the GEMM that follows. */
function panelSize(n: i32): i32 {
  return n <= 160 ? 8 : MAX_PANEL;
}

export function tridiagonalizeWorkspace(n: i32): f64 {
  return matrixBytes(3 * MAX_PANEL, leadingDimension(n)) + 2 * bytes(MAX_PANEL);
}

/** y (n) −= Vᵀ p + Wᵀ q over m panel rows, two at a time. */
function subtractPanel(m: i32, n: i32, V: usize, W: usize, ld: i32, p: usize, q: usize, y: usize): void {
  const full = (<usize>n << 3) & ~15;
  const step = <usize>ld << 3;
  let l = 0;
  for (; l + 2 <= m; l += 2) {
    let v0 = row(V, l, ld);
    let v1 = v0 + step;
    let w0 = row(W, l, ld);
    let w1 = w0 + step;
    const p0 = -get(p, l);
    const p1 = -get(p, l + 1);
    const q0 = -get(q, l);
    const q1 = -get(q, l + 1);
    const a0 = f64x2.splat(p0);
    const a1 = f64x2.splat(p1);
    const b0 = f64x2.splat(q0);
    const b1 = f64x2.splat(q1);
    let t = y;
    const end = y + full;
    while (t < end) {
      let s = v128.load(t);
      s = madd(v128.load(v0), a0, s);
      s = madd(v128.load(v1), a1, s);
      s = madd(v128.load(w0), b0, s);
      s = madd(v128.load(w1), b1, s);
      v128.store(t, s);
      t += 16;
      v0 += 16;
      v1 += 16;
      w0 += 16;
      w1 += 16;
    }
    if (n & 1) store<f64>(t, load<f64>(t) + load<f64>(v0) * p0 + load<f64>(v1) * p1 + load<f64>(w0) * q0 + load<f64>(w1) * q1);
  }
  if (l < m) {
    let v0 = row(V, l, ld);
    let w0 = row(W, l, ld);
    const p0 = -get(p, l);
    const q0 = -get(q, l);
    const a0 = f64x2.splat(p0);
    const b0 = f64x2.splat(q0);
    let t = y;
    const end = y + full;
    while (t < end) {
      v128.store(t, madd(v128.load(w0), b0, madd(v128.load(v0), a0, v128.load(t))));
      t += 16;
      v0 += 16;
      w0 += 16;
    }
    if (n & 1) store<f64>(t, load<f64>(t) + load<f64>(v0) * p0 + load<f64>(w0) * q0);
  }
}

/** p = W x, q = V x over m panel rows of length n, two at a time. */
function projectPanel(m: i32, n: i32, V: usize, W: usize, ld: i32, x: usize, p: usize, q: usize): void {
  const full = (<usize>n << 3) & ~15;
  const step = <usize>ld << 3;
  let l = 0;
  for (; l + 2 <= m; l += 2) {
    let v0 = row(V, l, ld);
    let v1 = v0 + step;
    let w0 = row(W, l, ld);
    let w1 = w0 + step;
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let t = x;
    const end = x + full;
    while (t < end) {
      const xv = v128.load(t);
      s0 = madd(v128.load(v0), xv, s0);
      s1 = madd(v128.load(v1), xv, s1);
      s2 = madd(v128.load(w0), xv, s2);
      s3 = madd(v128.load(w1), xv, s3);
      t += 16;
      v0 += 16;
      v1 += 16;
      w0 += 16;
      w1 += 16;
    }
    let a = lanes(s0);
    let b = lanes(s1);
    let c = lanes(s2);
    let d = lanes(s3);
    if (n & 1) {
      const xv = load<f64>(t);
      a += load<f64>(v0) * xv;
      b += load<f64>(v1) * xv;
      c += load<f64>(w0) * xv;
      d += load<f64>(w1) * xv;
    }
    put(q, l, a);
    put(q, l + 1, b);
    put(p, l, c);
    put(p, l + 1, d);
  }
  if (l < m) {
    put(q, l, dot(n, row(V, l, ld), x));
    put(p, l, dot(n, row(W, l, ld), x));
  }
}

/**
 * Makes x (length r) the reflector that maps it to beta·e_{r−1}: x becomes v with v_{r−1} = 1, beta is stored; returns tau.
 * With tau = 0 the entries left out are below 1e-140 of the matrix.
 */
function reflector(r: i32, x: usize, beta: usize): f64 {
  const alpha = get(x, r - 1);
  const rest = dot(r - 1, x, x);
  put(x, r - 1, 1);
  if (rest < NEGLIGIBLE) {
    store<f64>(beta, alpha);
    memory.fill(x, 0, <usize>(r - 1) << 3);
    return 0;
  }
  const norm = Math.sqrt(alpha * alpha + rest);
  const b = alpha > 0 ? -norm : norm;
  store<f64>(beta, b);
  scale(r - 1, 1 / (alpha - b), x);
  return (b - alpha) / b;
}

/**
 * d (n), e (n−1), tau (n, entry 0 unused); A (lower, n×n, the strict upper triangle is not read) holds v_r in row r. Reduces the leading block
 * of order `end` (n at first), what is beyond it being done, until at most `stop` rows are left; returns how many are, at last 1.
 */
export function tridiagonalizePart(
  n: i32, A: usize, lda: i32, d: usize, e: usize, tau: usize, end: i32, stop: i32, work: usize, gemmWork: usize,
): i32 {
  const ld = leadingDimension(n);
  const p = work + <usize>matrixBytes(3 * MAX_PANEL, ld);
  const q = p + <usize>bytes(MAX_PANEL);
  while (end > max(1, stop)) {
    const nb = min(panelSize(end), end - 1);
    const start = end - nb;
    // Panel rows V | W | V, so that V Wᵀ + W Vᵀ is one product.
    const V = work;
    const W = row(V, nb, ld);
    for (let r = end - 1; r >= start; r--) {
      const slot = r - start;
      const done = end - 1 - r;
      const Vdone = row(V, slot + 1, ld);
      const Wdone = row(W, slot + 1, ld);
      const x = row(A, r, lda);
      if (done) {
        for (let l = 0; l < done; l++) {
          put(p, l, get(row(Wdone, l, ld), r));
          put(q, l, get(row(Vdone, l, ld), r));
        }
        subtractPanel(done, r + 1, Vdone, Wdone, ld, p, q, x);
      }
      put(d, r, get(x, r));
      const t = reflector(r, x, element(e, r - 1));
      put(tau, r, t);
      const v = row(V, slot, ld);
      const w = row(W, slot, ld);
      memory.copy(v, x, <usize>r << 3);
      if (t == 0) {
        memory.fill(w, 0, <usize>r << 3);
        continue;
      }
      symv(r, A, lda, v, w);
      if (done) {
        projectPanel(done, r, Vdone, Wdone, ld, v, p, q);
        subtractPanel(done, r, Vdone, Wdone, ld, p, q, w);
      }
      const shift = -0.5 * t * t * dot(r, w, v);
      for (let i = 0; i < r; i++) put(w, i, t * get(w, i) + shift * get(v, i));
    }
    memory.copy(row(W, nb, ld), V, <usize>matrixBytes(nb, ld));
    gemm(start, start, 2 * nb, -1, V, 1, ld, W, ld, 1, 0, A, lda, 1, gemmWork);
    end = start;
  }
  if (end <= 1) put(d, 0, get(A, 0));
  return end;
}
