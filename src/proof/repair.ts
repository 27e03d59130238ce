/**
 * Makes multipliers provably feasible at the least price found. Lowering the free multipliers by δ/‖z_i‖² adds
 * δ Σ (alpha_i² + beta_i²)/‖z_i‖² to the form and takes δ Σ (z_i·u)²/‖z_i‖² from it, which ε = δ λ gives back, λ being the
 * largest eigenvalue of Σ z_i z_iᵀ/‖z_i‖². Whatever δ and ε are chosen, what counts is that E(w − δ/‖z‖², ε) ⪰ 0 is proved, so
 * λ may be an estimate.
 */
import type { QuadraticForm } from './quadratic-form.js';

/** First δ tried after 0: the size of round-off in a form with entries about 1. */
const FIRST_SHIFT = 2 ** -46;
/** Ratio of one δ to the next, and how often the interval between failure and success is then halved (geometrically). */
const GROWTH = 16;
const BISECTIONS = 5;

/**
 * The smallest ε found for which E(w', ε) ⪰ 0 is proved for some w'; Infinity if there is none.
 *
 * @param worthwhile whether a proof with this ε would still be of use; must turn false for large ε
 */
export function repair(form: QuadraticForm, worthwhile: (epsilon: number) => boolean): number {
  const { w, repairWeights } = form;
  const price = form.repairPrice();
  const proves = (delta: number): boolean =>
    form.provesPositive(
      w.map((value, i) => value - delta * repairWeights[i]),
      delta * price,
    );
  if (proves(0)) return 0;
  let low = 0;
  let high = FIRST_SHIFT;
  while (!proves(high)) {
    low = high;
    high *= GROWTH;
    if (!worthwhile(high * price)) return Number.POSITIVE_INFINITY;
  }
  for (let step = 0; step < BISECTIONS && low > 0; step++) {
    const middle = Math.sqrt(low * high);
    if (proves(middle)) high = middle;
    else low = middle;
  }
  return high * price;
}
