/**
 * Problems that are the same in other words must have the same values: of the relaxation by every method, of the trained network and of the
 * bound. And what must be ordered is: values rise with the weight decay, and no bound is above the loss of a planted network.
 */
import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { thinSvd } from '../../src/linalg/svd.js';
import { trainingLoss } from '../../src/problem/training-loss.js';
import { solveRelaxationSync } from '../../src/tasks/solve-relaxation.js';
import { trainSync } from '../../src/tasks/train.js';
import { combine, multiply, randomMatrix } from '../support/matrices.js';
import { squaredProblem } from '../support/problem.js';
import { randomNetwork, randomProblem } from '../support/random.js';
import { expectWithin, roundOff, solverTolerance } from '../support/tolerance.js';

interface Problem {
  readonly X: Matrix;
  readonly Y: Matrix;
  readonly reg: number;
}

/** The same problem in other words, and what its loss is multiplied by. */
interface Equivalent extends Problem {
  readonly factor?: number;
}

const scaled = (A: Matrix, factor: number): Matrix => combine(A, A, factor, 0);

const pick = (A: Matrix, rows: ArrayLike<number>): Matrix => {
  const result = Matrix.zeros(rows.length, A.columns);
  for (let k = 0; k < rows.length; k++) result.row(k).set(A.row(rows[k]));
  return result;
};

/** Row i becomes factor_k · (row i) for each of the factors. */
const split = (A: Matrix, i: number, factors: readonly number[]): Matrix => {
  const rows = Array.from({ length: A.rows }, (_, k) => k);
  const result = pick(A, [...rows.filter((k) => k !== i), ...factors.map(() => i)]);
  factors.forEach((factor, k) => {
    const row = result.row(A.rows - 1 + k);
    for (let j = 0; j < row.length; j++) row[j] *= factor;
  });
  return result;
};

const EQUIVALENTS: Readonly<Record<string, (problem: Problem) => Equivalent>> = {
  'its rows in another order': ({ X, Y, reg }) => {
    const order = new Random(1).permutation(X.rows);
    return { X: pick(X, order), Y: pick(Y, order), reg };
  },
  'rotated features': ({ X, Y, reg }) => {
    const { U } = thinSvd(randomMatrix(new Random(2), X.columns, X.columns), 1e-12);
    return { X: multiply(X, U), Y, reg };
  },
  'rotated outputs': ({ X, Y, reg }) => {
    const { U } = thinSvd(randomMatrix(new Random(3), Y.columns, Y.columns), 1e-12);
    return { X, Y: multiply(Y, U), reg };
  },
  'a row in three parts that merge': ({ X, Y, reg }) => ({
    X: split(X, 2, [0.48, 0.6, 0.64]),
    Y: split(Y, 2, [0.48, 0.6, 0.64]),
    reg,
  }),
  'a feature that is always zero': ({ X, Y, reg }) => {
    const wider = Matrix.zeros(X.rows, X.columns + 1);
    for (let i = 0; i < X.rows; i++) wider.row(i).set(X.row(i), 1);
    return { X: wider, Y, reg };
  },
  'an output that is always zero': ({ X, Y, reg }) => {
    const wider = Matrix.zeros(Y.rows, Y.columns + 1);
    for (let i = 0; i < Y.rows; i++) wider.row(i).set(Y.row(i));
    return { X, Y: wider, reg };
  },
  'other units': ({ X, Y, reg }) => ({ X: scaled(X, 37), Y: scaled(Y, 0.03), reg: reg * 37 * 0.03, factor: 0.03 ** 2 }),
};

const problem: Problem = randomProblem(11, { n: 9, d: 3, c: 2, reg: 0.15, degeneracy: 'none' });

describe.each([
  ['dense', 1e-7],
  ['cg', 1e-4],
  ['hybrid', 1e-6],
  ['admm', 3e-3],
] as const)('the relaxation by %s', (method, tolerance) => {
  const solve = ({ X, Y, reg }: Problem) => {
    const result = solveRelaxationSync(X, Y, { reg, method, tolerance, maxIterations: 4000 });
    expect(result.gap).toBeLessThanOrEqual(tolerance);
    return result;
  };
  const { value, lowerBound } = solve(problem);

  test.each(Object.keys(EQUIVALENTS))('has the same value and bound with %s', (name) => {
    const { factor = 1, ...other } = EQUIVALENTS[name](problem);
    const result = solve(other);
    const allowed = solverTolerance(tolerance, value) / 10;
    expectWithin(result.value / factor, value, allowed, 'value');
    expectWithin(result.lowerBound / factor, lowerBound, 2 * allowed, 'bound');
  });

  test('has a value that rises with the weight decay, slower than it', () => {
    const regs = [0.01, 0.05, 0.15, 0.5, 2];
    const values = regs.map((reg) => solve({ ...problem, reg }).value);
    for (let k = 1; k < regs.length; k++) {
      expect(values[k]).toBeGreaterThan(values[k - 1] * (1 - tolerance));
      expect(values[k] / values[k - 1]).toBeLessThan((regs[k] / regs[k - 1]) * (1 + tolerance));
    }
  });
});

describe('training', () => {
  const options = { tolerance: 1e-6, seed: 3 } as const;
  const trained = ({ X, Y, reg }: Problem) => trainSync(X, Y, { ...options, reg });
  const first = trained(problem);

  test('proves its network optimal', () => {
    expect(first.gap).toBeLessThanOrEqual(1e-6);
    expectWithin(first.loss, trainingLoss(squaredProblem(problem.X, problem.Y, problem.reg), first.network), 1e-12);
  });

  test.each(Object.keys(EQUIVALENTS))('has the same loss and bound with %s', (name) => {
    const { factor = 1, ...other } = EQUIVALENTS[name](problem);
    const result = trained(other);
    expectWithin(result.loss / factor, first.loss, 2e-6 * first.loss, 'loss');
    expectWithin(result.lowerBound / factor, first.lowerBound, 2e-6 * first.loss, 'bound');
  });

  test('has a loss that rises with the weight decay', () => {
    const losses = [0.02, 0.15, 1].map((reg) => trained({ ...problem, reg }).loss);
    expect(losses[1]).toBeGreaterThan(losses[0]);
    expect(losses[2]).toBeGreaterThan(losses[1]);
    expectWithin(losses[1], first.loss, 2e-6 * first.loss);
  });
});

describe('a planted network', () => {
  test.each([0, 1, 2, 3])('has a loss that no bound is above, problem %i', (seed) => {
    const random = new Random(seed);
    const [n, d, c, width] = [6 + seed, 1 + (seed % 4), 1 + (seed % 3), 1 + (seed % 5)];
    const X = randomMatrix(random, n, d);
    const planted = randomNetwork(random, d, c, width);
    const H = multiply(X, planted.U);
    const Y = multiply(
      new Matrix(
        H.data.map((h) => Math.max(0, h)),
        n,
        width,
      ),
      planted.V.transpose(),
    );
    for (const reg of [1e-3, 0.3]) {
      const loss = trainingLoss(squaredProblem(X, Y, reg), planted);
      const slack = roundOff(n * width, loss + Y.data.reduce((sum, y) => sum + y * y, 0));
      for (const method of ['dense', 'cg', 'admm'] as const) {
        const { lowerBound } = solveRelaxationSync(X, Y, { reg, method, tolerance: 1e-4, maxIterations: 500 });
        expect(lowerBound, `${method}, reg ${reg}`).toBeLessThanOrEqual(loss + slack);
      }
      const found = trainSync(X, Y, { reg, maxIterations: 3 });
      expect(found.lowerBound, `train, reg ${reg}`).toBeLessThanOrEqual(loss + slack);
      if (d <= 3) expect(found.loss, `train, reg ${reg}`).toBeLessThanOrEqual(loss * (1 + 1e-4) + slack);
    }
  });
});
