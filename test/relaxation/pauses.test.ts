/** What long iterations owe their host: a pause between expensive steps, and no memory for iterations that do not come. */

import { expect, test } from 'vitest';
import { RunClock } from '../../src/base/run.js';
import { createKernelsSync } from '../../src/engine/kernels.js';
import type { RelaxationReport } from '../../src/relaxation/records.js';
import { reduceProblem } from '../../src/relaxation/reduce.js';
import { solveReduced } from '../../src/relaxation/solve.js';
import { squaredProblem } from '../support/problem.js';
import { randomProblem } from '../support/random.js';
import { QueryClock } from './query-clock.js';

const isRecord = (report: RelaxationReport): boolean => report.kind !== 'heartbeat';

/** One iteration of conjugate gradients. */
const run = (n: number, clock: RunClock, maxIterations = 1) => {
  const { X, Y } = randomProblem(5, { n, d: 8, c: 1, degeneracy: 'none' });
  const { reduced } = reduceProblem(squaredProblem(X, Y, 0.1));
  const kernels = createKernelsSync();
  const work = solveReduced(kernels, reduced, { tolerance: 1e-3, maxIterations, method: 'cg' }, clock);
  const reports: RelaxationReport[] = [];
  for (let step = work.next(); ; step = work.next()) {
    if (step.done) return { reports, solution: step.value, bytes: kernels.arena.capacity };
    reports.push(step.value);
  }
};

test('a long iteration pauses after scaling, after preparation and before every step; reports are no records', () => {
  const { reports, solution } = run(400, new QueryClock(4));
  const between = reports.filter((report) => !isRecord(report));
  expect(between.length).toBeGreaterThanOrEqual(4);
  expect(between[0]).toMatchObject({ phase: 'relaxation', iteration: 0, value: reports[0]?.value });
  expect(solution.history).toHaveLength(2);
  expect(solution.history).toEqual(reports.filter(isRecord));
});

test('a short iteration does not', () => {
  const { reports } = run(30, new RunClock());
  expect(reports.every(isRecord)).toBe(true);
});

test('a solve without an iteration takes no memory for one', () => {
  expect(run(100, new RunClock(), 1).bytes).toBeGreaterThan(2 * run(100, new RunClock(), 0).bytes);
});
