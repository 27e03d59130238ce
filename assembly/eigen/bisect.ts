/**
 * Eigenvalues with chosen indices of a symmetric tridiagonal matrix by bisection on Sturm counts, eight at a time in SIMD
 * lanes; about 54 counts each, 4 divisions of two lanes a row.
 */
import { element, get, put } from '../address';
import { PIVOT_FLOOR } from './sturm';

const UNIT: f64 = 1.1102230246251565e-16;
const LANES: i32 = 8;
const MAX_STEPS: i32 = 64;

/** Scratch of `bisectEigenvalues`. */
export const BISECT_BYTES: usize = 4 * 64;

/** One row of two Sturm sequences: the next pivots. */
@inline
function pivot(d: v128, x: v128, e2: v128, q: v128): v128 {
  const next = f64x2.sub(f64x2.sub(d, x), f64x2.div(e2, q));
  const tiny = f64x2.lt(f64x2.abs(next), f64x2.splat(PIVOT_FLOOR));
  return v128.bitselect(f64x2.splat(-PIVOT_FLOOR), next, tiny);
}

@inline
function negative(q: v128): v128 {
  return f64x2.lt(q, f64x2.splat(0));
}

/** Numbers of eigenvalues below each of the eight x, as i64. */
function countBelow(n: i32, d: usize, e2: usize, x: usize, counts: usize): void {
  const x0 = v128.load(x);
  const x1 = v128.load(x, 16);
  const x2 = v128.load(x, 32);
  const x3 = v128.load(x, 48);
  let c0 = i64x2.splat(0);
  let c1 = c0;
  let c2 = c0;
  let c3 = c0;
  let q0 = f64x2.splat(1);
  let q1 = q0;
  let q2 = q0;
  let q3 = q0;
  let c = f64x2.splat(0);
  const end = element(d, n);
  while (d < end) {
    const v = v128.load_splat<f64>(d);
    q0 = pivot(v, x0, c, q0);
    q1 = pivot(v, x1, c, q1);
    q2 = pivot(v, x2, c, q2);
    q3 = pivot(v, x3, c, q3);
    // A true comparison is −1.
    c0 = i64x2.sub(c0, negative(q0));
    c1 = i64x2.sub(c1, negative(q1));
    c2 = i64x2.sub(c2, negative(q2));
    c3 = i64x2.sub(c3, negative(q3));
    c = v128.load_splat<f64>(e2);
    d += 8;
    e2 += 8;
  }
  v128.store(counts, c0);
  v128.store(counts, c1, 16);
  v128.store(counts, c2, 32);
  v128.store(counts, c3, 48);
}

/** w[k − first] = eigenvalue with ascending index k, first ≤ k < last, within about ε·radius; all lie in [−radius, radius]. */
export function bisectEigenvalues(
  n: i32, d: usize, e2: usize, radius: f64, first: i32, last: i32, w: usize, work: usize,
): void {
  const low = work;
  const high = work + 64;
  const middle = work + 128;
  const counts = work + 192;
  // The computed radius may be a rounding error short.
  const bound = radius * (1 + 4 * UNIT) + PIVOT_FLOOR;
  for (let k = first; k < last; k += LANES) {
    for (let t = 0; t < LANES; t++) {
      put(low, t, -bound);
      put(high, t, bound);
    }
    for (let step = 0; step < MAX_STEPS; step++) {
      let width = 0.0;
      for (let t = 0; t < LANES; t++) {
        put(middle, t, 0.5 * (get(low, t) + get(high, t)));
        width = Math.max(width, get(high, t) - get(low, t));
      }
      if (width <= 2 * UNIT * bound) break;
      countBelow(n, d, e2, middle, counts);
      for (let t = 0; t < LANES; t++) {
        const below = <i32>load<i64>(element(counts, t));
        if (below <= min(k + t, last - 1)) put(low, t, get(middle, t));
        else put(high, t, get(middle, t));
      }
    }
    for (let t = 0; t < LANES && k + t < last; t++) {
      const i = k + t - first;
      // Intervals of close eigenvalues may overlap by a rounding error.
      const x = 0.5 * (get(low, t) + get(high, t));
      put(w, i, i > 0 ? Math.max(x, get(w, i - 1)) : x);
    }
  }
}
