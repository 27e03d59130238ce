import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { multiply, randomIntegerMatrix } from '../support/matrices.js';
import { atTwoBases, SIZES } from './support.js';

const column = (x: Float64Array): Matrix => new Matrix(x, x.length, 1);

describe.each(SIZES)('matrix–vector products, n = %i', (n) => {
  const random = new Random(n + 1);
  const m = n + 3;

  test('gemv and gemvTransposed add alpha A x and alpha Aᵀ x', () => {
    const A = randomIntegerMatrix(random, m, n);
    const x = randomIntegerMatrix(random, 1, n).data;
    const y = randomIntegerMatrix(random, 1, m).data;
    atTwoBases((bench) => {
      const a = bench.putMatrix(A, n + 1);
      const [px, py] = [bench.put(x), bench.put(y)];
      bench.exports.gemv(m, n, 2, a, n + 1, px, py);
      const ax = multiply(A, column(x)).data;
      expect(bench.vector(py, m)).toEqual(y.map((v, i) => v + 2 * ax[i]));
      const [qx, qy] = [bench.put(x), bench.put(y)];
      bench.exports.gemvTransposed(m, n, -3, a, n + 1, qy, qx);
      const ay = multiply(A.transpose(), column(y)).data;
      expect(bench.vector(qx, n)).toEqual(x.map((v, i) => v - 3 * ay[i]));
    });
  });

  test('symv reads the lower triangle only', () => {
    const A = randomIntegerMatrix(random, n, n);
    const S = Matrix.zeros(n, n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        S.set(i, j, A.get(Math.max(i, j), Math.min(i, j)));
        if (j > i) A.set(i, j, Number.NaN);
      }
    }
    const x = randomIntegerMatrix(random, 1, n).data;
    atTwoBases((bench) => {
      const y = bench.poisoned(n);
      bench.exports.symv(n, bench.putMatrix(A, n + 2), n + 2, bench.put(x), y);
      expect(bench.vector(y, n)).toEqual(multiply(S, column(x)).data);
    });
  });
});
