import { describe, expect, test } from 'vitest';
import { NumericalError } from '../../src/base/errors.js';
import { Random } from '../../src/base/random.js';
import { createKernelsSync } from '../../src/engine/kernels.js';
import { Algebra } from '../../src/linalg/algebra.js';
import {
  choleskySteps,
  congruenceSteps,
  eighSteps,
  PIECE_FLOPS,
  productSteps,
  smallestEigenvalueSteps,
} from '../../src/linalg/steps.js';
import { transposed, type View } from '../../src/linalg/views.js';

const algebra = new Algebra(createKernelsSync());
const random = new Random(7);

function randomView(rows: number, columns: number): View {
  const A = algebra.matrix(rows, columns);
  random.fillNormal(algebra.entries(A));
  return A;
}

/** A symmetric matrix; with a shift that makes it positive definite. */
function symmetricView(n: number, shift = 0): View {
  const A = randomView(n, n);
  algebra.symmetrize(A);
  const entries = algebra.entries(A);
  for (let k = 0; k < n; k++) entries[k * (n + 1)] += shift;
  return A;
}

/** The result of steps and the number of pauses between them, of which none may follow more flops than a few pieces. */
function count<T>(work: Generator<void, T>): { result: T; pauses: number } {
  let [pauses, before] = [0, algebra.flops];
  for (let step = work.next(); ; step = work.next(), pauses++) {
    if (step.done) return { result: step.value, pauses };
    expect(algebra.flops - before).toBeLessThan(4 * PIECE_FLOPS);
    before = algebra.flops;
  }
}

/** Vitest's own comparison takes seconds for a million numbers. */
const haveSameBits = (a: Float64Array, b: Float64Array): boolean =>
  a.length === b.length && a.every((value, k) => Object.is(value, b[k]));

/** Runs the work at once and in steps on fresh targets; both leave the same bits and count the same flops. */
function expectSame<T>(whole: (target: View) => T, steps: (target: View) => Generator<void, T>, start: View): number {
  const [one, other] = [algebra.matrix(start.rows, start.columns), algebra.matrix(start.rows, start.columns)];
  algebra.copyMatrix(start, one);
  algebra.copyMatrix(start, other);
  const flopsOf = (work: () => void): number => {
    const before = algebra.flops;
    work();
    return algebra.flops - before;
  };
  let expected: T | undefined;
  let counted: { result: T; pauses: number } | undefined;
  const flops = flopsOf(() => {
    expected = whole(one);
  });
  expect(
    flopsOf(() => {
      counted = count(steps(other));
    }),
  ).toBe(flops);
  expect(counted?.result).toEqual(expected);
  expect(haveSameBits(algebra.read(other), algebra.read(one))).toBe(true);
  return counted?.pauses ?? 0;
}

describe('work in steps gives the bits of the whole', () => {
  test.each([
    [701, 603, 505, { accumulate: true }],
    [801, 801, 400, { symmetric: true }],
    [801, 801, 400, { lower: true, accumulate: true }],
    [20, 30, 40, { symmetric: false }],
  ])('product of %d×%d over %d, %o', (m, n, k, options) => {
    const A = randomView(m, k);
    const B = m === n ? transposed(A) : randomView(k, n);
    const pauses = expectSame(
      (C) => algebra.product(-1, A, B, C, options),
      (C) => productSteps(algebra, -1, A, B, C, options),
      randomView(m, n),
    );
    if (m > 20) expect(pauses).toBeGreaterThan(0);
  });

  test('congruence', () => {
    const [A, S] = [randomView(560, 560), symmetricView(560)];
    const half = algebra.matrix(560, 560);
    const pauses = expectSame(
      (C) => algebra.congruence(A, S, half, C),
      (C) => congruenceSteps(algebra, A, S, half, C),
      algebra.matrix(560, 560),
    );
    expect(pauses).toBeGreaterThan(0);
  });

  test.each([1000, 1013, 40])('Cholesky of order %d', (n) => {
    const pauses = expectSame(
      (A) => algebra.cholesky(A),
      (A) => choleskySteps(algebra, A),
      symmetricView(n, 4 * Math.sqrt(n)),
    );
    if (n > 40) expect(pauses).toBeGreaterThan(0);
  });

  test('a matrix without Cholesky factor', () => {
    expect(count(choleskySteps(algebra, symmetricView(1000, 1))).result).toBe(false);
  });

  test.each([560, 601, 64])('eigenpairs of order %d', (n) => {
    const A = symmetricView(n);
    const w = algebra.vector(n);
    const pauses = expectSame(
      (V) => {
        algebra.eigh(A, w, V);
        return algebra.read(w);
      },
      function* (V) {
        algebra.fill(w, Number.NaN);
        yield* eighSteps(algebra, A, w, V);
        return algebra.read(w);
      },
      algebra.matrix(n, n),
    );
    if (n > 64) expect(pauses).toBeGreaterThan(10);
  });

  test('eigenpairs where nearly all of it deflates', () => {
    const A = algebra.matrix(560, 560);
    const w = algebra.vector(560);
    const entries = algebra.entries(A);
    for (let k = 0; k < 560; k++) entries[k * 561] = k % 3;
    const identity = algebra.matrix(560, 560);
    expectSame(
      (V) => algebra.eigh(A, w, V),
      (V) => eighSteps(algebra, A, w, V),
      identity,
    );
  });

  test.each([700, 30])('smallest eigenvalue of order %d', (n) => {
    const A = symmetricView(n);
    const pauses = expectSame(
      () => algebra.smallestEigenvalue(A),
      () => smallestEigenvalueSteps(algebra, A),
      algebra.matrix(1, 1),
    );
    if (n > 30) expect(pauses).toBeGreaterThan(0);
  });

  test('what is not finite is the same error', () => {
    const A = symmetricView(560);
    algebra.entries(A)[0] = Number.NaN;
    const w = algebra.vector(560);
    expect(() => count(eighSteps(algebra, A, w, algebra.matrix(560, 560)))).toThrow(NumericalError);
    expect(count(smallestEigenvalueSteps(algebra, A)).result).toBeNaN();
  });
});
