import { describe, expect, test } from 'vitest';
import { Random } from '../../src/base/random.js';
import { randomIntegerMatrix } from '../support/matrices.js';
import { atTwoBases, type Bench, SIZES } from './support.js';

const integers = (seed: number, n: number): Float64Array => randomIntegerMatrix(new Random(seed), 1, n).data;
const positive = (seed: number, n: number): Float64Array => integers(seed, n).map((x) => 2 ** (x % 4));

/** Runs at two bases; every vector is followed by NaN, which must be neither read nor written. */
const each = (n: number, body: (bench: Bench, put: (values: Float64Array) => number) => void): void =>
  atTwoBases((bench) =>
    body(bench, (values) => {
      const address = bench.poisoned(n + 4);
      bench.kernels.arena.write(address, values);
      return address;
    }),
  );

const expectTail = (bench: Bench, address: number, n: number): void =>
  expect(bench.vector(address + 8 * n, 4).every(Number.isNaN)).toBe(true);

describe.each(SIZES)('vectors of %i', (n) => {
  const x = integers(1, n);
  const y = integers(2, n);

  test('dot and maxAbs', () => {
    each(n, ({ exports }, put) => {
      expect(exports.dot(n, put(x), put(y))).toBe(x.reduce((s, v, i) => s + v * y[i], 0));
      expect(exports.maxAbs(n, put(x))).toBe(x.reduce((m, v) => Math.max(m, Math.abs(v)), 0));
      expect(exports.allFinite(n, put(x))).toBe(1);
    });
  });

  test('finds NaN and Infinity wherever they are', () => {
    each(n, ({ exports }, put) => {
      for (let i = 0; i < n; i++) {
        for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
          const spoilt = x.slice();
          spoilt[i] = bad;
          const address = put(spoilt);
          expect(exports.allFinite(n, address)).toBe(0);
          expect(exports.maxAbs(n, address)).toBeNaN();
        }
      }
    });
  });

  test('axpy, axpby and scale', () => {
    each(n, (bench, put) => {
      const target = put(y);
      bench.exports.axpy(n, 3, put(x), target);
      expect(bench.vector(target, n)).toEqual(y.map((v, i) => v + 3 * x[i]));
      bench.exports.axpby(n, -2, put(x), 5, target);
      expect(bench.vector(target, n)).toEqual(y.map((v, i) => 5 * (v + 3 * x[i]) - 2 * x[i]));
      bench.exports.scale(n, 0.5, target);
      expect(bench.vector(target, n)).toEqual(y.map((v, i) => 0.5 * (5 * (v + 3 * x[i]) - 2 * x[i])));
      expectTail(bench, target, n);
    });
  });

  test('copy, fill, hadamard and divide', () => {
    each(n, (bench, put) => {
      const target = put(y);
      bench.exports.copy(n, put(x), target);
      expect(bench.vector(target, n)).toEqual(x);
      bench.exports.fill(n, 7, target);
      expect(bench.vector(target, n)).toEqual(new Float64Array(n).fill(7));
      bench.exports.hadamard(n, put(x), put(y), target);
      expect(bench.vector(target, n)).toEqual(x.map((v, i) => v * y[i]));
      bench.exports.divide(n, put(x), put(positive(3, n)), target);
      expect(bench.vector(target, n)).toEqual(x.map((v, i) => v / positive(3, n)[i]));
      expectTail(bench, target, n);
    });
  });

  test('stepRatio is the largest step that keeps x + t dx nonnegative', () => {
    each(n, ({ exports }, put) => {
      const base = positive(4, n);
      const limits = Array.from(y, (v, i) => (v < 0 ? base[i] / -v : Number.POSITIVE_INFINITY));
      const expected = Math.min(Number.POSITIVE_INFINITY, ...limits);
      const ratio = exports.stepRatio(n, put(base), put(y));
      if (expected === Number.POSITIVE_INFINITY) expect(ratio).toBe(expected);
      else expect(Math.abs(ratio - expected)).toBeLessThanOrEqual(Number.EPSILON * expected);
    });
  });
});
