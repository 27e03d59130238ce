import { describe, expect, it } from 'vitest';
import { OptionsError } from '../../src/base/errors.js';
import { Random } from '../../src/base/random.js';
import { expectWithin } from '../support/tolerance.js';

const draw = (random: Random, count: number, next: (random: Random) => number) =>
  Float64Array.from({ length: count }, () => next(random));

/** Five standard deviations of the mean of `count` draws: a fixed seed either passes always or never. */
const samplingError = (standardDeviation: number, count: number) => (5 * standardDeviation) / Math.sqrt(count);

describe('Random', () => {
  it('gives the same bits for the same seed, and these bits', () => {
    const values = draw(new Random(1), 3, (random) => random.uniform());
    expect(values).toEqual(draw(new Random(1), 3, (random) => random.uniform()));
    expect([...values]).toEqual([0.6951460529540714, 0.9097548539666865, 0.19967701888003486]);
  });

  it('gives unrelated streams for neighbouring seeds, and for seeds that differ above bit 32', () => {
    const first = [0, 1, 2, 3, 2 ** 32, 2 ** 33, 2 ** 32 + 1].map((seed) => new Random(seed).uniform());
    expect(new Set(first).size).toBe(first.length);
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('rejects the seed %s', (seed) => {
    expect(() => new Random(seed)).toThrow(OptionsError);
  });

  it('has the moments of the uniform and of the normal law', () => {
    const count = 20_000;
    const mean = (values: Float64Array, f: (x: number) => number) => values.reduce((sum, x) => sum + f(x), 0) / count;
    const uniform = draw(new Random(2), count, (random) => random.uniform());
    expect(uniform.every((x) => x >= 0 && x < 1)).toBe(true);
    expectWithin(
      mean(uniform, (x) => x),
      1 / 2,
      samplingError(Math.sqrt(1 / 12), count),
    );
    const normal = draw(new Random(3), count, (random) => random.normal());
    expectWithin(
      mean(normal, (x) => x),
      0,
      samplingError(1, count),
    );
    expectWithin(
      mean(normal, (x) => x * x),
      1,
      samplingError(Math.sqrt(2), count),
    );
    expectWithin(
      mean(normal, (x) => x ** 4),
      3,
      samplingError(Math.sqrt(96), count),
    );
  });

  it('permutes', () => {
    for (const count of [0, 1, 2, 50]) {
      const order = new Random(4).permutation(count);
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, k) => k));
    }
  });
});
