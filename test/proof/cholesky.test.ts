import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { choleskyDefect, runsCholesky, UNDERFLOW } from '../../src/proof/cholesky.js';
import { combine, diagonal, identity, multiply, randomMatrix } from '../support/matrices.js';
import { Dyadic, isPositiveDefinite } from './dyadic.js';

const runs = (A: Matrix): boolean => runsCholesky(A.data.slice(), A.rows);

/** A + φ diag(A), exactly; nothing underflows here. */
function withDefect(A: Matrix): Dyadic[][] {
  const factor = Dyadic.of(1).plus(Dyadic.of(choleskyDefect(A.rows)));
  return A.toArray().map((row, i) =>
    row.map((value, j) =>
      i === j ? Dyadic.of(value).times(factor) : Dyadic.of(A.get(Math.max(i, j), Math.min(i, j))),
    ),
  );
}

describe('runsCholesky', () => {
  it.each([1, 2, 3, 5, 8])('proves what it says on matrices at the edge of definiteness, n = %i', (n) => {
    const random = new Random(n);
    let completed = 0;
    for (let trial = 0; trial < 150; trial++) {
      const B = randomMatrix(random, n, Math.max(1, n - 1 - random.integer(2)));
      const scale = diagonal(Array.from({ length: n }, () => 2 ** (10 * random.normal())));
      const graded = multiply(multiply(scale, multiply(B, B.transpose())), scale);
      const edge = diagonal(
        Array.from({ length: n }, (_, i) => graded.get(i, i) * n * Number.EPSILON * random.normal()),
      );
      const A = combine(graded, edge);
      if (!runs(A)) continue;
      completed++;
      expect(isPositiveDefinite(withDefect(A))).toBe(true);
    }
    expect(completed).toBeGreaterThan(10);
  });

  it.each([32, 33, 37])('the same across the block edge, n = %i', (n) => {
    const random = new Random(n);
    const B = randomMatrix(random, n, n - 1);
    for (const shift of [-1e-13, 0, 1e-15, 1e-14, 1e-12]) {
      const A = combine(multiply(B, B.transpose()), identity(n), 1, shift);
      if (runs(A)) expect(isPositiveDefinite(withDefect(A))).toBe(true);
      expect(runs(combine(A, identity(n), 1, 1e-11))).toBe(true);
      expect(runs(combine(A, identity(n), 1, -1e-11))).toBe(false);
    }
  });

  it.each([0, 1, 2, 31, 32, 33, 34, 63, 64, 65, 66, 67, 96, 129])('leaves the factor in the triangle, n = %i', (n) => {
    const random = new Random(n);
    const B = randomMatrix(random, n, n + 3);
    const A = multiply(B, B.transpose());
    const L = A.clone();
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) L.set(i, j, Number.NaN);
    expect(runsCholesky(L.data, n)).toBe(true);
    const allowed = choleskyDefect(n) * Math.max(0, ...A.data);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let k = 0; k <= j; k++) sum += L.get(i, k) * L.get(j, k);
        expect(Math.abs(sum - A.get(i, j))).toBeLessThanOrEqual(allowed);
      }
    }
  });

  it('leaves room for underflows: products that vanish one by one make an indefinite matrix look definite', () => {
    const { MIN_VALUE } = Number;
    const n = 4;
    const A = diagonal([10, 10, 10, 1].map((entry) => entry * MIN_VALUE));
    for (let k = 0; k < 3; k++) A.set(3, k, 2 * MIN_VALUE);
    expect(runs(A)).toBe(true);
    const lifted = withDefect(A).map((row, i) =>
      row.map((entry, j) => (i === j ? entry.plus(Dyadic.of(UNDERFLOW)) : entry)),
    );
    expect(isPositiveDefinite(withDefect(A))).toBe(false);
    expect(isPositiveDefinite(lifted)).toBe(true);
    expect(choleskyDefect(n)).toBeGreaterThan(0);
  });

  it('refuses NaN, Infinity and huge pivots wherever they are', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300]) {
      for (const [i, j] of [
        [0, 0],
        [34, 34],
        [20, 3],
        [34, 1],
        [34, 33],
      ]) {
        const A = identity(35);
        A.set(i, j, bad);
        expect(runs(A), `${bad} at ${i}, ${j}`).toBe(false);
      }
    }
  });
});
