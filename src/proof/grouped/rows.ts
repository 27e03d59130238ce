/**
 * The rows of X as all groups see them (docs/certificate.md): each divided by a power of two near its length, its row of a times that and in
 * units of reg, and what it costs where no multiplier speaks for it.
 */
import { Matrix } from '../../base/matrix.js';
import { exponentBelow, inflate, normAbove, up } from '../../base/round-off.js';
import { scaledRow } from '../neurons.js';
import { unitsOf } from './units.js';

export interface ScaledRows {
  /** n×d: row i of X divided by 2^exponent[i]. */
  readonly Z: Matrix;
  readonly exponent: Int32Array;
  /** ‖z_i‖ from above, so that lengths[i] · ‖u‖ ≥ |z_i·u|; 0 for a row of zeros. */
  readonly lengths: Float64Array;
  /** n×c: row i of a times 2^exponent[i] / reg, rounded (unitsOf). */
  readonly a: Matrix;
  /** ‖a_i‖‖x_i‖ / reg from above: |(x_i·u)₊ a_i·v| ≤ reg costs[i] ‖u‖‖v‖. */
  readonly costs: Float64Array;
  /** What entries that underflowed in Z cost, all rows together. */
  readonly underflow: number;
}

export function scaleRows(X: Matrix, a: Matrix, reg: number): ScaledRows {
  const n = X.rows;
  const units = unitsOf(reg);
  const result = {
    Z: Matrix.zeros(n, X.columns),
    exponent: new Int32Array(n),
    lengths: new Float64Array(n),
    a: Matrix.zeros(n, a.columns),
    costs: new Float64Array(n),
  };
  let underflow = 0;
  for (let i = 0; i < n; i++) {
    const { scale, z, defect } = scaledRow(X, i);
    const exponent = exponentBelow(scale);
    const size = normAbove(a.row(i));
    result.Z.row(i).set(z);
    result.exponent[i] = exponent;
    result.lengths[i] = normAbove(z);
    result.costs[i] = inflate(up(size * normAbove(X.row(i))) / reg, 2);
    if (defect > 0) underflow += inflate(up(size * defect) / reg, 2);
    const row = result.a.row(i);
    a.row(i).forEach((entry, k) => {
      row[k] = units(entry, exponent);
    });
  }
  return { ...result, underflow: inflate(underflow, n) };
}
