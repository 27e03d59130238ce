/** Class labels to one-hot targets and back. */
import { InputError } from '../base/errors.js';
import { largestColumn, Matrix } from '../base/matrix.js';
import { show } from '../base/show.js';
import { firstNot } from '../base/untrusted.js';

/** A class label. */
export type Label = string | number | boolean;

/** Whether it can be a label: a text, a boolean or a whole number. */
export const isLabel = (value: unknown): value is Label =>
  typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value);

/** @throws InputError unless the value is an array of labels, `length` of them where that is given */
export function checkClasses(value: unknown, path: string, length?: number): readonly Label[] {
  if (!Array.isArray(value)) throw new InputError(path, `expected an array of labels, got ${show(value)}`);
  if (length !== undefined && value.length !== length)
    throw new InputError(path, `has ${value.length} labels, but there are ${length} outputs`);
  const wrong = firstNot(value, isLabel);
  if (wrong < 0) return value;
  throw new InputError(`${path}[${wrong}]`, `expected a text, a boolean or a whole number, got ${show(value[wrong])}`);
}

/** Entries of one-hot targets beyond which labels are taken for numbers meant as targets: 1 GiB. */
const LARGEST_TARGETS = 2 ** 27;

export interface EncodedLabels {
  /** The distinct labels: numbers ascending, texts by code unit, false before true. Column k of Y stands for classes[k]. */
  readonly classes: readonly Label[];
  /** n×c, one 1 in each row. */
  readonly Y: Matrix;
}

/**
 * One-hot encoding.
 *
 * @param argument name used in messages
 * @throws InputError when there are fewer than two classes, or so many that they must be meant as numbers
 */
export function encodeLabels(checked: readonly Label[], argument: string): EncodedLabels {
  const classes = [...new Set(checked)].sort((first, second) => (first < second ? -1 : 1));
  if (classes.length < 2) {
    throw new InputError(
      argument,
      `all ${checked.length} labels are ${show(classes[0])}; classification needs at least two classes`,
    );
  }
  if (classes.length * checked.length > LARGEST_TARGETS) {
    throw new InputError(
      argument,
      `has ${classes.length} distinct labels for ${checked.length} examples; for regression pass an n×1 matrix, [[y0], [y1], …]`,
    );
  }
  const position = new Map(classes.map((label, k) => [label, k]));
  const Y = Matrix.zeros(checked.length, classes.length);
  checked.forEach((label, i) => {
    Y.set(i, position.get(label) as number, 1);
  });
  return { classes, Y };
}

/** For each row of the outputs (n×c) the class of its largest entry, the first of equals. */
export function decodeLabels(outputs: Matrix, classes: readonly Label[]): Label[] {
  return Array.from({ length: outputs.rows }, (_, i) => classes[largestColumn(outputs, i)]);
}
