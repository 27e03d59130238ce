/** Which atoms a round of growth drops. */

/** Atoms below this share of the largest mass are dropped, unless they are nearly violators. */
const DEAD = 1e-5;
/** Nearly means: within this share of the violation, between these bounds. */
const NEAR_SHARE = 0.5;
const WIDEST_NEAR = 3e-3;
const NARROWEST_NEAR = 1e-5;

/**
 * For each atom whether it stays: those with mass do, and those without whose f is so near reg that they are about to return.
 *
 * @param values f = ‖Rᵀ(Xu)₊‖ of each atom
 * @param violation largest f met, relative to reg; at least 1
 */
export function atomsToKeep(masses: Float64Array, values: Float64Array, reg: number, violation: number): boolean[] {
  const least = DEAD * masses.reduce((largest, mass) => Math.max(largest, mass), 0);
  const near = reg * (1 - Math.min(WIDEST_NEAR, NEAR_SHARE * Math.max(violation - 1, NARROWEST_NEAR)));
  return Array.from(masses, (mass, j) => mass > least || values[j] > near);
}
