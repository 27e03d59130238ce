/** Sums over plain vectors, term after term from the first: the same bits on every host. */

import { squareOf } from './elementary.js';

export function sum(x: Float64Array): number {
  let total = 0;
  for (let k = 0; k < x.length; k++) total += x[k];
  return total;
}

/** x·y. */
export function dot(x: Float64Array, y: Float64Array): number {
  let total = 0;
  for (let k = 0; k < x.length; k++) total += x[k] * y[k];
  return total;
}

/** ‖x‖². */
export function sumOfSquares(x: Float64Array): number {
  let total = 0;
  for (let k = 0; k < x.length; k++) total += x[k] * x[k];
  return total;
}

/** ‖x − y‖². */
export function squaredDistance(x: Float64Array, y: Float64Array): number {
  let total = 0;
  for (let k = 0; k < x.length; k++) total += squareOf(x[k] - y[k]);
  return total;
}

/** max |x_k|, 0 when there is none, NaN when one is NaN. */
export function maxNorm(x: Float64Array): number {
  let largest = 0;
  for (let k = 0; k < x.length; k++) largest = Math.max(largest, Math.abs(x[k]));
  return largest;
}

/** ‖x‖, scaled against overflow and underflow. Math.hypot may differ between hosts in the last bit. */
export function euclideanNorm(x: Float64Array): number {
  const largest = maxNorm(x);
  if (largest === 0) return 0;
  let total = 0;
  for (let k = 0; k < x.length; k++) total += squareOf(x[k] / largest);
  return largest * Math.sqrt(total);
}

/** y += factor · x. */
export function addScaled(y: Float64Array, factor: number, x: Float64Array): void {
  for (let k = 0; k < y.length; k++) y[k] += factor * x[k];
}

/** x *= factor. */
export function scaleBy(x: Float64Array, factor: number): void {
  for (let k = 0; k < x.length; k++) x[k] *= factor;
}
