/** Directions in which ‖aᵀ(Xu)₊‖/‖u‖ is large, for rows of any size: exact vectors, found in floating point on balanced rows. */
import type { Matrix } from '../../src/base/matrix.js';
import { Rational } from '../proof/rational.js';

const STEPS = 60;

/**
 * Ascents from every row, against it, from all rows together, and from the edges where a row turns off: good enough to meet the maximum to
 * round-off for up to three columns and a few rows.
 */
export function promisingDirections(X: Matrix, a: Matrix): Rational[][] {
  const rows = balancedRows(X, a);
  const d = X.columns;
  const starts = rows.flatMap(({ z }) => [z, z.map((x) => -x)]);
  for (let k = 0; k < d; k++) for (const sign of [1, -1]) starts.push(z0(d, k, sign));
  starts.push(
    sumOf(
      rows.map(({ z }) => z),
      d,
    ),
  );
  for (const p of rows) {
    for (const q of rows) {
      if (d === 2) starts.push([p.z[1], -p.z[0]], [-p.z[1], p.z[0]]);
      if (d === 3) starts.push(cross(p.z, q.z), cross(q.z, p.z));
    }
  }
  const usable = starts.filter((u) => length(u) > 0);
  return [...usable, ...usable.map((u) => ascend(rows, u))].map((u) => u.map(Rational.of));
}

interface BalancedRow {
  readonly z: number[];
  /** a_i with the length of x_i in it, relative to the largest such row. */
  readonly r: number[];
}

function balancedRows(X: Matrix, a: Matrix): BalancedRow[] {
  const parts = Array.from({ length: X.rows }, (_, i) => ({ x: split(X.row(i)), r: split(a.row(i)) }));
  const largest = Math.max(...parts.map(({ x, r }) => x.exponent + r.exponent));
  return parts
    .filter(({ x, r }) => Number.isFinite(x.exponent + r.exponent))
    .map(({ x, r }) => ({ z: x.values, r: r.values.map((value) => value * 2 ** (x.exponent + r.exponent - largest)) }));
}

/** values · 2^exponent, the values of size about 1; exponent −Infinity for zeros. */
function split(row: Float64Array): { values: number[]; exponent: number } {
  const most = row.reduce((size, x) => Math.max(size, Math.abs(x)), 0);
  const exponent = most === 0 ? Number.NEGATIVE_INFINITY : Math.floor(Math.log2(most));
  const half = Math.trunc(exponent / 2);
  return { values: Array.from(row, (x) => (most === 0 ? 0 : x / 2 ** half / 2 ** (exponent - half))), exponent };
}

/** u ← ∇ of f²/2, normalised: f does not fall. */
function ascend(rows: readonly BalancedRow[], start: number[]): number[] {
  let u = unit(start);
  for (let step = 0; step < STEPS; step++) {
    const active = rows.map(({ z }) => Math.max(0, dot(z, u)));
    const outputs = (rows[0]?.r ?? []).map((_, k) => rows.reduce((sum, { r }, i) => sum + active[i] * r[k], 0));
    const next = u.map((_, k) =>
      rows.reduce((sum, { z, r }, i) => sum + (active[i] > 0 ? dot(r, outputs) * z[k] : 0), 0),
    );
    if (!(length(next) > 0)) break;
    u = unit(next);
  }
  return u;
}

const dot = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, value, k) => sum + value * y[k], 0);
const length = (x: readonly number[]): number => Math.hypot(...x);
const unit = (x: readonly number[]): number[] => x.map((value) => value / length(x));
const z0 = (d: number, k: number, sign: number): number[] => Array.from({ length: d }, (_, j) => (j === k ? sign : 0));
const sumOf = (vectors: readonly number[][], d: number): number[] =>
  Array.from({ length: d }, (_, k) => vectors.reduce((sum, z) => sum + z[k], 0));
const cross = (x: readonly number[], y: readonly number[]): number[] => [
  x[1] * y[2] - x[2] * y[1],
  x[2] * y[0] - x[0] * y[2],
  x[0] * y[1] - x[1] * y[0],
];
