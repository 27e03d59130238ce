import { expect, test } from 'vitest';
import { RunClock } from '../../src/base/run.js';
import { createKernelsSync } from '../../src/engine/kernels.js';
import { reduceProblem } from '../../src/relaxation/reduce.js';
import { solveReduced } from '../../src/relaxation/solve.js';
import { squaredProblem } from '../support/problem.js';
import { randomProblem } from '../support/random.js';
import { QueryClock } from './query-clock.js';

const run = (clock: RunClock) => {
  const { X, Y } = randomProblem(21, { n: 30, d: 3, c: 2, degeneracy: 'none' });
  const { reduced } = reduceProblem(squaredProblem(X, Y, 0.01));
  const options = { tolerance: 1e-3, maxIterations: 12, method: 'cg' } as const;
  const work = solveReduced(createKernelsSync(), reduced, options, clock);
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
};

test('conjugate gradients end within a step or two of the time limit, with a true bound', () => {
  const full = run(new RunClock({}));
  const stepsOf = ({ history }: typeof full): number => {
    const last = history.at(-1);
    return last?.kind === 'iterate' ? last.cgSteps : 0;
  };
  expect(stepsOf(full)).toBeGreaterThan(40);
  for (const queries of [2, 10, 25]) {
    const short = run(new QueryClock(queries));
    expect(short.status).toBe('time-limit');
    expect(stepsOf(short)).toBeLessThan(queries);
    expect(short.bound).toBeLessThanOrEqual(full.value);
    expect(short.value).toBeGreaterThanOrEqual(full.bound);
  }
});
