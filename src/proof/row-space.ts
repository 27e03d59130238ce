/**
 * More columns than representatives: u matters only through its part in their row space, so the proof is made there, in
 * dimension r ≤ count. With any r×d matrix P, Zₚ = fl(Z Pᵀ) and ũ = P u,
 *
 *     |(z_i·u)₊ − (zₚ_i·ũ)₊| ≤ ‖z_i − Pᵀzₚ_i‖ ‖u‖,   ‖ũ‖ ≤ √(1 + ‖P Pᵀ − I‖) ‖u‖,
 *
 * both bounded from the data: nothing is assumed of P. Cost O(count² d).
 */

import { Pace } from '../base/pace.js';
import { dotBounds, gamma, inflate, normAbove, up } from '../base/round-off.js';
import type { Neurons } from './neurons.js';

export interface CompressedNeurons {
  readonly neurons: Neurons;
  /** ‖ũ‖ ≤ stretch ‖u‖. */
  readonly stretch: number;
}

/** Gram–Schmidt drops what is left of a row below this share of its length: `transfer` carries it. */
const RANK_CUT = 1e-14;

export function* compress(neurons: Neurons): Generator<void, CompressedNeurons> {
  const { count, columns: d, bAlpha, bBeta } = neurons;
  if (d <= count) return { neurons, stretch: 1 };
  const rows = Array.from({ length: count }, (_, p) => neurons.Z.subarray(p * d, (p + 1) * d));
  const P = yield* orthonormalRows(rows);
  const r = P.length;
  const Z = new Float64Array(count * r);
  const c = bAlpha.length / Math.max(1, count);
  let transfer = neurons.transfer;
  const pace = new Pace();
  for (const [p, z] of rows.entries()) {
    if (pace.isDue(3 * r * d)) yield;
    P.forEach((direction, k) => {
      Z[p * r + k] = dot(z, direction);
    });
    const distance = distanceAbove(z, Z.subarray(p * r, (p + 1) * r), P);
    const weight = normAbove(bAlpha.subarray(p * c, (p + 1) * c)) + normAbove(bBeta.subarray(p * c, (p + 1) * c));
    transfer += up(inflate(weight, 1) * distance);
  }
  return {
    neurons: { ...neurons, Z, columns: r, transfer: inflate(transfer, count) },
    stretch: yield* stretchAbove(P),
  };
}

/** Orthonormal rows with nearly the span of the given ones, by modified Gram–Schmidt done twice. */
function* orthonormalRows(rows: readonly Float64Array[]): Generator<void, Float64Array[]> {
  const P: Float64Array[] = [];
  const pace = new Pace();
  for (const z of rows) {
    if (pace.isDue(4 * P.length * z.length)) yield;
    const rest = z.slice();
    for (let pass = 0; pass < 2; pass++) for (const p of P) subtractMultiple(rest, dot(rest, p), p);
    const length = Math.sqrt(dot(rest, rest));
    if (length > RANK_CUT * Math.sqrt(dot(z, z))) P.push(rest.map((entry) => entry / length));
  }
  return P;
}

/** ‖z − Pᵀx‖ from above: entry j is a sum of 1 + r terms, then of three; relative to a difference, normAbove adds more. */
export function distanceAbove(z: Float64Array, x: Float64Array, P: readonly Float64Array[]): number {
  const roundings = P.length + 2;
  const error = new Float64Array(z.length);
  for (let j = 0; j < z.length; j++) {
    let difference = z[j];
    let magnitude = Math.abs(z[j]);
    for (let k = 0; k < x.length; k++) {
      const term = x[k] * P[k][j];
      difference -= term;
      magnitude += Math.abs(term);
    }
    error[j] = Math.abs(difference) + gamma(roundings) * magnitude + roundings * Number.MIN_VALUE;
  }
  return normAbove(error);
}

/** √(1 + ‖P Pᵀ − I‖) from above, by Gershgorin's row sums. */
export function* stretchAbove(P: readonly Float64Array[]): Generator<void, number> {
  const rowSums = new Float64Array(P.length);
  const pace = new Pace();
  for (const [k, p] of P.entries()) {
    if (pace.isDue(3 * k * p.length)) yield;
    for (let l = 0; l <= k; l++) {
      const { below, above } = dotBounds(p, P[l]);
      const identity = k === l ? 1 : 0;
      const deviation = Math.max(Math.abs(below - identity), Math.abs(above - identity));
      rowSums[k] += deviation;
      if (l < k) rowSums[l] += deviation;
    }
  }
  const largest = rowSums.reduce((x, y) => Math.max(x, y), 0);
  return up(Math.sqrt(up(1 + inflate(largest, P.length + 2))));
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k] * y[k];
  return sum;
}

function subtractMultiple(x: Float64Array, factor: number, y: Float64Array): void {
  for (let k = 0; k < x.length; k++) x[k] -= factor * y[k];
}
