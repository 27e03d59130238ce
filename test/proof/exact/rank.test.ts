import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.js';
import { NeuronOracle } from '../../../src/proof/exact/oracle.js';
import { hasRankAbove } from '../../../src/proof/exact/rank.js';
import { rowSpace } from '../../../src/proof/exact/row-space.js';
import { multiply, randomMatrix } from '../../support/matrices.js';
import { placeMatrix } from '../../support/placed.js';
import { randomProblem } from '../../support/random.js';

describe('the rank told without a decomposition', () => {
  it.each([1, 4, 5, 6, 9])('is above 5 exactly when it is, for products of rank %i', (rank) => {
    const random = new Random(rank);
    for (const [n, d] of [
      [30, 12],
      [12, 30],
    ]) {
      const X = multiply(randomMatrix(random, n, rank), randomMatrix(random, rank, d));
      expect(hasRankAbove(X, 5)).toBe(rank > 5);
      for (const row of [3, 7]) for (let j = 0; j < d; j++) X.set(row, j, X.get(row, j) * 1e12);
      if (rank <= 5) expect(hasRankAbove(X, 5)).toBe(false);
    }
  });

  it('never says more than the decomposition does, and changes no decision', () => {
    for (let seed = 0; seed < 48; seed++) {
      const { X, name } = randomProblem(seed, { d: 1 + (seed % 9) });
      const { columns: rank } = rowSpace(X).W;
      if (hasRankAbove(X, 5)) expect(rank, name).toBeGreaterThan(5);
      expect(new NeuronOracle(placeMatrix(X)).isApplicable, name).toBe(rank <= 5);
    }
  });
});
