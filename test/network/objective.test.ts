import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { TrainingObjective } from '../../src/network/objective.js';
import { predictRelu } from '../../src/network/predict.js';
import { withRidgeOutput } from '../../src/network/ridge.js';
import type { Weights } from '../../src/network/weights.js';
import { combine, multiply, norm, randomMatrix } from '../support/matrices.js';
import { placeProblem } from '../support/placed.js';
import { squaredProblem } from '../support/problem.js';
import { randomNetwork, randomProblem } from '../support/random.js';
import { DIFFERENCE_TOLERANCE, differenceStep, expectAllWithin, expectWithin, roundOff } from '../support/tolerance.js';

/** Program 1 by the definition. */
function plainLoss(X: Matrix, Y: Matrix, reg: number, { U, V }: Weights): number {
  const H = multiply(X, U);
  H.data.forEach((h, k) => {
    H.data[k] = Math.max(0, h);
  });
  const residual = norm(combine(multiply(H, V.transpose()), Y, 1, -1));
  return 0.5 * residual ** 2 + (reg / 2) * (norm(U) ** 2 + norm(V) ** 2);
}

const SHAPES = [
  { n: 1, d: 1, c: 1, m: 1 },
  { n: 7, d: 3, c: 2, m: 5 },
  { n: 16, d: 2, c: 3, m: 33 },
  { n: 65, d: 5, c: 3, m: 17 },
];

describe.each(SHAPES)('training objective, n $n d $d c $c m $m', ({ n, d, c, m }) => {
  const random = new Random(n);
  const problem = squaredProblem(randomMatrix(random, n, d), randomMatrix(random, n, c), 0.3);
  const weights = randomNetwork(random, d, c, m);

  it('is program 1', () => {
    const objective = new TrainingObjective(placeProblem(problem));
    const expected = plainLoss(problem.X, problem.Y, problem.reg, weights);
    expectWithin(objective.lossOf(weights), expected, roundOff(n * m, expected));
    const residual = norm(combine(predictRelu(problem.X, weights), problem.Y, 1, -1));
    const decay = (problem.reg / 2) * (norm(weights.U) ** 2 + norm(weights.V) ** 2);
    expectWithin(0.5 * residual ** 2 + decay, expected, roundOff(n * m, expected));
  });

  it('has the gradient that finite differences show', () => {
    const objective = new TrainingObjective(placeProblem(problem));
    const { algebra } = objective;
    const theta = objective.place(weights);
    const gradient = algebra.vector(theta.length);
    const value = objective.evaluate(theta, gradient);
    expect(value).toBe(objective.evaluate(theta));
    const g = algebra.read(gradient);
    const start = algebra.read(theta);
    for (let k = 0; k < start.length; k += 1 + Math.floor(start.length / 60)) {
      const h = differenceStep(start[k]);
      const at = (x: number) => {
        algebra.write(theta, start.with(k, x));
        return objective.evaluate(theta);
      };
      const difference = (at(start[k] + h) - at(start[k] - h)) / (2 * h);
      expectWithin(g[k], difference, DIFFERENCE_TOLERANCE * (1 + Math.abs(value)), `derivative ${k}`);
    }
  });

  it('reads back the weights it was given', () => {
    const objective = new TrainingObjective(placeProblem(problem));
    const theta = objective.place(weights);
    expect(objective.read(theta)).toEqual(weights);
    const others = randomNetwork(random, d, c, m);
    objective.write(theta, others);
    expect(objective.read(theta)).toEqual(others);
  });

  it('has no better output layer than the ridge one', () => {
    const objective = new TrainingObjective(placeProblem(problem));
    const ridge = withRidgeOutput(objective, weights.U);
    expect(ridge.U).toEqual(weights.U);
    const best = objective.lossOf(ridge);
    const theta = objective.place(ridge);
    const gradient = objective.algebra.vector(theta.length);
    objective.evaluate(theta, gradient);
    const gradientV = objective.read(gradient).V.data;
    const activation = norm(multiply(problem.X, weights.U));
    expectAllWithin(gradientV, new Float64Array(c * m), roundOff(n * m, (1 + activation ** 2) * (1 + norm(ridge.V))));
    for (const step of [1e-3, 1]) {
      const moved = { U: ridge.U, V: combine(ridge.V, randomMatrix(random, c, m), 1, step) };
      expect(objective.lossOf(moved)).toBeGreaterThan(best);
    }
  });
});

describe('training objective, degenerate', () => {
  it('is ½‖Y‖² for the network without neurons', () => {
    const problem = randomProblem(5);
    const objective = new TrainingObjective(placeProblem(problem));
    const empty = { U: Matrix.zeros(problem.X.columns, 0), V: Matrix.zeros(problem.Y.columns, 0) };
    const expected = 0.5 * norm(problem.Y) ** 2;
    expectWithin(objective.lossOf(empty), expected, roundOff(problem.Y.data.length, expected));
    expect(withRidgeOutput(objective, empty.U)).toEqual(empty);
  });

  it('gives both forms of ridge regression the same answer', () => {
    const random = new Random(3);
    const { X, Y, reg } = randomProblem(3, { n: 9, d: 3, c: 2, reg: 0.1, degeneracy: 'none' });
    for (const m of [8, 9, 10]) {
      const weights = randomNetwork(random, 3, 2, m);
      const wide = { U: Matrix.zeros(3, m + 9), V: Matrix.zeros(2, m + 9) };
      for (let k = 0; k < 3; k++) wide.U.row(k).set(weights.U.row(k));
      const narrow = withRidgeOutput(new TrainingObjective(placeProblem(squaredProblem(X, Y, reg))), weights.U).V;
      const widened = withRidgeOutput(new TrainingObjective(placeProblem(squaredProblem(X, Y, reg))), wide.U).V;
      for (let k = 0; k < 2; k++) {
        expectAllWithin(widened.row(k).slice(0, m), narrow.row(k), roundOff(m, (1 + norm(narrow)) / reg, 64));
      }
    }
  });
});
