/**
 * The logistic loss, Σ_k log(1 + e^(−y_k f_k)) with every y_k = ±1, as a loss that is not squared: what tests of the type itself need.
 * Its conjugate at −a is s log s + (1 − s) log(1 − s) for s = y a in [0, 1]; W(a) = y log((1 − s)/s), H(a) = s(1 − s).
 */
import type { Matrix } from '../../src/base/matrix.js';
import { down, up } from '../../src/base/round-off.js';
import type { Loss, Target } from '../../src/problem/losses/loss.js';

/** Calls `visit` for each entry: its place, row, y and weight. */
function forEach(target: Target, visit: (at: number, i: number, y: number, weight: number) => void): void {
  const { Y, weights } = target;
  Y.data.forEach((y, at) => {
    const i = Math.floor(at / Y.columns);
    visit(at, i, y, weights?.[i] ?? 1);
  });
}

/** x log x with 0 at 0. */
const xLogX = (x: number): number => (x === 0 ? 0 : x * Math.log(x));

/** Below −log x for x in (0, 1]: Math.log is within 1 ulp in practice, and 8 are taken off. */
const minusLogBelow = (x: number): number => -Math.log(x) * (1 - 8 * Number.EPSILON);

/** A number at or above max over s in [low, high] of s log s + (1 − s) log(1 − s), a convex function; Infinity beyond [0, 1]. */
function entropyAbove(low: number, high: number): number {
  if (!(low >= 0 && high <= 1)) return Number.POSITIVE_INFINITY;
  const at = (s: number): number => {
    const [p, q] = [s, down(1 - s)];
    const terms = (p > 0 ? p * minusLogBelow(p) : 0) + (q > 0 ? q * minusLogBelow(Math.min(1, up(1 - s))) : 0);
    return up(-terms * (1 - 8 * Number.EPSILON));
  };
  return Math.min(0, Math.max(at(low), at(high)));
}

export const logistic: Loss = {
  name: 'logistic',
  link: 'logistic',
  toJSON: () => 'logistic',
  value(F, target) {
    let sum = 0;
    forEach(target, (at, _, y, weight) => {
      const margin = y * F.data[at];
      sum += weight * (Math.log1p(Math.exp(-Math.abs(margin))) + Math.max(0, -margin));
    });
    return sum;
  },
  gradient(F, target, out) {
    forEach(target, (at, _, y, weight) => {
      out.data[at] = (-weight * y) / (1 + Math.exp(y * F.data[at]));
    });
  },
  conjugate(a, target) {
    let sum = 0;
    forEach(target, (at, _, y, weight) => {
      const s = (y * a.data[at]) / weight;
      sum += s >= 0 && s <= 1 ? weight * (xLogX(s) + xLogX(1 - s)) : Number.POSITIVE_INFINITY;
    });
    return sum;
  },
  conjugateAbove(a, target, t) {
    let sum = 0;
    forEach(target, (at, _, y, weight) => {
      const s = (y * (t * a.data[at])) / weight;
      const low = down(down(s));
      const high = up(up(s));
      const nearZero = a.data[at] === 0 ? entropyAbove(0, 0) : entropyAbove(s > 0 ? Math.max(0, low) : low, high);
      sum = up(sum + up(weight * nearZero));
    });
    return sum;
  },
  largestStep(a, da, target) {
    let t = Number.POSITIVE_INFINITY;
    forEach(target, (at, _, y, weight) => {
      const [s, ds] = [(y * a.data[at]) / weight, (y * da.data[at]) / weight];
      if (ds > 0) t = Math.min(t, (1 - s) / ds);
      if (ds < 0) t = Math.min(t, -s / ds);
    });
    return t;
  },
  predictionAt(a, target, out) {
    forEach(target, (at, _, y, weight) => {
      const s = (y * a.data[at]) / weight;
      out.data[at] = y * Math.log((1 - s) / s);
    });
  },
  curvatureAt(a, target, out) {
    const c = target.Y.columns;
    out.data.fill(0);
    forEach(target, (at, i, y, weight) => {
      const s = (y * a.data[at]) / weight;
      const k = at - i * c;
      out.data[i * c * c + k * (c + 1)] = weight * s * (1 - s);
    });
  },
};

/** Targets ±1 from the signs of any matrix. */
export const signsOf = (A: Matrix): Matrix => {
  const Y = A.clone();
  for (let k = 0; k < Y.data.length; k++) Y.data[k] = Y.data[k] < 0 ? -1 : 1;
  return Y;
};
