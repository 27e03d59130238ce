/** What to learn, in every accepted form: numbers or class labels. */
import { InputError } from '../base/errors.js';
import { isNumberRow, type Matrix, type MatrixLike, type NumberArray, toMatrix } from '../base/matrix.js';
import { show } from '../base/show.js';
import { isLabel, type Label } from './labels.js';

/**
 * n class labels: texts or booleans in an array, or anything as `labels` of an object. Numbers in a flat array are never taken for classes
 * silently: they may as well be the targets of a regression.
 */
export type Labels =
  | readonly string[]
  | readonly boolean[]
  | { readonly labels: readonly Label[] | Exclude<NumberArray, readonly number[]> };

/** n×c targets; n numbers that are not all whole, which are n×1 targets; or n class labels. */
export type Targets = MatrixLike | NumberArray | Labels;

/**
 * Y as numbers, n×c, or as labels.
 *
 * @throws InputError when it is neither; when it holds whole numbers only, saying how to make them targets or labels
 */
export function readTargets(Y: Targets, argument: string): Matrix | readonly Label[] {
  if (typeof Y === 'object' && Y !== null && 'labels' in Y) return checkedLabels(Y.labels, `${argument}.labels`);
  if (!isFlat(Y)) return toMatrix(Y as MatrixLike, argument);
  if (Y.length === 0) throw new InputError(argument, 'is empty; give one label or one row of targets per example');
  return typeof Y[0] === 'number' ? flatTargets(Y, argument) : checkedLabels(Y, argument);
}

/** Whether Y is one value per example rather than one row. */
const isFlat = (Y: unknown): Y is ArrayLike<unknown> => isNumberRow(Y) && !isNumberRow(Y[0]);

function flatTargets(Y: ArrayLike<unknown>, argument: string): Matrix {
  const column = toMatrix(
    Array.from(Y, (value) => [value as number]),
    argument,
  );
  if (column.data.some((value) => !Number.isInteger(value))) return column;
  throw new InputError(
    argument,
    'is a flat array of whole numbers; for classes give { labels: Y }, for regression an n×1 matrix, [[y0], [y1], …]',
  );
}

/** A copy. @throws InputError when there are none, or one is no label, or kinds are mixed */
function checkedLabels(labels: unknown, argument: string): readonly Label[] {
  if (!isNumberRow(labels)) throw new InputError(argument, `expected an array of labels, got ${show(labels)}`);
  if (labels.length === 0) throw new InputError(argument, 'is empty; give one label per example');
  const checked = Array.from(labels, (label, i) => checkLabel(label, i, argument));
  const kind = typeof checked[0];
  const mixed = checked.findIndex((label) => typeof label !== kind);
  if (mixed < 0) return checked;
  throw new InputError(
    argument,
    `mixes ${kind}s and ${typeof checked[mixed]}s: label 0 is ${show(checked[0])}, label ${mixed} ${show(checked[mixed])}; use one kind`,
  );
}

function checkLabel(label: unknown, i: number, argument: string): Label {
  if (isLabel(label)) return label;
  throw new InputError(argument, `label ${i} is ${show(label)}; a text, a boolean or a whole number is needed`);
}
