import { Matrix as MlMatrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import {
  explain,
  InputError,
  OptionsError,
  type Progress,
  type TrainOptions,
  train,
  trainSync,
  verifyProof,
} from '../../src/index.js';
import { ROUNDINGS } from '../../src/network/rounding/roundings.js';
import { trainingLoss } from '../../src/problem/training-loss.js';
import { loadFixture, referenceOptimum } from '../support/fixtures.js';
import { randomMatrix } from '../support/matrices.js';
import { squaredProblem } from '../support/problem.js';
import { DEGENERACIES, randomProblem } from '../support/random.js';
import { expectWithin, roundOff, solverTolerance } from '../support/tolerance.js';

const random = new Random(8);
const X = randomMatrix(random, 9, 2);
const Y = randomMatrix(random, 9, 2);
const labels = ['cat', 'dog', 'cat', 'dog', 'eel', 'cat', 'eel', 'dog', 'cat'];
const OPTIONS: TrainOptions = { reg: 0.1, seed: 5 };

describe('train', () => {
  it('returns a network, its loss, and a bound below it', async () => {
    const fit = await train(X, Y, OPTIONS);
    expect(fit.status).toBe('certified');
    expectWithin(fit.loss, fit.network.loss(X, Y, 0.1), roundOff(200, 1 + fit.loss));
    expect(fit.lowerBound).toBeGreaterThan(0);
    expect(fit.lowerBound).toBeLessThanOrEqual(fit.loss);
    expect(fit.gap).toBe((fit.loss - fit.lowerBound) / fit.loss);
    expect(fit.relaxation?.gap).toBeLessThanOrEqual(1e-3);
    expect(fit.loss).toBeGreaterThanOrEqual(fit.relaxation?.lowerBound as number);
    expect(fit.history.map(({ phase }) => phase)).toContain('relaxation');
    expect(fit.history.at(-1)?.loss).toBeGreaterThanOrEqual(fit.loss);
  });

  it('gives the proof of its bound, and the problem that it is about, apart from the network', async () => {
    const fit = await train(X, Y, { ...OPTIONS, bias: true, standardize: true });
    expect(fit.bound).toEqual({ value: fit.lowerBound, from: 'exact' });
    const verified = await verifyProof(X, Y, fit.proof);
    expect(verified).toMatchObject({ valid: true, lowerBound: fit.lowerBound, from: 'exact' });
    expect(verified.relaxation?.lowerBound).toBe(fit.relaxation?.lowerBound);
    expect(Object.keys(fit.network).sort()).toEqual(['U', 'V', 'classes', 'featureMap']);
    expect(fit.problem).toEqual(squaredProblem(fit.network.features(X), Y, 0.1));
    expectWithin(trainingLoss(fit.problem, fit.network), fit.loss, 0);
  });

  it('gives the same bits for the same seed, sync or async', async () => {
    const first = await train(X, Y, OPTIONS);
    const second = trainSync(X, Y, OPTIONS);
    expect(second.network).toEqual(first.network);
    expect([second.loss, second.lowerBound]).toEqual([first.loss, first.lowerBound]);
    const other = trainSync(X, Y, { ...OPTIONS, seed: 6 });
    expect(other.starts.map((start) => start.startLoss)).not.toEqual(first.starts.map((start) => start.startLoss));
  });

  it('accepts every form of a matrix and mutates none', () => {
    const forms = [
      [X, Y],
      [X.toArray(), Y.toArray()],
      [
        { data: X.data, rows: 9, columns: 2 },
        { data: Array.from(Y.data), rows: 9, columns: 2 },
      ],
      [new MlMatrix(X.toArray()), new MlMatrix(Y.toArray())],
    ] as const;
    const before = JSON.stringify(forms);
    const expected = trainSync(X, Y, OPTIONS).network;
    for (const [features, targets] of forms) expect(trainSync(features, targets, OPTIONS).network).toEqual(expected);
    expect(JSON.stringify(forms)).toBe(before);
  });

  it('classifies by label, and names the labels it was given', () => {
    const { network } = trainSync(X, labels, { reg: 1e-3, bias: true });
    expect(network.classes).toEqual(['cat', 'dog', 'eel']);
    const predicted = network.predictClass(X);
    expect(predicted.filter((label, i) => label === labels[i]).length).toBeGreaterThanOrEqual(7);
    const digits = labels.map((label) => label.length + label.charCodeAt(0));
    const classes: readonly unknown[] = digits;
    expect(
      trainSync(X, { labels: digits }, OPTIONS)
        .network.predictClass(X)
        .every((label) => classes.includes(label)),
    ).toBe(true);
  });

  it('trains with standardised features and bias to the same predictions on shifted and scaled data', () => {
    const shifted = new Matrix(
      X.data.map((x, k) => (k % 2 === 0 ? 100 + 1000 * x : x / 64 - 3)),
      9,
      2,
    );
    const options = { ...OPTIONS, bias: true, standardize: true };
    const plain = trainSync(X, Y, options);
    const other = trainSync(shifted, Y, options);
    expectWithin(other.lowerBound, plain.lowerBound, solverTolerance(1e-3, plain.lowerBound));
    expect(other.network.predict(shifted).rows).toBe(9);
  });
});

describe('train on degenerate data', () => {
  it.each(DEGENERACIES)('%s', (degeneracy) => {
    const problem = randomProblem(21, { degeneracy });
    const fit = trainSync(problem.X, problem.Y, { reg: problem.reg });
    expect(fit.lowerBound).toBeGreaterThanOrEqual(0);
    expect(fit.lowerBound).toBeLessThanOrEqual(fit.loss);
    expectWithin(fit.network.loss(problem.X, problem.Y, problem.reg), fit.loss, roundOff(500, 1 + fit.loss));
    if (degeneracy === 'zero Y') expect([fit.loss, fit.lowerBound, fit.gap, fit.network.width]).toEqual([0, 0, 0, 0]);
  });
});

describe('train with a limit on width', () => {
  it('gives a network no wider, and no worse than one polished at that width', () => {
    const free = trainSync(X, Y, OPTIONS);
    for (const maxWidth of [1, 3, 5]) {
      const { network, loss, lowerBound, starts } = trainSync(X, Y, { ...OPTIONS, maxWidth });
      expect(network.width).toBeLessThanOrEqual(maxWidth);
      expect(loss).toBeGreaterThanOrEqual(free.loss * (1 - 1e-8));
      expect(loss).toBeLessThanOrEqual(Math.min(...starts.map((start) => start.loss)) * (1 + 1e-12));
      expectWithin(lowerBound, free.lowerBound, 1e-8 * free.lowerBound);
    }
  });
});

describe('train with several roundings', () => {
  it('tries each and keeps the best', () => {
    const problem = randomProblem(5, { n: 8, d: 6, c: 2, reg: 0.05, degeneracy: 'none' });
    const options = { ...OPTIONS, reg: 0.05, rounding: ROUNDINGS };
    const { starts, loss, lowerBound, bound, explanation } = trainSync(problem.X, problem.Y, options);
    for (const name of ROUNDINGS) expect(starts.map(({ kind }) => kind)).toContain(name);
    expect(loss).toBeLessThanOrEqual(Math.min(...starts.map((start) => start.loss)) * (1 + 1e-12));
    expect(bound).toEqual({ value: lowerBound, from: 'relaxation' });
    expect(explanation.optimizationGap).toBeUndefined();
  });
});

describe('explain', () => {
  it('says in words where network and bound came from and what the gap is', () => {
    const text = explain(trainSync(X, Y, OPTIONS));
    expect(text).toMatch(/^The network has \d+ neurons and training loss \S+; it came from growth/);
    expect(text).toMatch(/No network of any width has a loss below \S+; the bound came from the exact oracle/);
    expect(text).toMatch(/A better network could save at most \S+ % of the loss/);
  });
});

describe('train within limits', () => {
  it('returns a network and a true bound when there is no time at all', async () => {
    const fit = await train(X, Y, { ...OPTIONS, timeLimitMs: 0 });
    expect(fit.status).toBe('time-limit');
    expect(fit.lowerBound).toBeGreaterThanOrEqual(0);
    expect(fit.lowerBound).toBeLessThanOrEqual(fit.loss);
  });

  it('returns a bound from the lengths of the rows when the relaxation was not begun', async () => {
    const [wideX, wideY] = [randomMatrix(random, 200, 200), randomMatrix(random, 200, 1)];
    const fit = await train(wideX, wideY, { reg: 1, timeLimitMs: 0 });
    expect(fit).toMatchObject({ status: 'time-limit', relaxation: undefined, bound: { from: 'norms' } });
    expect(fit.lowerBound).toBeGreaterThan(0);
    const verified = await verifyProof(wideX, wideY, fit.proof);
    expect(verified).toMatchObject({ valid: true, lowerBound: fit.lowerBound, from: 'norms' });
    expect(explain(fit)).toContain('the bound came from the lengths of the rows');
  });

  it('stops when asked, with what it has', async () => {
    const stop = new AbortController();
    const seen: Progress[] = [];
    const fit = await train(X, Y, {
      ...OPTIONS,
      tolerance: 1e-12,
      stopSignal: stop.signal,
      onProgress: (progress) => {
        seen.push(progress);
        if (progress.phase === 'relaxation' && progress.iteration === 2) stop.abort();
      },
    });
    expect(fit.status).toBe('stopped');
    expect(fit.relaxation?.iterations).toBe(2);
    expect(fit.lowerBound).toBeLessThanOrEqual(fit.loss);
  });

  it('rejects with the reason when aborted: before, during, from a timer', async () => {
    await expect(train(X, Y, { signal: AbortSignal.abort('never') })).rejects.toBe('never');
    const slow = randomProblem(3, { n: 20, d: 6, c: 3, degeneracy: 'none' });
    for (const phase of ['relaxation', 'rounding', 'polish', 'growth']) {
      const limits = () => {
        const abort = new AbortController();
        const onProgress = (progress: Progress) => progress.phase === phase && abort.abort(phase);
        return { reg: 1e-3, signal: abort.signal, onProgress };
      };
      await expect(train(slow.X, slow.Y, limits())).rejects.toBe(phase);
      expect(() => trainSync(slow.X, slow.Y, limits())).toThrow(phase);
    }
    const large = randomProblem(4, { n: 40, d: 5, c: 3, reg: 1e-3, degeneracy: 'none' });
    const signal = AbortSignal.timeout(50);
    await expect(train(large.X, large.Y, { tolerance: 1e-12, signal })).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('reports its phases in order on one clock', () => {
    const seen: Progress[] = [];
    trainSync(X, Y, { ...OPTIONS, onProgress: (progress) => seen.push(progress) });
    expect(seen[0].phase).toBe('relaxation');
    expect(seen.map(({ phase }) => phase)).toContain('rounding');
    expect(seen.every(({ elapsedMs }, k) => k === 0 || elapsedMs >= seen[k - 1].elapsedMs)).toBe(true);
    for (const { loss, lowerBound, gap } of seen) {
      if (loss !== undefined) expect(gap).toBe(Math.max(0, loss - (lowerBound as number)) / loss);
    }
  });
});

describe('train refuses', () => {
  it.each([
    ['rows that do not match', [[1], [2]], [[1]], {}, /Y: has 1 rows, but X has 2/],
    ['an empty X', [], [], {}, /X: is 0 × 0/],
    ['NaN', [[1], [Number.NaN]], [[1], [1]], {}, /X: entry \(1, 0\) is NaN/],
    ['one class', [[1], [2]], ['a', 'a'], {}, /Y: all 2 labels are 'a'/],
  ])('%s', async (_, features, targets, options, message) => {
    await expect(train(features, targets, options)).rejects.toThrow(InputError);
    await expect(train(features, targets, options)).rejects.toThrow(message);
    expect(() => trainSync(features, targets, options)).toThrow(message);
  });

  it('options that are unknown or out of range', async () => {
    await expect(train(X, Y, { reg: 0 })).rejects.toThrow(OptionsError);
    await expect(train(X, Y, { regularization: 1 } as TrainOptions)).rejects.toThrow(/did you mean reg/);
  });
});

describe('train on the paper’s data', () => {
  it.each([
    ['random/0', 0.1],
    ['random/0', 0.01],
    ['spiral', 0.1],
  ] as const)('finds and proves the optimum of %s at %f', (name, reg) => {
    const { X, Y } = loadFixture(name);
    const fit = trainSync(X, Y, { reg, tolerance: 0.02 });
    const { relaxation, training } = referenceOptimum(name, reg);
    expect(fit.gap).toBeLessThanOrEqual(1e-8);
    expectWithin(fit.loss, training.upper, 1e-8 * fit.loss);
    expect(fit.bound).toEqual({ value: fit.lowerBound, from: 'exact' });
    expect(fit.lowerBound).toBeLessThanOrEqual(training.upper);
    expect(fit.relaxation?.lowerBound).toBeLessThanOrEqual(relaxation.value * (1 + 1e-8));
    expect(fit.explanation.networkFrom).toBe('growth');
    expect(fit.explanation.optimizationGap).toBeLessThanOrEqual(1e-8);
    expect(fit.explanation.relaxationGap).toBeGreaterThan(0.02);
  });
});
