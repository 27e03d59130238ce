import { describe, expect, it } from 'vitest';
import { MemoryError } from '../../src/base/errors.js';
import { Matrix } from '../../src/base/matrix.js';
import { complete, RunClock } from '../../src/base/run.js';
import { createKernelsSync } from '../../src/engine/kernels.js';
import { CgBackend, cgBytes } from '../../src/relaxation/backends/cg.js';
import { DenseBackend, denseBytes, denseFlops, newtonUnknowns } from '../../src/relaxation/backends/dense.js';
import { hybridBytes } from '../../src/relaxation/backends/hybrid.js';
import { lossRowsBytes, lossRowsFlops } from '../../src/relaxation/backends/loss-rows.js';
import { estimateCost, solveBytes } from '../../src/relaxation/cost.js';
import { assertResultsFit, assertRowsFit, assertSolveFits } from '../../src/relaxation/fits.js';
import { iterationFlops } from '../../src/relaxation/newton.js';
import { reduceProblem } from '../../src/relaxation/reduce.js';
import { restoredBytes, restoreGram } from '../../src/relaxation/restore.js';
import { solveReduced } from '../../src/relaxation/solve.js';
import { settingOf } from '../support/interior.js';
import { squaredProblem } from '../support/problem.js';
import { randomProblem } from '../support/random.js';

describe('the cost of a solve', () => {
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
    expect(() => assertRowsFit(2500, { rows: 2500, columns: 50, outputs: 2 })).toThrow(
      /2500 distinct rows of rank ≤ 50/,
    );
    for (const method of ['auto', 'dense', 'cg', 'hybrid'] as const) {
      for (const n of [50, 120, 400, 1000, 1700, 2300]) {
        const fits = [1, 2, 5, 20, 100].some((d) => isFine(() => assertSolveFits({ n, d, c: 2 }, method)));
        if (fits) assertRowsFit(n, { rows: n, columns: 100, outputs: 2, method });
      }
    }
  });

  it('refuses results that are too large although the distinct rows are few', () => {
    assertResultsFit({ rows: 5000, columns: 100, outputs: 1 });
    expect(() => assertResultsFit({ rows: 50_000, columns: 2, outputs: 1 })).toThrow(/GiB.*about \d+ rows would fit/);
    expect(() => assertResultsFit({ rows: 1, columns: 20_000, outputs: 1 })).toThrow(/fewer columns/);
  });

  it.each([
    [20_000, 2, 1],
    [20_000, 400, 3],
    [10_000, 20, 10],
    [10_000, 3, 1],
    [4000, 3000, 2],
    [3000, 1, 1],
  ])(
    'advises %d rows of %d columns and %d outputs truly: that many are accepted, a tenth more are not',
    (rows, columns, outputs) => {
      const refusal = messageOf(rows, columns, outputs);
      const advised = Number(/about (\d+) rows would fit/.exec(refusal ?? '')?.[1]);
      expect(advised).toBeGreaterThan(0);
      expect(messageOf(advised, columns, outputs)).toBeUndefined();
      expect(messageOf(Math.ceil(1.1 * advised), columns, outputs)).toMatch(/GiB/);
    },
  );
});

/** What a solve on distinct rows in general position says when it checks sizes one after the other; undefined when it is accepted. */
function messageOf(rows: number, columns: number, outputs: number): string | undefined {
  const given = { rows, columns, outputs };
  try {
    assertResultsFit(given);
    assertRowsFit(rows, given);
    assertSolveFits({ n: rows, d: Math.min(rows, columns), c: outputs }, 'auto', given);
    return undefined;
  } catch (error) {
    if (error instanceof MemoryError) return error.message;
    throw error;
  }
}

/** Two iterations by the method, on one kernel instance. */
function solve(method: 'dense' | 'cg' | 'hybrid' | 'admm', n: number, d: number, c: number) {
  const { X, Y } = randomProblem(5, { n, d, c, degeneracy: 'none' });
  const { reduced } = reduceProblem(squaredProblem(X, Y, 0.1));
  const kernels = createKernelsSync();
  const before = kernels.arena.capacity;
  const work = solveReduced(kernels, reduced, { tolerance: 1e-9, maxIterations: 2, method }, new RunClock());
  let step = work.next();
  while (!step.done) step = work.next();
  return { size: reduced, grown: kernels.arena.capacity - before, history: step.value.history };
}

/** Bytes that a constructor takes. */
function allocated(setting: ReturnType<typeof settingOf>, create: () => void): number {
  const { arena } = setting.algebra.kernels;
  const before = arena.mark();
  create();
  return arena.mark() - before;
}

const settingFor = (n: number, d: number, c: number) => {
  const { X, Y } = randomProblem(6, { n, d, c, degeneracy: 'none' });
  return settingOf(squaredProblem(X, Y, 0.1));
};

describe('costs and what is allocated', () => {
  it('the dense back end takes its matrix, and little more', () => {
    const setting = settingFor(50, 4, 3);
    const bytes = allocated(setting, () => new DenseBackend(setting.algebra, setting.stack));
    expect(bytes).toBeGreaterThanOrEqual(denseBytes(setting.problem));
    expect(bytes).toBeLessThanOrEqual(1.05 * denseBytes(setting.problem));
  });

  it('conjugate gradients take no more than they say, nor less than half of it', () => {
    for (const [n, d, c] of [
      [40, 4, 1],
      [100, 8, 2],
    ]) {
      const setting = settingFor(n, d, c);
      const bytes = allocated(setting, () => new CgBackend(setting.algebra, setting.stack));
      expect(bytes).toBeLessThanOrEqual(cgBytes(setting.problem));
      expect(bytes).toBeGreaterThanOrEqual(0.5 * cgBytes(setting.problem));
    }
  });

  it.each(['dense', 'cg', 'hybrid', 'admm'] as const)('a whole solve by %s stays within what it says', (method) => {
    for (const [n, d, c] of [
      [1, 1, 1],
      [20, 2, 5],
      [60, 8, 2],
    ]) {
      const { size, grown } = solve(method, n, d, c);
      expect(grown).toBeLessThanOrEqual(solveBytes(size, method));
    }
  });

  it('many outputs: the elimination of the loss rows is what takes the memory, and is counted', () => {
    const { size, grown } = solve('cg', 8, 4, 24);
    const others = solveBytes(size, 'cg') - lossRowsBytes(size) - solveBytes({ n: 0, d: 0, c: 0 }, 'cg');
    expect(grown).toBeGreaterThan(others + 8 * 24 ** 4);
    expect(grown).toBeLessThanOrEqual(solveBytes(size, 'cg'));
  });

  it('a hybrid holds both back ends', () => {
    const size = { n: 30, d: 3, c: 2 };
    expect(hybridBytes(size)).toBe(denseBytes(size) + cgBytes(size));
    expect(estimateCost(size, 'hybrid').flopsPerIteration).toBe(estimateCost(size, 'cg').flopsPerIteration);
  });

  it('results: the Gram matrix and two products of its size', () => {
    const { X, Y } = randomProblem(6, { n: 12, d: 3, c: 1, degeneracy: 'none' });
    const reduction = reduceProblem(squaredProblem(X, Y, 0.1));
    const { n, d } = reduction.reduced;
    const G = complete(restoreGram(reduction, Matrix.zeros(n + d, n + d)));
    expect(restoredBytes(X.rows, X.columns)).toBe(3 * G.data.byteLength);
  });
});

describe('flops of an iteration', () => {
  it.each([
    ['dense', 60, 8, 2],
    ['cg', 100, 5, 1],
    ['cg', 60, 8, 2],
    ['admm', 60, 8, 2],
  ] as const)('%s, %i rows, %i columns, %i outputs: within a factor of three of those counted', (method, n, d, c) => {
    const { size, history } = solve(method, n, d, c);
    const counted = ((history.at(-1)?.flops ?? 0) - history[0].flops) / 2;
    const { flopsPerIteration } = estimateCost(size, method);
    expect(flopsPerIteration / counted).toBeGreaterThan(1 / 3);
    expect(flopsPerIteration / counted).toBeLessThan(3);
  });

  it('grow with the sixth power of the outputs where there are many, by conjugate gradients alone', () => {
    const at = (c: number, method: 'dense' | 'cg') => estimateCost({ n: 10, d: 4, c }, method).flopsPerIteration;
    expect(at(400, 'cg') / at(200, 'cg')).toBeGreaterThan(60);
    expect(at(40, 'cg')).toBeGreaterThan(4 * 40 ** 6);
    expect(at(40, 'dense')).toBe(denseFlops({ n: 10, d: 4, c: 40 }) + iterationFlops({ n: 10, d: 4, c: 40 }));
    expect(at(1, 'cg')).toBeLessThan(1.01 * (at(1, 'cg') - lossRowsFlops({ n: 10, d: 4, c: 1 })));
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
