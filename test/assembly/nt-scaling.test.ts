import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { NOT_FINITE, OK } from '../../src/engine/constants.js';
import { diagonal, identity, multiply, randomMatrix } from '../support/matrices.js';
import { expectAllWithin, MAX_ROUND_OFF_FACTOR, roundOff } from '../support/tolerance.js';
import { atTwoBases, type Bench, SIZES } from './support.js';

/** A lower triangle with diagonal entries ≥ 1, its upper triangle poisoned. */
function randomFactor(random: Random, n: number): Matrix {
  const L = randomMatrix(random, n, n);
  for (let i = 0; i < n; i++) {
    L.set(i, i, 1 + Math.abs(L.get(i, i)));
    for (let j = i + 1; j < n; j++) L.set(i, j, Number.NaN);
  }
  return L;
}

const clean = (L: Matrix): Matrix =>
  new Matrix(
    L.data.map((x) => (Number.isNaN(x) ? 0 : x)),
    L.rows,
    L.columns,
  );

function scaling(bench: Bench, L: Matrix, R: Matrix): { status: number; sigma: Float64Array; V: Matrix } {
  const n = L.rows;
  const ld = n + 1;
  const sigma = bench.poisoned(n);
  const v = bench.poisoned(n * ld);
  const work = bench.scratch(bench.exports.ntScalingWorkspace(n));
  const [l, r] = [bench.putMatrix(L, ld), bench.putMatrix(R, ld)];
  const status = bench.exports.ntScaling(n, l, ld, r, ld, sigma, v, ld, work);
  return { status, sigma: bench.vector(sigma, n), V: bench.matrix(v, n, n, ld) };
}

/**
 * V orthogonal, and the columns of RᵀL Vᵀ orthogonal with norms sigma. Each inner product is taken relative to the norms of its
 * pair; RᵀL itself, and so a column, is only known to ε‖RᵀL‖.
 */
function expectScaling(bench: Bench, L: Matrix, R: Matrix): void {
  const n = L.rows;
  const { status, sigma, V } = scaling(bench, L, R);
  expect(status).toBe(OK);
  const tolerance = roundOff(n, 1, MAX_ROUND_OFF_FACTOR);
  expectAllWithin(multiply(V, V.transpose()), identity(n), tolerance, 'V Vᵀ');
  for (let k = 1; k < n; k++) expect(sigma[k] <= sigma[k - 1]).toBe(true);
  const B = multiply(clean(R).transpose(), clean(L));
  const C = multiply(V, B.transpose());
  const gram = multiply(C, C.transpose());
  const errors = Matrix.zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const relative = gram.get(i, j) / (sigma[i] * sigma[j]) - (i === j ? 1 : 0);
      errors.set(i, j, relative * (sigma[Math.max(i, j)] / sigma[0]));
    }
  }
  expectAllWithin(errors, Matrix.zeros(n, n), tolerance, 'relative Gram matrix');
}

describe('ntScaling', () => {
  test.each(SIZES)('random factors, n = %i', (n) => {
    const random = new Random(n);
    const [L, R] = [randomFactor(random, n), randomFactor(random, n)];
    atTwoBases((bench) => expectScaling(bench, L, R));
  });

  test.each([5, 33])('L = R = I, n = %i', (n) => {
    atTwoBases((bench) => {
      const { sigma } = scaling(bench, identity(n), identity(n));
      expectAllWithin(sigma, new Float64Array(n).fill(1), roundOff(n, 1));
    });
  });

  test.each([6, 33, 64])('keeps small singular values accurate, n = %i', (n) => {
    // Lambda and Z graded over 20 orders of magnitude: RᵀL = D₁ U D₂ with relative accuracy decided by the factors.
    const random = new Random(n);
    const L = clean(randomFactor(random, n));
    const R = diagonal(Float64Array.from({ length: n }, (_, i) => 10 ** ((-10 * i) / n)));
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) L.set(i, j, (0.5 * L.get(i, j)) / n);
    atTwoBases((bench) => expectScaling(bench, L, R));
  });

  test('diagonal factors give the exact singular values', () => {
    const n = 20;
    const values = Float64Array.from({ length: n }, (_, k) => 2 ** -(2 * k));
    atTwoBases((bench) => {
      const { sigma } = scaling(bench, diagonal(values), diagonal(values));
      for (let k = 0; k < n; k++) expect(Math.abs(sigma[k] / values[k] ** 2 - 1)).toBeLessThanOrEqual(roundOff(1, 1));
    });
  });

  test('refuses NaN', () => {
    const L = identity(10);
    L.set(7, 3, Number.NaN);
    atTwoBases((bench) => expect(scaling(bench, L, identity(10)).status).toBe(NOT_FINITE));
  });
});
