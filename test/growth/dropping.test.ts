/** What a round drops: dead atoms go, atoms with mass and near-violators stay. */
import { describe, expect, it } from 'vitest';
import { atomsToKeep } from '../../src/growth/dropping.js';

const keep = (masses: number[], values: number[], reg: number, violation: number): boolean[] =>
  atomsToKeep(Float64Array.from(masses), Float64Array.from(values), reg, violation);

describe('a round of growth', () => {
  it('keeps the atoms with mass, however small their value, and drops the dead', () => {
    expect(keep([1, 2e-5, 1.1e-5, 0.9e-5, 0], [0, 0, 0, 0, 0], 2, 1.5)).toEqual([true, true, true, false, false]);
  });

  it('judges mass by the largest', () => {
    expect(keep([1e6, 11, 9], [0, 0, 0], 1, 1)).toEqual([true, true, false]);
    expect(keep([1e-9, 1e-13], [0, 0], 1, 1)).toEqual([true, true]);
  });

  it('keeps dead atoms within half of the violation below reg', () => {
    const values = [1 - 0.0004, 1 - 0.0006].map((share) => 3 * share);
    expect(keep([1, 0, 0], [0, ...values], 3, 1.001)).toEqual([true, true, false]);
  });

  it('within 0.003 below reg at most, and within 5e-6 always', () => {
    const at = (...below: number[]) => below.map((share) => 2 * (1 - share));
    expect(keep([1, 0, 0], [0, ...at(2.9e-3, 3.1e-3)], 2, 10)).toEqual([true, true, false]);
    expect(keep([1, 0, 0], [0, ...at(4e-6, 6e-6)], 2, 1)).toEqual([true, true, false]);
  });

  it('keeps all atoms above reg, and none where there are none', () => {
    expect(keep([1, 0], [0, 5.1], 5, 1.02)).toEqual([true, true]);
    expect(keep([], [], 5, 1)).toEqual([]);
  });
});
