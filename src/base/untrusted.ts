/** Values from outside (JSON, other people's objects) read part by part: each reader returns what it promises or names the part. */
import { InputError } from './errors.js';
import { Matrix } from './matrix.js';
import { show } from './show.js';

export function record(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new InputError(path, `expected an object, got ${show(value)}`);
}

export function boolean(value: unknown, path: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new InputError(path, `expected true or false, got ${show(value)}`);
}

export function text(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  throw new InputError(path, `expected a text, got ${show(value)}`);
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

/** An array of `length` finite numbers, as JSON has it. */
export function numbers(value: unknown, length: number, path: string): Float64Array {
  if (!Array.isArray(value)) throw new InputError(path, `expected an array of ${length} numbers, got ${show(value)}`);
  if (value.length !== length) throw new InputError(path, `expected ${length} numbers, got ${value.length}`);
  return Float64Array.from(value, (entry: unknown, k) => finite(entry, `${path}[${k}]`));
}

/** A matrix as JSON has it: rows, columns, and the entries row by row. */
export function matrix(value: unknown, path: string): Matrix {
  const source = record(value, path);
  const rows = count(source.rows, `${path}.rows`);
  const columns = count(source.columns, `${path}.columns`);
  return new Matrix(numbers(source.data, rows * columns, `${path}.data`), rows, columns);
}
