import { describe, expect, it } from 'vitest';
import { OptionsError } from '../../src/base/errors.js';
import { Matrix } from '../../src/base/matrix.js';
import type { Report } from '../../src/base/types.js';
import { adam, adamSync, type DescentOptions, type DescentResult, sgd, sgdSync } from '../../src/baselines/index.js';
import type { TrainingProblem } from '../../src/problem/problem.js';
import { trainingLoss } from '../../src/problem/training-loss.js';
import { solveRelaxationSync } from '../../src/tasks/solve-relaxation.js';
import { loadFixture, referenceOptimum } from '../support/fixtures.js';
import { randomProblem } from '../support/random.js';
import { DIFFERENCE_TOLERANCE, differenceStep, expectWithin, roundOff } from '../support/tolerance.js';

const problem = randomProblem(11, { n: 8, d: 3, c: 2, reg: 0.1, degeneracy: 'none' });
const { X, Y, reg } = problem;
const METHODS = { sgd: { run: sgd, runSync: sgdSync }, adam: { run: adam, runSync: adamSync } };

/** The gradient of the training loss, by central differences of its definition. */
function differences(problem: TrainingProblem, width: number, theta: Float64Array): Float64Array {
  const split = problem.X.columns * width;
  const lossAt = (at: Float64Array) =>
    trainingLoss(problem, {
      U: new Matrix(at.slice(0, split), problem.X.columns, width),
      V: new Matrix(at.slice(split), problem.Y.columns, width),
    });
  return theta.map((value, k) => {
    const h = differenceStep(value);
    return (lossAt(theta.with(k, value + h)) - lossAt(theta.with(k, value - h))) / (2 * h);
  });
}

/** The weights a run starts from: the best of no step at all. */
const startOf = (options: DescentOptions): Float64Array => {
  const { network } = sgdSync(X, Y, { ...options, maxIterations: 0 });
  return Float64Array.of(...network.U.data, ...network.V.data);
};

/** Largest deviation of a run's weights from weights followed by hand; the last iterate is the best while the loss falls. */
function expectWeights({ network, history, loss }: DescentResult, theta: Float64Array): void {
  expect(loss).toBe(history.at(-1));
  const found = [...network.U.data, ...network.V.data];
  found.forEach((value, k) => {
    expectWithin(value, theta[k], 10 * DIFFERENCE_TOLERANCE, `weight ${k}`);
  });
}

describe('step rules, followed by hand on difference quotients', () => {
  const options = { reg, width: 4, seed: 3, maxIterations: 6 };

  it('sgd: v ← 0.95 v + g, theta ← theta − rate v', () => {
    const learningRate = 0.004;
    const theta = startOf(options);
    const velocity = new Float64Array(theta.length);
    for (let step = 0; step < 6; step++) {
      differences(problem, 4, theta).forEach((g, k) => {
        velocity[k] = 0.95 * velocity[k] + g;
      });
      for (let k = 0; k < theta.length; k++) theta[k] -= learningRate * velocity[k];
    }
    expectWeights(sgdSync(X, Y, { ...options, learningRate }), theta);
  });

  it('adam: bias-corrected moments and a cosine decay', () => {
    const learningRate = 0.01;
    const theta = startOf(options);
    const mean = new Float64Array(theta.length);
    const square = new Float64Array(theta.length);
    for (let step = 0; step < 6; step++) {
      const rate = learningRate * 0.5 * (1 + Math.cos((Math.PI * step) / 6));
      differences(problem, 4, theta).forEach((g, k) => {
        mean[k] = 0.9 * mean[k] + 0.1 * g;
        square[k] = 0.999 * square[k] + 0.001 * g * g;
        theta[k] -=
          (rate * (mean[k] / (1 - 0.9 ** (step + 1)))) / (Math.sqrt(square[k] / (1 - 0.999 ** (step + 1))) + 1e-8);
      });
    }
    expectWeights(adamSync(X, Y, { ...options, learningRate }), theta);
  });
});

describe.each(['sgd', 'adam'] as const)('%s', (name) => {
  const { run, runSync } = METHODS[name];
  const options = { reg, width: 20, seed: 1, maxIterations: 1500, learningRate: 0.01 };

  it('returns the best network it met, with its loss, above the certified bound', () => {
    const result = runSync(X, Y, options);
    const { lowerBound } = solveRelaxationSync(X, Y, { reg });
    expect(result.status).toBe('max-iterations');
    expect(result.history.length).toBe(options.maxIterations + 1);
    expect(result.loss).toBe(Math.min(...result.history));
    expectWithin(result.loss, result.network.loss(X, Y, reg), roundOff(500, result.loss));
    expect(result.loss).toBeGreaterThanOrEqual(lowerBound);
    expect(result.loss).toBeLessThan(result.history[0] / 2);
    expect(result.network.width).toBe(20);
  });

  it('gives the same bits for the same seed, waiting or not, and others for another', async () => {
    const short = { ...options, maxIterations: 40, standardize: true, bias: true };
    const first = await run(X, Y, short);
    const second = runSync(X, Y, short);
    expect([...first.network.U.data, ...first.history]).toEqual([...second.network.U.data, ...second.history]);
    expect(runSync(X, Y, { ...short, seed: 2 }).loss).not.toBe(first.loss);
  });

  it('lowers a learning rate at which the loss runs away', () => {
    const large = new Matrix(
      X.data.map((x) => 1e4 * x),
      X.rows,
      X.columns,
    );
    const { loss, history, learningRate, status } = runSync(large, Y, {
      ...options,
      maxIterations: 50,
      learningRate: 1e6,
    });
    expect(status).toBe('max-iterations');
    expect(learningRate).toBeLessThan(1e6);
    expect(loss).toBeLessThanOrEqual(history[0]);
  });

  it('trains on labels', () => {
    const { network } = runSync([[1], [2], [-1], [-2]], ['up', 'up', 'down', 'down'], {
      ...options,
      maxIterations: 500,
    });
    expect(network.predictClass([[3], [-3]])).toEqual(['up', 'down']);
  });

  it('reports the weights of the best network, whenever it is a better one', () => {
    const seen: Report[] = [];
    runSync(X, Y, { ...options, maxIterations: 100, onProgress: (progress) => seen.push(progress) });
    expect(seen[0].weights).toBeDefined();
    for (const [k, { loss, weights }] of seen.entries()) {
      expect(weights !== undefined).toBe(k === 0 || Number(loss) < Number(seen[k - 1].loss));
      if (weights) expectWithin(trainingLoss(problem, weights), Number(loss), roundOff(100, Number(loss)));
    }
  });

  it('keeps to its limits', async () => {
    const seen: Report[] = [];
    const limited = await run(X, Y, { ...options, timeLimitMs: 0, onProgress: (progress) => seen.push(progress) });
    expect(limited.status).toBe('time-limit');
    expect(limited.history.length).toBe(1);
    expect(seen).toEqual([]);
    const stop = new AbortController();
    const stopped = runSync(X, Y, { ...options, stopSignal: stop.signal, onProgress: () => stop.abort() });
    expect([stopped.status, stopped.iterations]).toEqual(['stopped', 1]);
    await expect(run(X, Y, { ...options, signal: AbortSignal.abort('no') })).rejects.toBe('no');
    const abort = new AbortController();
    const whenFar = ({ iteration }: Report) => iteration >= 100 && abort.abort('far');
    await expect(run(X, Y, { ...options, signal: abort.signal, onProgress: whenFar })).rejects.toBe('far');
  });

  it('refuses options out of range', async () => {
    await expect(run(X, Y, { width: 0 })).rejects.toThrow(OptionsError);
    await expect(run(X, Y, { learningRate: -1 })).rejects.toThrow(/learningRate: expected a finite number > 0/);
    expect(() => runSync(X, Y, { tolerance: 1e-3 } as object)).toThrow(/tolerance: is not an option/);
  });
});

describe('descent on the paper’s data', () => {
  it.each([
    ['sgd', 8000],
    ['adam', 6000],
  ] as const)('%s comes from above within 1 %% of the known optimum of random/0', (name, maxIterations) => {
    const { X, Y } = loadFixture('random/0');
    const { loss } = METHODS[name].runSync(X, Y, { reg: 0.1, width: 100, maxIterations });
    const { training } = referenceOptimum('random/0', 0.1);
    expect(loss >= training.lower && loss <= training.upper * 1.01).toBe(true);
  });
});
