/**
 * Groups of neighbouring rows. The multipliers that matter join rows whose directions are close, so a group is a row and those nearest to it by the
 * angle; bounds by random groups of the same size are far weaker.
 */
import type { Matrix } from '../../base/matrix.js';
import { complete } from '../../base/run.js';
import { dot, euclideanNorm } from '../../base/vector.js';

/** Above this |cos| two rows are one direction: the product of alpha of one and beta of the other is then 0, and no interior is left. */
const PARALLEL = 1 - 1e-9;

/** Rows within which neighbours are searched: all pairs of more would cost more than the bound. */
const NEIGHBOURHOOD = 4096;

/** `neighbourGroupSteps` without a pause. */
export const neighbourGroups = (X: Matrix, size: number): Int32Array[] => complete(neighbourGroupSteps(X, size));

/** Every row that is not zero in one group of at most `size` rows, ascending in each; no two rows of a group are parallel. */
export function* neighbourGroupSteps(X: Matrix, size: number): Generator<void, Int32Array[]> {
  const unit = unitRows(X);
  const all: number[] = [];
  for (let i = 0; i < X.rows; i++) if (!isZero(unit, i)) all.push(i);
  const groups: Int32Array[] = [];
  for (const rows of neighbourhoods(unit, Int32Array.from(all))) {
    yield;
    groups.push(...(yield* greedyGroups(unit, rows, size)));
  }
  return groups;
}

/** The rows divided by their lengths; zero rows stay. */
function unitRows(X: Matrix): Matrix {
  const unit = X.clone();
  for (let i = 0; i < X.rows; i++) {
    const row = unit.row(i);
    const length = euclideanNorm(row);
    if (length > 0) for (let k = 0; k < row.length; k++) row[k] /= length;
  }
  return unit;
}

const isZero = (X: Matrix, i: number): boolean => X.row(i).every((x) => x === 0);

const cosine = (X: Matrix, i: number, direction: Float64Array): number => dot(X.row(i), direction);

/** Halves the rows along the direction from their mean to the row farthest from it until the parts are small. */
function neighbourhoods(unit: Matrix, rows: Int32Array): Int32Array[] {
  if (rows.length <= NEIGHBOURHOOD) return rows.length === 0 ? [] : [rows];
  const mean = meanOf(unit, rows);
  const first = farthest(unit, rows, mean);
  const second = farthest(unit, rows, unit.row(first));
  const axis = unit.row(first).map((x, k) => x - unit.row(second)[k]);
  const keys = Float64Array.from(rows, (i) => cosine(unit, i, axis));
  const order = Int32Array.from(rows.keys()).sort((p, q) => keys[p] - keys[q] || p - q);
  const half = rows.length >> 1;
  const part = (from: number, to: number): Int32Array => order.subarray(from, to).map((p) => rows[p]);
  return [...neighbourhoods(unit, part(0, half)), ...neighbourhoods(unit, part(half, rows.length))];
}

function meanOf(unit: Matrix, rows: Int32Array): Float64Array {
  const mean = new Float64Array(unit.columns);
  for (const i of rows) for (let k = 0; k < mean.length; k++) mean[k] += unit.get(i, k);
  return mean;
}

/** The row with the least cosine to the direction, the first of equals. */
function farthest(unit: Matrix, rows: Int32Array, direction: Float64Array): number {
  let [best, least] = [rows[0], Number.POSITIVE_INFINITY];
  for (const i of rows) {
    const value = cosine(unit, i, direction);
    if (value < least) [best, least] = [i, value];
  }
  return best;
}

/** The row farthest from the mean, its nearest neighbours, and again with those that are left. */
function* greedyGroups(unit: Matrix, rows: Int32Array, size: number): Generator<void, Int32Array[]> {
  const mean = meanOf(unit, rows);
  const towardsMean = Float64Array.from(rows, (i) => cosine(unit, i, mean));
  const outermost = Int32Array.from(rows.keys()).sort((p, q) => towardsMean[p] - towardsMean[q] || p - q);
  let left = Int32Array.from(outermost, (p) => rows[p]);
  const groups: Int32Array[] = [];
  while (left.length > 0) {
    const group = nearest(unit, left, size);
    groups.push(Int32Array.from(group).sort());
    const taken = new Set(group);
    left = left.filter((i) => !taken.has(i));
    yield;
  }
  return groups;
}

/** The first row and those nearest to it, none parallel to another. */
function nearest(unit: Matrix, rows: Int32Array, size: number): number[] {
  const seed = unit.row(rows[0]);
  const closeness = Float64Array.from(rows, (i) => cosine(unit, i, seed));
  closeness[0] = Number.POSITIVE_INFINITY;
  const group: number[] = [];
  for (let tried = 0; tried < rows.length && group.length < size; tried++) {
    const p = largest(closeness);
    closeness[p] = Number.NEGATIVE_INFINITY;
    const direction = unit.row(rows[p]);
    if (group.every((i) => Math.abs(cosine(unit, i, direction)) < PARALLEL)) group.push(rows[p]);
  }
  return group;
}

/** Where the largest entry is, the first of equals. */
function largest(values: Float64Array): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (values[k] > values[best]) best = k;
  return best;
}
