import { Matrix as MlMatrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { InputError, MemoryError, NumericalError, OptionsError } from '../../src/base/errors.js';
import { Random } from '../../src/base/random.js';
import {
  cholesky,
  eigh,
  eigvalsh,
  gram,
  init,
  Matrix,
  type MatrixLike,
  matmul,
  projectDnn,
  projectPsd,
  type Subset,
  smallestEigenvalue,
} from '../../src/linalg/index.js';
import {
  adversarialSymmetric,
  combine,
  diagonal,
  identity,
  multiply,
  norm,
  randomIntegerMatrix,
  randomMatrix,
  randomPsd,
  randomSymmetric,
} from '../support/matrices.js';
import { expectAllWithin, expectWithin, MAX_ROUND_OFF_FACTOR, roundOff } from '../support/tolerance.js';

const SIZES = [0, 1, 2, 5, 16, 33, 100] as const;

/** Functions of one square matrix. */
const SQUARE: Record<string, (A: MatrixLike) => unknown> = {
  eigh: (A) => eigh(A),
  eigvalsh: (A) => eigvalsh(A),
  smallestEigenvalue: (A) => smallestEigenvalue(A),
  cholesky: (A) => cholesky(A),
  projectPsd: (A) => projectPsd(A),
  projectDnn: (A) => projectDnn(A, 0),
};

const maxAbs = (values: Float64Array): number => values.reduce((m, x) => Math.max(m, Math.abs(x)), 0);

describe('what does not fit', () => {
  /** Fails as soon as an entry is asked for: nothing may be copied before the size is refused. */
  const unread = (rows: number, columns: number): MatrixLike => ({
    rows,
    columns,
    get: () => {
      throw new Error('was read');
    },
  });

  const failure = (work: () => unknown): unknown => {
    try {
      return work();
    } catch (error) {
      return error;
    }
  };

  test.each(Object.entries(SQUARE))('%s refuses 45,000 and 70,000 rows before reading one', (_, compute) => {
    for (const n of [45_000, 70_000]) {
      const error = failure(() => compute(unread(n, n)));
      expect(error).toBeInstanceOf(MemoryError);
      expect((error as MemoryError).requiredBytes).toBeGreaterThan(8 * n * n);
      expect((error as MemoryError).limitBytes).toBe(2 ** 32);
    }
  });

  test('workspaces count: they alone do not fit', () => {
    // 0.9 GB of matrix, and four times that of work.
    expect(() => projectPsd(unread(10_400, 10_400))).toThrow(MemoryError);
    expect(() => eigh(unread(10_500, 10_500))).toThrow(MemoryError);
  });

  test('products refuse a result that is too large', () => {
    for (const n of [45_000, 70_000]) {
      expect(() => gram(unread(n, 1))).toThrow(MemoryError);
      expect(() => matmul(unread(n, 1), unread(1, n))).toThrow(MemoryError);
      expect(() => matmul(unread(1, n), unread(1, n), { transposeA: true })).toThrow(MemoryError);
    }
    expect(() => matmul(unread(70_000, 1), unread(1, 70_000))).toThrow(/needs 37\d{3} MB/);
  });
});

describe('eigh', () => {
  test.each(SIZES)('A V = V diag(values), Vᵀ V = I, n = %i', (n) => {
    for (const { name, matrix } of adversarialSymmetric(new Random(n), n)) {
      const { values, vectors } = eigh(matrix);
      const scale = Math.max(maxAbs(matrix.data), maxAbs(values));
      const tolerance = roundOff(n, 1, MAX_ROUND_OFF_FACTOR);
      expectAllWithin(matmul(matrix, vectors), multiply(vectors, diagonal(values)), tolerance * scale, name);
      expectAllWithin(matmul(vectors, vectors, { transposeA: true }), identity(n), tolerance, name);
      expectAllWithin(eigvalsh(matrix), values, tolerance * scale, name);
    }
  });

  test('takes subsets by index and by value', () => {
    const A = diagonal([3, -1, 4, 1, -5, 9, 2, 6]);
    expect(Array.from(eigh(A, { subset: { index: [1, 4] } }).values)).toEqual([-1, 1, 2]);
    expect(Array.from(eigh(A, { subset: { value: [1.5, 6.5] } }).values)).toEqual([2, 3, 4, 6]);
    expect(Array.from(eigh(A, { subset: { value: [Number.NEGATIVE_INFINITY, 0] } }).values)).toEqual([-5, -1]);
    const none = eigh(A, { subset: { value: [100, 200] } });
    expect([none.values.length, none.vectors.rows, none.vectors.columns]).toEqual([0, 8, 0]);
    const { vectors } = eigh(A, { subset: { index: [7, 8] } });
    expect(Array.from(vectors.data, Math.abs)).toEqual([0, 0, 0, 0, 0, 1, 0, 0]);
  });

  test('says which subset would work', () => {
    const A = identity(4);
    expect(() => eigh(A, { subset: { index: [0, 5] } })).toThrow(OptionsError);
    expect(() => eigh(A, { subset: { index: [0, 5] } })).toThrow(/0 ≤ first ≤ end ≤ 4/);
    expect(() => eigh(A, { subset: { index: [2, 1] } })).toThrow(OptionsError);
    expect(() => eigh(A, { subset: { index: [0.5, 1] } })).toThrow(OptionsError);
    expect(() => eigh(A, { subset: { value: [1, 0] } })).toThrow(OptionsError);
    expect(() => eigh(A, { subset: { value: [Number.NaN, 1] } })).toThrow(OptionsError);
    for (const subset of [{}, { index: [1] }, { index: [0, 1], value: [0, 1] }] as unknown[]) {
      expect(() => eigh(A, { subset: subset as Subset })).toThrow(/either \{ index/);
    }
  });
});

describe('smallestEigenvalue', () => {
  test.each(SIZES)('bounds the smallest eigenvalue from below, n = %i', (n) => {
    for (const { name, matrix } of adversarialSymmetric(new Random(n), n)) {
      const { value, lowerBound } = smallestEigenvalue(matrix);
      const scale = norm(matrix) || 1;
      expect(lowerBound, name).toBeLessThanOrEqual(value);
      if (n > 0) expect(value - lowerBound, name).toBeLessThanOrEqual(roundOff(n * n, scale, MAX_ROUND_OFF_FACTOR));
      if (n > 0) expectWithin(value, eigvalsh(matrix)[0], roundOff(n, scale, MAX_ROUND_OFF_FACTOR), name);
    }
  });

  test('is never above an eigenvalue known exactly', () => {
    const random = new Random(4);
    for (let n = 2; n < 60; n += 3) {
      // B Bᵀ of integers with fewer columns than rows is exact, and its smallest eigenvalue is exactly 0.
      const B = randomIntegerMatrix(random, n, n - 1);
      const shift = random.integer(100);
      const A = combine(multiply(B, B.transpose()), identity(n), 1, shift);
      expect(smallestEigenvalue(A).lowerBound).toBeLessThanOrEqual(shift);
    }
  });
});

describe('cholesky', () => {
  test.each(SIZES)('L Lᵀ = A, n = %i', (n) => {
    const A = combine(randomPsd(new Random(n), n), identity(n));
    const L = cholesky(A);
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(L.get(i, j)).toBe(0);
    expectAllWithin(multiply(L, L.transpose()), A, roundOff(n, norm(A)));
  });

  test('names the pivot of an indefinite matrix', () => {
    expect(() => cholesky(diagonal([1, 2, -3, 4]))).toThrow(NumericalError);
    expect(() => cholesky(diagonal([1, 2, -3, 4]))).toThrow(/pivot 2/);
  });
});

describe('products', () => {
  test.each(SIZES)('matmul of any transposes and gram are exact for integers, n = %i', (n) => {
    const random = new Random(n);
    const A = randomIntegerMatrix(random, n, n + 2);
    const B = randomIntegerMatrix(random, n + 2, 3);
    const product = multiply(A, B);
    expect(matmul(A, B)).toEqual(product);
    expect(matmul(A.transpose(), B, { transposeA: true })).toEqual(product);
    expect(matmul(A, B.transpose(), { transposeB: true })).toEqual(product);
    expect(matmul(A.transpose(), B.transpose(), { transposeA: true, transposeB: true })).toEqual(product);
    expect(gram(A)).toEqual(multiply(A, A.transpose()));
  });

  test('names the shapes that do not fit', () => {
    expect(() => matmul(identity(3), identity(4))).toThrow(InputError);
    expect(() => matmul(identity(3), identity(4))).toThrow(/B: has 4 rows, but A has 3 columns/);
  });
});

describe('projections', () => {
  test('projectPsd drops the negative eigenvalues', () => {
    expect(projectPsd(diagonal([1, -2, 0, 3])).toArray()).toEqual(diagonal([1, 0, 0, 3]).toArray());
    const A = randomSymmetric(new Random(1), 40);
    const P = projectPsd(A);
    expect(smallestEigenvalue(P).value).toBeGreaterThanOrEqual(-roundOff(40, norm(A)));
    expectAllWithin(projectPsd(P), P, roundOff(40, norm(A)));
  });

  test('projectDnn clamps the leading block', () => {
    const A = [
      [1, 5, -2],
      [5, -1, 7],
      [-2, 7, -3],
    ];
    expect(projectDnn(A, 1).toArray()).toEqual([
      [1, 0, -2],
      [0, 0, 7],
      [-2, 7, -3],
    ]);
    for (const h of [-1, 2, 0.5, Number.NaN]) expect(() => projectDnn(A, h)).toThrow(InputError);
  });
});

describe('operands', () => {
  test('come in every form and are not changed', async () => {
    await init();
    const A = randomPsd(new Random(8), 6);
    const rows = A.toArray();
    const expected = eigvalsh(A);
    const copy = A.clone();
    expect(eigvalsh(rows)).toEqual(expected);
    expect(eigvalsh(new MlMatrix(rows))).toEqual(expected);
    expect(eigvalsh({ data: Array.from(A.data), rows: 6, columns: 6 })).toEqual(expected);
    projectPsd(A);
    cholesky(A);
    eigh(A);
    expect(A).toEqual(copy);
  });

  test.each(Object.entries(SQUARE))('%s refuses what it cannot use', (_name, call) => {
    expect(() => call(Matrix.zeros(2, 3))).toThrow(InputError);
    expect(() => call(Matrix.zeros(2, 3))).toThrow(/A: is 2 × 3; a square matrix is needed/);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const A = identity(5);
      A.set(3, 1, bad);
      expect(() => call(A)).toThrow(NumericalError);
      expect(() => call(A)).toThrow(/A: entry \(3, 1\)/);
    }
    expect(() => call([[1, 2], [3]])).toThrow(InputError);
  });

  test('results do not depend on what was computed before', () => {
    const A = randomSymmetric(new Random(3), 50);
    const first = eigh(A);
    eigh(randomMatrix(new Random(4), 300, 300));
    expect(eigh(A)).toEqual(first);
  });
});
