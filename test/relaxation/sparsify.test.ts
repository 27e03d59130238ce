/** What the certificate leaves out carries nothing: the bound that is proved is that of the solver's a, and much is left out. */
import { describe, expect, test } from 'vitest';
import { freePairs } from '../../src/problem/parts/free.js';
import type { Certificate } from '../../src/problem/problem.js';
import { solveRelaxationSync } from '../../src/tasks/solve-relaxation.js';
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
