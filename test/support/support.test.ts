import { describe, expect, it } from 'vitest';
import { loadFixture, REFERENCE_OPTIMA, referenceOptimum } from './fixtures.js';
import { expectAllWithin, expectWithin, roundOff } from './tolerance.js';

describe('tolerance helpers', () => {
  it('fail on NaN and on different shapes, and refuse to call a large factor round-off', () => {
    expect(() => expectWithin(Number.NaN, 0, 1)).toThrow();
    expect(() => expectAllWithin([0, 1], [0, 2], 0.5)).toThrow();
    expect(() => expectAllWithin([0, Number.NaN, 0], [0, 0, 0], 1)).toThrow();
    expect(() => expectAllWithin([0], [0, 0], 1)).toThrow();
    expect(() => roundOff(1, 1, 65)).toThrow(RangeError);
  });
});

describe('fixtures', () => {
  it.each([
    ['random/0', 25, 2, 5],
    ['random/1', 25, 2, 5],
    ['random/2', 25, 2, 5],
    ['spiral', 60, 2, 3],
    ['iris', 75, 4, 3],
  ] as const)('%s has %i training rows, %i features, %i targets, and optima at 0.1 and 0.01', (name, n, d, c) => {
    const { X, Y } = loadFixture(name);
    expect([X.rows, X.columns, Y.rows, Y.columns]).toEqual([n, d, n, c]);
    expect([...X.data, ...Y.data].every(Number.isFinite)).toBe(true);
    for (const reg of [0.1, 0.01]) {
      const { relaxation, training } = referenceOptimum(name, reg);
      expect(relaxation.value).toBeLessThan(training.lower);
      expect(training.lower).toBeLessThanOrEqual(training.upper);
    }
  });

  it('are handed out as copies, and one that is not there is an error', () => {
    loadFixture('spiral').X.data.fill(7);
    expect(loadFixture('spiral').X.data[0]).toBe(-0);
    expect(REFERENCE_OPTIMA.length).toBe(10);
    expect(() => referenceOptimum('iris', 1)).toThrow(RangeError);
  });
});
