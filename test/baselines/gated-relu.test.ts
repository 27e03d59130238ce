import { describe, expect, it } from 'vitest';
import { OptionsError } from '../../src/base/errors.js';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { decompose } from '../../src/baselines/gated-network.js';
import { gatedRelu, gatedReluSync } from '../../src/baselines/index.js';
import { samplePatterns } from '../../src/baselines/patterns.js';
import { predictRelu } from '../../src/network/predict.js';
import { solveRelaxationSync } from '../../src/tasks/solve-relaxation.js';
import { combine, norm, randomMatrix } from '../support/matrices.js';
import { DEGENERACIES, randomProblem } from '../support/random.js';
import { expectAllWithin, expectWithin, roundOff, solverTolerance } from '../support/tolerance.js';

const problem = randomProblem(21, { n: 14, d: 3, c: 2, reg: 0.2, degeneracy: 'none' });
const { X, Y, reg } = problem;

describe('sampled sign patterns', () => {
  it('are distinct, those of their gates, select some row, and repeat with the seed', () => {
    const patterns = samplePatterns(X, 200, new Random(1));
    expect(patterns.count).toBeGreaterThan(20);
    expect(patterns.count).toBeLessThan(200);
    const keys = Array.from({ length: patterns.count }, (_, i) =>
      Array.from({ length: X.rows }, (_, r) => patterns.active[r * patterns.count + i]).join(''),
    );
    expect(new Set(keys).size).toBe(patterns.count);
    expect(keys.every((key) => key.includes('1'))).toBe(true);
    for (let i = 0; i < patterns.count; i++) {
      for (let r = 0; r < X.rows; r++) {
        let product = 0;
        for (let j = 0; j < X.columns; j++) product += X.get(r, j) * patterns.gates.get(j, i);
        expect(patterns.active[r * patterns.count + i]).toBe(product > 0 ? 1 : 0);
        expect(patterns.margins.get(r, i)).toBe(Math.abs(product));
      }
    }
    expect(samplePatterns(X, 200, new Random(1))).toEqual(patterns);
  });

  it('of a line are its two sides, of a zero X none', () => {
    expect(samplePatterns(new Matrix(Float64Array.of(1, -2, 0), 3, 1), 50, new Random(2)).count).toBe(2);
    expect(samplePatterns(new Matrix(Float64Array.of(1, 2, 0), 3, 1), 50, new Random(2)).count).toBe(1);
    expect(samplePatterns(Matrix.zeros(3, 2), 50, new Random(2)).count).toBe(0);
  });
});

describe('the cone decomposition', () => {
  it('computes on the training rows what the gated network does', () => {
    const random = new Random(3);
    const patterns = samplePatterns(X, 30, random);
    const W = randomMatrix(random, 3, patterns.count * 2);
    const expected = Matrix.zeros(X.rows, 2);
    for (let r = 0; r < X.rows; r++) {
      for (let i = 0; i < patterns.count; i++) {
        for (let k = 0; k < 2; k++) {
          for (let j = 0; j < 3 && patterns.active[r * patterns.count + i] === 1; j++) {
            expected.data[2 * r + k] += X.get(r, j) * W.get(j, 2 * i + k);
          }
        }
      }
    }
    const weights = decompose(X, patterns, W, 2);
    const size = norm(weights.U) * norm(weights.V) * norm(X);
    expectAllWithin(predictRelu(X, weights), expected, roundOff(3 * patterns.count, size));
  });
});

describe('gatedRelu', () => {
  it('has the soft threshold as its closed form for one pattern', () => {
    // All rows on one side of the origin: w = (xᵀy − reg)₊ / ‖x‖² for each output, the sign of xᵀy kept.
    const result = gatedReluSync(
      [[1], [2]],
      [
        [3, -1, 0.1],
        [1, -1, 0],
      ],
      { reg: 0.5, tolerance: 1e-12 },
    );
    expect(result.status).toBe('converged');
    expect(result.patterns).toBe(1);
    const W = [(5 - 0.5) / 5, -(3 - 0.5) / 5, 0];
    expectAllWithin(result.model.W.data, W, solverTolerance(1e-6, 1));
    const residual = combine(
      new Matrix(Float64Array.of(3, -1, 0.1, 1, -1, 0), 2, 3),
      new Matrix(Float64Array.of(W[0], W[1], 0, 2 * W[0], 2 * W[1], 0), 2, 3),
      1,
      -1,
    );
    expectWithin(result.value, norm(residual) ** 2 / 2 + 0.5 * (W[0] - W[1]), solverTolerance(1e-12, 1));
    expectAllWithin(
      result.model.predict([[2], [-1]]).data,
      [...W.map((w) => 2 * w), 0, 0, 0],
      solverTolerance(1e-6, 1),
    );
  });

  it('falls monotonically to a certified optimum, and its value is its own network’s loss', () => {
    const result = gatedReluSync(X, Y, { reg, patterns: 60, tolerance: 1e-6 });
    expect(result.status).toBe('converged');
    expect(result.gap).toBeLessThanOrEqual(1e-6);
    for (let k = 1; k < result.history.length; k++) {
      expect(result.history[k].value).toBeLessThanOrEqual(result.history[k - 1].value);
      expect(result.history[k].dualValue).toBeLessThanOrEqual(result.value);
    }
    const F = result.model.predict(X);
    const columns = Array.from({ length: result.model.W.columns }, (_, j) =>
      Math.hypot(...[0, 1, 2].map((i) => result.model.W.get(i, j))),
    );
    const value = norm(combine(F, Y, 1, -1)) ** 2 / 2 + reg * columns.reduce((sum, length) => sum + length, 0);
    expectWithin(result.value, value, roundOff(columns.length, value, 64));
    // Optimality (sub)gradients, independent of the duality gap: no single column can be moved to lower the value.
    const random = new Random(4);
    for (let trial = 0; trial < 40; trial++) {
      const step = 1e-3;
      const moved = combine(result.model.W, randomMatrix(random, 3, columns.length), 1, step);
      const G = new Matrix(moved.data, 3, columns.length);
      expect(objective(G, result.model.gates)).toBeGreaterThanOrEqual(result.value * (1 - 1e-6));
    }
  });

  it.each(DEGENERACIES.map((degeneracy, k) => [degeneracy, 40 + k] as const))(
    'ReLU networks from it are never below the certified bound: %s',
    (degeneracy, seed) => {
      const { X, Y, reg } = randomProblem(seed, { degeneracy });
      const { lowerBound } = solveRelaxationSync(X, Y, { reg, tolerance: 0.1 });
      const { network, loss, value, dualValue } = gatedReluSync(X, Y, { reg, patterns: 40, maxIterations: 200 });
      expect(loss).toBeGreaterThanOrEqual(lowerBound);
      expect(dualValue).toBeLessThanOrEqual(value * (1 + roundOff(100, 1)));
      expectWithin(network.loss(X, Y, reg), loss, roundOff(1000, 1 + loss));
    },
  );

  it('is the same for the same seed, waiting or not; keeps to its limits; refuses bad options', async () => {
    const options = { reg, patterns: 20, maxIterations: 30, tolerance: 1e-9, standardize: true, bias: true };
    const first = await gatedRelu(X, Y, options);
    const second = gatedReluSync(X, Y, options);
    expect([first.status, first.iterations]).toEqual(['max-iterations', 30]);
    expect([first.value, ...first.model.W.data]).toEqual([second.value, ...second.model.W.data]);
    expect(gatedReluSync(X, Y, { ...options, seed: 9 }).value).not.toBe(first.value);
    const limited = gatedReluSync(X, Y, { ...options, timeLimitMs: 0 });
    expect([limited.status, limited.iterations, limited.network.width]).toEqual(['time-limit', 0, 0]);
    await expect(gatedRelu(X, Y, { ...options, signal: AbortSignal.abort('no') })).rejects.toBe('no');
    await expect(gatedRelu(X, Y, { patterns: 0 })).rejects.toThrow(OptionsError);
  });

  it('classifies', () => {
    const { model, network } = gatedReluSync(
      [
        [1, 0],
        [2, 0],
        [-1, 0],
        [-2, 1],
      ],
      ['r', 'r', 'l', 'l'],
      { reg: 0.01 },
    );
    expect(
      model.predictClass([
        [3, 0],
        [-3, 0],
      ]),
    ).toEqual(['r', 'l']);
    expect(
      network.predictClass([
        [3, 0],
        [-3, 0],
      ]),
    ).toEqual(['r', 'l']);
  });
});

/** The program's objective by its definition. */
function objective(W: Matrix, gates: Matrix): number {
  const F = Matrix.zeros(X.rows, 2);
  let penalty = 0;
  for (let i = 0; i < gates.columns; i++) {
    for (let k = 0; k < 2; k++) {
      const w = [0, 1, 2].map((j) => W.get(j, 2 * i + k));
      penalty += Math.hypot(...w);
      for (let r = 0; r < X.rows; r++) {
        const side = [0, 1, 2].reduce((sum, j) => sum + X.get(r, j) * gates.get(j, i), 0);
        if (side > 0) F.data[2 * r + k] += [0, 1, 2].reduce((sum, j) => sum + X.get(r, j) * w[j], 0);
      }
    }
  }
  return norm(combine(F, Y, 1, -1)) ** 2 / 2 + reg * penalty;
}
