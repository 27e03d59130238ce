/**
 * The loss ½ Σ (f_ik − z_ik)², for algorithms with closed forms that no other loss has: group lasso, Frank–Wolfe's line search, ridge and
 * kernel regression, the copositive program. Their residual R = Z − F is −∇L(F), the dual point of the outputs F, as well.
 */
import { squareOf } from '../../base/elementary.js';
import { OptionsError } from '../../base/errors.js';
import type { Matrix } from '../../base/matrix.js';
import { sumOfSquares } from '../../base/vector.js';
import type { LossTerm } from './models.js';

/** Z, n×c. @throws OptionsError for a loss that is not quadratic of curvature 1, such as one with weights */
export function unitCenter(term: LossTerm): Matrix {
  const model = term.loss.quadratic?.(term);
  if (model && model.curvature === undefined) return model.center;
  throw new OptionsError(
    'loss',
    `this method needs a quadratic loss without weights, which ${term.loss.name}${term.weights ? ' with weights' : ''} is not`,
  );
}

/** L at outputs with this residual. */
export const valueAtResidual = (R: Float64Array): number => sumOfSquares(R) / 2;

/**
 * The largest −L*(−t a) = t⟨a, Z⟩ − t²‖a‖²/2 over low ≤ t ≤ high, in plain floating point: for algorithms that watch their gap, not for proofs.
 *
 * @param product ⟨a, Z⟩
 * @param square ‖a‖²
 */
export function bestDualValue(product: number, square: number, low: number, high: number): number {
  const t = Math.max(low, Math.min(high, product / square));
  return t * product - (squareOf(t) * square) / 2;
}
