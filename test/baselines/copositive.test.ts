import { describe, expect, it } from 'vitest';
import { MemoryError, OptionsError } from '../../src/base/errors.js';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { CopositiveBarrier } from '../../src/baselines/copositive-barrier.js';
import { copositiveRelaxation, copositiveRelaxationSync } from '../../src/baselines/index.js';
import { coneMoment, samplePatterns } from '../../src/baselines/patterns.js';
import { createKernelsSync } from '../../src/engine/kernels.js';
import { solveRelaxationSync } from '../../src/tasks/solve-relaxation.js';
import { loadFixture, referenceOptimum } from '../support/fixtures.js';
import { DEGENERACIES, randomProblem } from '../support/random.js';
import { DIFFERENCE_TOLERANCE, differenceStep, expectWithin, roundOff, solverTolerance } from '../support/tolerance.js';

describe('the barrier', () => {
  const problem = randomProblem(3, { n: 6, d: 3, c: 2, reg: 0.3, degeneracy: 'none' });
  const random = new Random(1);
  const patterns = samplePatterns(problem.X, 4, random);
  const barrier = new CopositiveBarrier(createKernelsSync(), problem, patterns);
  const start = new Float64Array(patterns.count * 9);
  for (let i = 0; i < patterns.count; i++) start.set(coneMoment(problem.X, patterns, i, random), 9 * i);
  const t = 3;

  it('starts from moments of the cones, strictly inside', () => {
    expect(barrier.evaluate(start)).toBeDefined();
    expect(barrier.evaluate(start.map((q) => -q))).toBeUndefined();
  });

  it('has the Newton step that finite differences show', () => {
    const phi = (Q: Float64Array): number => {
      const point = barrier.evaluate(Q);
      return point ? t * point.value + point.barrier : Number.NaN;
    };
    const point = barrier.evaluate(start);
    const step = point && barrier.newton(point, t);
    if (!step) throw new Error('no step');
    const { direction, decrement } = step;
    const other = new Float64Array(start.length);
    for (let i = 0; i < patterns.count; i++) {
      for (let x = 0; x < 3; x++) {
        for (let y = 0; y <= x; y++) {
          other[9 * i + 3 * x + y] = random.normal();
          other[9 * i + 3 * y + x] = other[9 * i + 3 * x + y];
        }
      }
    }
    const at = (s: number, u: number) => phi(start.map((q, k) => q + s * other[k] + u * direction[k]));
    const h = differenceStep(1);
    expectWithin(-decrement, (at(0, h) - at(0, -h)) / (2 * h), DIFFERENCE_TOLERANCE * decrement);
    // H · direction = −gradient, seen along another direction; round-off is ε φ / h² ≈ 1e-3 of about 100.
    const gradient = (at(h, 0) - at(-h, 0)) / (2 * h);
    const mixed = (at(h, h) - at(h, -h) - at(-h, h) + at(-h, -h)) / (4 * h * h);
    expectWithin(-gradient, mixed, 100 * DIFFERENCE_TOLERANCE * Math.abs(gradient));
  });
});

describe('copositiveRelaxation', () => {
  it('has a closed form for one pattern', () => {
    // Yᵀx = (3, 4), ‖x‖² = 5: as for one neuron, ½‖Y‖² − (‖Yᵀx‖ − reg)²/(2‖x‖²); and ½‖Y‖² once reg ≥ ‖Yᵀx‖.
    const solve = (reg: number) =>
      copositiveRelaxationSync(
        [[1], [2]],
        [
          [1, 2],
          [1, 1],
        ],
        { reg, tolerance: 1e-7 },
      );
    const result = solve(1);
    expect(result.status).toBe('converged');
    expectWithin(result.value, 1.9, solverTolerance(1e-7, 1.9));
    expect(result.dualValue).toBeLessThanOrEqual(1.9);
    const zero = solve(5);
    expect([zero.status, zero.iterations, zero.value, zero.dualValue, zero.network.width]).toEqual([
      'converged',
      0,
      3.5,
      3.5,
      0,
    ]);
  });

  it('closes its gap, and its predictor has the value’s misfit', () => {
    const { X, Y, reg } = randomProblem(4, { n: 10, d: 2, c: 2, reg: 0.1, degeneracy: 'none' });
    const result = copositiveRelaxationSync(X, Y, { reg, patterns: 40, tolerance: 1e-6 });
    expect(result.status).toBe('converged');
    expect(result.gap).toBeLessThanOrEqual(1e-6);
    expect(result.history.every(({ dualValue }) => dualValue <= result.value)).toBe(true);
    // F = A (A + reg I)⁻¹ Y = Y − a, and f = ½⟨Y, a⟩ + reg/2 Σ tr Q: with the network of Q's own factors f would be its loss.
    const F = result.model.predict(X);
    const misfit = F.data.reduce((sum, value, k) => sum + (value - Y.data[k]) ** 2, 0) / 2;
    expect(misfit).toBeLessThan(result.value);
  });

  it.each(DEGENERACIES.map((degeneracy, k) => [degeneracy, 80 + k] as const))(
    'is never below the bound of the library’s relaxation, nor is its network: %s',
    (degeneracy, seed) => {
      const { X, Y, reg } = randomProblem(seed, {
        degeneracy,
        n: degeneracy === 'more columns than rows' ? 3 : 9,
        d: 2 + (seed % 2),
      });
      const { lowerBound } = solveRelaxationSync(X, Y, { reg, tolerance: 1e-3 });
      const result = copositiveRelaxationSync(X, Y, { reg, patterns: 12, tolerance: 1e-2, maxIterations: 60 });
      expect(result.value).toBeGreaterThanOrEqual(lowerBound);
      expect(result.loss).toBeGreaterThanOrEqual(lowerBound);
      expect(result.dualValue).toBeLessThanOrEqual(result.value);
      expectWithin(result.network.loss(X, Y, reg), result.loss, roundOff(1000, 1 + result.loss));
    },
  );

  it('is the same for the same seed, waiting or not; keeps to its limits; refuses what does not fit', async () => {
    const { X, Y } = randomProblem(5, { n: 8, d: 2, c: 2, degeneracy: 'none' });
    const options = { reg: 0.1, patterns: 8, maxIterations: 5, tolerance: 1e-9, standardize: true, bias: true };
    const first = await copositiveRelaxation(X, Y, options);
    const second = copositiveRelaxationSync(X, Y, options);
    expect([first.status, first.iterations]).toEqual(['max-iterations', 5]);
    expect([first.value, ...first.model.W.data]).toEqual([second.value, ...second.model.W.data]);
    const limited = copositiveRelaxationSync(X, Y, { ...options, timeLimitMs: 0 });
    expect([limited.status, limited.iterations]).toEqual(['time-limit', 0]);
    await expect(copositiveRelaxation(X, Y, { ...options, signal: AbortSignal.abort('no') })).rejects.toBe('no');
    await expect(copositiveRelaxation(X, Y, { patterns: 1.5 })).rejects.toThrow(OptionsError);
    const wide = new Matrix(new Random(1).fillNormal(new Float64Array(30 * 40)), 30, 40);
    await expect(copositiveRelaxation(wide, wide, {})).rejects.toThrow(MemoryError);
  });
});

describe('copositiveRelaxation on the paper’s data', () => {
  it('over all patterns of random/0 lies between the relaxation and what training adds', () => {
    const { X, Y } = loadFixture('random/0');
    const result = copositiveRelaxationSync(X, Y, { reg: 0.1, patterns: 60 });
    const { relaxation, training } = referenceOptimum('random/0', 0.1);
    expect(result.status).toBe('converged');
    expect(result.value).toBeGreaterThanOrEqual(relaxation.value);
    expect(result.value).toBeLessThanOrEqual(training.upper * 1.01);
  });
});
