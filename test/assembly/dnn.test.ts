import { describe, expect, test } from 'vitest';
import { Random } from '../../src/base/random.js';
import { NOT_FINITE, OK } from '../../src/engine/constants.js';
import { randomSymmetric } from '../support/matrices.js';
import { atTwoBases, SIZES } from './support.js';

describe.each(SIZES)('projectDnn, n = %i', (n) => {
  const A = randomSymmetric(new Random(n), n);

  test.each([0, n >> 2, n >> 1])('clamps the leading block of 2 × %i and zeroes the complementary pairs', (h) => {
    const expected = A.clone();
    for (let i = 0; i < 2 * h; i++) {
      for (let j = 0; j < 2 * h; j++) expected.set(i, j, Math.abs(i - j) === h ? 0 : Math.max(0, A.get(i, j)));
    }
    atTwoBases((bench) => {
      const a = bench.putMatrix(A, n + 1);
      const p = bench.poisoned(n * (n + 3));
      expect(bench.exports.projectDnn(n, h, a, n + 1, p, n + 3)).toBe(OK);
      expect(bench.matrix(p, n, n, n + 3)).toEqual(expected);
      expect(bench.exports.projectDnn(n, h, a, n + 1, a, n + 1)).toBe(OK);
      expect(bench.matrix(a, n, n, n + 1)).toEqual(expected);
    });
  });

  test('refuses NaN and Infinity wherever they are', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (let i = 0; i < n; i++) {
        const spoilt = A.clone();
        spoilt.set(i, (i * 7) % n, bad);
        atTwoBases((bench) => {
          const a = bench.putMatrix(spoilt);
          expect(bench.exports.projectDnn(n, n >> 1, a, n, bench.poisoned(n * n), n)).toBe(NOT_FINITE);
        });
      }
    }
  });
});
