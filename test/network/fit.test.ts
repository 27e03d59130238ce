import { beforeAll, describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { RunClock, runSync } from '../../src/base/run.js';
import type { Report } from '../../src/base/types.js';
import { createKernels, type Kernels } from '../../src/engine/kernels.js';
import { type FitOptions, fitWeights, type WeightsFit } from '../../src/network/fit.js';
import { ROUNDINGS } from '../../src/network/rounding/roundings.js';
import { squared } from '../../src/problem/losses/squared.js';
import { placeProblem, withPlaced } from '../../src/problem/placed.js';
import type { TrainingProblem } from '../../src/problem/problem.js';
import { trainingLoss } from '../../src/problem/training-loss.js';
import { loadFixture, referenceOptimum } from '../support/fixtures.js';
import { multiply } from '../support/matrices.js';
import { DEGENERACIES, randomNetwork, randomProblem } from '../support/random.js';
import { expectWithin, roundOff } from '../support/tolerance.js';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const OPTIONS: FitOptions = {
  roundings: ['gaussian'],
  roundedStarts: 2,
  randomStarts: 2,
  width: 12,
  maxIterations: 5000,
  seed: 3,
};
const runFit = (problem: TrainingProblem, options = OPTIONS, clock = new RunClock()): WeightsFit =>
  runSync(withPlaced(kernels, problem, (placed) => fitWeights(placed, options, clock)));

/** Σ over neurons of (alpha, u)(alpha, u)ᵀ: a G that a network stands behind. */
function gramOfNetwork(X: Matrix, U: Matrix): Matrix {
  const rows = [
    ...multiply(X, U)
      .toArray()
      .map((row) => row.map((h) => Math.max(0, h))),
    ...U.toArray(),
  ];
  const L = new Matrix(Float64Array.from(rows.flat()), rows.length, U.columns);
  return multiply(L, L.transpose());
}

describe('fitWeights', () => {
  it.each(DEGENERACIES)('returns weights of the loss it says, no worse than zero weights: %s', (degeneracy) => {
    const problem = randomProblem(11, { degeneracy });
    const { weights, loss, starts, isComplete } = runFit(problem);
    const expected = trainingLoss(problem, weights);
    expectWithin(loss, expected, roundOff(200, 1 + expected));
    const zero = trainingLoss(problem, randomNetwork(new Random(0), problem.X.columns, problem.Y.columns, 0));
    expect(loss).toBeLessThanOrEqual(zero);
    expect(isComplete).toBe(true);
    expect(starts.map((start) => start.kind)).toEqual(['zero', 'random', 'random']);
    expect(Math.min(...starts.map((start) => start.loss))).toBe(loss);
  });

  it('lowers the loss of every start by polishing, rounded ones included', () => {
    const problem = randomProblem(12, { n: 15, d: 3, c: 2, reg: 0.1, degeneracy: 'none' });
    const G = gramOfNetwork(problem.X, randomNetwork(new Random(5), 3, 2, 4).U);
    const { starts } = runFit(problem, { ...OPTIONS, G });
    expect(starts.map((start) => start.kind)).toEqual(['zero', 'gaussian', 'random', 'gaussian', 'random']);
    for (const { kind, startLoss, loss } of starts) if (kind !== 'zero') expect(loss).toBeLessThan(startLoss);
  });

  it('tries every rounding asked for, each that draws as often as asked', () => {
    const problem = randomProblem(12, { n: 10, d: 3, c: 2, reg: 0.1, degeneracy: 'none' });
    const G = gramOfNetwork(problem.X, randomNetwork(new Random(5), 3, 2, 4).U);
    const { starts } = runFit(problem, { ...OPTIONS, G, roundings: ROUNDINGS, randomStarts: 1 });
    const kinds = ['gaussian', 'nearest-cone', 'three-operator', 'eigenvectors', 'random', 'gaussian', 'nearest-cone'];
    expect(starts.map((start) => start.kind)).toEqual(['zero', ...kinds]);
    expect(starts.map((start) => start.roundingErrors !== undefined)).toEqual(
      ['zero', ...kinds].map((kind) => kind === 'three-operator'),
    );
  });

  it('gives the same bits for the same seed and other starts for another', () => {
    const problem = randomProblem(13, { n: 10, d: 2, c: 2, degeneracy: 'none' });
    const losses = (seed: number) => runFit(problem, { ...OPTIONS, seed }).starts.map((start) => start.startLoss);
    expect(runFit(problem).weights).toEqual(runFit(problem).weights);
    expect(losses(1)).toEqual(losses(1));
    expect(losses(1)).not.toEqual(losses(2));
  });

  it('stops in time with the best so far', () => {
    const problem = randomProblem(14, { n: 20, d: 4, c: 3, reg: 1e-3, degeneracy: 'none' });
    const { isComplete, loss, weights } = runFit(problem, { ...OPTIONS, width: 300 }, new RunClock({ timeLimitMs: 0 }));
    expect(isComplete).toBe(false);
    expectWithin(loss, trainingLoss(problem, weights), roundOff(1000, 1 + loss));
  });

  it('reports a loss that never rises', () => {
    const problem = randomProblem(15, { n: 20, d: 4, c: 3, reg: 1e-3, degeneracy: 'none' });
    const seen: Report[] = [];
    runSync(fitWeights(placeProblem(kernels, problem), { ...OPTIONS, width: 60 }, new RunClock()), {
      onProgress: (p) => seen.push(p),
    });
    const losses = seen.map((progress) => progress.loss as number);
    expect(losses.length).toBeGreaterThan(1);
    expect(losses.every((loss, k) => k === 0 || loss <= losses[k - 1])).toBe(true);
  });

  it('gives its memory back', () => {
    const mark = kernels.arena.mark();
    runFit(randomProblem(16));
    expect(kernels.arena.mark()).toBe(mark);
  });
});

describe('fitWeights on the paper’s data', () => {
  it('comes close to the known optimum of random/0 from random starts alone', () => {
    const { loss } = runFit(
      { ...loadFixture('random/0'), reg: 0.1, loss: squared },
      { ...OPTIONS, width: 60, randomStarts: 3 },
    );
    const { training } = referenceOptimum('random/0', 0.1);
    expect(loss).toBeGreaterThan(training.lower);
    expect(loss).toBeLessThan(training.upper * 1.01);
  });
});
