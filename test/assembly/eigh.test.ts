import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { NOT_FINITE, OK } from '../../src/engine/constants.js';
import { adversarialSymmetric, diagonal, randomSymmetric } from '../support/matrices.js';
import { expectAllWithin, expectWithin, MAX_ROUND_OFF_FACTOR, roundOff } from '../support/tolerance.js';
import { atOneBase, atTwoBases, type Bench, SIZES } from './support.js';

interface Eigen {
  readonly status: number;
  readonly w: Float64Array;
  readonly V: Matrix;
}

const maxNorm = (A: Matrix): number => A.data.reduce((m, x) => Math.max(m, Math.abs(x)), 0);

/** A with its strict upper triangle poisoned: kernels read the lower one only. */
function lowerOf(A: Matrix): Matrix {
  const result = A.clone();
  for (let i = 0; i < A.rows; i++) for (let j = i + 1; j < A.columns; j++) result.set(i, j, Number.NaN);
  return result;
}

/** A B or A Bᵀ by the GEMM kernel, which has its own test; the definition would be too slow here. */
function product(bench: Bench, A: Matrix, B: Matrix, transposed = false): Matrix {
  const columns = transposed ? B.rows : B.columns;
  const c = bench.put(new Float64Array(A.rows * columns));
  const [brs, bcs] = transposed ? [1, B.columns] : [B.columns, 1];
  const work = bench.scratch(bench.exports.gemmWorkspace());
  const [a, b] = [bench.putMatrix(A), bench.putMatrix(B)];
  bench.exports.gemm(A.rows, columns, A.columns, 1, a, A.columns, 1, b, brs, bcs, 0, c, columns, 0, work);
  return bench.matrix(c, A.rows, columns);
}

function run(
  bench: Bench,
  A: Matrix,
  call: (a: number, w: number, V: number, work: number, ld: number) => number,
): Eigen {
  const n = A.rows;
  const ld = n + 1;
  const a = bench.putMatrix(lowerOf(A), ld);
  const w = bench.poisoned(n);
  const v = bench.poisoned(n * ld);
  const status = call(a, w, v, bench.scratch(bench.exports.eighWorkspace(n)), ld);
  const k = Math.max(0, status);
  return { status, w: bench.vector(w, k), V: bench.matrix(v, k, n, ld) };
}

const full = (bench: Bench, A: Matrix): Eigen =>
  run(bench, A, (a, w, v, work, ld) => {
    const status = bench.exports.eigh(A.rows, a, ld, w, v, ld, work);
    return status < 0 ? status : A.rows;
  });

/** Residual, orthogonality and order of the pairs (w, rows of V), in units of 64 n ε. */
function expectEigenpairs(bench: Bench, A: Matrix, { w, V }: Eigen): void {
  const n = A.rows;
  const AV = product(bench, V, A);
  // ‖A‖₂ ≤ n max|a_ij|, and at least the largest entry.
  const scale = Math.max(
    maxNorm(A),
    w.reduce((m, x) => Math.max(m, Math.abs(x)), 0),
  );
  const wV = new Matrix(
    V.data.map((x, k) => w[Math.floor(k / n)] * x),
    V.rows,
    n,
  );
  expectAllWithin(AV, wV, roundOff(n, scale, MAX_ROUND_OFF_FACTOR), 'residual');
  expectAllWithin(
    product(bench, V, V, true),
    diagonal(new Array(V.rows).fill(1)),
    roundOff(n, 1, MAX_ROUND_OFF_FACTOR),
    'orthogonality',
  );
  for (let k = 1; k < w.length; k++) expect(w[k - 1] <= w[k], `w[${k - 1}] ≤ w[${k}]`).toBe(true);
}

const expectValues = (actual: Float64Array, expected: Float64Array, n: number, scale: number): void =>
  expectAllWithin(actual, expected, roundOff(n, scale, MAX_ROUND_OFF_FACTOR), 'eigenvalue');

describe('eigh', () => {
  test.each(Array.from({ length: 71 }, (_, n) => n).concat(127, 128, 129, 255, 256, 257))(
    'random matrices, n = %i',
    (n) => {
      const A = randomSymmetric(new Random(n), n);
      atTwoBases((bench) => {
        const result = full(bench, A);
        expect(result.status).toBe(n);
        expectEigenpairs(bench, A, result);
      });
    },
  );

  test('a large matrix, n = 1030, all and few', () => {
    const n = 1030;
    const A = randomSymmetric(new Random(n), n);
    atOneBase((bench) => {
      const all = full(bench, A);
      expect(all.status).toBe(n);
      expectEigenpairs(bench, A, all);
      const few = run(bench, A, (a, w, v, work, ld) => bench.exports.eighRange(n, a, ld, 990, n, w, v, ld, work));
      expect(few.status).toBe(40);
      expectEigenpairs(bench, A, few);
      expectValues(few.w, all.w.slice(990), n, all.w[n - 1]);
    });
  });

  test.each([2, 9, 33, 70, 100, 130, 257])('adversarial matrices, n = %i', (n) => {
    for (const { name, matrix } of adversarialSymmetric(new Random(n), n)) {
      atTwoBases((bench) => {
        const result = full(bench, matrix);
        expect(result.status, name).toBe(n);
        expectEigenpairs(bench, matrix, result);
      });
    }
  });

  test('knows the eigenvalues of 1-2-1', () => {
    const n = 100;
    const A = Matrix.zeros(n, n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) A.set(i, j, i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0);
    const expected = Float64Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos((Math.PI * (k + 1)) / (n + 1)));
    atTwoBases((bench) => expectValues(full(bench, A).w, expected, n, 4));
  });

  test.each([1, 2, 3, 40, 100])('refuses NaN and Infinity wherever they are, n = %i', (n) => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (const [i, j] of [
        [0, 0],
        [n - 1, 0],
        [n - 1, n - 1],
        [n >> 1, n >> 2],
      ]) {
        const A = randomSymmetric(new Random(n), n);
        A.set(i, j, bad);
        atTwoBases((bench) => expect(full(bench, A).status).toBe(NOT_FINITE));
      }
    }
  });
});

describe.each([...SIZES, 130])('parts of the spectrum, n = %i', (n) => {
  const cases =
    n < 4 || n === 130
      ? adversarialSymmetric(new Random(n), n)
      : [{ name: 'random', matrix: randomSymmetric(new Random(n), n) }];

  test('eighRange', () => {
    for (const { name, matrix } of cases) {
      atTwoBases((bench) => {
        const { w } = full(bench, matrix);
        const scale = Math.max(maxNorm(matrix), Math.abs(w[0] ?? 0), Math.abs(w[n - 1] ?? 0));
        for (const [first, last] of [
          [0, 0],
          [0, n >> 2],
          [n >> 2, n >> 1],
          [n >> 1, n],
          [n, n],
          [0, n],
        ]) {
          const part = run(bench, matrix, (a, pw, v, work, ld) =>
            bench.exports.eighRange(n, a, ld, first, last, pw, v, ld, work),
          );
          expect(part.status, name).toBe(last - first);
          expectEigenpairs(bench, matrix, part);
          expectValues(part.w, w.slice(first, last), n, scale);
        }
      });
    }
  });

  test('eighBetween a threshold and infinity', () => {
    for (const { name, matrix } of cases) {
      atTwoBases((bench) => {
        const { w } = full(bench, matrix);
        const scale = Math.max(maxNorm(matrix), Math.abs(w[0] ?? 0), Math.abs(w[n - 1] ?? 0));
        const thresholds = [Number.NEGATIVE_INFINITY, 0, 0.3 * scale, Number.POSITIVE_INFINITY];
        for (const threshold of thresholds) {
          const part = run(bench, matrix, (a, pw, v, work, ld) =>
            bench.exports.eighBetween(n, a, ld, threshold, Number.POSITIVE_INFINITY, pw, v, ld, work),
          );
          expect(part.status, name).toBeGreaterThanOrEqual(0);
          expect(part.w.every((x) => x > threshold)).toBe(true);
          // A value within round-off of the threshold may be on either side.
          const slack = roundOff(n, scale, MAX_ROUND_OFF_FACTOR);
          expect(part.status).toBeLessThanOrEqual(w.filter((x) => x > threshold - slack).length);
          expect(part.status).toBeGreaterThanOrEqual(w.filter((x) => x > threshold + slack).length);
          expectEigenpairs(bench, matrix, part);
          expectValues(part.w, w.slice(n - part.status), n, scale);
        }
      });
    }
  });

  test('eigenvalues and smallestEigenvalue', () => {
    for (const { name, matrix } of cases) {
      atTwoBases((bench) => {
        const { exports } = bench;
        const { w } = full(bench, matrix);
        const scale = Math.max(maxNorm(matrix), Math.abs(w[0] ?? 0), Math.abs(w[n - 1] ?? 0));
        const a = bench.putMatrix(lowerOf(matrix));
        const values = bench.poisoned(n);
        const status = exports.eigenvalues(n, a, n, values, bench.scratch(exports.eigenvaluesWorkspace(n)));
        expect(status, name).toBe(OK);
        expectValues(bench.vector(values, n), w, n, scale);
        const smallest = exports.smallestEigenvalue(n, a, n, bench.scratch(exports.smallestEigenvalueWorkspace(n)));
        if (n === 0) expect(smallest).toBe(Number.POSITIVE_INFINITY);
        else expectWithin(smallest, w[0], roundOff(n, scale, MAX_ROUND_OFF_FACTOR), name);
      });
    }
  });
});

test('parts of the spectrum refuse NaN', () => {
  const A = randomSymmetric(new Random(3), 50);
  A.set(40, 20, Number.NaN);
  atTwoBases((bench) => {
    const { exports } = bench;
    const a = bench.putMatrix(A);
    const [w, v] = [bench.poisoned(50), bench.poisoned(2500)];
    const work = bench.scratch(exports.eighWorkspace(50));
    expect(exports.eighRange(50, a, 50, 0, 5, w, v, 50, work)).toBe(NOT_FINITE);
    expect(exports.eighBetween(50, a, 50, 0, 1, w, v, 50, work)).toBe(NOT_FINITE);
    expect(exports.eigenvalues(50, a, 50, w, work)).toBe(NOT_FINITE);
    expect(exports.smallestEigenvalue(50, a, 50, work)).toBeNaN();
    expect(exports.eighBetween(40, a, 50, Number.NaN, 1, w, v, 50, work)).toBe(NOT_FINITE);
    expect(exports.eighBetween(40, a, 50, 0, Number.NaN, w, v, 50, work)).toBe(NOT_FINITE);
  });
});
