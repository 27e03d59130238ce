import { describe, expect, it } from 'vitest';
import { MemoryError } from '../../src/errors.js';
import { assertDenseSolveFits, assertResultsFit, denseSolveBytes, newtonUnknowns } from '../../src/model/memory.js';

describe('memory of a dense solve', () => {
  it('counts the unknowns of the Newton system', () => {
    expect(newtonUnknowns({ n: 1, d: 1, c: 1 })).toBe(0 + 1 + 1 + 2 + 1);
    expect(newtonUnknowns({ n: 74, d: 4, c: 3 })).toBe(2701 + 296 + 10 + 234 + 6);
  });

  it('lets Iris through and refuses what does not fit, naming the estimate and what would', () => {
    assertDenseSolveFits({ n: 74, d: 4, c: 3 });
    const size = { n: 1000, d: 20, c: 10 };
    let error: unknown;
    try {
      assertDenseSolveFits(size);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(MemoryError);
    expect(error).toMatchObject({
      requiredBytes: denseSolveBytes(size),
      message: expect.stringMatching(/GiB.*about \d+ rows would fit/),
    });
    const rows = Number(/about (\d+) rows/.exec((error as MemoryError).message)?.[1]);
    assertDenseSolveFits({ ...size, n: rows });
    expect(() => assertDenseSolveFits({ ...size, n: rows + 1 })).toThrow(MemoryError);
  });

  it('refuses results that are too large although the distinct rows are few', () => {
    assertResultsFit(5000, 100);
    expect(() => assertResultsFit(50_000, 2)).toThrow(/GiB.*about \d+ rows would fit/);
    expect(() => assertResultsFit(1, 20_000)).toThrow(/fewer columns/);
  });
});
