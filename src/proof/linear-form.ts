/**
 * f = Tᵀb = (bAlpha + bBeta; −Zᵀ bBeta), the linear form ‖bᵀs‖ = ‖fᵀz‖ of the certificate on z = ((Zu)₊, u), and what rounding it costs:
 * ‖δfᵀz‖ ≤ Σ_i ‖δf_i‖‖z_i‖‖u‖ + ‖δf_u‖‖u‖, since (z_i·u)₊ ≤ ‖z_i‖‖u‖.
 */
import { gamma, normAbove } from '../base/round-off.js';
import { UNDERFLOW } from './cholesky.js';
import type { Neurons } from './neurons.js';

export interface LinearForm {
  /** (count + columns) × c, row-major. */
  readonly f: Float64Array;
  /** ‖bᵀs‖ ≤ ‖fᵀz‖ + defect ‖u‖ for f as it is stored. */
  readonly defect: number;
}

/** The roundings of the sums that make up `defect` are within the one per cent of `gamma`. */
export function linearForm({ count, columns, Z, bAlpha, bBeta }: Neurons): LinearForm {
  const c = bAlpha.length / Math.max(1, count);
  const f = new Float64Array((count + columns) * c);
  const uError = new Float64Array(columns);
  let defect = 0;
  for (let p = 0; p < count; p++) {
    const z = Z.subarray(p * columns, (p + 1) * columns);
    const norm = normAbove(bBeta.subarray(p * c, (p + 1) * c));
    defect += gamma(2) * (normAbove(bAlpha.subarray(p * c, (p + 1) * c)) + norm) * normAbove(z);
    for (let k = 0; k < c; k++) f[p * c + k] = bAlpha[p * c + k] + bBeta[p * c + k];
    for (let j = 0; j < columns; j++) {
      uError[j] += Math.abs(z[j]) * norm;
      for (let k = 0; k < c; k++) f[(count + j) * c + k] -= z[j] * bBeta[p * c + k];
    }
  }
  for (let j = 0; j < columns; j++) uError[j] = gamma(count + 2) * uError[j] + count * c * UNDERFLOW;
  return { f, defect: defect + normAbove(uError) };
}
