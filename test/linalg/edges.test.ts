/** Matrices at the edges of double precision: graded over hundreds of orders of magnitude, denormal, near overflow. */
import { describe, expect, it } from 'vitest';
import { NumericalError } from '../../src/base/errors.js';
import { eigh, eigvalsh, projectPsd } from '../../src/linalg/index.js';

const matrix = (n: number, entry: (i: number, j: number) => number): number[][] =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => entry(i, j)));

const largest = (A: readonly number[][]): number => Math.max(...A.flat().map(Math.abs));

/** max |A v − w v| and max |w − w'| between the two solvers, relative to the largest entry, in units of 64 n ε. */
function errors(A: readonly number[][], quantum = 0): { residual: number; difference: number } {
  const n = A.length;
  const size = largest(A);
  const { values, vectors } = eigh(A);
  const alone = eigvalsh(A);
  const limit = 64 * n * Number.EPSILON + quantum / size;
  let residual = 0;
  let difference = 0;
  for (let k = 0; k < n; k++) {
    difference = Math.max(difference, Math.abs(alone[k] - values[k]) / size / limit);
    for (let i = 0; i < n; i++) {
      let sum = -(values[k] / size) * vectors.get(i, k);
      for (let j = 0; j < n; j++) sum += (A[i][j] / size) * vectors.get(j, k);
      residual = Math.max(residual, Math.abs(sum) / limit);
    }
  }
  return { residual, difference };
}

const tridiagonal = (n: number, d: (i: number) => number, e: (i: number) => number): number[][] =>
  matrix(n, (i, j) => (i === j ? d(i) : Math.abs(i - j) === 1 ? e(Math.min(i, j)) : 0));

describe('graded matrices have eigenvalues', () => {
  it.each([
    ['10^(−(i+j)/10), n = 83', matrix(83, (i, j) => 10 ** (-(i + j) / 10) * (i === j ? 1 : 0.3))],
    ['an RBF kernel, n = 140', matrix(140, (i, j) => Math.exp(-((i - j) ** 2) / 18))],
    [
      'tridiagonal, growing by 2',
      tridiagonal(
        104,
        (i) => 2 ** (i - 104),
        (i) => 2 ** (i - 106),
      ),
    ],
    [
      'tridiagonal, falling by 2',
      tridiagonal(
        104,
        (i) => 2 ** -(i + 1),
        (i) => 2 ** -(i + 4),
      ),
    ],
    [
      'tridiagonal, growing by 32',
      tridiagonal(
        60,
        (i) => 32 ** (i - 60),
        (i) => 32 ** (i - 60) / 3,
      ),
    ],
    ['graded from both ends', matrix(90, (i, j) => 10 ** (-Math.abs(45 - i) / 3 - Math.abs(45 - j) / 3))],
  ])('%s', (_, A) => {
    const { residual, difference } = errors(A);
    expect(residual).toBeLessThan(1);
    expect(difference).toBeLessThan(1);
  });
});

describe('the smallest and largest doubles', () => {
  it.each([1e-315, 1e-320, 1e-308, 1e-300])('a matrix of size %d is decomposed to its own last digit', (size) => {
    // An eigenvalue is a multiple of the smallest double, and so is each entry.
    const { residual, difference } = errors(
      matrix(33, (i, j) => size * Math.cos(3 * i * j + i + j)),
      8 * Number.MIN_VALUE,
    );
    expect(residual).toBeLessThan(1);
    expect(difference).toBeLessThan(1);
  });

  it('a matrix near overflow is decomposed as well as any', () => {
    const { residual, difference } = errors(matrix(33, (i, j) => 1e306 * Math.cos(3 * i * j + i + j)));
    expect(residual).toBeLessThan(1);
    expect(difference).toBeLessThan(1);
  });

  it('a projection is right where only an eigenvalue overflows', () => {
    const semidefinite = [
      [9e307, 9e307],
      [9e307, 9e307],
    ];
    for (const entry of projectPsd(semidefinite).data) expect(Math.abs(entry / 9e307 - 1)).toBeLessThan(1e-14);
    const indefinite = [
      [-9e307, -9e307, 0],
      [-9e307, -9e307, 0],
      [0, 0, 3],
    ];
    const P = projectPsd(indefinite);
    expect(P.data.every(Number.isFinite)).toBe(true);
    expect(Math.abs(P.get(0, 0)) / 9e307).toBeLessThan(1e-13);
  });

  it('a result beyond the largest double is an error, never Infinity', () => {
    const A = [
      [1.7e308, 1.7e308],
      [1.7e308, -1.7e308],
    ];
    expect(() => projectPsd(A)).toThrow(NumericalError);
    expect(() => eigh(A)).toThrow(NumericalError);
    expect(() => eigvalsh(A)).toThrow(NumericalError);
  });
});
