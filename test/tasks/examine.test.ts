import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { examineRelaxation, examineRelaxationSync, type RelaxationResult, trainSync } from '../../src/index.js';
import type { CpFactorization } from '../../src/network/cp-search.js';
import { kernelForm } from '../../src/problem/kernel-form.js';
import { activations } from '../../src/problem/training-loss.js';
import { combine, multiply, norm, randomMatrix } from '../support/matrices.js';
import { randomProblem } from '../support/random.js';
import { expectWithin } from '../support/tolerance.js';

/** A fit whose relaxation is replaced by the G of known neurons. */
function withGramOf(neurons: Matrix) {
  const { X, Y, reg } = problem;
  const fit = trainSync(X, Y, { reg });
  const { alpha } = activations(X, neurons);
  const L = new Matrix(Float64Array.of(...alpha.data, ...neurons.data), X.rows + X.columns, neurons.columns);
  const G = multiply(L, L.transpose());
  return { ...fit, relaxation: { ...(fit.relaxation as RelaxationResult), G } };
}

const problem = randomProblem(41, { n: 10, d: 3, c: 1, reg: 0.2, degeneracy: 'none' });
const { X, Y, reg } = problem;

describe('examineRelaxation', () => {
  it('finds the factorisation of a Lambda that has one', () => {
    const fit = withGramOf(randomMatrix(new Random(2), 3, 3));
    const { factorization, rank } = examineRelaxationSync(X, Y, { result: fit });
    expect(rank).toBeGreaterThanOrEqual(3);
    expect(factorization?.error).toBeLessThan(1e-4);
  });

  it('states the error of the factorisation it returns', () => {
    const fit = trainSync(X, Y, { reg });
    const factorization = examineRelaxationSync(X, Y, { result: fit }).factorization as CpFactorization;
    const roots = factorization.weights.map(Math.sqrt);
    const scaled = new Matrix(
      factorization.U.data.map((u, k) => u * roots[k % roots.length]),
      3,
      roots.length,
    );
    const { alpha, beta } = activations(X, scaled);
    const Z = new Matrix(Float64Array.of(...alpha.data, ...beta.data), 20, roots.length);
    const Lambda = kernelForm(problem, (fit.relaxation as RelaxationResult).G).lambda();
    const K = Matrix.zeros(20, 20);
    for (let i = 0; i < 20; i++) K.row(i).set(Lambda.row(i).subarray(0, 20));
    const error = norm(combine(multiply(Z, Z.transpose()), K, 1, -1)) / norm(K);
    expectWithin(factorization.error, error, 1e-9);
    expect(factorization.weights.every((weight) => weight > 0)).toBe(true);
  });

  it('tells exact from not exact where it is known', async () => {
    const planar = randomProblem(42, { n: 12, d: 2, c: 2, reg: 0.05, degeneracy: 'none' });
    const fit = trainSync(planar.X, planar.Y, { reg: 0.05 });
    const { verdict, eigenvalues } = await examineRelaxation(planar.X, planar.Y, { result: fit });
    const isApart = fit.bound.value > (fit.relaxation as RelaxationResult).value * (1 + 1e-9);
    expect(verdict).toBe(isApart ? 'not exact' : fit.explanation.relaxationGap === undefined ? 'unknown' : 'exact');
    expect(Array.from(eigenvalues)).toEqual(Array.from(eigenvalues).sort((first, second) => second - first));

    const line = randomProblem(43, { n: 6, d: 1, c: 1, reg: 0.1, degeneracy: 'none' });
    const exact = trainSync(line.X, line.Y, { reg: 0.1 });
    expect(examineRelaxationSync(line.X, line.Y, { result: exact }).verdict).toBe('exact');
  });

  it('leaves the search for a factorisation out, and nothing else, where it is not asked for', () => {
    const fit = trainSync(X, Y, { reg });
    const whole = examineRelaxationSync(X, Y, { result: fit });
    expect(examineRelaxationSync(X, Y, { result: fit, factorize: false })).toEqual({
      ...whole,
      factorization: undefined,
    });
    expect(whole.order).toBe(2 * 10 + 3 + 1);
  });

  it('ends in time', () => {
    const fit = trainSync(X, Y, { reg });
    expect(examineRelaxationSync(X, Y, { result: fit, timeLimitMs: 0 }).factorization?.error).toBeLessThanOrEqual(1);
  });
});
