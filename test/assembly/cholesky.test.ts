import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { combine, identity, multiply, norm, randomMatrix, randomPsd } from '../support/matrices.js';
import { expectAllWithin, roundOff } from '../support/tolerance.js';
import { atTwoBases, type Bench, SIZES } from './support.js';

const LARGER = [97, 145] as const;

const positiveDefinite = (random: Random, n: number): Matrix => combine(randomPsd(random, n), identity(n));

/** The strict upper triangle replaced. */
const withUpper = (A: Matrix, value: number): Matrix => {
  const result = A.clone();
  for (let i = 0; i < A.rows; i++) for (let j = i + 1; j < A.columns; j++) result.set(i, j, value);
  return result;
};

function factor(bench: Bench, A: Matrix, ld: number): { address: number; status: number } {
  const address = bench.putMatrix(withUpper(A, Number.NaN), ld);
  const work = bench.scratch(bench.exports.choleskyWorkspace(A.rows));
  return { address, status: bench.exports.cholesky(A.rows, address, ld, work) };
}

describe.each([...SIZES, ...LARGER])('Cholesky and triangular kernels, n = %i', (n) => {
  const random = new Random(n);
  const A = positiveDefinite(random, n);
  const ld = n + 1;

  test('L Lᵀ = A, the upper triangle untouched', () => {
    atTwoBases((bench) => {
      const { address, status } = factor(bench, A, ld);
      expect(status).toBe(0);
      const result = bench.matrix(address, n, n, ld);
      for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(result.get(i, j)).toBeNaN();
      const L = withUpper(result, 0);
      expectAllWithin(multiply(L, L.transpose()), A, roundOff(n, norm(A)));
    });
  });

  test.each([1, 3, 4, 7, n + 1])('solves with %i right-hand sides', (m) => {
    const B = randomMatrix(random, n, m);
    atTwoBases((bench) => {
      const { exports } = bench;
      const { address } = factor(bench, A, ld);
      const L = withUpper(bench.matrix(address, n, n, ld), 0);
      const work = bench.scratch(exports.solveLowerWorkspace(n, m));
      for (const transposed of [false, true]) {
        const b = bench.putMatrix(B, m + 2);
        (transposed ? exports.solveLowerTransposed : exports.solveLower)(n, m, address, ld, b, m + 2, work);
        const X = bench.matrix(b, n, m, m + 2);
        expectAllWithin(multiply(transposed ? L.transpose() : L, X), B, roundOff(n, norm(L) * norm(X)));
      }
    });
  });

  test('inverts L', () => {
    atTwoBases((bench) => {
      const { address } = factor(bench, A, ld);
      const x = bench.poisoned(n * (n + 2));
      const work = bench.scratch(bench.exports.triangularInverseWorkspace(n));
      bench.exports.triangularInverse(n, address, ld, x, n + 2, work);
      const X = bench.matrix(x, n, n, n + 2);
      expect(withUpper(X, 0)).toEqual(X);
      const L = withUpper(bench.matrix(address, n, n, ld), 0);
      expectAllWithin(multiply(L, X), identity(n), roundOff(n, norm(L) * norm(X)));
    });
  });
});

describe('cholesky', () => {
  test.each([0, 1, 30, 47, 48, 49, 99])('names the pivot %i that is not positive', (j) => {
    const n = 100;
    for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const A = identity(n);
      A.set(j, j, bad);
      atTwoBases((bench) => expect(factor(bench, A, n).status).toBe(j + 1));
    }
  });

  test('is exact on integers', () => {
    const L = Matrix.zeros(60, 60);
    for (let i = 0; i < 60; i++) for (let j = 0; j <= i; j++) L.set(i, j, i === j ? 1 : ((i * 7 + j * 3) % 5) - 2);
    atTwoBases((bench) => {
      const { address, status } = factor(bench, multiply(L, L.transpose()), 60);
      expect(status).toBe(0);
      expect(withUpper(bench.matrix(address, 60, 60), 0)).toEqual(L);
    });
  });

  test('keeps graded matrices accurate row by row', () => {
    const n = 90;
    const base = positiveDefinite(new Random(5), n);
    const grade = (i: number) => 10 ** (-i / 6);
    const A = Matrix.zeros(n, n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) A.set(i, j, base.get(i, j) * grade(i) * grade(j));
    atTwoBases((bench) => {
      const { address, status } = factor(bench, A, n);
      expect(status).toBe(0);
      const L = withUpper(bench.matrix(address, n, n), 0);
      const product = multiply(L, L.transpose());
      const relative = (M: Matrix) =>
        new Matrix(
          M.data.map((x, k) => x / grade(Math.floor(k / n)) / grade(k % n)),
          n,
          n,
        );
      expectAllWithin(relative(product), base, roundOff(n, norm(base)));
    });
  });
});
