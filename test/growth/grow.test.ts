import { describe, expect, it } from 'vitest';
import { InputError, OptionsError } from '../../src/base/errors.js';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import type { TrainingProblem } from '../../src/problem/problem.js';
import { trainingLoss } from '../../src/problem/training-loss.js';
import { type GrowthOptions, growNetwork, growNetworkSync } from '../../src/tasks/grow-network.js';
import { type FixtureName, loadFixture, referenceOptimum } from '../support/fixtures.js';
import { randomMatrix } from '../support/matrices.js';
import { DEGENERACIES, randomNetwork, randomProblem } from '../support/random.js';
import { expectWithin, roundOff } from '../support/tolerance.js';

/** `growNetworkSync` on a problem. */
const grow = ({ X, Y, reg }: Pick<TrainingProblem, 'X' | 'Y' | 'reg'>, options: GrowthOptions = {}) =>
  growNetworkSync(X, Y, { reg, ...options });

const small = randomProblem(1, { n: 15, d: 3, c: 2, reg: 0.1, degeneracy: 'none' });

describe('growth with the exact oracle', () => {
  it.each([1, 2, 3, 4])('proves its network optimal, d = %i', (d) => {
    const problem = randomProblem(d, { n: 14, d, c: 2, reg: 0.05, degeneracy: 'none' });
    const tolerance = d <= 2 ? 1e-9 : 1e-5;
    const { network, loss, lowerBound, gap, status, history } = grow(problem, { tolerance });
    expect(status).toBe('certified');
    expect(lowerBound).toBeLessThanOrEqual(loss);
    expect(loss - (lowerBound ?? 0)).toBeLessThanOrEqual(tolerance * loss * (1 + 1e-6));
    expect(gap).toBeLessThanOrEqual(tolerance * (1 + 1e-6));
    expectWithin(loss, trainingLoss(problem, network), roundOff(14, loss));
    for (let k = 1; k < history.length; k++) {
      expect(history[k].loss).toBeLessThanOrEqual(history[k - 1].loss);
      expect(history[k].lowerBound ?? 0).toBeGreaterThanOrEqual(history[k - 1].lowerBound ?? 0);
    }
  });

  it.each(DEGENERACIES.map((degeneracy) => [degeneracy]))('copes with %s', (degeneracy) => {
    for (let seed = 0; seed < 4; seed++) {
      const problem = randomProblem(seed, { degeneracy, n: 5 + seed, d: 1 + seed });
      const { loss, lowerBound, status } = grow(problem, { tolerance: 1e-4 });
      expect(status, problem.name).toBe(lowerBound === undefined ? 'converged' : 'certified');
      if (degeneracy === 'more columns than rows') continue;
      expect(loss - (lowerBound ?? 0), problem.name).toBeLessThanOrEqual(1e-4 * loss * (1 + 1e-6));
      const random = new Random(seed);
      for (let k = 0; k < 20; k++) {
        const rival = randomNetwork(random, problem.X.columns, problem.Y.columns, 5);
        expect(trainingLoss(problem, rival)).toBeGreaterThanOrEqual(lowerBound ?? 0);
      }
    }
  });

  it('reaches the same optimum from any network and never ends above where it began', () => {
    const first = grow(small, { tolerance: 1e-6 });
    const initial = randomNetwork(new Random(3), 3, 2, 12);
    const second = grow(small, { initial, tolerance: 1e-6 });
    expectWithin(second.loss, first.loss, 2e-6 * first.loss);
    const stopped = grow(small, { initial: first.network, maxRounds: 0 });
    expect(stopped.loss).toBeLessThanOrEqual(first.loss * (1 + 1e-12));
  });
});

describe('growth by local search alone', () => {
  it('finds a network as good, and claims no bound', () => {
    const exact = grow(small, { tolerance: 1e-6 });
    const local = grow(small, { tolerance: 1e-4, certify: 'never' });
    expect(local).toMatchObject({ status: 'converged', lowerBound: undefined, gap: undefined });
    expect(local.loss).toBeGreaterThanOrEqual(exact.lowerBound ?? 0);
    expect(local.loss).toBeLessThanOrEqual(exact.loss * 1.01);
  });

  it('is what happens when the rank is too large', () => {
    const problem = randomProblem(2, { n: 12, d: 7, c: 1, reg: 0.1, degeneracy: 'none' });
    const { lowerBound, loss, history } = grow(problem, { tolerance: 1e-3 });
    expect(lowerBound).toBeUndefined();
    expect(loss).toBeLessThan(history[0].loss * (1 + 1e-12));
  });
});

describe('growth limits', () => {
  it('returns the best so far, with its bound, when out of time or rounds', () => {
    const spent = grow(small, { timeLimitMs: 0 });
    expect(spent.status).toBe('time-limit');
    expect(spent.loss).toBeGreaterThan(0);
    const brief = grow(small, { maxRounds: 2 });
    expect(brief.status).toBe('max-iterations');
    expect(brief.history).toHaveLength(3);
  });

  it('reports progress and rejects with the reason when aborted', async () => {
    const phases = new Set<string>();
    await growNetwork(small.X, small.Y, {
      reg: small.reg,
      tolerance: 1e-3,
      onProgress: ({ phase }) => phases.add(phase),
    });
    expect(phases).toContain('growth');
    const controller = new AbortController();
    const reason = new Error('enough');
    const running = growNetwork(small.X, small.Y, {
      reg: small.reg,
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    });
    await expect(running).rejects.toBe(reason);
  });

  it('repeats itself bit for bit and leaves its inputs alone', () => {
    const before = [small.X.clone(), small.Y.clone()];
    const strip = ({ history: _, ...rest }: ReturnType<typeof growNetworkSync>) => rest;
    const run = () => strip(grow(small, { tolerance: 1e-5, seed: 4 }));
    expect(run()).toEqual(run());
    expect([small.X, small.Y]).toEqual(before);
  });

  it('refuses what it cannot use, naming it', () => {
    const { X, Y } = small;
    expect(() => growNetworkSync(X, Y, { reg: 0 })).toThrow(OptionsError);
    expect(() => growNetworkSync(X, Matrix.zeros(3, 2), { reg: 1 })).toThrow(InputError);
    expect(() => grow(small, { initial: { U: Matrix.zeros(2, 1), V: Matrix.zeros(2, 1) } })).toThrow(/initial.U/);
    expect(() => grow(small, { initial: { U: Matrix.zeros(3, 1), V: Matrix.zeros(2, 2) } })).toThrow(/initial.V/);
    expect(() => grow(small, { tolerance: 2 })).toThrow(/tolerance/);
    expect(() => grow(small, { maxRounds: -1 })).toThrow(/maxRounds/);
    expect(() => grow(small, { seed: 0.5 })).toThrow(/seed/);
  });
});

describe('growth on the data of the paper', () => {
  it.each([
    ['random/0', 0.1],
    ['random/0', 0.01],
    ['random/1', 0.1],
    ['random/2', 0.01],
    ['spiral', 0.1],
    ['spiral', 0.01],
  ] as [FixtureName, number][])('%s at %f: the optimum, proved to 1e-8', (name, reg) => {
    const reference = referenceOptimum(name, reg).training;
    const { loss, lowerBound = 0 } = grow({ ...loadFixture(name), reg }, { tolerance: 1e-8 });
    expect(loss - lowerBound).toBeLessThanOrEqual(1e-8 * loss);
    expect(loss).toBeGreaterThanOrEqual(reference.lower * (1 - 1e-12));
    expect(lowerBound).toBeLessThanOrEqual(reference.upper * (1 + 1e-12));
  });

  it('iris at 0.1: proved to 1e-3', () => {
    const { X, Y } = loadFixture('iris');
    const { training } = referenceOptimum('iris', 0.1);
    const { loss, lowerBound = 0, status } = grow({ X, Y, reg: 0.1 }, { tolerance: 1e-3 });
    expect(status).toBe('certified');
    expect(lowerBound).toBeLessThanOrEqual(training.upper);
    expect(loss).toBeGreaterThanOrEqual(training.lower);
  });
});

describe('growth and scale', () => {
  it('gives the same network whatever the unit of X', () => {
    const X = randomMatrix(new Random(9), 10, 2);
    const Y = randomMatrix(new Random(10), 10, 1);
    const scaled = new Matrix(
      X.data.map((x) => x * 2 ** 40),
      10,
      2,
    );
    const one = grow({ X, Y, reg: 0.1 }, { tolerance: 1e-9 });
    const other = grow({ X: scaled, Y, reg: 0.1 * 2 ** 40 }, { tolerance: 1e-9 });
    expectWithin(other.loss, one.loss, 2e-9 * one.loss);
  });
});
