import { describe, expect, test } from 'vitest';
import { Random } from '../../src/base/random.js';
import { combine, randomIntegerMatrix } from '../support/matrices.js';
import { atTwoBases, SIZES } from './support.js';

describe.each([...SIZES, 100])('copies and transposes, n = %i', (n) => {
  const random = new Random(n);

  test('mirror copies the lower triangle upwards', () => {
    const A = randomIntegerMatrix(random, n, n);
    atTwoBases((bench) => {
      const a = bench.putMatrix(A, n + 1);
      bench.exports.mirror(n, a, n + 1);
      const result = bench.matrix(a, n, n, n + 1);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) expect(result.get(i, j)).toBe(A.get(Math.max(i, j), Math.min(i, j)));
      }
    });
  });

  test('symmetrize takes the mean', () => {
    const A = randomIntegerMatrix(random, n, n);
    atTwoBases((bench) => {
      const a = bench.putMatrix(A, n + 1);
      bench.exports.symmetrize(n, a, n + 1);
      expect(bench.matrix(a, n, n, n + 1)).toEqual(combine(A, A.transpose(), 0.5, 0.5));
    });
  });

  test('transpose and copyMatrix', () => {
    const A = randomIntegerMatrix(random, n, n + 3);
    atTwoBases((bench) => {
      const a = bench.putMatrix(A, n + 4);
      const b = bench.poisoned((n + 3) * (n + 1));
      bench.exports.transpose(n, n + 3, a, n + 4, b, n + 1);
      expect(bench.matrix(b, n + 3, n, n + 1)).toEqual(A.transpose());
      const c = bench.poisoned(n * (n + 5));
      bench.exports.copyMatrix(n, n + 3, a, n + 4, c, n + 5);
      expect(bench.matrix(c, n, n + 3, n + 5)).toEqual(A);
    });
  });
});
