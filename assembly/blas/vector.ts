/** Level 1: streams over n contiguous numbers; a contiguous matrix is a vector of rows × columns. */
import { get, put } from '../address';
import { lanes, madd } from '../simd';

/** Bytes of the part of n numbers that whole blocks of four cover. */
@inline
function blocks(n: i32): usize {
  return (<usize>n << 3) & ~31;
}

export function dot(n: i32, x: usize, y: usize): f64 {
  const end = x + blocks(n);
  let s0 = f64x2.splat(0);
  let s1 = s0;
  while (x < end) {
    s0 = madd(v128.load(x), v128.load(y), s0);
    s1 = madd(v128.load(x, 16), v128.load(y, 16), s1);
    x += 32;
    y += 32;
  }
  let s = lanes(f64x2.add(s0, s1));
  for (let i = 0; i < (n & 3); i++) s += get(x, i) * get(y, i);
  return s;
}

/** y += alpha x */
export function axpy(n: i32, alpha: f64, x: usize, y: usize): void {
  const a = f64x2.splat(alpha);
  const end = x + blocks(n);
  while (x < end) {
    v128.store(y, madd(v128.load(x), a, v128.load(y)));
    v128.store(y, madd(v128.load(x, 16), a, v128.load(y, 16)), 16);
    x += 32;
    y += 32;
  }
  for (let i = 0; i < (n & 3); i++) put(y, i, get(y, i) + alpha * get(x, i));
}

/** y = alpha x + beta y */
export function axpby(n: i32, alpha: f64, x: usize, beta: f64, y: usize): void {
  const a = f64x2.splat(alpha);
  const b = f64x2.splat(beta);
  const end = x + blocks(n);
  while (x < end) {
    v128.store(y, madd(v128.load(x), a, f64x2.mul(b, v128.load(y))));
    v128.store(y, madd(v128.load(x, 16), a, f64x2.mul(b, v128.load(y, 16))), 16);
    x += 32;
    y += 32;
  }
  for (let i = 0; i < (n & 3); i++) put(y, i, beta * get(y, i) + alpha * get(x, i));
}

/** x *= alpha */
export function scale(n: i32, alpha: f64, x: usize): void {
  const a = f64x2.splat(alpha);
  const end = x + blocks(n);
  while (x < end) {
    v128.store(x, f64x2.mul(a, v128.load(x)));
    v128.store(x, f64x2.mul(a, v128.load(x, 16)), 16);
    x += 32;
  }
  for (let i = 0; i < (n & 3); i++) put(x, i, alpha * get(x, i));
}

export function copy(n: i32, x: usize, y: usize): void {
  memory.copy(y, x, <usize>n << 3);
}

export function fill(n: i32, value: f64, x: usize): void {
  const v = f64x2.splat(value);
  const end = x + blocks(n);
  while (x < end) {
    v128.store(x, v);
    v128.store(x, v, 16);
    x += 32;
  }
  for (let i = 0; i < (n & 3); i++) put(x, i, value);
}

/** z = x ∘ y */
export function hadamard(n: i32, x: usize, y: usize, z: usize): void {
  const end = x + blocks(n);
  while (x < end) {
    const low = f64x2.mul(v128.load(x), v128.load(y));
    const high = f64x2.mul(v128.load(x, 16), v128.load(y, 16));
    v128.store(z, low);
    v128.store(z, high, 16);
    x += 32;
    y += 32;
    z += 32;
  }
  for (let i = 0; i < (n & 3); i++) put(z, i, get(x, i) * get(y, i));
}

/** z = x ⊘ y */
export function divide(n: i32, x: usize, y: usize, z: usize): void {
  const end = x + blocks(n);
  while (x < end) {
    const low = f64x2.div(v128.load(x), v128.load(y));
    const high = f64x2.div(v128.load(x, 16), v128.load(y, 16));
    v128.store(z, low);
    v128.store(z, high, 16);
    x += 32;
    y += 32;
    z += 32;
  }
  for (let i = 0; i < (n & 3); i++) put(z, i, get(x, i) / get(y, i));
}

/** max |x_i|, 0 when n = 0, NaN when an entry is not finite. */
export function maxAbs(n: i32, x: usize): f64 {
  const end = x + blocks(n);
  const zero = f64x2.splat(0);
  let largest = zero;
  let poison = zero;
  while (x < end) {
    const a = v128.load(x);
    const b = v128.load(x, 16);
    largest = f64x2.pmax(f64x2.abs(a), largest);
    largest = f64x2.pmax(f64x2.abs(b), largest);
    poison = f64x2.add(poison, f64x2.mul(f64x2.add(f64x2.mul(a, zero), b), zero));
    x += 32;
  }
  let m = Math.max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1));
  let p = lanes(poison);
  for (let i = 0; i < (n & 3); i++) {
    const a = get(x, i);
    m = Math.max(m, Math.abs(a));
    p += a * 0;
  }
  return m + p;
}

/** 1 when all are finite, else 0: 0·x is NaN exactly for the others. */
export function allFinite(n: i32, x: usize): i32 {
  const m = maxAbs(n, x);
  return m == m ? 1 : 0;
}

/** Largest t with x + t·dx ≥ 0, x > 0: min −x_i/dx_i over dx_i < 0, Infinity when there is none. */
export function stepRatio(n: i32, x: usize, dx: usize): f64 {
  const end = x + blocks(n);
  const zero = f64x2.splat(0);
  let largest = zero;
  while (x < end) {
    largest = f64x2.pmax(largest, f64x2.div(f64x2.neg(v128.load(dx)), v128.load(x)));
    largest = f64x2.pmax(largest, f64x2.div(f64x2.neg(v128.load(dx, 16)), v128.load(x, 16)));
    x += 32;
    dx += 32;
  }
  let m = Math.max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1));
  for (let i = 0; i < (n & 3); i++) m = Math.max(m, -get(dx, i) / get(x, i));
  return 1 / m;
}
