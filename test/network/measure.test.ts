import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/base/errors.js';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { balance } from '../../src/network/balance.js';
import { criticalWidthBound } from '../../src/network/critical-width.js';
import { AtomicMeasure } from '../../src/network/measure.js';
import { predictRelu } from '../../src/network/predict.js';
import { liftedProgram } from '../../src/problem/lambda.js';
import { trainingLoss } from '../../src/problem/training-loss.js';
import { norm } from '../support/matrices.js';
import { randomNetwork, randomProblem } from '../support/random.js';
import { expectAllWithin, expectWithin, roundOff } from '../support/tolerance.js';

describe.each([1, 2, 3, 4, 5, 6])('AtomicMeasure of a random network, problem %i', (seed) => {
  const problem = randomProblem(seed);
  const { X, Y } = problem;
  const network = randomNetwork(new Random(seed), X.columns, Y.columns, 7);
  const measure = AtomicMeasure.fromWeights(network);

  it('gives the balanced network back', () => {
    const balanced = balance(network);
    const back = measure.toWeights();
    for (const layer of ['U', 'V'] as const) {
      expectAllWithin(back[layer], balanced[layer], roundOff(8, norm(balanced[layer])));
    }
    expect(measure.size).toBe(7);
  });

  it('has the outputs of the network and the loss of the balanced one', () => {
    const F = predictRelu(X, network);
    expectAllWithin(measure.outputs(X), F, roundOff(50, 1 + norm(F)));
    const expected = trainingLoss(problem, balance(network));
    expectWithin(measure.loss(problem), expected, roundOff(100, 1 + expected));
    expect(measure.loss(problem)).toBeLessThanOrEqual(trainingLoss(problem, network) * (1 + 1e-12));
  });

  it('lifts to a feasible Lambda of the same value', () => {
    const program = liftedProgram(problem);
    const Lambda = measure.lift(problem);
    const size = norm(Lambda);
    const { linear, complementarity, smallestEntry, smallestEigenvalue } = program.feasibility(Lambda);
    expectWithin(linear, 0, roundOff(problem.X.rows * 20, 1 + size, 64));
    expect(complementarity).toBe(0);
    expect(smallestEntry).toBeGreaterThanOrEqual(0);
    expect(smallestEigenvalue).toBeGreaterThanOrEqual(-roundOff(Lambda.rows, size));
    const loss = measure.loss(problem);
    expectWithin(program.objective(Lambda), loss, roundOff(200, 1 + loss));
  });
});

describe('AtomicMeasure', () => {
  it('leaves out neurons without mass, down to the empty measure', () => {
    const { U } = randomNetwork(new Random(1), 3, 2, 2);
    const silent = new AtomicMeasure(Matrix.zeros(3, 0), Matrix.zeros(2, 0), new Float64Array(0));
    expect(AtomicMeasure.fromWeights({ U, V: Matrix.zeros(2, 2) })).toEqual(silent);
    expect(silent.totalMass).toBe(0);
    expect(silent.outputs(Matrix.zeros(4, 3))).toEqual(Matrix.zeros(4, 2));
  });

  it('refuses what is no measure', () => {
    const U = new Matrix(Float64Array.of(1, 0), 2, 1);
    const V = new Matrix(Float64Array.of(1), 1, 1);
    expect(() => new AtomicMeasure(U, V, Float64Array.of(0))).toThrow(/masses: entry 0 is 0/);
    expect(() => new AtomicMeasure(U, V, Float64Array.of(1, 1))).toThrow(InputError);
    expect(() => new AtomicMeasure(U, new Matrix(Float64Array.of(2), 1, 1), Float64Array.of(1))).toThrow(/V: column 0/);
  });
});

describe('criticalWidthBound', () => {
  it('is nc + 1', () => {
    expect(criticalWidthBound(25, 5)).toBe(126);
    expect(criticalWidthBound(0, 3)).toBe(1);
    expect(() => criticalWidthBound(-1, 3)).toThrow(/n: expected a whole number/);
    expect(() => criticalWidthBound(3, 0.5)).toThrow(/c: expected a whole number/);
  });
});
