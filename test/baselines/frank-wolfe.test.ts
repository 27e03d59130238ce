import { describe, expect, it } from 'vitest';
import { OptionsError } from '../../src/base/errors.js';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { ConeOracle } from '../../src/baselines/cone-oracle.js';
import { frankWolfe, frankWolfeSync } from '../../src/baselines/index.js';
import { samplePatterns } from '../../src/baselines/patterns.js';
import { activations } from '../../src/problem/training-loss.js';
import { solveRelaxationSync } from '../../src/tasks/solve-relaxation.js';
import { loadFixture, referenceOptimum } from '../support/fixtures.js';
import { multiply, norm, randomMatrix } from '../support/matrices.js';
import { DEGENERACIES, randomProblem } from '../support/random.js';
import { expectAllWithin, expectWithin, roundOff } from '../support/tolerance.js';

const problem = randomProblem(31, { n: 14, d: 3, c: 2, reg: 0.2, degeneracy: 'none' });
const { X, Y, reg } = problem;

describe('the oracle', () => {
  it('finds unit vectors in the cones, whose value is ‖Rᵀ(Xu)₊‖, and in the plane the best there is', () => {
    const random = new Random(1);
    const X = randomMatrix(random, 12, 2);
    const R = randomMatrix(random, 12, 3);
    const valueAt = (u: Matrix) => norm(multiply(R.transpose(), activations(X, u).alpha));
    const oracle = new ConeOracle(X, samplePatterns(X, 100, random), random);
    let best = 0;
    for (let call = 0; call < 10; call++) {
      const found = oracle.search(R);
      if (!found) throw new Error('no direction');
      expectWithin(Math.hypot(...found.direction), 1, roundOff(2, 1));
      expectWithin(found.value, valueAt(new Matrix(found.direction, 2, 1)), roundOff(24, found.value));
      best = Math.max(best, found.value);
    }
    let scanned = 0;
    for (let k = 0; k < 3600; k++) {
      const angle = (2 * Math.PI * k) / 3600;
      scanned = Math.max(scanned, valueAt(new Matrix(Float64Array.of(Math.cos(angle), Math.sin(angle)), 2, 1)));
    }
    expect(best).toBeGreaterThanOrEqual(scanned * (1 - 1e-6));
  });

  it('has nothing to say when X is zero', () => {
    const Z = Matrix.zeros(3, 2);
    expect(new ConeOracle(Z, samplePatterns(Z, 5, new Random(1)), new Random(1)).search(Y)).toBeUndefined();
  });
});

describe('frankWolfe', () => {
  it('solves one pattern in one step: V is the soft-thresholded YᵀX/‖X‖²', () => {
    // Yᵀx = (3, 4), ‖x‖² = 5, so V = (1 − 1/5)(3, 4)/5 and the loss is ½‖Y‖² − (5 − 1)²/10.
    const targets = [
      [1, 2],
      [1, 1],
    ];
    const { network, value, status, iterations } = frankWolfeSync([[1], [2]], targets, { reg: 1 });
    expect([status, iterations, network.width]).toEqual(['converged', 1, 1]);
    expectAllWithin(multiply(network.U, network.V.transpose()).data, [0.48, 0.64], roundOff(4, 1));
    expectWithin(value, 3.5 - 1.6, roundOff(8, 4));
  });

  it('never rises, and its value is the loss of its network', () => {
    const result = frankWolfeSync(X, Y, { reg, patterns: 60, maxIterations: 60 });
    for (let k = 1; k < result.history.length; k++) {
      const before = result.history[k - 1].value;
      expect(result.history[k].value).toBeLessThanOrEqual(before + roundOff(60, before));
    }
    expect(result.value).toBeLessThan(result.history[0].value / 2);
    expectWithin(result.network.loss(X, Y, reg), result.value, roundOff(2000, result.value));
    expect(result.network.width).toBeLessThanOrEqual(result.iterations);
  });

  it('spends no more than the budget, and lowers the misfit with it', () => {
    const misfits = [0.5, 2, 8].map((budget) => {
      const { network, history, value } = frankWolfeSync(X, Y, { reg, patterns: 40, maxIterations: 40, budget });
      const spent = (norm(network.U) ** 2 + norm(network.V) ** 2) / 2;
      expect(spent).toBeLessThanOrEqual(budget * (1 + roundOff(40, 1)));
      expectWithin(network.loss(X, Y, reg), value, roundOff(2000, value));
      expect(history.every(({ gap }) => gap >= 0)).toBe(true);
      return value - reg * spent;
    });
    expect(misfits[1]).toBeLessThan(misfits[0]);
    expect(misfits[2]).toBeLessThan(misfits[1]);
  });

  it.each(DEGENERACIES.map((degeneracy, k) => [degeneracy, 60 + k] as const))(
    'is never below the certified bound: %s',
    (degeneracy, seed) => {
      const { X, Y, reg } = randomProblem(seed, { degeneracy });
      const { lowerBound } = solveRelaxationSync(X, Y, { reg, tolerance: 0.1 });
      const { network } = frankWolfeSync(X, Y, { reg, patterns: 40, maxIterations: 40 });
      expect(network.loss(X, Y, reg)).toBeGreaterThanOrEqual(lowerBound);
    },
  );

  it('is the same for the same seed, waiting or not; keeps to its limits; refuses bad options', async () => {
    const options = { reg, patterns: 20, maxIterations: 10, tolerance: 1e-9, standardize: true, bias: true };
    const first = await frankWolfe(X, Y, options);
    const second = frankWolfeSync(X, Y, options);
    expect([first.status, first.iterations]).toEqual(['max-iterations', 10]);
    expect([first.value, ...first.network.U.data]).toEqual([second.value, ...second.network.U.data]);
    expect(frankWolfeSync(X, Y, { ...options, seed: 9 }).value).not.toBe(first.value);
    const limited = frankWolfeSync(X, Y, { ...options, timeLimitMs: 0 });
    expect([limited.status, limited.iterations, limited.network.width]).toEqual(['time-limit', 0, 0]);
    await expect(frankWolfe(X, Y, { ...options, signal: AbortSignal.abort('no') })).rejects.toBe('no');
    await expect(frankWolfe(X, Y, { budget: 0 })).rejects.toThrow(OptionsError);
  });
});

describe('frankWolfe on the paper’s data', () => {
  it('comes from above within 5 % of the known optimum of random/0', () => {
    const { X, Y } = loadFixture('random/0');
    const { value } = frankWolfeSync(X, Y, { reg: 0.1, patterns: 60, maxIterations: 150 });
    const { training } = referenceOptimum('random/0', 0.1);
    expect(value >= training.lower && value <= training.upper * 1.05).toBe(true);
  });
});
