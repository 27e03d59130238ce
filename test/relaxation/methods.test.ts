import { describe, expect, test } from 'vitest';
import { OptionsError } from '../../src/base/errors.js';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import type { Checkpoint } from '../../src/relaxation/state.js';
import { solveRelaxationSync } from '../../src/tasks/solve-relaxation.js';
import { loadFixture, referenceOptimum } from '../support/fixtures.js';
import { DEGENERACIES, randomProblem } from '../support/random.js';
import { expectWithin, solverTolerance } from '../support/tolerance.js';

describe('the methods agree', () => {
  const TOLERANCE = 1e-4;
  test.each(DEGENERACIES.map((degeneracy, k) => ({ degeneracy, seed: 100 + k })))(
    'on $degeneracy',
    ({ degeneracy, seed }) => {
      const { X, Y } = randomProblem(seed, { degeneracy });
      const reg = 0.1;
      const dense = solveRelaxationSync(X, Y, { reg, tolerance: TOLERANCE, method: 'dense' });
      for (const method of ['cg', 'hybrid'] as const) {
        const other = solveRelaxationSync(X, Y, { reg, tolerance: TOLERANCE, method });
        expect(other.lowerBound).toBeLessThanOrEqual(dense.value);
        expect(dense.lowerBound).toBeLessThanOrEqual(other.value);
        if (other.status === 'certified')
          expectWithin(other.value, dense.value, solverTolerance(TOLERANCE, dense.value));
        if (method === 'hybrid') expect(other.status).toBe('certified');
      }
    },
  );
});

describe('ADMM, which shares no step with the interior point', () => {
  const TOLERANCE = 1e-3;
  test.each([0, 1, 3, 5, 7, 8, 13])('agrees with it on problem %i', (seed) => {
    const { X, Y } = randomProblem(seed);
    const reg = 0.1;
    const dense = solveRelaxationSync(X, Y, { reg, tolerance: TOLERANCE / 100, method: 'dense' });
    const admm = solveRelaxationSync(X, Y, { reg, tolerance: TOLERANCE, method: 'admm', maxIterations: 4000 });
    expect(admm.status).toBe('certified');
    expectWithin(admm.value, dense.value, solverTolerance(TOLERANCE, dense.value));
    expect(admm.lowerBound).toBeLessThanOrEqual(dense.value);
    expect(admm.value).toBeGreaterThanOrEqual(dense.lowerBound);
  });

  test('closes its gap although rows are 1e-3 apart in angle', () => {
    const X = new Matrix(Float64Array.of(1, 0, 1, 1e-3, -0.5, 2, 0.5, -2.002, 0.3, 0.4), 5, 2);
    const Y = new Matrix(Float64Array.of(1, -0.5, 2, 0.3, 1), 5, 1);
    const options = { reg: 0.1, tolerance: TOLERANCE };
    const dense = solveRelaxationSync(X, Y, { ...options, method: 'dense' });
    const admm = solveRelaxationSync(X, Y, { ...options, method: 'admm', maxIterations: 4000 });
    expect(admm.status).toBe('certified');
    expectWithin(admm.value, dense.value, solverTolerance(TOLERANCE, dense.value));
    expect(admm.lowerBound).toBeLessThanOrEqual(dense.value);
  });

  test('has no checkpoints to resume', () => {
    const { X, Y } = randomProblem(0);
    const states: Checkpoint[] = [];
    solveRelaxationSync(X, Y, { method: 'dense', maxIterations: 1, onCheckpoint: (state) => states.push(state) });
    expect(() => solveRelaxationSync(X, Y, { method: 'admm', resume: states[0] })).toThrow(OptionsError);
  });
});

describe('ADMM on the data of the paper', () => {
  const TOLERANCE = 0.02;
  test.each(['random/0', 'random/1', 'random/2', 'spiral'] as const)('agrees with the interior point on %s', (name) => {
    const { X, Y } = loadFixture(name);
    const reg = 0.1;
    const point = solveRelaxationSync(X, Y, { reg, tolerance: 1e-4 });
    const admm = solveRelaxationSync(X, Y, { reg, tolerance: TOLERANCE, method: 'admm', maxIterations: 6000 });
    expect(admm.status).toBe('certified');
    expect(admm.lowerBound).toBeLessThanOrEqual(point.value);
    expect(point.lowerBound).toBeLessThanOrEqual(admm.value);
  });
});

describe('conjugate gradients on iris', () => {
  test('certify 1e-3 with less than 5 GF', () => {
    const { X, Y } = loadFixture('iris');
    const optimum = referenceOptimum('iris', 0.1).relaxation.value;
    const result = solveRelaxationSync(X, Y, { reg: 0.1, tolerance: 1e-3, method: 'auto' });
    expect(result.status).toBe('certified');
    expect(result.flops).toBeLessThan(5e9);
    expectWithin(result.value, optimum, 1e-3 * optimum);
    expectWithin(result.lowerBound, optimum, 1e-3 * optimum);
    expect(result.lowerBound).toBeLessThanOrEqual(optimum);
  });

  test('reach 1e-4 alone, since nearly dependent rows are corrected until they hold', () => {
    const { X, Y } = loadFixture('iris');
    for (const reg of [0.1, 0.01]) {
      const optimum = referenceOptimum('iris', reg).relaxation.value;
      const result = solveRelaxationSync(X, Y, { reg, tolerance: 1e-4, method: 'cg' });
      expect(result.status).toBe('certified');
      expect(result.flops).toBeLessThan(8e9);
      expect(result.lowerBound).toBeLessThanOrEqual(optimum);
    }
  });

  test('and with the dense factorisation 1e-4', () => {
    const { X, Y } = loadFixture('iris');
    const optimum = referenceOptimum('iris', 0.1).relaxation.value;
    const result = solveRelaxationSync(X, Y, { reg: 0.1, tolerance: 5e-5 });
    expect(result.status).toBe('certified');
    expectWithin(result.value, optimum, 1e-4 * optimum);
    expectWithin(result.lowerBound, optimum, 1e-4 * optimum);
    expect(result.lowerBound).toBeLessThanOrEqual(optimum);
  });
});

test('ADMM takes features graded over eight orders of magnitude', () => {
  const [n, d] = [200, 150];
  const random = new Random(1);
  const X = Matrix.zeros(n, d);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) X.set(i, k, random.normal() * 10 ** (-k / 18));
  const Y = new Matrix(
    Float64Array.from({ length: n }, () => random.normal()),
    n,
    1,
  );
  const result = solveRelaxationSync(X, Y, { reg: 0.1, method: 'admm', maxIterations: 2 });
  expect(result.status).toBe('max-iterations');
  expect(result.lowerBound).toBeGreaterThan(0);
  expect(result.value).toBeGreaterThan(result.lowerBound);
});
