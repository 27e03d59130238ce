/**
 * Gaussian rounding: u_j = F g_j / √m with F Fᵀ the u block of G and g_j standard normal, so that E Σ_j u_j u_jᵀ is that block
 * (after Goemans & Williamson, J. ACM 42, 1995; the best cheap default in docs/training.md).
 */
import { Matrix } from '../../base/matrix.js';
import { factorGram } from './factor.js';
import type { Rounding } from './rounding.js';

/** Relative size of eigenvalues that are round-off of the relaxation. */
const CUTOFF = 1e-12;

export const roundGaussian: Rounding = function* ({ placed, G }, width, random) {
  const d = placed.problem.X.columns;
  const F = yield* factorGram({ placed, G }, 'u', CUTOFF);
  const g = random.fillNormal(new Float64Array(F.columns * width));
  const U = Matrix.zeros(d, width);
  const scale = 1 / Math.sqrt(width);
  for (let i = 0; i < d; i++) {
    const u = U.row(i);
    for (let k = 0; k < F.columns; k++) {
      const factor = scale * F.get(i, k);
      for (let j = 0; j < width; j++) u[j] += factor * g[k * width + j];
    }
  }
  return { U };
};
