/** What long iterations owe their host: a pause between expensive steps, and no memory for iterations that do not come. */

import { expect, test } from 'vitest';
import { RunClock } from '../../src/base/run.js';
import { createKernelsSync, Kernels } from '../../src/engine/kernels.js';
import { PIECE_FLOPS } from '../../src/linalg/steps.js';
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

test('a long iteration pauses in the start, after it and within every phase; reports are no records', () => {
  const { reports, solution } = run(400, new RunClock());
  const first = reports.findIndex(isRecord);
  const after = reports.slice(first).filter((report) => !isRecord(report));
  expect(first).toBeGreaterThan(0);
  expect(reports[0]).toMatchObject({ kind: 'heartbeat', phase: 'relaxation', iteration: 0 });
  expect(after.length).toBeGreaterThanOrEqual(10);
  expect(after[0]).toMatchObject({ phase: 'relaxation', iteration: 0, value: reports[first]?.value });
  expect(solution.history).toHaveLength(2);
  expect(solution.history).toEqual(reports.filter(isRecord));
});

test('between two pauses lie a few pieces of products at most, also where one product is larger', () => {
  const { X, Y } = randomProblem(5, { n: 500, d: 8, c: 1, degeneracy: 'none' });
  const { reduced } = reduceProblem(squaredProblem(X, Y, 0.1));
  const { exports, arena } = createKernelsSync();
  let [flops, total] = [0, 0];
  const gemm: typeof exports.gemm = (...operands) => {
    const [m, n, k] = operands;
    flops += 2 * m * n * k;
    exports.gemm(...operands);
  };
  const kernels = Object.assign(Object.create(Kernels.prototype) as Kernels, { arena, exports: { ...exports, gemm } });
  const work = solveReduced(kernels, reduced, { tolerance: 1e-3, maxIterations: 1, method: 'cg' }, new RunClock());
  for (let step = work.next(); !step.done; step = work.next()) {
    expect(flops).toBeLessThan(4 * PIECE_FLOPS);
    total += flops;
    flops = 0;
  }
  expect(total).toBeGreaterThan(20 * PIECE_FLOPS);
});

test('an iteration whose time runs out is given up at the next pause, with the best points so far', () => {
  const { reports, solution } = run(400, new QueryClock(5), 50);
  expect(solution.status).toBe('time-limit');
  expect(solution.history.length).toBeLessThanOrEqual(1);
  expect(reports.length).toBeLessThan(20);
  expect(solution.bound).toBeLessThanOrEqual(solution.value);
});

test('a limit that is not reached changes no bit', () => {
  const free = run(300, new RunClock(), 2).solution;
  const limited = run(300, new RunClock({ timeLimitMs: 1e7 }), 2).solution;
  expect([limited.value, limited.bound]).toEqual([free.value, free.bound]);
});

test('a short iteration does not', () => {
  const { reports } = run(30, new RunClock());
  expect(reports.every(isRecord)).toBe(true);
});

test('a solve without an iteration takes no memory for one', () => {
  expect(run(100, new RunClock(), 1).bytes).toBeGreaterThan(2 * run(100, new RunClock(), 0).bytes);
});
