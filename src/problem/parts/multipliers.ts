/** The multipliers of constrained products, sparse: most of those of an optimum are 0. */
import type { Forms, Pairs } from './part.js';

/**
 * Multipliers of constrained products: the symmetric matrix over the forms whose entries (i, j) and (j, i) are `value`, all others 0. Every
 * pair is listed at most once, in ascending order of (i, j), with i > j and not complementary; values > 0.
 */
export interface PairMultipliers {
  readonly i: Int32Array;
  readonly j: Int32Array;
  readonly value: Float64Array;
}

export const noPairs = (): PairMultipliers => ({
  i: new Int32Array(0),
  j: new Int32Array(0),
  value: new Float64Array(0),
});

/** The positive entries of a packed vector over `pairs`. */
export function sparsePairs(pairs: Pairs, packed: Float64Array): PairMultipliers {
  const count = packed.reduce((sum, value) => (value > 0 ? sum + 1 : sum), 0);
  const result = { i: new Int32Array(count), j: new Int32Array(count), value: new Float64Array(count) };
  let at = 0;
  pairs.forEach((i, j, position) => {
    if (!(packed[position] > 0)) return;
    result.i[at] = i;
    result.j[at] = j;
    result.value[at++] = packed[position];
  });
  return result;
}

/** The same multipliers for forms that were renumbered, in the order of their new numbers. */
export function renumberPairs(
  { i, j, value }: PairMultipliers,
  forms: Forms,
  place: (form: number) => number,
  scale: (form: number) => number,
): PairMultipliers {
  const high = i.map((form, k) => Math.max(place(form), place(j[k])));
  const low = i.map((form, k) => Math.min(place(form), place(j[k])));
  const order = sortedBy(high, forms.count, sortedBy(low, forms.count, Int32Array.from(i.keys())));
  return {
    i: order.map((k) => high[k]),
    j: order.map((k) => low[k]),
    value: Float64Array.from(order, (k) => value[k] * scale(i[k]) * scale(j[k])),
  };
}

/** The elements of `order` by ascending key below `limit`, equal keys in their present order. */
function sortedBy(keys: Int32Array, limit: number, order: Int32Array): Int32Array {
  const starts = new Int32Array(limit + 1);
  for (const key of keys) starts[key + 1]++;
  for (let key = 0; key < limit; key++) starts[key + 1] += starts[key];
  const result = new Int32Array(order.length);
  for (const k of order) result[starts[keys[k]]++] = k;
  return result;
}
