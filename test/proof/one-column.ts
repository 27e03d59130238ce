/**
 * One-column problems, solved by hand. All neurons are u = ±1, whose activations have disjoint supports, so training is two
 * separate problems min over v of ½‖h vᵀ − Y‖² + reg ‖v‖ (h = the activations): v = (1 − reg/‖hᵀY‖)₊ hᵀY/‖h‖², and a = Y − prediction.
 * A certificate: with bAlpha, bBeta the sums of a_j |x_j| / reg over the rows with and against row i,
 * u² − ‖bᵀs‖² − 2 w x_i² (alpha beta/x_i²) has no mixed term for w x_i² = −1 − bAlpha·bBeta. No pairs.
 */
import type { Matrix } from '../../src/base/matrix.js';
import { noPairs } from '../../src/problem/parts/multipliers.js';
import type { Certificate } from '../../src/problem/problem.js';

export interface SolvedProblem {
  readonly optimum: number;
  readonly certificate: Certificate;
}

export function solveOneColumn(X: Matrix, Y: Matrix, reg: number): SolvedProblem {
  const n = X.rows;
  const a = Y.clone();
  let optimum = Y.data.reduce((sum, y) => sum + (y * y) / 2, 0);
  for (const sign of [1, -1]) {
    const h = X.data.map((x) => Math.max(0, sign * x));
    const square = h.reduce((sum, value) => sum + value * value, 0);
    if (square === 0) continue;
    const target = Array.from({ length: Y.columns }, (_, k) =>
      h.reduce((sum, value, i) => sum + value * Y.get(i, k), 0),
    );
    const size = Math.hypot(...target);
    const excess = Math.max(0, size - reg);
    optimum -= excess ** 2 / (2 * square);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < Y.columns; k++) a.set(i, k, a.get(i, k) - h[i] * (excess / size / square || 0) * target[k]);
    }
  }
  const main = X.data.reduce((best, x, i) => (Math.abs(x) > Math.abs(X.data[best]) ? i : best), 0);
  const sums = [1, -1].map((sign) =>
    Array.from({ length: Y.columns }, (_, k) =>
      X.data.reduce((sum, x, i) => sum + Math.max(0, sign * Math.sign(X.data[main]) * x) * (a.get(i, k) / reg), 0),
    ),
  );
  const w = new Float64Array(n);
  const mixed = sums[0].reduce((sum, value, k) => sum + value * sums[1][k], 0);
  if (X.data[main] !== 0) w[main] = -(1 + mixed) / X.data[main] ** 2;
  return { optimum, certificate: { reg, a, pairs: noPairs(), w } };
}
