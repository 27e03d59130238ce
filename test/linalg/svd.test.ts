import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { svdSteps, thinSvd } from '../../src/linalg/svd.js';
import { diagonal, identity, multiply, norm, randomMatrix } from '../support/matrices.js';
import { expectAllWithin, expectWithin, roundOff } from '../support/tolerance.js';

const CUT = 1e-10;

const scaleRowsAndColumns = (A: Matrix, rows: (i: number) => number, columns: (j: number) => number): Matrix =>
  new Matrix(
    A.data.map((x, k) => x * rows(Math.floor(k / A.columns)) * columns(k % A.columns)),
    A.rows,
    A.columns,
  );

describe('thinSvd', () => {
  const random = new Random(1);
  const shapes = [0, 1, 2, 3, 5, 8, 17, 40].flatMap((m) => [0, 1, 2, 4, 9, 33].map((n) => [m, n] as const));

  it.each(shapes)('%i×%i: A = U diag(s) Vᵀ with orthonormal factors and descending s', (m, n) => {
    const A = randomMatrix(random, m, n);
    const { U, s, V } = thinSvd(A, CUT);
    expect(s.length).toBe(Math.min(m, n));
    const size = Math.max(m, n, 1);
    expectAllWithin(multiply(multiply(U, diagonal(s)), V.transpose()), A, roundOff(size, norm(A), 32));
    expectAllWithin(multiply(U.transpose(), U), identity(s.length), roundOff(size, 1, 32));
    expectAllWithin(multiply(V.transpose(), V), identity(s.length), roundOff(size, 1, 32));
    for (let k = 1; k < s.length; k++) expect(s[k]).toBeLessThanOrEqual(s[k - 1]);
  });

  it.each([
    [20, 7, 3],
    [7, 20, 2],
    [30, 30, 1],
    [12, 12, 11],
  ])('%i×%i of rank %i: finds the rank', (m, n, rank) => {
    const A = multiply(randomMatrix(random, m, rank), randomMatrix(random, rank, n));
    const { U, s, V } = thinSvd(A, CUT);
    expect(s.length).toBe(rank);
    expectAllWithin(multiply(multiply(U, diagonal(s)), V.transpose()), A, roundOff(m + n, norm(A), 32));
  });

  it('gives the known singular values of the path matrix', () => {
    const n = 24;
    const A = Matrix.zeros(n + 1, n);
    for (let j = 0; j < n; j++) {
      A.set(j, j, 1);
      A.set(j + 1, j, -1);
    }
    const expected = Array.from({ length: n }, (_, k) => 2 * Math.sin(((n - k) * Math.PI) / (2 * (n + 1))));
    expectAllWithin(thinSvd(A, CUT).s, expected, roundOff(n, 2));
  });

  it('leaves out what is below the cut and keeps what is above it, to high relative accuracy', () => {
    const values = [1, 1e-3, 3e-10, 3e-11, 1e-14];
    const left = thinSvd(randomMatrix(random, 12, 5), CUT).U;
    const right = thinSvd(randomMatrix(random, 5, 5), CUT).U;
    const { s } = thinSvd(multiply(multiply(left, diagonal(values)), right.transpose()), CUT);
    expect(s.length).toBe(3);
    expectWithin(s[2], values[2], roundOff(12, 1, 32));
  });

  it('keeps every row accurate relative to its own length, and every column', () => {
    const A = scaleRowsAndColumns(
      randomMatrix(random, 30, 6),
      (i) => 10 ** (-(i * 7) % 11),
      (j) => 10 ** (-j / 2),
    );
    const { U, s, V } = thinSvd(A, CUT);
    const product = multiply(multiply(U, diagonal(s)), V.transpose());
    for (let i = 0; i < A.rows; i++) {
      expectAllWithin(product.row(i), A.row(i), roundOff(30, norm(A.row(i)), 64), `row ${i}`);
    }
  });

  it.each([1e-120, 1e120])('is indifferent to a scale of %d', (scale) => {
    const A = randomMatrix(random, 9, 4);
    const plain = thinSvd(A, CUT);
    const scaled = thinSvd(
      scaleRowsAndColumns(
        A,
        () => scale,
        () => 1,
      ),
      CUT,
    );
    expectAllWithin(
      scaled.s.map((value) => value / scale),
      plain.s,
      roundOff(9, plain.s[0]),
    );
  });

  it('takes entries at either end of the doubles', () => {
    const shape = Float64Array.of(1, 0.5, 0, 1, 0.25, 0.5);
    const expected = thinSvd(new Matrix(shape, 3, 2), 1e-12);
    for (const unit of [2 ** -1040, 2 ** -600, 2 ** 600, 2 ** 1022]) {
      const { U, s, V } = thinSvd(
        new Matrix(
          shape.map((x) => x * unit),
          3,
          2,
        ),
        1e-12,
      );
      // The last bit of the smallest is worth 2⁻¹⁰⁷⁴.
      expectAllWithin(
        s,
        expected.s.map((x) => x * unit),
        2 ** -1074 + roundOff(3, unit),
      );
      expectAllWithin(U, expected.U, roundOff(3, 1));
      expectAllWithin(V, expected.V, roundOff(3, 1));
    }
  });

  it('returns rank 0 for the zero matrix and does not change its argument', () => {
    expect(thinSvd(Matrix.zeros(3, 4), CUT).s.length).toBe(0);
    const A = randomMatrix(random, 6, 3);
    const before = A.clone();
    thinSvd(A, CUT);
    expect(A).toEqual(before);
  });
});

describe('svdSteps', () => {
  const pauses = (order: number): number => {
    const steps = svdSteps(randomMatrix(new Random(3), order, order), CUT);
    let count = 0;
    while (!steps.next().done) count++;
    return count;
  };

  it('pauses where the matrix is large, never where it is small', () => {
    expect(pauses(20)).toBe(0);
    expect(pauses(140)).toBeGreaterThan(2);
  });
});
