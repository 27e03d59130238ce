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

/** E(w, ε) ⪰ 0 is proved. */
export interface Repaired {
  readonly epsilon: number;
  readonly w: Float64Array;
}

/**
 * The smallest ε found for which E(w, ε) ⪰ 0 is proved for some w; undefined if there is none.
 *
 * @param worthwhile whether a proof with this ε would still be of use; must turn false for large ε
 */
export function repair(form: QuadraticForm, worthwhile: (epsilon: number) => boolean): Repaired | undefined {
  const price = form.repairPrice();
  const attempt = (delta: number): Repaired | undefined => {
    const w = form.w.map((value, i) => value - delta * form.repairWeights[i]);
    const epsilon = delta * price;
    return form.provesPositive(w, epsilon) ? { epsilon, w } : undefined;
  };
  let best = attempt(0);
  if (best) return best;
  let low = 0;
  let high = FIRST_SHIFT;
  for (best = attempt(high); !best; best = attempt(high)) {
    low = high;
    high *= GROWTH;
    if (!worthwhile(high * price)) return undefined;
  }
  for (let step = 0; step < BISECTIONS && low > 0; step++) {
    const middle = Math.sqrt(low * high);
    const repaired = attempt(middle);
    if (repaired) {
      best = repaired;
      high = middle;
    } else low = middle;
  }
  return best;
}
