/** The ReLU set {(alpha, beta): alpha, beta ≥ 0, alpha ∘ beta = 0}, and columns of such pairs. */

/**
 * Projects each pair (alpha_i, beta_i) onto the set, in place: the larger of the two is kept if positive, the other becomes 0; on a tie
 * alpha is kept (docs/training.md). It is a nearest point, unique except at positive ties.
 *
 * @param alpha entries of the alpha rows
 * @param beta entries of the beta rows, in the same order
 */
export function projectReluSet(alpha: Float64Array, beta: Float64Array): void {
  for (let k = 0; k < alpha.length; k++) {
    const keepsAlpha = alpha[k] >= beta[k];
    const kept = Math.max(0, keepsAlpha ? alpha[k] : beta[k]);
    alpha[k] = keepsAlpha ? kept : 0;
    beta[k] = keepsAlpha ? 0 : kept;
  }
}
