import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import {
  addScaled,
  dot,
  euclideanNorm,
  maxNorm,
  scaleBy,
  squaredDistance,
  sum,
  sumOfSquares,
} from '../../src/base/vector.js';
import { expectWithin, roundOff } from '../support/tolerance.js';

const empty = new Float64Array(0);
const integers = Float64Array.of(3, -4, 12);

describe('vectors', () => {
  it('have their sums, exactly on integers', () => {
    const y = Float64Array.of(1, 0.5, -2);
    expect([sum(integers), dot(integers, y), sumOfSquares(integers), squaredDistance(integers, y)]).toEqual([
      11, -23, 169, 220.25,
    ]);
    expect([maxNorm(integers), euclideanNorm(integers)]).toEqual([12, 13]);
    expect([sum(empty), dot(empty, empty), sumOfSquares(empty), maxNorm(empty), euclideanNorm(empty)]).toEqual([
      0, 0, 0, 0, 0,
    ]);
  });

  it('are scaled and added in place', () => {
    const y = integers.slice();
    scaleBy(y, 2);
    addScaled(y, -2, integers);
    expect(y).toEqual(new Float64Array(3));
  });

  it('have a norm at either end of the doubles', () => {
    for (const unit of [2 ** -1060, 2 ** -600, 1, 2 ** 600, 2 ** 1019]) {
      expect(euclideanNorm(integers.map((x) => x * unit))).toBe(13 * unit);
    }
    const x = new Random(1).fillNormal(new Float64Array(100));
    expectWithin(euclideanNorm(x), Math.sqrt(sumOfSquares(x)), roundOff(100, 10));
    expect(euclideanNorm(Float64Array.of(0, Number.NaN))).toBeNaN();
    expect(maxNorm(Float64Array.of(1, Number.NaN, 0))).toBeNaN();
  });
});
