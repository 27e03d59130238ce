/**
 * Projection on the nonnegative part of the doubly nonnegative cone with the complementarity zeros: one pass over memory.
 */
import { get, put, row } from '../address';
import { lanes } from '../simd';
import { NOT_FINITE, OK } from '../../src/engine/constants';

/** y = max(0, x); returns 0, or NaN when an entry is not finite. pmax maps NaN to 0, hence the poison. */
function positivePart(n: i32, x: usize, y: usize): f64 {
  const zero = f64x2.splat(0);
  const end = x + ((<usize>n << 3) & ~31);
  let poison = zero;
  while (x < end) {
    const a = v128.load(x);
    const b = v128.load(x, 16);
    poison = f64x2.add(poison, f64x2.mul(f64x2.add(f64x2.mul(a, zero), b), zero));
    v128.store(y, f64x2.pmax(zero, a));
    v128.store(y, f64x2.pmax(zero, b), 16);
    x += 32;
    y += 32;
  }
  let p = lanes(poison);
  for (let i = 0; i < (n & 3); i++) {
    const a = get(x, i);
    p += a * 0;
    put(y, i, a > 0 ? a : 0);
  }
  return p;
}

/** y = x; returns 0, or NaN when an entry is not finite. */
function checkedCopy(n: i32, x: usize, y: usize): f64 {
  let p = 0.0;
  for (let i = 0; i < n; i++) {
    const a = get(x, i);
    p += a * 0;
    put(y, i, a);
  }
  return p;
}

/** P = A with its leading 2h×2h block clamped at 0 and entries (i, h+i), (h+i, i) zeroed; P may be A. */
export function projectDnn(n: i32, h: i32, A: usize, lda: i32, P: usize, ldp: i32): i32 {
  const m = 2 * h;
  let poison = 0.0;
  for (let i = 0; i < n; i++) {
    const a = row(A, i, lda);
    const p = row(P, i, ldp);
    const clamped = i < m ? m : 0;
    if (clamped) {
      poison += positivePart(clamped, a, p);
      put(p, i < h ? h + i : i - h, 0);
    }
    poison += checkedCopy(n - clamped, a + (<usize>clamped << 3), p + (<usize>clamped << 3));
  }
  return poison == 0 ? OK : NOT_FINITE;
}
