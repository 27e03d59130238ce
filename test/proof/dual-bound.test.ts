/** The bound of a dual point against exact arithmetic, where single roundings matter. */
import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { dualBound } from '../../src/proof/dual-bound.js';
import { fromRows } from '../support/matrices.js';
import { squaredProblem } from '../support/problem.js';
import { claimIsCovered } from './exact-checker.js';
import { Rational } from './rational.js';

const bound = (a: Matrix, Y: Matrix, reg: number, B: number): number => dualBound(squaredProblem(Y, Y, reg), a, B);

function isCovered(a: number[][], Y: number[][], reg: number, B: number): boolean {
  const [point, targets] = [fromRows(a), fromRows(Y)];
  return claimIsCovered(bound(point, targets, reg, B), point, targets, reg, Rational.of(B).square());
}

const { MIN_VALUE } = Number;
const times = (count: number, value: number): number[][] => new Array<number>(count).fill(value).map((x) => [x]);

describe('the bound of a dual point is below its exact value', () => {
  it.each([
    ['the largest multiple is subnormal', [[1]], [[1e300]], 7 * MIN_VALUE, 2],
    ['the bound is a part of the smallest double', [[1]], [[0.3]], 3 * MIN_VALUE, 1],
    ['the gain loses its terms one by one', [[1], ...times(14, 0.999 * 2 ** -53)], [[1], ...times(14, -1)], 1e-3, 1],
    ['the square loses its terms one by one', [[1], ...times(14, 2 ** -26.51)], [[1], ...times(14, 0)], 1e9, 1],
    [
      'terms of the gain are rounded up one by one, those of the square lost',
      [[1], ...times(15, 2 ** -26.51)],
      [[1], ...times(15, 1.01 * 2 ** -26.49)],
      1e9,
      1,
    ],
    ['squares underflow', times(100, 1e-170), times(100, 1e-170), 1e9, 1e-9],
  ])('where %s', (_, a, Y, reg, B) => {
    expect(isCovered(a, Y, reg, B)).toBe(true);
  });

  it('for random numbers of any size, and close to it', () => {
    const random = new Random(3);
    let close = 0;
    for (let trial = 0; trial < 1000; trial++) {
      const size = (): number => 10 ** (40 * random.uniform() - 20);
      const [rows, reg, B] = [1 + random.integer(4), size(), size()];
      const numbers = (scale: number): number[][] => times(rows, 0).map(() => [scale * random.normal()]);
      const [a, Y] = [numbers(size()), numbers(size())];
      expect(isCovered(a, Y, reg, B)).toBe(true);
      const claim = bound(fromRows(a), fromRows(Y), reg, B);
      const more = claimIsCovered(claim * (1 + 1e-9), fromRows(a), fromRows(Y), reg, Rational.of(B).square());
      if (claim > 0 && !more) close++;
    }
    expect(close).toBeGreaterThan(300);
  });

  it('is 0 where a loss proposes a multiple that is not feasible', () => {
    const [one, minusOne] = [fromRows([[1]]), fromRows([[-1]])];
    const problem = squaredProblem(one, one, 1);
    const proposing = (t: number) => ({ ...problem, loss: { ...problem.loss, bestMultiple: () => t } });
    expect(dualBound(proposing(0.75), one, 1)).toBeGreaterThan(0);
    expect(dualBound(proposing(0.75), one, 2)).toBe(0);
    expect(dualBound(proposing(-0.75), minusOne, 2)).toBe(0);
  });

  it('is 0 where nothing is known', () => {
    for (const B of [Number.NaN, Number.POSITIVE_INFINITY, -1]) {
      expect(bound(fromRows([[1]]), fromRows([[1]]), 1, B)).toBe(0);
    }
  });
});
