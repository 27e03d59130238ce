/** From a dual point to a lower bound on the training loss (docs/certificate.md, step 5). */
import type { Matrix } from '../base/matrix.js';
import { dotBounds, down, up } from './round-off.js';

/**
 * A lower bound on the training loss of every network of any width, from any a n×c and a number B with
 *
 *     ‖aᵀ(Xu)₊‖ ≤ B for every ‖u‖ = 1.
 *
 * t a is dual feasible for every t ≤ reg / B, so max over 0 ≤ t ≤ reg / B of t⟨a, Y⟩ − ½ t²‖a‖² is one (docs/certificate.md).
 * All roundings go downwards: the returned double is at most the exact maximum. 0, which always is a bound, when nothing
 * better follows (also for NaN or overflow anywhere).
 *
 * @param reg > 0
 * @param B ≥ 0; Infinity says that nothing is known
 */
export function dualBound(a: Matrix, Y: Matrix, reg: number, B: number): number {
  const gain = dotBounds(a.data, Y.data).below;
  const square = dotBounds(a.data, a.data).above;
  if (!(gain > 0 && square > 0 && B >= 0)) return 0;
  const t = Math.min(down(Math.min(reg / B, Number.MAX_VALUE)), gain / square);
  if (!(t > 0 && t < Number.POSITIVE_INFINITY)) return 0;
  const bound = down(t * down(gain - up(up(t * square) / 2)));
  return bound > 0 && bound < Number.POSITIVE_INFINITY ? bound : 0;
}
