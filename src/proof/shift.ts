/** The least shift that makes a matrix provably positive definite, by trials: whatever is returned was proved. */

/** First shift tried after 0: the size of round-off in a form with entries about 1. */
const FIRST_SHIFT = 2 ** -46;
/** Ratio of one shift to the next, and how often the interval between failure and success is then halved (geometrically). */
const GROWTH = 16;
const BISECTIONS = 5;

/**
 * The smallest δ ≥ 0 found with proves(δ), pausing where that does; undefined if there is none.
 *
 * @param worthwhile whether a proof with this δ would still be of use; must turn false for large δ
 */
export function* smallestShift(
  proves: (delta: number) => Generator<void, boolean>,
  worthwhile: (delta: number) => boolean,
): Generator<void, number | undefined> {
  if (yield* proves(0)) return 0;
  let low = 0;
  let high = FIRST_SHIFT;
  while (!(yield* proves(high))) {
    low = high;
    high *= GROWTH;
    if (!worthwhile(high)) return undefined;
  }
  for (let step = 0; step < BISECTIONS && low > 0; step++) {
    const middle = Math.sqrt(low * high);
    if (yield* proves(middle)) high = middle;
    else low = middle;
  }
  return high;
}
