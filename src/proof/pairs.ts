/**
 * The multipliers N of a certificate as they are given: untrusted. A list that cannot be read as one matrix is refused; what can be read but
 * proves nothing counts as zero (docs/certificate.md): values that are not positive, and complementary pairs, whose multiplier is w.
 */
import { InputError } from '../base/errors.js';
import type { PairMultipliers } from '../problem/parts/multipliers.js';
import type { Forms } from '../problem/parts/part.js';

/** @throws InputError naming `path` unless the value lists pairs i > j of forms, each at most once, in ascending order */
export function checkPairs(
  pairs: unknown,
  forms: Pick<Forms, 'rows' | 'count'>,
  path: string,
): asserts pairs is PairMultipliers {
  const { i, j, value } = (pairs ?? {}) as PairMultipliers;
  if (!(isTyped(i, 'Int32Array') && isTyped(j, 'Int32Array') && isTyped(value, 'Float64Array'))) {
    throw new InputError(path, 'must be { i: Int32Array, j: Int32Array, value: Float64Array }');
  }
  if (i.length !== value.length || j.length !== value.length) {
    throw new InputError(
      path,
      `has ${i.length} i, ${j.length} j and ${value.length} values; there must be as many of each`,
    );
  }
  for (let k = 0; k < i.length; k++) {
    if (!(j[k] >= 0 && j[k] < i[k] && i[k] < forms.count)) {
      throw new InputError(
        path,
        `entry ${k} is (${i[k]}, ${j[k]}), but with ${forms.rows} rows 0 ≤ j < i < ${forms.count}`,
      );
    }
    if (k > 0 && !(i[k - 1] < i[k] || (i[k - 1] === i[k] && j[k - 1] < j[k]))) {
      throw new InputError(
        path,
        `entry ${k}, (${i[k]}, ${j[k]}), follows (${i[k - 1]}, ${j[k - 1]}); pairs must ascend and be listed once`,
      );
    }
  }
}

/** Where the pair stands in the strict lower triangle, row by row: ascending pairs have ascending places. */
export const placeOf = (i: number, j: number): number => (i * (i - 1)) / 2 + j;

/** The number of places there are. */
export const placeCount = ({ count }: Pick<Forms, 'count'>): number => placeOf(count, 0);

/** The pair at a place below 2⁵¹. */
export function pairAt(place: number): [i: number, j: number] {
  let i = Math.floor((1 + Math.sqrt(1 + 8 * place)) / 2);
  // the root may be rounded over a whole number
  if (placeOf(i, 0) > place) i--;
  else if (placeOf(i + 1, 0) <= place) i++;
  return [i, place - placeOf(i, 0)];
}

/** Calls `visit` for every pair that counts. */
export function forEachPair(
  { i, j, value }: PairMultipliers,
  forms: Pick<Forms, 'complementOf'>,
  visit: (i: number, j: number, value: number) => void,
): void {
  for (let k = 0; k < value.length; k++) {
    if (value[k] > 0 && forms.complementOf(i[k]) !== j[k]) visit(i[k], j[k], value[k]);
  }
}

/** Whether the value is such an array, of this realm or another. */
export const isTyped = (value: unknown, name: 'Int32Array' | 'Float64Array'): boolean =>
  ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === `[object ${name}]`;
