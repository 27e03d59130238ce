import { expect, test } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { trainingLoss } from '../../src/problem/training-loss.js';
import { normsCertificate, zeroCertificate } from '../../src/problem/zero-network.js';
import { boundOfCertificate } from '../../src/proof/verify.js';
import { growNetworkSync } from '../../src/tasks/grow-network.js';
import { squaredProblem } from '../support/problem.js';
import { randomProblem } from '../support/random.js';

test.each([1, 2, 3])('the lengths of the rows alone prove a bound without any factorisation, seed %d', (seed) => {
  const { X, Y, reg } = randomProblem(seed, { n: 12, d: 3, c: 2, degeneracy: 'none' });
  const problem = squaredProblem(X, Y, reg);
  const norms = boundOfCertificate(problem, normsCertificate(problem));
  const better = boundOfCertificate(problem, zeroCertificate(problem));
  const grown = growNetworkSync(X, Y, { reg, tolerance: 1e-3 });
  expect(norms.valid).toBe(true);
  expect(norms.lowerBound).toBeGreaterThan(0);
  expect(norms.lowerBound).toBeLessThanOrEqual(trainingLoss(problem, grown.network));
  expect(better.lowerBound).toBeLessThanOrEqual(trainingLoss(problem, grown.network));
});

test('targets of zeros need no multipliers', () => {
  const problem = squaredProblem(new Matrix(Float64Array.of(1, 2), 2, 1), Matrix.zeros(2, 1), 0.1);
  expect(boundOfCertificate(problem, normsCertificate(problem))).toMatchObject({ lowerBound: 0, valid: true });
});
