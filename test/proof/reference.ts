/**
 * The bound of a dual point a by the definition, without multipliers: with C = max over ‖u‖ = 1 of ‖aᵀ(Xu)₊‖, every t ≤ reg/C
 * makes t a feasible, so D(a) = max over 0 ≤ t ≤ reg/C of t⟨a, Y⟩ − ½ t²‖a‖² is the best bound that a can prove. No certificate
 * with this a may claim more. C is exact for one column, a closed form for two, the best of many ascents (hence too small, and
 * D too large) for more.
 */
import { Matrix } from '../../src/base/matrix.js';
import type { Random } from '../../src/base/random.js';
import { Dyadic } from './dyadic.js';

/** Whether claim ≤ D(a), decided exactly for one-column X: squares instead of roots, whole numbers instead of doubles. */
export function claimHoldsExactly(X: Matrix, Y: Matrix, a: Matrix, reg: number, claim: number): boolean {
  if (claim <= 0) return true;
  const gain = Dyadic.dot(a.data, Y.data);
  const square = Dyadic.dot(a.data, a.data);
  if (gain.sign() <= 0) return false;
  const largest = [1, -1].map((sign) => squaredOutput(X, a, sign)).reduce((x, y) => (x.atMost(y) ? y : x));
  const L = Dyadic.of(claim);
  const r = Dyadic.of(reg);
  const half = Dyadic.of(0.5);
  const unconstrained = gain.times(gain).times(largest).atMost(r.times(r).times(square).times(square));
  if (unconstrained) return L.times(square).atMost(half.times(gain).times(gain));
  // L ≤ (r/C) gain − ½ r² square / C², times C²: L C² + ½ r² square ≤ r · gain · C.
  const left = L.times(largest).plus(half.times(r).times(r).times(square));
  return left.times(left).atMost(r.times(r).times(gain).times(gain).times(largest));
}

/** ‖aᵀ(Xu)₊‖² for u = sign, exactly. */
function squaredOutput(X: Matrix, a: Matrix, sign: number): Dyadic {
  let sum = Dyadic.zero;
  const active = X.data.map((x) => Math.max(0, sign * x));
  for (let k = 0; k < a.columns; k++) {
    const component = Dyadic.dot(
      active,
      a.data.filter((_, at) => at % a.columns === k),
    );
    sum = sum.plus(component.times(component));
  }
  return sum;
}

/** D(a) in double precision; for more than two columns an upper estimate of it. */
export function boundOfDualPoint(X: Matrix, Y: Matrix, a: Matrix, reg: number, random: Random): number {
  const gain = sum(a.data.map((value, k) => value * Y.data[k]));
  const square = sum(a.data.map((value) => value * value));
  if (!(gain > 0)) return 0;
  const t = Math.min(reg / largestOutput(X, a, random), gain / square);
  return t * gain - (t * t * square) / 2;
}

/** max over ‖u‖ = 1 of ‖aᵀ(Xu)₊‖, from below for more than two columns. */
export function largestOutput(X: Matrix, a: Matrix, random: Random): number {
  if (X.columns === 1) return Math.max(output(X, a, [1]), output(X, a, [-1]));
  if (X.columns === 2) return largestInPlane(X, a);
  let largest = 0;
  for (let start = 0; start < 8; start++) {
    let u = unit(Array.from({ length: X.columns }, () => random.normal()));
    for (let step = 0; step < 20; step++) {
      largest = Math.max(largest, output(X, a, u));
      const next = gradient(X, a, u);
      if (Math.hypot(...next) === 0) break;
      u = unit(next);
    }
  }
  return largest;
}

/** Between neighbouring angles where a row turns on or off the square is a quadratic form; its maximum is inside or at an end. */
function largestInPlane(X: Matrix, a: Matrix): number {
  const angles: number[] = [];
  for (let i = 0; i < X.rows; i++) {
    const angle = Math.atan2(X.get(i, 1), X.get(i, 0));
    for (const turn of [-0.5, 0.5]) angles.push((angle + turn * Math.PI + 4 * Math.PI) % (2 * Math.PI));
  }
  angles.sort((x, y) => x - y);
  let largest = 0;
  angles.forEach((start, k) => {
    const end = k + 1 < angles.length ? angles[k + 1] : angles[0] + 2 * Math.PI;
    const middle = [Math.cos((start + end) / 2), Math.sin((start + end) / 2)];
    const M = activeSum(X, a, middle);
    const [p, q, r] = [M.xx, M.xy, M.yy];
    const top = Math.atan2(2 * q, p - r) / 2;
    for (const angle of [start, end, top, top + Math.PI]) {
      const shifted = start + ((((angle - start) % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI));
      if (shifted <= end) largest = Math.max(largest, output(X, a, [Math.cos(angle), Math.sin(angle)]));
    }
  });
  return largest;
}

/** The 2×2 matrix of u ↦ ‖aᵀ(Xu)₊‖² near u. */
function activeSum(X: Matrix, a: Matrix, u: readonly number[]): { xx: number; xy: number; yy: number } {
  const total = { xx: 0, xy: 0, yy: 0 };
  for (let k = 0; k < a.columns; k++) {
    let x = 0;
    let y = 0;
    for (let i = 0; i < X.rows; i++) {
      if (X.get(i, 0) * u[0] + X.get(i, 1) * u[1] <= 0) continue;
      x += a.get(i, k) * X.get(i, 0);
      y += a.get(i, k) * X.get(i, 1);
    }
    total.xx += x * x;
    total.xy += x * y;
    total.yy += y * y;
  }
  return total;
}

const activations = (X: Matrix, u: readonly number[]): number[] =>
  Array.from({ length: X.rows }, (_, i) => Math.max(0, sum(X.row(i).map((x, k) => x * u[k]))));

function output(X: Matrix, a: Matrix, u: readonly number[]): number {
  return Math.hypot(...outputVector(a, activations(X, u)));
}

const outputVector = (a: Matrix, alpha: readonly number[]): number[] =>
  Array.from({ length: a.columns }, (_, k) => sum(alpha.map((value, i) => value * a.get(i, k))));

function gradient(X: Matrix, a: Matrix, u: readonly number[]): number[] {
  const alpha = activations(X, u);
  const r = outputVector(a, alpha);
  const weight = alpha.map((value, i) => (value > 0 ? sum(a.row(i).map((entry, k) => entry * r[k])) : 0));
  return u.map((_, k) => sum(weight.map((value, i) => value * X.get(i, k))));
}

const unit = (u: readonly number[]): number[] => u.map((value) => value / Math.hypot(...u));
const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0);

/** A copy of M as a Matrix with every entry changed. */
export const mapMatrix = (M: Matrix, change: (entry: number, at: number) => number): Matrix =>
  new Matrix(M.data.map(change), M.rows, M.columns);
