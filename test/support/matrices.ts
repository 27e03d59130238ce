/** Plain reference linear algebra and the matrices that break eigensolvers; nothing here is fast. */
import { Matrix, toMatrix } from '../../src/base/matrix.js';
import type { Random } from '../../src/base/random.js';

/** A matrix written out row by row. */
export const fromRows = (rows: readonly (readonly number[])[]): Matrix =>
  toMatrix(
    rows.map((row) => [...row]),
    'rows',
  );

/** A · B by the definition. */
export function multiply(A: Matrix, B: Matrix): Matrix {
  if (A.columns !== B.rows) throw new RangeError(`cannot multiply ${A.rows}×${A.columns} by ${B.rows}×${B.columns}`);
  const result = Matrix.zeros(A.rows, B.columns);
  for (let i = 0; i < A.rows; i++) {
    for (let k = 0; k < A.columns; k++) {
      const factor = A.get(i, k);
      for (let j = 0; j < B.columns; j++) result.data[i * B.columns + j] += factor * B.get(k, j);
    }
  }
  return result;
}

/** factorA·A + factorB·B. */
export function combine(A: Matrix, B: Matrix, factorA = 1, factorB = 1): Matrix {
  return new Matrix(
    A.data.map((value, k) => factorA * value + factorB * B.data[k]),
    A.rows,
    A.columns,
  );
}

/** Frobenius norm. */
export const norm = (A: Matrix | Float64Array): number => Math.hypot(...(A instanceof Matrix ? A.data : A));

/** ⟨A, B⟩ = Σ A_ij B_ij. */
export const inner = (A: Matrix, B: Matrix): number => A.data.reduce((sum, value, k) => sum + value * B.data[k], 0);

export const identity = (n: number): Matrix => diagonal(new Array<number>(n).fill(1));

export function diagonal(entries: ArrayLike<number>): Matrix {
  const result = Matrix.zeros(entries.length, entries.length);
  for (let i = 0; i < entries.length; i++) result.set(i, i, entries[i]);
  return result;
}

/** Symmetric matrix from its lower triangle packed row by row. */
export function unpackSymmetric(packed: Float64Array, n: number): Matrix {
  const result = Matrix.zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      result.set(i, j, packed[(i * (i + 1)) / 2 + j]);
      result.set(j, i, result.get(i, j));
    }
  }
  return result;
}

/** Whether A + shift·I has a Cholesky factor: all its pivots are > 0. Reads the lower triangle. */
export function isPositiveDefinite(A: Matrix, shift = 0): boolean {
  const L = A.clone();
  for (let i = 0; i < A.rows; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = L.get(i, j) + (i === j ? shift : 0);
      for (let k = 0; k < j; k++) sum -= L.get(i, k) * L.get(j, k);
      if (i === j && !(sum > 0)) return false;
      L.set(i, j, i === j ? Math.sqrt(sum) : sum / L.get(j, j));
    }
  }
  return true;
}

/** Standard normal entries. */
export const randomMatrix = (random: Random, rows: number, columns: number): Matrix =>
  new Matrix(random.fillNormal(new Float64Array(rows * columns)), rows, columns);

/** Whole numbers in [−bound, bound]: sums of products stay exact. */
export function randomIntegerMatrix(random: Random, rows: number, columns: number, bound = 8): Matrix {
  const result = Matrix.zeros(rows, columns);
  for (let k = 0; k < result.data.length; k++) result.data[k] = random.integer(2 * bound + 1) - bound;
  return result;
}

export function randomSymmetric(random: Random, n: number): Matrix {
  const A = randomMatrix(random, n, n);
  return combine(A, A.transpose(), 0.5, 0.5);
}

/** B Bᵀ of the given rank. */
export function randomPsd(random: Random, n: number, rank = n): Matrix {
  const B = randomMatrix(random, n, rank);
  return multiply(B, B.transpose());
}

export interface NamedMatrix {
  readonly name: string;
  readonly matrix: Matrix;
}

const symmetric = (n: number, entry: (i: number, j: number) => number): Matrix => {
  const result = Matrix.zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      result.set(i, j, entry(i, j));
      result.set(j, i, result.get(i, j));
    }
  }
  return result;
};

/** Two Wilkinson blocks joined by a tiny entry: eigenvalues in pairs that agree to many digits. */
const gluedWilkinson = (n: number): Matrix => {
  const half = Math.max(1, Math.floor(n / 2));
  return symmetric(n, (i, j) => {
    if (i === j) return Math.abs((i % half) - (half - 1) / 2);
    if (i - j !== 1) return 0;
    return i === half ? 1e-8 : 1;
  });
};

/** The hard cases of symmetric eigensolvers: clusters, gradings, rank deficiency, extreme scales. */
export function adversarialSymmetric(random: Random, n: number): NamedMatrix[] {
  const scaled = (A: Matrix, factor: number) => combine(A, A, factor, 0);
  const base = randomSymmetric(random, n);
  const graph = symmetric(n, (i, j) => (i !== j && random.uniform() < 0.3 ? 1 : 0));
  return [
    { name: 'zero', matrix: Matrix.zeros(n, n) },
    { name: 'identity', matrix: identity(n) },
    { name: 'ones', matrix: symmetric(n, () => 1) },
    { name: '1-2-1', matrix: symmetric(n, (i, j) => (i === j ? 2 : i - j === 1 ? -1 : 0)) },
    { name: 'glued Wilkinson', matrix: gluedWilkinson(n) },
    { name: 'rank ≤ 3', matrix: randomPsd(random, n, Math.min(3, n)) },
    { name: 'graded', matrix: symmetric(n, (i, j) => base.get(i, j) * 10 ** (-(12 * (i + j)) / Math.max(1, 2 * n))) },
    { name: '0/1 graph', matrix: graph },
    { name: 'diagonal', matrix: diagonal(random.fillNormal(new Float64Array(n))) },
    { name: 'scaled 1e150', matrix: scaled(base, 1e150) },
    { name: 'scaled 1e-150', matrix: scaled(base, 1e-150) },
    { name: 'random', matrix: base },
  ];
}
