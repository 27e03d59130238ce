/** Multipliers of pairs as dense matrices and back. */
import type { Matrix } from '../../src/base/matrix.js';
import type { PairMultipliers } from '../../src/problem/parts/multipliers.js';
import { unpackSymmetric } from './matrices.js';

/** Every pair i > j below the number of forms, complementary ones included, with the value that is asked for. */
export function everyPair(forms: number, value: (i: number, j: number) => number): PairMultipliers {
  const entries = Array.from({ length: forms }, (_, i) => Array.from({ length: i }, (_, j) => [i, j])).flat();
  return {
    i: Int32Array.from(entries, ([i]) => i),
    j: Int32Array.from(entries, ([, j]) => j),
    value: Float64Array.from(entries, ([i, j]) => value(i, j)),
  };
}

/** The symmetric matrix, values as they are. */
export function densePairs({ i, j, value }: PairMultipliers, forms: number): Matrix {
  const packed = new Float64Array((forms * (forms + 1)) / 2);
  value.forEach((entry, k) => {
    packed[(i[k] * (i[k] + 1)) / 2 + j[k]] = entry;
  });
  return unpackSymmetric(packed, forms);
}
