/** Targets for a network that exists already: its classes are fixed. */
import { InputError } from '../base/errors.js';
import { Matrix, toMatrix } from '../base/matrix.js';
import { isFlat, type Targets } from '../problem/data.js';
import type { Label } from '../problem/labels.js';

/**
 * Y as an n×c matrix; labels are one-hot encoded by the network's classes.
 *
 * @throws InputError naming Y when it holds a label the network does not know, or labels where it knows none
 */
export function toTargets(Y: Targets, classes: readonly Label[] | undefined): Matrix {
  if (!isFlat(Y)) return toMatrix(Y, 'Y');
  if (!classes)
    throw new InputError('Y', 'holds labels, but the network was trained on targets; give a matrix of them');
  const position = new Map<unknown, number>(classes.map((label, k) => [label, k]));
  const result = Matrix.zeros(Y.length, classes.length);
  Array.from(Y).forEach((label, i) => {
    const k = position.get(label);
    if (k === undefined) {
      throw new InputError(
        'Y',
        `label ${i} is ${JSON.stringify(label)}, but the network knows ${JSON.stringify(classes)}`,
      );
    }
    result.set(i, k, 1);
  });
  return result;
}
