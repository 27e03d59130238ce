import { describe, expect, it } from 'vitest';
import { loadDataset, referenceOptimum, sharedData } from './shared-data.js';
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

describe.skipIf(!sharedData.available)('shared data', () => {
  it.each([
    ['random/3', 25, 0, 2, 5],
    ['spiral', 60, 0, 2, 3],
    ['iris', 75, 75, 4, 3],
    ['ionosphere', 175, 175, 34, 2],
    ['mnist20', 1000, 1000, 20, 10],
  ] as const)('%s has %i training and %i test rows, %i features, %i targets', (name, train, test, d, c) => {
    const { X, Y, XTest } = loadDataset(name);
    expect([X.rows, XTest?.rows ?? 0, X.columns, Y.columns]).toEqual([train, test, d, c]);
    expect(X.data.every(Number.isFinite)).toBe(true);
  });

  it('has reference optima', () => {
    expect(referenceOptimum('random/0', 0.1).training?.upper).toBeGreaterThan(8);
  });
});
