/** Whether a rank is above a small number: told without a decomposition, whose cost grows with the square of the smaller side. */
import { squareOf } from '../../base/elementary.js';
import type { Matrix } from '../../base/matrix.js';
import { scaleDown } from './row-space.js';

/**
 * In a column-pivoted QR no entry of a row exceeds its pivot, so that the inverse of the leading k×k block, rows divided by their pivots, has
 * row sums ≤ 2^(k−1): the k-th singular value is at least |r_kk| / (√k 2^(k−1)) ≥ 0.01 |r_kk| for k ≤ 6. Above this share of ‖X‖ it
 * is far from what a numerical rank counts as zero, and from the round-off of a few projections.
 */
const CLEARLY_NOT_ZERO = 1e-9;

/** True only when X certainly has more than `rank` ≤ 5 singular values that count; false says nothing. Cost about 6 (rank + 1) n d flops. */
export function hasRankAbove(X: Matrix, rank: number): boolean {
  if (Math.min(X.rows, X.columns) <= rank) return false;
  const { scaled } = scaleDown(X);
  const { rows, columns, data } = scaled;
  const squares = new Float64Array(columns);
  const inner = new Float64Array(columns);
  const q = new Float64Array(rows);
  let threshold = 0;
  for (let k = 0; ; k++) {
    squares.fill(0);
    for (let i = 0, t = 0; i < rows; i++) for (let j = 0; j < columns; j++, t++) squares[j] += squareOf(data[t]);
    if (k === 0) threshold = CLEARLY_NOT_ZERO * Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
    const pivot = squares.reduce((best, square, j) => (square > squares[best] ? j : best), 0);
    const norm = Math.sqrt(squares[pivot]);
    if (!(norm > threshold)) return false;
    if (k === rank) return true;
    for (let i = 0; i < rows; i++) q[i] = data[i * columns + pivot] / norm;
    inner.fill(0);
    for (let i = 0, t = 0; i < rows; i++) for (let j = 0; j < columns; j++, t++) inner[j] += data[t] * q[i];
    for (let i = 0, t = 0; i < rows; i++) for (let j = 0; j < columns; j++, t++) data[t] -= inner[j] * q[i];
  }
}
