/** What growth costs on generated problems, pinned: rounds, neurons after each, cones of the exact oracle (see test/relaxation/counts.test.ts). */
import { expect, test } from 'vitest';
import { growNetworkSync } from '../../src/tasks/grow-network.js';
import { randomProblem } from '../support/random.js';

const PINNED = [
  { d: 2, tolerance: 1e-8, neurons: [0, 2, 7, 18, 19], nodes: [0, 0, 0, 0, 0] },
  { d: 3, tolerance: 1e-3, neurons: [0, 60, 74, 66, 44, 33, 40, 49, 39], nodes: [0, 0, 0, 0, 0, 434, 614, 770, 786] },
  {
    d: 4,
    tolerance: 1e-2,
    neurons: [0, 53, 26, 76, 79, 89, 92],
    nodes: [0, 0, 0, 0, 0, 3802, 5502],
  },
] as const;

test.each(PINNED)('in $d dimensions to $tolerance', ({ d, tolerance, neurons, nodes }) => {
  const { X, Y, reg } = randomProblem(d, { n: 14, d, c: 2, reg: 0.1, degeneracy: 'none' });
  const { gap, history } = growNetworkSync(X, Y, { reg, tolerance });
  expect(gap).toBeLessThanOrEqual(tolerance);
  expect([history.map((round) => round.neurons), history.map((round) => round.nodes)]).toEqual([neurons, nodes]);
});
