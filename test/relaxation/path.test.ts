import { describe, expect, test } from 'vitest';
import { OptionsError } from '../../src/base/errors.js';
import { trainPath } from '../../src/tasks/path.js';
import type { RelaxationResult } from '../../src/tasks/relaxation-result.js';
import { solveRelaxationSync } from '../../src/tasks/solve-relaxation.js';
import { randomProblem } from '../support/random.js';
import { expectWithin, solverTolerance } from '../support/tolerance.js';

const TOLERANCE = 1e-5;
const REGS = [0.05, 0.4, 0.2, 0.1];

describe('a path of relaxations', () => {
  const { X, Y } = randomProblem(1, { n: 12, d: 3, c: 2, degeneracy: 'none' });

  test('finds what cold starts find, in the order asked for, with less work', async () => {
    const path = await trainPath(X, Y, { regs: REGS, tolerance: TOLERANCE });
    expect(path.map(({ reg }) => reg)).toEqual(REGS);
    let [warm, cold] = [0, 0];
    for (const { reg, result: trained } of path) {
      const result = trained.relaxation as RelaxationResult;
      const alone = solveRelaxationSync(X, Y, { reg, tolerance: TOLERANCE });
      expect(result.status).toBe('certified');
      expectWithin(result.value, alone.value, solverTolerance(TOLERANCE, alone.value));
      expect(result.lowerBound).toBeLessThanOrEqual(alone.value);
      warm += result.flops;
      cold += alone.flops;
    }
    expect(warm).toBeLessThan(cold);
  });

  test('starts from a true bound and value', async () => {
    const path = await trainPath(X, Y, { regs: [0.2, 0.1], tolerance: TOLERANCE });
    const result = path[1].result.relaxation as RelaxationResult;
    const [first] = result.history;
    expect(first.gap).toBeLessThan(0.5);
    expect(first.lowerBound).toBeLessThanOrEqual(result.value);
    expect(first.value).toBeGreaterThanOrEqual(result.lowerBound);
  });

  test.each([[[]], [[0.1, -1]], [[Number.NaN]]])('refuses %j', async (regs) => {
    await expect(trainPath(X, Y, { regs })).rejects.toThrow(OptionsError);
  });
});
