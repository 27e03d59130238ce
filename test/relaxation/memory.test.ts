import { describe, expect, it } from 'vitest';
import { MemoryError } from '../../src/base/errors.js';
import {
  assertResultsFit,
  assertRowsFit,
  assertSolveFits,
  estimateCost,
  newtonUnknowns,
  solveBytes,
} from '../../src/relaxation/memory.js';

describe('memory of a solve', () => {
  it('counts the unknowns of the Newton system', () => {
    expect(newtonUnknowns({ n: 1, d: 1, c: 1 })).toBe(0 + 1 + 1 + 2 + 1);
    expect(newtonUnknowns({ n: 74, d: 4, c: 3 })).toBe(2701 + 296 + 10 + 234 + 6);
  });

  it('lets Iris through and refuses what does not fit, naming the estimate and what would', () => {
    assertSolveFits({ n: 74, d: 4, c: 3 }, 'dense');
    const size = { n: 1000, d: 20, c: 10 };
    let error: unknown;
    try {
      assertSolveFits(size, 'dense');
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(MemoryError);
    expect(error).toMatchObject({
      requiredBytes: solveBytes(size, 'dense'),
      message: expect.stringMatching(/GiB.*about \d+ rows would fit/),
    });
    const rows = Number(/about (\d+) rows/.exec((error as MemoryError).message)?.[1]);
    assertSolveFits({ ...size, n: rows }, 'dense');
    expect(() => assertSolveFits({ ...size, n: rows + 1 }, 'dense')).toThrow(MemoryError);
  });

  it("lets the largest of the paper's data sets through with conjugate gradients", () => {
    const cost = estimateCost({ n: 1000, d: 20, c: 10 });
    expect(cost.method).toBe('cg');
    expect(cost.fits).toBe(true);
    assertSolveFits({ n: 1000, d: 20, c: 10 });
    expect(() => assertSolveFits({ n: 10_000, d: 20, c: 10 })).toThrow(MemoryError);
  });

  it('grows with the problem, whatever the method', () => {
    for (const method of ['dense', 'cg', 'hybrid', 'admm'] as const) {
      const [small, large] = [estimateCost({ n: 50, d: 4, c: 3 }, method), estimateCost({ n: 60, d: 4, c: 3 }, method)];
      expect(large.memoryBytes).toBeGreaterThan(small.memoryBytes);
      expect(large.flopsPerIteration).toBeGreaterThan(small.flopsPerIteration);
    }
  });

  it('refuses too many rows before their rank is known, and never what would fit at some rank', () => {
    expect(() => assertRowsFit(2500, 50, 2)).toThrow(/2500 distinct rows of rank ≤ 50/);
    for (const method of ['auto', 'dense', 'cg', 'hybrid'] as const) {
      for (const n of [50, 120, 400, 1000, 1700, 2300]) {
        const fits = [1, 2, 5, 20, 100].some((d) => isFine(() => assertSolveFits({ n, d, c: 2 }, method)));
        if (fits) assertRowsFit(n, 100, 2, method);
      }
    }
  });

  it('refuses results that are too large although the distinct rows are few', () => {
    assertResultsFit(5000, 100);
    expect(() => assertResultsFit(50_000, 2)).toThrow(/GiB.*about \d+ rows would fit/);
    expect(() => assertResultsFit(1, 20_000)).toThrow(/fewer columns/);
  });
});

function isFine(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
