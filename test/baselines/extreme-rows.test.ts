import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import { distanceToCone, extremeRows } from '../../src/baselines/extreme-rows.js';
import { expectWithin, roundOff } from '../support/tolerance.js';

describe('distance to a cone', () => {
  it('is 0 inside, the residual outside, the length behind', () => {
    const generators = [Float64Array.of(1, 0, 0), Float64Array.of(1, 1, 0)];
    expectWithin(distanceToCone(Float64Array.of(3, 1, 0), generators), 0, roundOff(3, 3));
    expectWithin(distanceToCone(Float64Array.of(2, 1, 5), generators), 5, roundOff(3, 5));
    expectWithin(distanceToCone(Float64Array.of(0, 1, 0), generators), Math.SQRT1_2, roundOff(3, 1));
    expectWithin(distanceToCone(Float64Array.of(-3, 0, -4), generators), 5, roundOff(3, 5));
    expect(distanceToCone(Float64Array.of(3, 4), [])).toBe(5);
  });
});

describe('extreme rows', () => {
  it('are two in the plane, whatever the number of rows', () => {
    const random = new Random(1);
    const angles = Array.from({ length: 20 }, () => 0.3 + 2 * random.uniform());
    const rows = angles.map((angle) => Float64Array.of(Math.cos(angle), Math.sin(angle)).map((x) => 3 * angle * x));
    const found = extremeRows(rows);
    const expected = [angles.indexOf(Math.min(...angles)), angles.indexOf(Math.max(...angles))];
    expect(found).toEqual(expected.sort((i, j) => i - j));
  });

  it('are the generators when nonnegative combinations of them are mixed in, parallel ones counting once', () => {
    const random = new Random(2);
    const generators = Array.from({ length: 4 }, () => random.fillNormal(new Float64Array(4)));
    const mixed = Array.from({ length: 30 }, () => {
      const weights = generators.map(() => random.uniform());
      return Float64Array.from({ length: 4 }, (_, j) => generators.reduce((sum, g, k) => sum + weights[k] * g[j], 0));
    });
    const parallel = generators[2].map((x) => 7 * x);
    expect(extremeRows([...mixed, ...generators, parallel])).toEqual([30, 31, 32, 33]);
  });
});
