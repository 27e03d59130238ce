/**
 * The constraint of a dual point, written over a few well-scaled rows (docs/certificate.md, steps 1 and 2):
 *
 *     ‖aᵀ(Xu)₊‖ / reg  ≤  ‖bAlphaᵀ(Zu)₊ + bBetaᵀ(−Zu)₊‖ + transfer ‖u‖   for every u.
 *
 * Z holds representatives of the rows of X, each divided by a power of two near its length. A row j with multipliers of its own
 * is its own representative. One without (a zero row, one merged into a parallel row) is replaced by t times its nearest
 * representative z, or by nothing (t = 0), or becomes one itself if none is near: the ReLU is positively homogeneous and 1-Lipschitz, so
 * |(x_j·u)₊ − t (z·u)₊| ≤ ‖x_j − t z‖‖u‖ for t ≥ 0, and |(x_j·u)₊ − |t| (−z·u)₊| likewise for t < 0.
 */
import type { Matrix } from '../base/matrix.js';
import { gamma, inflate, normAbove, powerOfTwoBelow, up } from '../base/round-off.js';
import { freeForms } from '../problem/parts/free.js';
import type { Certificate } from '../problem/problem.js';
import { forEachPair } from './pairs.js';

export interface Neurons {
  /** Number of representatives. */
  readonly count: number;
  /** For each representative its row of X, and the power of two that row was divided by. */
  readonly row: Int32Array;
  readonly scale: Float64Array;
  /** count × d, row-major; every row has length in about [1, √d · 2). */
  readonly Z: Float64Array;
  readonly columns: number;
  /** count × c coefficients of (Zu)₊ and (−Zu)₊, in units of reg. */
  readonly bAlpha: Float64Array;
  readonly bBeta: Float64Array;
  readonly transfer: number;
}

/** Rows without multipliers are moved at most this share of their length … */
const NEAR = 1e-2;
/** … unless the move costs no more than this, relative to reg. */
const NEGLIGIBLE = 1e-8;

export function describeNeurons(X: Matrix, certificate: Certificate): Neurons {
  const { a, reg } = certificate;
  const d = X.columns;
  const c = a.columns;
  const nonzero = Array.from({ length: X.rows }, (_, i) => i).filter((i) => X.row(i).some((x) => x !== 0));
  const hasMultiplier = rowsWithMultipliers(X.rows, certificate);
  const representatives = nonzero.filter((i) => hasMultiplier[i] === 1).map((i) => scaledRow(X, i));
  const moves: Move[] = [];
  for (const j of nonzero) {
    if (hasMultiplier[j] === 1 || a.row(j).every((entry) => entry === 0)) continue;
    const move = nearest(X.row(j), representatives);
    const cost = inflate(up(normAbove(a.row(j)) * move.distance) / reg, 2);
    if (move.distance <= NEAR * normAbove(X.row(j)) || cost <= NEGLIGIBLE) moves.push({ ...move, row: j });
    else representatives.push(scaledRow(X, j));
  }
  representatives.forEach((own, target) => {
    moves.push({ row: own.row, target, factor: own.scale, distance: 0 });
  });

  const count = representatives.length;
  const Z = new Float64Array(count * d);
  representatives.forEach((own, p) => {
    Z.set(own.z, p * d);
  });
  const bAlpha = new Float64Array(count * c);
  const bBeta = new Float64Array(count * c);
  const magnitude = new Float64Array(count);
  let transfer = 0;
  for (const { row, target, factor, distance } of moves) {
    const norm = normAbove(a.row(row));
    if (distance > 0) transfer += inflate(up(norm * distance) / reg, 2);
    if (factor === 0) continue;
    magnitude[target] += (norm * Math.abs(factor)) / reg;
    const b = factor > 0 ? bAlpha : bBeta;
    for (let k = 0; k < c; k++) b[target * c + k] += (a.get(row, k) * Math.abs(factor)) / reg;
  }
  // A coefficient meets two roundings and moves.length − 1 additions; the rounding of distanceAbove and what underflows in a
  // representative, 2⁻¹⁰⁷⁵ beside an entry that is at least 1, are two more.
  const underflow = (4 * (moves.length + 1) * c * Number.MIN_VALUE) / Math.min(1, reg);
  for (let p = 0; p < count; p++) {
    const error = gamma(moves.length + 3) * magnitude[p] + underflow;
    transfer += error * normAbove(Z.subarray(p * d, (p + 1) * d));
  }
  return {
    count,
    row: Int32Array.from(representatives, (own) => own.row),
    scale: Float64Array.from(representatives, (own) => own.scale),
    Z,
    columns: d,
    bAlpha,
    bBeta,
    transfer: inflate(transfer, moves.length + count + 1),
  };
}

export interface ScaledRow {
  readonly row: number;
  readonly scale: number;
  /** x / scale, exactly unless an entry underflows. */
  readonly z: Float64Array;
}

/** Row `row` of X is taken for `factor` times representative `target`, which is at most `distance` away. */
interface Move {
  readonly row: number;
  readonly target: number;
  readonly factor: number;
  readonly distance: number;
}

export function scaledRow(X: Matrix, row: number): ScaledRow {
  const x = X.row(row);
  const scale = powerOfTwoBelow(x.reduce((largest, entry) => Math.max(largest, Math.abs(entry)), 0));
  return { row, scale, z: x.map((entry) => entry / scale) };
}

/** The best multiple of a representative, or of none: factor 0, distance ‖x‖. */
function nearest(x: Float64Array, representatives: readonly ScaledRow[]): Omit<Move, 'row'> {
  let best = { target: 0, factor: 0, distance: normAbove(x) };
  representatives.forEach(({ z }, target) => {
    let product = 0;
    let square = 0;
    for (let k = 0; k < x.length; k++) {
      product += x[k] * z[k];
      square += z[k] * z[k];
    }
    const factor = product / square;
    const distance = distanceAbove(x, factor, z);
    if (distance < best.distance) best = { target, factor, distance };
  });
  return best;
}

/**
 * ‖x − factor · z‖ from above, but for the relative rounding of the products, which counts as one of the coefficient `factor`. The roundings
 * relative to a difference are within what normAbove adds.
 */
function distanceAbove(x: Float64Array, factor: number, z: Float64Array): number {
  const difference = new Float64Array(x.length);
  for (let k = 0; k < x.length; k++) {
    difference[k] = Math.abs(x[k] - factor * z[k]) + Number.MIN_VALUE;
  }
  return normAbove(difference);
}

/** 1 for each row of X with a pair that counts or an entry in w. */
function rowsWithMultipliers(n: number, { pairs, w }: Certificate): Uint8Array {
  const found = Uint8Array.from({ length: n }, (_, i) => (w[i] === 0 ? 0 : 1));
  const forms = freeForms(n);
  forEachPair(pairs, forms, (i, j) => {
    found[forms.rowOf(i)] = 1;
    found[forms.rowOf(j)] = 1;
  });
  return found;
}
