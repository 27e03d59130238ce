/**
 * The squared loss: ℓ(f; y) = ½‖f − y‖², ℓ*(−a; y) = ½‖a‖² − ⟨a, y⟩ for every a; with weights ω ‖f − y‖²/2 and ‖a‖²/(2ω) − ⟨a, y⟩.
 * Its scores are no probabilities.
 */
import type { Loss } from './loss.js';

export const squared: Loss = {
  name: 'squared',
  value(F, { Y, weights }) {
    let sum = 0;
    for (let i = 0; i < Y.rows; i++) {
      const [f, y] = [F.row(i), Y.row(i)];
      let square = 0;
      for (let k = 0; k < y.length; k++) square += (f[k] - y[k]) ** 2;
      sum += (weights?.[i] ?? 1) * square;
    }
    return sum / 2;
  },
  gradient(F, { Y, weights }, out) {
    for (let i = 0; i < Y.rows; i++) {
      const [f, y, g] = [F.row(i), Y.row(i), out.row(i)];
      const weight = weights?.[i] ?? 1;
      for (let k = 0; k < y.length; k++) g[k] = weight * (f[k] - y[k]);
    }
  },
  conjugate(a, { Y, weights }) {
    let sum = 0;
    for (let i = 0; i < Y.rows; i++) {
      const [row, y] = [a.row(i), Y.row(i)];
      const weight = weights?.[i] ?? 1;
      for (let k = 0; k < y.length; k++) sum += (row[k] * row[k]) / (2 * weight) - row[k] * y[k];
    }
    return sum;
  },
};
