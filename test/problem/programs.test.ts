/** The forms of one problem agree: training loss, completely positive program, kernel form, reduced problem. */

import { describe, expect, it } from 'vitest';
import { NumericalError } from '../../src/base/errors.js';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { complete } from '../../src/base/run.js';
import { gramBlocks, lambdaBlocks } from '../../src/problem/blocks.js';
import { kernelForm } from '../../src/problem/kernel-form.js';
import { type LayerWeights, trainingLoss } from '../../src/problem/training-loss.js';
import { reduceProblem } from '../../src/relaxation/reduce.js';
import { restoreGram } from '../../src/relaxation/restore.js';
import { type LiftedProgram, liftedProgram } from '../support/lifted-program.js';
import { combine, inner, multiply, norm, randomMatrix } from '../support/matrices.js';
import { squaredProblem } from '../support/problem.js';
import { randomNetwork, randomProblem } from '../support/random.js';
import { expectAllWithin, expectWithin, roundOff } from '../support/tolerance.js';

const problems = Array.from({ length: 36 }, (_, seed) => randomProblem(seed));

/** ‖u_j‖ = ‖v_j‖: the scaling of a neuron that leaves its output and minimises its price. */
function balanced({ U, V }: LayerWeights): LayerWeights {
  const result = { U: U.clone(), V: V.clone() };
  for (let j = 0; j < U.columns; j++) {
    const length = (A: Matrix) => Math.hypot(...Array.from({ length: A.rows }, (_, i) => A.get(i, j)));
    const factor = Math.sqrt(length(V) / length(U));
    for (let i = 0; i < U.rows; i++) result.U.set(i, j, U.get(i, j) * factor);
    for (let i = 0; i < V.rows; i++) result.V.set(i, j, V.get(i, j) / factor);
  }
  return result;
}

const blockOf = (A: Matrix, rows: [number, number], columns: [number, number]): Matrix => {
  const result = Matrix.zeros(rows[1] - rows[0], columns[1] - columns[0]);
  for (let i = 0; i < result.rows; i++) {
    for (let j = 0; j < result.columns; j++) result.set(i, j, A.get(rows[0] + i, columns[0] + j));
  }
  return result;
};

/** G of a lifted network: the (alpha, u) blocks of Lambda. */
function gramOf({ blocks }: LiftedProgram, Lambda: Matrix): Matrix {
  const { n, d, alpha, u } = blocks;
  const gram = gramBlocks(n, d);
  const place = (k: number) => (k < gram.u ? alpha + k : u + k - gram.u);
  const G = Matrix.zeros(gram.order, gram.order);
  for (let i = 0; i < G.rows; i++) for (let j = 0; j < G.columns; j++) G.set(i, j, Lambda.get(place(i), place(j)));
  return G;
}

describe('lambdaBlocks and gramBlocks', () => {
  it('lay the blocks out one after another', () => {
    expect(lambdaBlocks(3, 4, 2)).toMatchObject({ alpha: 0, beta: 3, u: 6, v: 10, p: 12 });
    expect(gramBlocks(3, 4)).toMatchObject({ alpha: 0, u: 3, order: 7 });
  });
});

describe('trainingLoss', () => {
  it('is what the definition gives on a network worked out by hand', () => {
    const problem = squaredProblem(
      new Matrix(Float64Array.of(1, 2, -1, 1), 2, 2),
      new Matrix(Float64Array.of(3, 5), 2, 1),
      0.5,
    );
    const U = new Matrix(Float64Array.of(1, -1, 1, 0), 2, 2);
    const V = new Matrix(Float64Array.of(2, 4), 1, 2);
    expect(trainingLoss(problem, { U, V })).toBe((3 ** 2 + 1 ** 2) / 2 + 0.25 * (3 + 20));
  });

  it('of no neurons is ½‖Y‖²', () => {
    const problem = randomProblem(0);
    const empty = { U: Matrix.zeros(problem.X.columns, 0), V: Matrix.zeros(problem.Y.columns, 0) };
    expectWithin(trainingLoss(problem, empty), inner(problem.Y, problem.Y) / 2, roundOff(60, norm(problem.Y) ** 2));
  });
});

describe.each(problems.map((problem, seed) => ({ name: problem.name, problem, seed })))(
  '$name',
  ({ problem, seed }) => {
    const { X, Y, reg } = problem;
    const random = new Random(2000 + seed);
    const width = 1 + random.integer(6);
    const weights = balanced(randomNetwork(random, X.columns, Y.columns, width));
    const program = liftedProgram(problem);
    const Lambda = program.lift(weights);
    const loss = trainingLoss(problem, weights);
    const size =
      (norm(X) * norm(weights.U) * norm(weights.V) + norm(Y)) ** 2 +
      reg * (norm(weights.U) ** 2 + norm(weights.V) ** 2);
    const accuracy = (magnitude: number) => roundOff(program.blocks.p + width, magnitude, 64);

    it('completely positive program: the lift of a network is feasible and costs its training loss', () => {
      expect([Lambda.rows, Lambda.columns]).toEqual([program.blocks.p, program.blocks.p]);
      expectWithin(program.objective(Lambda), loss, accuracy(size), 'objective');
      const report = program.feasibility(Lambda);
      const scale = ((1 + norm(X)) * norm(weights.U) + norm(weights.V)) ** 2;
      expectWithin(report.linear, 0, accuracy(scale * (1 + norm(X)) ** 2), 'tr MΛMᵀ');
      expect(report.complementarity).toBe(0);
      expect(report.smallestEntry).toBeGreaterThanOrEqual(0);
      expect(report.smallestEigenvalue).toBeGreaterThanOrEqual(-accuracy(scale));
    });

    it('feasibility notices each broken constraint', () => {
      const { alpha, beta, u, v } = program.blocks;
      const disturbed = (i: number, j: number, by: number) => {
        const result = Lambda.clone();
        result.set(i, j, result.get(i, j) + by);
        if (i !== j) result.set(j, i, result.get(j, i) + by);
        return program.feasibility(result);
      };
      expect(disturbed(alpha, beta, 1).complementarity).toBe(1);
      expect(disturbed(alpha, alpha, -10 - Lambda.get(alpha, alpha)).smallestEntry).toBe(-10);
      expect(disturbed(beta, beta, -10 - Lambda.get(beta, beta)).smallestEntry).toBeLessThan(-9);
      expect(disturbed(beta, beta, 1).linear).toBeGreaterThan(0.5);
      expect(disturbed(v, v, -10 - Lambda.get(v, v)).smallestEigenvalue).toBeLessThanOrEqual(-10);
      expect(disturbed(u, u, -10 - Lambda.get(u, u)).smallestEigenvalue).toBeLessThanOrEqual(-10);
    });

    it('kernel form: at most the loss of the network it comes from, equal to program 4 at its own Lambda', () => {
      const G = gramOf(program, Lambda);
      const form = kernelForm(problem, G);
      expect(form.value).toBeLessThanOrEqual(loss + accuracy(size));
      const best = form.lambda();
      const condition = 1 + norm(G) / reg;
      expectWithin(program.objective(best), form.value, accuracy(size * condition), 'objective at the expanded Lambda');
      expectAllWithin(gramOf(program, best), G, accuracy(norm(G)));
      const { n, alpha, v, p } = program.blocks;
      const prediction = blockOf(best, [alpha, alpha + n], [v, p]);
      expectAllWithin(form.a, combine(Y, prediction, 1, -1), accuracy((norm(Y) + 1) * condition), 'a');
      const report = program.feasibility(best);
      const scale = norm(best) * (1 + norm(X)) ** 2;
      expectWithin(report.linear, 0, accuracy(scale), 'tr MΛMᵀ');
      expectWithin(report.complementarity, 0, accuracy(scale), 'tr Λ[alpha,beta]');
      expect(report.smallestEigenvalue).toBeGreaterThanOrEqual(-accuracy(scale));
    });

    it('kernel form: the reduced problem has the same value at the same point', () => {
      const reduction = reduceProblem(problem);
      const { n, d, s, Xw, lossRows, lossScale, Y: mergedY, constant } = reduction.reduced;
      const u = randomMatrix(random, d, width);
      const neurons = Matrix.zeros(n + d, width);
      const z = multiply(Xw, u);
      neurons.data.set(z.data.map((x) => Math.max(0, x)));
      neurons.data.set(u.data, n * width);
      const G = multiply(neurons, neurons.transpose());
      const rows = Matrix.zeros(lossRows.length, width);
      lossRows.forEach((row, r) => {
        const activation = row < n ? z.row(row).map((x) => Math.max(0, x)) : z.row(row - n).map((x) => Math.max(0, -x));
        rows.row(r).set(activation.map((x) => x * lossScale[r]));
      });
      const asProblem = squaredProblem(Matrix.zeros(lossRows.length, 0), mergedY, reg);
      const fit = kernelForm(asProblem, multiply(rows, rows.transpose())).value;
      let price = 0;
      for (let k = 0; k < d; k++) price += G.get(n + k, n + k) / s[k] ** 2;
      const reducedValue = fit + (reg / 2) * price + constant;
      const magnitude = (norm(Y) ** 2 + reg * price) * (1 + norm(rows) ** 2 / reg);
      expectWithin(kernelForm(problem, complete(restoreGram(reduction, G))).value, reducedValue, accuracy(magnitude));
    });
  },
);

describe('kernelForm', () => {
  it('refuses a G whose A + reg I is not positive definite', () => {
    const problem = randomProblem(12, { n: 3, d: 2, degeneracy: 'none' });
    const G = Matrix.zeros(5, 5);
    G.set(1, 1, -10);
    expect(() => kernelForm(problem, G)).toThrow(NumericalError);
  });
});
