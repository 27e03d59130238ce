import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { multiply, randomIntegerMatrix } from '../support/matrices.js';
import { atTwoBases, SIZES } from './support.js';

const column = (x: Float64Array): Matrix => new Matrix(x, x.length, 1);

describe.each(SIZES)('matrix–vector products, n = %i', (n) => {
  const random = new Random(n + 1);
  const m = n + 3;

  test('gemv adds alpha A x', () => {
    const A = randomIntegerMatrix(random, m, n);
    const x = randomIntegerMatrix(random, 1, n).data;
    const y = randomIntegerMatrix(random, 1, m).data;
    atTwoBases((bench) => {
      const a = bench.putMatrix(A, n + 1);
      const [px, py] = [bench.put(x), bench.put(y)];
      bench.exports.gemv(m, n, 2, a, n + 1, px, py);
      const ax = multiply(A, column(x)).data;
      expect(bench.vector(py, m)).toEqual(y.map((v, i) => v + 2 * ax[i]));
    });
  });
});
