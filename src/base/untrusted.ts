/** Values from outside (JSON, other people's objects) read part by part: each reader returns what it promises or names the part. */
import { InputError } from './errors.js';
import { Matrix, typedArrayName } from './matrix.js';
import { nameOf, show } from './show.js';

export function record(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new InputError(path, `expected an object, got ${show(value)}`);
}

export function array(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new InputError(path, `expected an array, got ${show(value)}`);
}

export function boolean(value: unknown, path: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new InputError(path, `expected true or false, got ${show(value)}`);
}

export function text(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  throw new InputError(path, `expected a text, got ${show(value)}`);
}

/** A name that messages will begin with. */
export function title(value: unknown, path: string): string {
  if (text(value, path) !== '') return value as string;
  throw new InputError(path, 'is empty; expected a name for messages');
}

export function count(value: unknown, path: string): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new InputError(path, `expected a whole number ≥ 0, got ${show(value)}`);
}

export function finite(value: unknown, path: string): number {
  if (Number.isFinite(value)) return value as number;
  throw new InputError(path, `expected a finite number, got ${show(value)}`);
}

export function positive(value: unknown, path: string): number {
  const number = finite(value, path);
  if (number > 0) return number;
  throw new InputError(path, `expected a number > 0, got ${number}`);
}

/** The value that a JSON text describes. @throws InputError; the host's message repeats a piece of the text */
export function parseJson(json: string, argument: string): unknown {
  try {
    return JSON.parse(text(json, argument));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(argument, `is not JSON: ${nameOf((error as Error).message)}`);
  }
}

/** Position of the first entry that fails, −1 when there is none; a hole counts as undefined, and is the first wherever there are many. */
export function firstNot(entries: ArrayLike<unknown>, passes: (entry: unknown) => boolean): number {
  for (let k = 0; k < entries.length; k++) if (!passes(entries[k])) return k;
  return -1;
}

/** An array of `length` finite numbers, as JSON has it. */
export function numbers(value: unknown, length: number, path: string): Float64Array {
  if (!Array.isArray(value)) throw new InputError(path, `expected an array of ${length} numbers, got ${show(value)}`);
  if (value.length !== length) throw new InputError(path, `expected ${length} numbers, got ${value.length}`);
  return Float64Array.from(value, (entry: unknown, k) => finite(entry, `${path}[${k}]`));
}

/** A Float64Array of `length` finite numbers. */
export function doubles(value: unknown, length: number, path: string): Float64Array {
  if (typedArrayName(value) !== 'Float64Array')
    throw new InputError(path, `expected a Float64Array, got ${show(value)}`);
  const array = value as Float64Array;
  if (array.length !== length) throw new InputError(path, `expected ${length} numbers, got ${array.length}`);
  const wrong = firstNot(array, Number.isFinite);
  if (wrong >= 0) throw new InputError(`${path}[${wrong}]`, `is ${array[wrong]}; a finite number is needed`);
  return array;
}

/** A matrix as JSON has it: rows, columns, and the entries row by row. */
export function matrix(value: unknown, path: string): Matrix {
  const source = record(value, path);
  const rows = count(source.rows, `${path}.rows`);
  const columns = count(source.columns, `${path}.columns`);
  return new Matrix(numbers(source.data, rows * columns, `${path}.data`), rows, columns);
}
