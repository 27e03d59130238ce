/** Non-negative least squares by coordinate descent. */

const SWEEPS = 400;
const LEAST_CHANGE = 1e-12;

/** min over p ≥ 0 of pᵀMp/2 − bᵀp by cyclic coordinate descent, in place. */
export function fitNonnegative(M: Float64Array, b: Float64Array, p: Float64Array): void {
  const m = p.length;
  const slope = Float64Array.from(b, (value) => -value);
  for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) slope[i] += M[i * m + j] * p[j];
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let largest = 0;
    let change = 0;
    for (let i = 0; i < m; i++) {
      if (!(M[i * m + i] > 0)) continue;
      const next = Math.max(0, p[i] - slope[i] / M[i * m + i]);
      const difference = next - p[i];
      if (difference === 0) continue;
      p[i] = next;
      for (let j = 0; j < m; j++) slope[j] += difference * M[i * m + j];
      change = Math.max(change, Math.abs(difference));
      largest = Math.max(largest, next);
    }
    if (change <= LEAST_CHANGE * largest) break;
  }
}
