/**
 * The elementary functions: within 1 ulp of the exact value. The exact value is that of a BigInt fixed-point series with 160 bits, so nothing
 * here depends on the host's own Math.
 */
import { describe, expect, it } from 'vitest';
import {
  acos,
  cos,
  cubeOf,
  exp,
  exponentOf,
  hypot,
  integerPower,
  log,
  powerOfTen,
  powerOfTwo,
  sin,
  squareOf,
} from '../../src/base/elementary.js';
import { Random } from '../../src/base/random.js';

const BITS = 200n;
const ONE = 1n << BITS;

/** A double as an integer multiple of 2⁻²⁰⁰, exactly where |x| ≥ 2⁻¹⁴⁷. */
function fixed(x: number): bigint {
  const shift = 52 - exponentOf(x || 1);
  const whole = BigInt(x * powerOfTwo(shift > 1000 ? 1000 : shift));
  const places = BITS - BigInt(shift > 1000 ? 1000 : shift);
  return places >= 0n ? whole << places : whole >> -places;
}

const times = (x: bigint, y: bigint): bigint => (x * y) >> BITS;
const abs = (x: bigint): bigint => (x < 0n ? -x : x);

/** Σ terms until they vanish. */
function series(first: bigint, next: (term: bigint, k: bigint) => bigint): bigint {
  let sum = 0n;
  let term = first;
  for (let k = 1n; term !== 0n && k < 2000n; k++) {
    sum += term;
    term = next(term, k);
  }
  return sum;
}

/** e^x for |x| ≤ 4. */
const exactExp = (x: bigint): bigint => series(ONE, (term, k) => times(term, x) / k);
const exactSin = (x: bigint): bigint => series(x, (term, k) => -times(times(term, x), x) / (2n * k * (2n * k + 1n)));
const exactCos = (x: bigint): bigint => series(ONE, (term, k) => -times(times(term, x), x) / ((2n * k - 1n) * 2n * k));

/** |computed − exact| in units of the last place of the computed number. */
function ulps(computed: number, exact: bigint): number {
  const ulp = fixed(powerOfTwo(exponentOf(computed) - 52));
  return Number((abs(fixed(computed) - exact) * 1000n) / ulp) / 1000;
}

const random = new Random(7);
const sample = (count: number, low: number, high: number): number[] =>
  Array.from({ length: count }, () => low + (high - low) * random.uniform());

describe('elementary functions', () => {
  it('exp is within 1 ulp', () => {
    for (const x of [...sample(300, -3, 3), 0.5, -0.25, 2 ** -30]) {
      expect(ulps(exp(x), exactExp(fixed(x))), `exp(${x})`).toBeLessThan(1);
    }
  });

  it('log is within 1 ulp: e to its value is the argument, to the slope of e', () => {
    for (const x of [...sample(300, 0.05, 20), 1.38, Math.SQRT2, 1.42, Math.SQRT1_2, 1 - 2 ** -30]) {
      const y = log(x);
      // e^y − x = x · (error of y), so the error of y in ulps of y:
      const error = ((exactExp(fixed(y)) - fixed(x)) * ONE) / fixed(x);
      expect(Number((abs(error) * 1000n) / fixed(powerOfTwo(exponentOf(y) - 52))) / 1000, `log(${x})`).toBeLessThan(1);
    }
  });

  it('sin and cos are within 1 ulp', () => {
    for (const x of [...sample(400, -12, 12), 0.785, 1.57, 3.14, 2 ** -30]) {
      expect(ulps(sin(x), exactSin(fixed(x))), `sin(${x})`).toBeLessThan(1);
      expect(ulps(cos(x), exactCos(fixed(x))), `cos(${x})`).toBeLessThan(1);
    }
  });

  it('acos is within 1 ulp: the cosine of its value is the argument, to the slope of the cosine', () => {
    for (const x of [...sample(300, -0.999, 0.999), 0.5, -0.5, 0.4999]) {
      const y = acos(x);
      const error = ((exactCos(fixed(y)) - fixed(x)) * ONE) / exactSin(fixed(y));
      expect(Number((abs(error) * 1000n) / fixed(powerOfTwo(exponentOf(y) - 52))) / 1000, `acos(${x})`).toBeLessThan(1);
    }
  });

  it('has the limits of the real functions', () => {
    expect([log(0), log(1), log(-1), log(Number.POSITIVE_INFINITY), log(Number.NaN)]).toEqual([
      Number.NEGATIVE_INFINITY,
      0,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NaN,
    ]);
    expect([exp(0), exp(710), exp(-746), exp(Number.NaN)]).toEqual([1, Number.POSITIVE_INFINITY, 0, Number.NaN]);
    expect([acos(1), acos(-1), acos(1.0000001)]).toEqual([0, Math.PI, Number.NaN]);
    expect([sin(0), cos(0), sin(2 ** 21), cos(Number.POSITIVE_INFINITY)]).toEqual([0, 1, Number.NaN, Number.NaN]);
    expect(log(Number.MIN_VALUE)).toBe(-744.4400719213812);
    expect(exp(-745)).toBe(Number.MIN_VALUE);
  });

  it('powers of two and exponents are exact from the smallest double to the largest', () => {
    let x = Number.MIN_VALUE;
    for (let k = -1074; k <= 1023; k++, x *= 2) {
      expect(powerOfTwo(k)).toBe(x);
      expect(exponentOf(-1.5 * x)).toBe(k === -1074 ? k + 1 : k);
    }
    expect([powerOfTwo(-1075), powerOfTwo(1024)]).toEqual([0, Number.POSITIVE_INFINITY]);
  });

  it('hypot neither overflows nor underflows in between', () => {
    expect([hypot(3, -4), hypot(3e300, 4e300), hypot(3e-320, 4e-320), hypot(0, 0)]).toEqual([5, 5e300, 5e-320, 0]);
  });

  it('integer powers agree with repeated products', () => {
    expect([integerPower(0.5, 0), integerPower(-3, 3), integerPower(2, 10)]).toEqual([1, -27, 1024]);
    for (const x of sample(100, -5, 5)) expect([squareOf(x), cubeOf(x)]).toEqual([x * x, x * x * x]);
  });

  it('powers of ten are those that are written out', () => {
    expect([powerOfTen(-5), powerOfTen(0), powerOfTen(23)]).toEqual([1e-5, 1, 1e23]);
  });
});
