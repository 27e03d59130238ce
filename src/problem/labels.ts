/** Class labels to one-hot targets and back. */
import { InputError } from '../base/errors.js';
import { largestColumn, Matrix } from '../base/matrix.js';

/** A class label. Numbers must be whole, so that a forgotten column bracket in regression is noticed. */
export type Label = string | number;

/** n labels, all strings or all whole numbers. */
export type Labels =
  | readonly Label[]
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** Entries of one-hot targets beyond which labels are taken for numbers meant as targets: 1 GiB. */
const LARGEST_TARGETS = 2 ** 27;

export interface EncodedLabels {
  /** The distinct labels: numbers ascending, strings by code unit. Column k of Y stands for classes[k]. */
  readonly classes: readonly Label[];
  /** n×c, one 1 in each row. */
  readonly Y: Matrix;
}

/**
 * One-hot encoding.
 *
 * @param argument name used in messages
 * @throws InputError when a label is neither a string nor a whole number, when both kinds are mixed, when there are fewer
 * than two classes, or so many that they must be meant as numbers
 */
export function encodeLabels(labels: ArrayLike<unknown>, argument: string): EncodedLabels {
  const checked = Array.from(labels, (label, i) => checkLabel(label, i, argument));
  const kind = typeof checked[0];
  const mixed = checked.findIndex((label) => typeof label !== kind);
  if (mixed >= 0) {
    throw new InputError(
      argument,
      `mixes strings and numbers: label 0 is a ${kind}, label ${mixed} a ${typeof checked[mixed]}; use one kind`,
    );
  }
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

function checkLabel(label: unknown, i: number, argument: string): Label {
  if (typeof label === 'string' || Number.isSafeInteger(label)) return label as Label;
  if (typeof label === 'number') {
    throw new InputError(
      argument,
      `entry ${i} is ${label}, but a flat array holds class labels, strings or whole numbers; for regression pass an n×1 matrix, [[y0], [y1], …]`,
    );
  }
  throw new InputError(argument, `label ${i} is ${show(label)}, expected a string or a whole number`);
}

const show = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : String(value));
