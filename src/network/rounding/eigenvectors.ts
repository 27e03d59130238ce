/**
 * Eigenvector rounding: the u parts of the leading eigenvectors of G, each with both signs, since an eigenvector has none of its
 * own while a neuron has. Needs no randomness.
 */
import { Matrix } from '../../base/matrix.js';
import { gramBlocks } from '../../problem/blocks.js';
import { factorGram, SIGNIFICANT } from './factor.js';
import type { Rounding } from './rounding.js';

export const roundEigenvectors: Rounding = function* ({ placed, G }, width) {
  const { rows, columns } = placed.problem.X;
  const { d, u } = gramBlocks(rows, columns);
  const F = yield* factorGram({ placed, G }, 'all', SIGNIFICANT);
  const m = Math.min(width, 2 * F.columns);
  const U = Matrix.zeros(d, m);
  for (let j = 0; j < m; j++) {
    const sign = j % 2 === 0 ? 1 : -1;
    for (let i = 0; i < d; i++) U.set(i, j, sign * F.get(u + i, j >> 1));
  }
  return { U };
};
