/**
 * The rows of X as all groups see them (docs/certificate.md): each divided by a power of two near its length, its row of a times that and in
 * units of reg, and what it costs where no multiplier speaks for it.
 */
import { Matrix } from '../../base/matrix.js';
import { exponentBelow, inflate, normAbove, up } from '../../base/round-off.js';
import { scaledRow } from '../neurons.js';
import { unitsOf } from './units.js';

export interface ScaledRows {
  /** n×d: row i of X divided by 2^exponent[i], exactly but for entries below 2⁻¹⁰²² of the largest. */
  readonly Z: Matrix;
  readonly exponent: Int32Array;
  /** ‖z_i‖ from above, so that lengths[i] · ‖u‖ ≥ |z_i·u|; 0 for a row of zeros. */
  readonly lengths: Float64Array;
  /** n×c: row i of a times 2^exponent[i] / reg, rounded (unitsOf). */
  readonly a: Matrix;
  /** ‖a_i‖‖x_i‖ / reg from above: |(x_i·u)₊ a_i·v| ≤ reg costs[i] ‖u‖‖v‖. */
  readonly costs: Float64Array;
  /** Σ costs from above. */
  readonly total: number;
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
  let total = 0;
  for (let i = 0; i < n; i++) {
    const { scale, z } = scaledRow(X, i);
    const exponent = exponentBelow(scale);
    result.Z.row(i).set(z);
    result.exponent[i] = exponent;
    result.lengths[i] = normAbove(z);
    result.costs[i] = inflate(up(normAbove(a.row(i)) * normAbove(X.row(i))) / reg, 2);
    total += result.costs[i];
    const row = result.a.row(i);
    a.row(i).forEach((entry, k) => {
      row[k] = units(entry, exponent);
    });
  }
  return { ...result, total: inflate(total, n) };
}
