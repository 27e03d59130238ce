/**
 * The squared loss: ℓ(f; y) = ½‖f − y‖², so ω ℓ has the conjugate ‖a‖²/(2ω) − ⟨a, y⟩ at −a, for every a; W(a) = y − a/ω and H(a) = ω I.
 * Its scores are not probabilities.
 */
import { squareOf } from '../../base/elementary.js';
import { Matrix } from '../../base/matrix.js';
import { dotBounds, down, up } from '../../base/round-off.js';
import { euclideanNorm } from '../../base/vector.js';
import { flat } from '../../linalg/views.js';
import type { Loss, Target } from './loss.js';
import { asMatrix } from './placed.js';

const weightOf = ({ weights }: Target, i: number): number => weights?.[i] ?? 1;

export const squared: Loss = Object.freeze({
  name: 'squared',
  link: 'identity',
  toJSON: () => 'squared',

  value(F, target) {
    const { Y } = target;
    let sum = 0;
    for (let i = 0; i < Y.rows; i++) {
      const [f, y, weight] = [F.row(i), Y.row(i), weightOf(target, i)];
      for (let k = 0; k < y.length; k++) sum += weight * squareOf(f[k] - y[k]);
    }
    return sum / 2;
  },

  gradient(F, target, out) {
    const { Y } = target;
    for (let i = 0; i < Y.rows; i++) {
      const [f, y, g, weight] = [F.row(i), Y.row(i), out.row(i), weightOf(target, i)];
      for (let k = 0; k < y.length; k++) g[k] = weight * (f[k] - y[k]);
    }
  },

  conjugate(a, target) {
    const { Y } = target;
    let [square, product] = [0, 0];
    for (let i = 0; i < Y.rows; i++) {
      const [row, y, weight] = [a.row(i), Y.row(i), weightOf(target, i)];
      for (let k = 0; k < y.length; k++) {
        square += (row[k] * row[k]) / weight;
        product += row[k] * y[k];
      }
    }
    return square / 2 - product;
  },

  conjugateAbove(a, target, t) {
    const { gain, square } = boundsOf(a.data, target);
    return -down(t * down(gain - up(up(t * square) / 2)));
  },

  largestStep: () => Number.POSITIVE_INFINITY,

  predictionAt(a, target, out) {
    const { Y } = target;
    for (let i = 0; i < Y.rows; i++) {
      const [row, y, w, weight] = [a.row(i), Y.row(i), out.row(i), weightOf(target, i)];
      for (let k = 0; k < y.length; k++) w[k] = y[k] - row[k] / weight;
    }
  },

  curvatureAt(a, target, out) {
    out.data.fill(0);
    for (let i = 0; i < a.rows; i++) {
      for (let k = 0; k < a.columns; k++) out.set(i, k * (a.columns + 1), weightOf(target, i));
    }
  },

  bestMultiple(a, target, limit) {
    const { gain, square } = boundsOf(a.data, target);
    return gain > 0 && square > 0 ? Math.min(limit, gain / square) : 0;
  },

  quadratic: ({ Y, weights }) => ({
    center: Y,
    curvature:
      weights &&
      new Matrix(
        Y.data.map((_, k) => weights[Math.floor(k / Y.columns)]),
        Y.rows,
        Y.columns,
      ),
  }),

  /** Completing the square: Σ ω ‖c g − y‖² = ‖q g − Σ ω c y / q‖² + constant with q² = Σ ω c². */
  merge(lengths, target) {
    const { Y } = target;
    let square = 0;
    for (let i = 0; i < lengths.length; i++) square += weightOf(target, i) * squareOf(lengths[i]);
    const length = Math.sqrt(square);
    const y = new Float64Array(Y.columns);
    for (let i = 0; i < lengths.length; i++) {
      const [row, share] = [Y.row(i), (weightOf(target, i) * lengths[i]) / length];
      for (let k = 0; k < y.length; k++) y[k] += share * row[k];
    }
    return { length, y };
  },

  /** ‖Y‖ = 1. */
  normalise({ Y, weights }) {
    const tau = euclideanNorm(Y.data);
    const scaled = new Matrix(
      Y.data.map((value) => value / tau),
      Y.rows,
      Y.columns,
    );
    return { target: { Y: scaled, weights }, outputs: tau, duals: tau, values: squareOf(tau) };
  },

  place: (algebra, Y) => ({
    value: (W) => squared.value(asMatrix(algebra, W), { Y: asMatrix(algebra, Y) }),
    dualValue: (a) => algebra.inner(a, Y) - algebra.inner(a, a) / 2,
    residual: (W, a, out) => {
      algebra.copyMatrix(W, out);
      algebra.axpy(-1, flat(Y), flat(out));
      algebra.axpy(1, flat(a), flat(out));
    },
    largestStep: () => Number.POSITIVE_INFINITY,
    curvature: undefined,
  }),

  networkKernel: 'lossGradient',
} satisfies Loss);

/** ⟨a, Y⟩ from below and Σ ‖a_i‖²/ω_i from above. */
function boundsOf(a: Float64Array, { Y, weights }: Target): { gain: number; square: number } {
  const c = Y.columns;
  const divided = weights
    ? a.map((entry, k) => Math.sign(entry) * up(Math.abs(entry) / weights[Math.floor(k / c)]))
    : a;
  return { gain: dotBounds(a, Y.data).below, square: dotBounds(divided, a).above };
}
