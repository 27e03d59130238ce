import { describe, expect, it } from 'vitest';
import { OptionsError, widthSweep, widthSweepSync } from '../../src/index.js';
import { loadFixture, referenceOptimum } from '../support/fixtures.js';
import { randomProblem } from '../support/random.js';
import { expectWithin } from '../support/tolerance.js';

const { X, Y, reg } = randomProblem(7, { n: 10, d: 2, c: 1, reg: 0.1, degeneracy: 'none' });

describe('widthSweep', () => {
  const sweep = widthSweepSync(X, Y, { reg, widths: [1, 2, 4], restarts: 3 });

  it('gives falling losses down to the optimum', () => {
    const { points, loss, lowerBound, criticalWidth } = sweep;
    expect(points.length).toBeGreaterThan(1);
    for (let k = 1; k < points.length; k++) {
      expect(points[k].width).toBeGreaterThan(points[k - 1].width);
      expect(points[k].loss).toBeLessThan(points[k - 1].loss);
    }
    expect(points.at(-1)).toMatchObject({ loss, excess: 0 });
    expect(points.at(-1)?.width).toBeLessThanOrEqual(criticalWidth);
    expectWithin(lowerBound ?? 0, loss, 1e-8 * loss);
  });

  it('names the width that suffices for each accuracy', () => {
    for (const { excess, width } of sweep.sufficient) {
      const first = sweep.points.find((point) => point.excess <= excess);
      expect(width).toBe(first?.width);
    }
  });

  it('gives the same bits again, asynchronously too', async () => {
    expect(await widthSweep(X, Y, { reg, widths: [1, 2, 4], restarts: 3 })).toEqual(sweep);
  });

  it('ends in time', () => {
    const cut = widthSweepSync(X, Y, { reg, timeLimitMs: 0 });
    expect(cut.status).toBe('time-limit');
    expect(cut.points.length).toBeGreaterThan(0);
  });

  it('refuses widths and restarts that are none', () => {
    expect(() => widthSweepSync(X, Y, { widths: [0] })).toThrow(OptionsError);
    expect(() => widthSweepSync(X, Y, { restarts: -1 })).toThrow(/restarts: expected a whole number/);
    expect(() => widthSweepSync(X, Y, { reg: 0 })).toThrow(/reg/);
  });
});

describe('widthSweep on the paper’s data', () => {
  it('needs 12 neurons for the optimum of spiral at 0.1, 6 for a thousandth', () => {
    const data = loadFixture('spiral');
    const { sufficient, loss } = widthSweepSync(data.X, data.Y, { reg: 0.1, restarts: 0 });
    const optimum = referenceOptimum('spiral', 0.1).training.upper;
    expectWithin(loss, optimum, 1e-8 * optimum);
    const widthFor = (excess: number) => sufficient.find((entry) => entry.excess === excess)?.width;
    expect(widthFor(1e-3)).toBeLessThanOrEqual(6);
    expect(widthFor(1e-6)).toBeLessThanOrEqual(12);
  });
});
