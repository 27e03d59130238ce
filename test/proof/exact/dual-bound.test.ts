import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/base/errors.js';
import type { Matrix } from '../../../src/base/matrix.js';
import { Random } from '../../../src/base/random.js';
import { RunClock, runSync } from '../../../src/base/run.js';
import { predictRelu } from '../../../src/network/predict.js';
import type { TrainingProblem } from '../../../src/problem/problem.js';
import { trainingLoss } from '../../../src/problem/training-loss.js';
import { exactDualBound } from '../../../src/proof/exact/dual-bound.js';
import { NeuronOracle } from '../../../src/proof/exact/oracle.js';
import { growNetworkSync } from '../../../src/tasks/grow-network.js';
import { maximizeNeuron } from '../../../src/tasks/maximize-neuron.js';
import { combine, randomMatrix } from '../../support/matrices.js';
import { placeMatrix } from '../../support/placed.js';
import { randomNetwork, randomProblem } from '../../support/random.js';

function bound(problem: TrainingProblem, R: Matrix, options = {}) {
  const oracle = new NeuronOracle(placeMatrix(problem.X));
  return runSync(exactDualBound(oracle, problem, R, options, new RunClock()));
}

describe('exact dual bound', () => {
  it.each([1, 2, 3, 4])('is below the loss of every network, whatever R is, d = %i', (d) => {
    for (let seed = 0; seed < 10; seed++) {
      const problem = randomProblem(seed, { n: 12, d, c: 2, degeneracy: 'none' });
      const random = new Random(seed);
      const best = growNetworkSync(problem.X, problem.Y, { reg: problem.reg, tolerance: 1e-4 });
      const network = randomNetwork(random, d, 2, 4);
      const residuals = [
        problem.Y,
        randomMatrix(random, 12, 2),
        combine(problem.Y, predictRelu(problem.X, network), 1, -1),
        combine(problem.Y, predictRelu(problem.X, best.network), 1, -1),
      ];
      for (const R of residuals) {
        const { lowerBound } = bound(problem, R, { tolerance: 1e-3 });
        expect(lowerBound).toBeGreaterThanOrEqual(0);
        expect(lowerBound).toBeLessThanOrEqual(best.loss);
        expect(lowerBound).toBeLessThanOrEqual(trainingLoss(problem, network));
      }
      expect(bound(problem, residuals[3], { tolerance: 1e-5 }).lowerBound).toBeGreaterThan(best.loss * (1 - 1e-2));
    }
  });

  it('is 0 when the search was cut short', () => {
    const problem = randomProblem(1, { n: 30, d: 4, c: 2, reg: 0.01, degeneracy: 'none' });
    const { lowerBound, maximum } = bound(problem, problem.Y, { maxNodes: 1, floor: 0 });
    expect({ lowerBound, complete: maximum.complete }).toEqual({ lowerBound: 0, complete: false });
  });
});

describe('maximizeNeuron', () => {
  it('takes plain arrays and agrees with what can be seen', async () => {
    const { value, upperBound, direction } = await maximizeNeuron(
      [
        [1, 0],
        [0, 2],
      ],
      [[3], [0.5]],
    );
    expect(value).toBeLessThanOrEqual(upperBound);
    expect(upperBound).toBeLessThan(Math.hypot(3, 1) * (1 + 1e-12));
    expect(value).toBeGreaterThan(Math.hypot(3, 1) * (1 - 1e-12));
    expect(direction[0] / direction[1]).toBeGreaterThan(2.999_999);
  });

  it('refuses shapes that do not fit and ranks out of reach', async () => {
    await expect(maximizeNeuron([[1]], [[1], [2]])).rejects.toThrow(InputError);
    await expect(maximizeNeuron(randomMatrix(new Random(1), 9, 6), randomMatrix(new Random(2), 9, 1))).rejects.toThrow(
      /rank 6/,
    );
  });
});
