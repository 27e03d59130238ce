/** What the certificate leaves out carries nothing: the bound that is proved is that of the solver's a, and much is left out. */
import { describe, expect, test } from 'vitest';
import { complete, RunClock } from '../../src/base/run.js';
import { freePairs } from '../../src/problem/parts/free.js';
import type { Certificate } from '../../src/problem/problem.js';
import { createPoint } from '../../src/relaxation/point.js';
import { dropNegligible } from '../../src/relaxation/sparsify.js';
import { solveRelaxationSync } from '../../src/tasks/solve-relaxation.js';
import { readMatrix, settingOf, startOf } from '../support/interior.js';
import { combine, isPositiveDefinite } from '../support/matrices.js';
import { squaredProblem } from '../support/problem.js';
import { randomProblem } from '../support/random.js';

describe.each(['dense', 'cg'] as const)('%s', (method) => {
  test.each([0, 1, 2, 3])('problem %i: fewer pairs than the solver has, and the whole bound', (seed) => {
    const { X, Y, reg } = randomProblem(seed, { n: 14, d: 3, c: 2, degeneracy: 'none' });
    const { proof, lowerBound } = solveRelaxationSync(X, Y, { reg, method, tolerance: 1e-4 });
    const { a, pairs } = proof.relaxation as Certificate;
    const claimed = a.data.reduce((sum, entry, k) => sum + entry * Y.data[k] - entry ** 2 / 2, 0);
    expect(lowerBound).toBeGreaterThan(claimed * (1 - 1e-9));
    const all = freePairs(X.rows).count;
    expect(pairs.value.length).toBeGreaterThan(0);
    expect(pairs.value.length).toBeLessThan(0.8 * all);
    expect(pairs.value.every((value) => value > 0)).toBe(true);
  });
});

describe('of a point', () => {
  const { X, Y, reg } = randomProblem(4, { n: 14, d: 3, c: 2, degeneracy: 'none' });
  const run = (clock: RunClock) => {
    const setting = settingOf(squaredProblem(X, Y, reg));
    const { algebra, stack, problem } = setting;
    const point = startOf(setting);
    const before = { Z: readMatrix(setting, point.Z), N: algebra.read(point.N), tries: algebra.factorizations };
    complete(dropNegligible(algebra, stack, point, createPoint(algebra, problem), clock));
    const tries = algebra.factorizations - before.tries;
    complete(stack.dualSlack(point.a, point.N, point.w, point.Z));
    return { before, tries, Z: readMatrix(setting, point.Z), N: algebra.read(point.N) };
  };

  test('multipliers are kept as they are or dropped, and the dual slack keeps a tenth of itself', () => {
    const { before, Z, N } = run(new RunClock());
    expect(N.every((value, k) => value === 0 || value === before.N[k])).toBe(true);
    expect(N.some((value) => value === 0)).toBe(true);
    expect(isPositiveDefinite(combine(Z, before.Z, 1, -0.0999))).toBe(true);
  });

  test('one trial when the time is over, eight otherwise', () => {
    expect(run(new RunClock()).tries).toBe(8);
    expect(run(new RunClock({ stopSignal: AbortSignal.abort() })).tries).toBe(1);
  });
});
