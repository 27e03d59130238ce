/**
 * What solves of generated problems cost, pinned: a change of method or a silent slow-down turns a line red. Counts are the same on every host
 * (docs/tolerances.md); where a change means to alter them, the new ones are written here and said in the changelog.
 */
import { expect, test } from 'vitest';
import { solveRelaxationSync } from '../../src/tasks/solve-relaxation.js';
import { randomProblem } from '../support/random.js';
import { expectWithin, FLOP_TOLERANCE } from '../support/tolerance.js';

const PLAIN = { seed: 1, n: 12, d: 3, c: 2, reg: 0.1, degeneracy: 'none' } as const;
const OPPOSITE = { seed: 2, n: 20, d: 2, c: 1, reg: 0.01, degeneracy: 'antiparallel rows' } as const;
const LARGER = { seed: 3, n: 24, d: 5, c: 3, reg: 0.1, degeneracy: 'none' } as const;
const NARROW = { seed: 5, n: 30, d: 2, c: 5, reg: 0.01, degeneracy: 'none' } as const;
/** Its rows are nearly dependent near the optimum: without corrections of the rows the iteration stalls at 2e-6. */
const DEPENDENT = { seed: 3, n: 14, d: 4, c: 2, reg: 0.1, degeneracy: 'none' } as const;
const LONG = { seed: 6, n: 60, d: 3, c: 2, reg: 0.1, degeneracy: 'none' } as const;

/** Method, tolerance, then iterations, conjugate-gradient steps, Cholesky factorisations and flops. */
const PINNED = [
  [PLAIN, 'dense', 1e-6, 10, 0, 51, 1.58e7],
  [PLAIN, 'cg', 1e-3, 9, 39, 47, 8.674e6],
  [PLAIN, 'hybrid', 1e-5, 11, 43, 55, 1.0377e7],
  [PLAIN, 'admm', 1e-2, 475, 0, 364, 1.8822e8],
  [OPPOSITE, 'dense', 1e-6, 13, 0, 71, 1.644e7],
  [OPPOSITE, 'cg', 1e-3, 9, 29, 55, 6.02e6],
  [LARGER, 'dense', 1e-6, 13, 0, 64, 6.2933e8],
  [LARGER, 'cg', 1e-3, 11, 57, 56, 7.6265e7],
  [NARROW, 'hybrid', 1e-5, 22, 114, 262, 1.32e9],
  [DEPENDENT, 'cg', 1e-6, 15, 63, 70, 2.5079e7],
  [LONG, 'cg', 1e-4, 13, 42, 66, 5.3093e8],
] as const;

test.each(PINNED)('%o by %s to %f', ({ seed, ...shape }, method, tolerance, iterations, cgSteps, cholesky, flops) => {
  const { X, Y, reg } = randomProblem(seed, shape);
  const result = solveRelaxationSync(X, Y, { reg, method, tolerance, maxIterations: 1000 });
  const last = result.history.at(-1);
  expect(result.gap).toBeLessThanOrEqual(tolerance);
  const steps = last?.kind === 'iterate' ? last.cgSteps : 0;
  expect([result.iterations, steps, last?.factorizations]).toEqual([iterations, cgSteps, cholesky]);
  expectWithin(result.flops, flops, FLOP_TOLERANCE * flops);
});
