import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { combine, multiply, randomIntegerMatrix } from '../support/matrices.js';
import { atTwoBases, SIZES } from './support.js';

/** T = [[I, 0], [I, −X]]. */
function liftMatrix(X: Matrix): Matrix {
  const [n, d] = [X.rows, X.columns];
  const T = Matrix.zeros(2 * n, n + d);
  for (let i = 0; i < n; i++) {
    T.set(i, i, 1);
    T.set(n + i, i, 1);
    for (let j = 0; j < d; j++) T.set(n + i, n + j, X.get(i, j) === 0 ? 0 : -X.get(i, j));
  }
  return T;
}

function symmetricIntegers(random: Random, n: number): Matrix {
  const A = randomIntegerMatrix(random, n, n);
  return combine(A, A.transpose());
}

/** −0 is 0 here: sums of integers. */
const plain = (A: Matrix): Matrix =>
  new Matrix(
    A.data.map((x) => x + 0),
    A.rows,
    A.columns,
  );

describe.each(SIZES)('the lift, n = %i', (n) => {
  test.each([0, 1, 2, 5, 17])('is T G Tᵀ and its adjoint Tᵀ N T, exactly for integers, d = %i', (d) => {
    const random = new Random(100 * n + d);
    const X = randomIntegerMatrix(random, n, d);
    const G = symmetricIntegers(random, n + d);
    const N = symmetricIntegers(random, 2 * n);
    const T = liftMatrix(X);
    const [p, m] = [n + d, 2 * n];
    atTwoBases((bench) => {
      const { exports } = bench;
      const x = bench.putMatrix(X, d + 1);
      const k = bench.poisoned(m * (m + 1));
      const work = bench.scratch(exports.liftWorkspace(n, d));
      exports.lift(n, d, x, d + 1, bench.putMatrix(G, p + 2), p + 2, k, m + 1, work);
      expect(plain(bench.matrix(k, m, m, m + 1))).toEqual(plain(multiply(multiply(T, G), T.transpose())));
      const r = bench.poisoned(p * (p + 1));
      const adjointWork = bench.scratch(exports.liftAdjointWorkspace(n, d));
      exports.liftAdjoint(n, d, x, d + 1, bench.putMatrix(N, m + 3), m + 3, r, p + 1, adjointWork);
      expect(plain(bench.matrix(r, p, p, p + 1))).toEqual(plain(multiply(multiply(T.transpose(), N), T)));
    });
  });
});
