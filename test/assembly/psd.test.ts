import { describe, expect, test } from 'vitest';
import type { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { NOT_FINITE } from '../../src/engine/constants.js';
import { adversarialSymmetric, combine, inner, norm, randomPsd, randomSymmetric } from '../support/matrices.js';
import { expectAllWithin, expectWithin, MAX_ROUND_OFF_FACTOR, roundOff } from '../support/tolerance.js';
import { atTwoBases, type Bench, SIZES } from './support.js';

function project(bench: Bench, A: Matrix, inPlace = false): { positive: number; P: Matrix } {
  const n = A.rows;
  const ld = n + 1;
  const a = bench.putMatrix(A, ld);
  const p = inPlace ? a : bench.poisoned(n * ld);
  const work = bench.scratch(bench.exports.projectPsdWorkspace(n));
  const positive = bench.exports.projectPsd(n, a, ld, p, ld, work);
  if (!inPlace) expect(bench.matrix(a, n, n, ld)).toEqual(A);
  return { positive, P: bench.matrix(p, n, n, ld) };
}

function smallest(bench: Bench, A: Matrix): number {
  const work = bench.scratch(bench.exports.smallestEigenvalueWorkspace(A.rows));
  return bench.exports.smallestEigenvalue(A.rows, bench.putMatrix(A), A.rows, work);
}

/** The projection is the only P ⪰ 0 with P − A ⪰ 0 and ⟨P, P − A⟩ = 0 (Moreau). */
function expectProjection(bench: Bench, A: Matrix, P: Matrix): void {
  const n = A.rows;
  const scale = norm(A) || 1;
  const unit = combine(A, A, 1 / scale, 0);
  const projected = combine(P, P, 1 / scale, 0);
  const tolerance = roundOff(n, 1, MAX_ROUND_OFF_FACTOR);
  expect(P.transpose()).toEqual(P);
  expect(smallest(bench, projected)).toBeGreaterThanOrEqual(-tolerance);
  const rest = combine(projected, unit, 1, -1);
  expect(smallest(bench, rest)).toBeGreaterThanOrEqual(-tolerance);
  expectWithin(inner(projected, rest), 0, tolerance, '⟨P, P − A⟩');
}

describe('projectPsd', () => {
  test.each(SIZES)('random matrices, n = %i', (n) => {
    const A = randomSymmetric(new Random(n), n);
    atTwoBases((bench) => {
      const { P } = project(bench, A);
      expectProjection(bench, A, P);
      expect(project(bench, A, true).P).toEqual(P);
      // Idempotent.
      expectAllWithin(project(bench, P).P, P, roundOff(n, norm(A)));
    });
  });

  test.each([5, 33, 100])('few positive or few negative eigenvalues, n = %i', (n) => {
    const random = new Random(n);
    for (const [up, down] of [
      [1, 0],
      [1, n - 1],
      [n - 1, 1],
      [0, 2],
    ]) {
      const A = combine(
        randomPsd(random, n, Math.max(1, up)),
        randomPsd(random, n, Math.max(1, down)),
        up ? 1 : 0,
        down ? -1 : 0,
      );
      atTwoBases((bench) => expectProjection(bench, A, project(bench, A).P));
    }
  });

  test.each([3, 40, 100])('adversarial matrices, n = %i', (n) => {
    for (const { matrix } of adversarialSymmetric(new Random(n), n)) {
      atTwoBases((bench) => expectProjection(bench, matrix, project(bench, matrix).P));
    }
  });

  test('is nonexpansive', () => {
    const random = new Random(9);
    const [A, B] = [randomSymmetric(random, 30), randomSymmetric(random, 30)];
    atTwoBases((bench) => {
      const distance = norm(combine(project(bench, A).P, project(bench, B).P, 1, -1));
      expect(distance).toBeLessThanOrEqual(norm(combine(A, B, 1, -1)));
    });
  });

  test('counts the positive eigenvalues', () => {
    const random = new Random(2);
    const A = combine(randomPsd(random, 20, 20), randomPsd(random, 20, 20), 1, 1);
    atTwoBases((bench) => {
      expect(project(bench, A).positive).toBe(20);
      expect(project(bench, combine(A, A, -1, 0)).positive).toBe(0);
    });
  });

  test('refuses NaN', () => {
    const A = randomSymmetric(new Random(3), 20);
    A.set(19, 0, Number.NaN);
    atTwoBases((bench) => expect(project(bench, A).positive).toBe(NOT_FINITE));
  });
});
