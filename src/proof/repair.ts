/**
 * Makes multipliers provably feasible at the least price found. Lowering the free multipliers by δ/‖z_i‖² adds
 * δ Σ (alpha_i² + beta_i²)/‖z_i‖² to the form and takes δ Σ (z_i·u)²/‖z_i‖² from it, which ε = δ λ gives back, λ being the
 * largest eigenvalue of Σ z_i z_iᵀ/‖z_i‖². Whatever δ and ε are chosen, what counts is that E(w − δ/‖z‖², ε) ⪰ 0 is proved, so
 * λ may be an estimate.
 */
import type { QuadraticForm } from './quadratic-form.js';
import { smallestShift } from './shift.js';

/** E(w, ε) ⪰ 0 is proved. */
export interface Repaired {
  readonly epsilon: number;
  readonly w: Float64Array;
}

/**
 * The smallest ε found, with pauses where the form is large, for which E(w, ε) ⪰ 0 is proved for some w; undefined if there is none.
 *
 * @param worthwhile whether a proof with this ε would still be of use; must turn false for large ε
 */
export function* repair(
  form: QuadraticForm,
  worthwhile: (epsilon: number) => boolean,
): Generator<void, Repaired | undefined> {
  const price = form.repairPrice();
  const lowered = (delta: number): Float64Array => form.w.map((value, i) => value - delta * form.repairWeights[i]);
  const delta = yield* smallestShift(
    (candidate) => form.provesPositive(lowered(candidate), candidate * price),
    (candidate) => worthwhile(candidate * price),
  );
  return delta === undefined ? undefined : { epsilon: delta * price, w: lowered(delta) };
}
