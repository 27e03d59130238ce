/**
 * The training loss of a two-layer ReLU network and its gradient in one sweep over the data (docs/model.md, program 1):
 *
 *   L = ½ ‖H Vᵀ − Y‖² + reg/2 (‖U‖² + ‖V‖²),  H = (X U)₊,  R = H Vᵀ − Y,
 *   ∂L/∂U = Xᵀ ((R V) ∘ [H > 0]) + reg U,     ∂L/∂V = Rᵀ H + reg V.
 *
 * Four rows of X at a time against four neurons at a time: eight accumulators, as in the GEMM tile, but nothing of size
 * n×m is ever stored and nothing is packed, which for the usual d, c ≪ m is most of a GEMM's time. 2 n m (2d + 3c) flops.
 */
import { matrixBytes } from '../address';
import { lanes, madd } from '../simd';

/** Rows of X, and neurons, of one tile. */
const TILE = 4;

/** Neurons padded to whole tiles; the padding has zero weights and so contributes nothing. */
@inline
function paddedWidth(m: i32): i32 {
  return (m + TILE - 1) & ~(TILE - 1);
}

/** Bytes of the scratch of `lossGradient`. */
export function lossGradientWorkspace(d: i32, c: i32, m: i32): f64 {
  const padded = paddedWidth(m);
  return 2 * matrixBytes(d + c, padded) + matrixBytes(TILE, padded) + matrixBytes(d + 2 * c, 2 * TILE);
}

/**
 * theta: U d×m, then V c×m, row-major, contiguous; gradient alike (0: only L is computed). X n×d, Y n×c, contiguous. Nothing but
 * gradient and work is written. Returns L, which is NaN or Infinity when theta is not finite or the sums overflow.
 */
export function lossGradient(
  n: i32, d: i32, c: i32, m: i32, reg: f64,
  X: usize, Y: usize, theta: usize, gradient: usize, work: usize,
): f64 {
  const padded = paddedWidth(m);
  const pitch = <usize>padded << 3;
  const U = work;
  const V = U + <usize>d * pitch;
  const gradientU = work + <usize>matrixBytes(d + c, padded);
  const gradientV = gradientU + <usize>d * pitch;
  const H = work + 2 * <usize>matrixBytes(d + c, padded);
  const x = H + <usize>matrixBytes(TILE, padded);
  const r = x + <usize>d * TILE * 16;
  copyPadded(d + c, m, theta, U, pitch);
  if (gradient) memory.fill(gradientU, 0, <usize>(d + c) * pitch);

  let squares: f64 = 0;
  for (let i = 0; i < n; i += TILE) {
    const rows = min(TILE, n - i);
    splatRows(rows, d, X + (<usize>i * d << 3), x);
    hidden(d, padded, x, U, H);
    squares += residual(rows, c, padded, H, V, Y + (<usize>i * c << 3), r);
    if (gradient) accumulate(d, c, padded, x, r, H, V, gradientU, gradientV);
  }

  let decay: f64 = 0;
  for (let k = 0; k < d + c; k++) {
    const from = theta + (<usize>k * m << 3);
    const to = gradient + (<usize>k * m << 3);
    const part = gradientU + <usize>k * pitch;
    for (let j: usize = 0; j < <usize>m << 3; j += 8) {
      const weight = load<f64>(from + j);
      decay += weight * weight;
      if (gradient) store<f64>(to + j, load<f64>(part + j) + reg * weight);
    }
  }
  return 0.5 * (squares + reg * decay);
}

/** The rows of theta, each followed by zeros up to the padded width. */
function copyPadded(rows: i32, m: i32, theta: usize, target: usize, pitch: usize): void {
  const length = <usize>m << 3;
  for (let k = 0; k < rows; k++) {
    memory.copy(target, theta + <usize>k * length, length);
    memory.fill(target + length, 0, pitch - length);
    target += pitch;
  }
}

/** x[k][i] = X(i, k) in both lanes; rows beyond the last are zero. */
function splatRows(rows: i32, d: i32, X: usize, x: usize): void {
  for (let k = 0; k < d; k++) {
    for (let i = 0; i < TILE; i++) {
      v128.store(x, i < rows ? f64x2.splat(load<f64>(X + (<usize>(i * d + k) << 3))) : f64x2.splat(0));
      x += 16;
    }
  }
}

/** H (4×padded) = (x U)₊. */
function hidden(d: i32, padded: i32, x: usize, U: usize, H: usize): void {
  const pitch = <usize>padded << 3;
  const zero = f64x2.splat(0);
  for (let j: usize = 0; j < pitch; j += 32) {
    let a0 = zero, a1 = zero, b0 = zero, b1 = zero, c0 = zero, c1 = zero, d0 = zero, d1 = zero;
    let u = U + j;
    let xk = x;
    for (let k = 0; k < d; k++) {
      const u0 = v128.load(u);
      const u1 = v128.load(u, 16);
      const x0 = v128.load(xk);
      a0 = madd(x0, u0, a0);
      a1 = madd(x0, u1, a1);
      const x1 = v128.load(xk, 16);
      b0 = madd(x1, u0, b0);
      b1 = madd(x1, u1, b1);
      const x2 = v128.load(xk, 32);
      c0 = madd(x2, u0, c0);
      c1 = madd(x2, u1, c1);
      const x3 = v128.load(xk, 48);
      d0 = madd(x3, u0, d0);
      d1 = madd(x3, u1, d1);
      u += pitch;
      xk += 64;
    }
    let h = H + j;
    v128.store(h, f64x2.pmax(zero, a0));
    v128.store(h, f64x2.pmax(zero, a1), 16);
    h += pitch;
    v128.store(h, f64x2.pmax(zero, b0));
    v128.store(h, f64x2.pmax(zero, b1), 16);
    h += pitch;
    v128.store(h, f64x2.pmax(zero, c0));
    v128.store(h, f64x2.pmax(zero, c1), 16);
    h += pitch;
    v128.store(h, f64x2.pmax(zero, d0));
    v128.store(h, f64x2.pmax(zero, d1), 16);
  }
}

/** r[k][i] = (H Vᵀ − Y)(i, k) in both lanes, zero beyond the last row; returns their sum of squares. */
function residual(rows: i32, c: i32, padded: i32, H: usize, V: usize, Y: usize, r: usize): f64 {
  const pitch = <usize>padded << 3;
  let squares: f64 = 0;
  for (let k = 0; k < c; k++) {
    let a = f64x2.splat(0), b = a, e = a, f = a;
    for (let j: usize = 0; j < pitch; j += 16) {
      const v = v128.load(V + j);
      let h = H + j;
      a = madd(v, v128.load(h), a);
      h += pitch;
      b = madd(v, v128.load(h), b);
      h += pitch;
      e = madd(v, v128.load(h), e);
      h += pitch;
      f = madd(v, v128.load(h), f);
    }
    for (let i = 0; i < TILE; i++) {
      let rest: f64 = 0;
      if (i < rows) {
        const sum = lanes(i == 0 ? a : i == 1 ? b : i == 2 ? e : f);
        rest = sum - load<f64>(Y + (<usize>(i * c + k) << 3));
      }
      squares += rest * rest;
      v128.store(r, f64x2.splat(rest));
      r += 16;
    }
    V += pitch;
  }
  return squares;
}

/** gradientU += xᵀ ((r V) ∘ [H > 0]), gradientV += rᵀ H. */
function accumulate(d: i32, c: i32, padded: i32, x: usize, r: usize, H: usize, V: usize, gradientU: usize, gradientV: usize): void {
  const pitch = <usize>padded << 3;
  const zero = f64x2.splat(0);
  for (let j: usize = 0; j < pitch; j += 32) {
    let a0 = zero, a1 = zero, b0 = zero, b1 = zero, c0 = zero, c1 = zero, d0 = zero, d1 = zero;
    let v = V + j;
    let rk = r;
    for (let k = 0; k < c; k++) {
      const v0 = v128.load(v);
      const v1 = v128.load(v, 16);
      const r0 = v128.load(rk);
      a0 = madd(r0, v0, a0);
      a1 = madd(r0, v1, a1);
      const r1 = v128.load(rk, 16);
      b0 = madd(r1, v0, b0);
      b1 = madd(r1, v1, b1);
      const r2 = v128.load(rk, 32);
      c0 = madd(r2, v0, c0);
      c1 = madd(r2, v1, c1);
      const r3 = v128.load(rk, 48);
      d0 = madd(r3, v0, d0);
      d1 = madd(r3, v1, d1);
      v += pitch;
      rk += 64;
    }
    let h = H + j;
    a0 = v128.and(a0, f64x2.gt(v128.load(h), zero));
    a1 = v128.and(a1, f64x2.gt(v128.load(h, 16), zero));
    h += pitch;
    b0 = v128.and(b0, f64x2.gt(v128.load(h), zero));
    b1 = v128.and(b1, f64x2.gt(v128.load(h, 16), zero));
    h += pitch;
    c0 = v128.and(c0, f64x2.gt(v128.load(h), zero));
    c1 = v128.and(c1, f64x2.gt(v128.load(h, 16), zero));
    h += pitch;
    d0 = v128.and(d0, f64x2.gt(v128.load(h), zero));
    d1 = v128.and(d1, f64x2.gt(v128.load(h, 16), zero));
    addProducts(d, pitch, x, gradientU + j, a0, a1, b0, b1, c0, c1, d0, d1);

    h = H + j;
    a0 = v128.load(h);
    a1 = v128.load(h, 16);
    h += pitch;
    b0 = v128.load(h);
    b1 = v128.load(h, 16);
    h += pitch;
    c0 = v128.load(h);
    c1 = v128.load(h, 16);
    h += pitch;
    d0 = v128.load(h);
    d1 = v128.load(h, 16);
    addProducts(c, pitch, r, gradientV + j, a0, a1, b0, b1, c0, c1, d0, d1);
  }
}

/** g[k] += Σ_i s[k][i] · (row i of the tile) for k < count. */
@inline
function addProducts(
  count: i32, pitch: usize, s: usize, g: usize,
  a0: v128, a1: v128, b0: v128, b1: v128, c0: v128, c1: v128, d0: v128, d1: v128,
): void {
  for (let k = 0; k < count; k++) {
    const s0 = v128.load(s);
    const s1 = v128.load(s, 16);
    const s2 = v128.load(s, 32);
    const s3 = v128.load(s, 48);
    v128.store(g, madd(s3, d0, madd(s2, c0, madd(s1, b0, madd(s0, a0, v128.load(g))))));
    v128.store(g, madd(s3, d1, madd(s2, c1, madd(s1, b1, madd(s0, a1, v128.load(g, 16))))), 16);
    g += pitch;
    s += 64;
  }
}
