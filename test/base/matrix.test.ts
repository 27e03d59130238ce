import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { InputError, MemoryError } from '../../src/base/errors.js';
import { Matrix, type MatrixLike, toMatrix } from '../../src/base/matrix.js';

const complaint = (value: unknown): string => {
  try {
    toMatrix(value as MatrixLike, 'X');
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  throw new Error('expected an InputError, but nothing was thrown');
};

const access = (entry: unknown) => ({ rows: 1, columns: 1, get: () => entry });

describe('what is accepted as a matrix', () => {
  it.each([
    [
      'rows of numbers',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['rows of doubles', [Float64Array.of(1, 2), Float64Array.of(3, 4)]],
    ['rows of whole numbers', [Int32Array.of(1, 2), Uint8Array.of(3, 4)]],
    ['rows of another realm', runInNewContext('[new Float64Array([1, 2]), new Int16Array([3, 4])]') as unknown],
    ['an array of another realm', runInNewContext('[[1, 2], [3, 4]]') as unknown],
    ['rows that were cloned', structuredClone([Float64Array.of(1, 2), Float32Array.of(3, 4)])],
    ['data with its shape', { data: [1, 2, 3, 4], rows: 2, columns: 2 }],
    ['whole numbers with their shape', { data: Int8Array.of(1, 2, 3, 4), rows: 2, columns: 2 }],
    ['a Matrix', new Matrix(Float64Array.of(1, 2, 3, 4), 2, 2)],
    ['anything with get', { rows: 2, columns: 2, get: (i: number, j: number) => 2 * i + j + 1 }],
  ])('%s', (_, value) => {
    expect(toMatrix(value as MatrixLike, 'X').toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
});

describe('what is refused, by name and place', () => {
  it.each([
    // biome-ignore lint/suspicious/noSparseArray: the hole is the point
    ['a hole among the rows', [[1], , [3]], 'X: row 1 is undefined; an array of numbers is needed'],
    // biome-ignore lint/suspicious/noSparseArray: the hole is the point
    ['a hole in a row', [[1, , 3]], 'X: entry (0, 1) is undefined; a number is needed'],
    ['a numeric string', [['1']], "X: entry (0, 0) is '1'; a number is needed"],
    ['a string from get', access('1'), "X: entry (0, 0) is '1'; a number is needed"],
    ['true from get', access(true), 'X: entry (0, 0) is true; a number is needed'],
    ['null from get', access(null), 'X: entry (0, 0) is null; a number is needed'],
    ['a Date from get', access(new Date(0)), 'X: entry (0, 0) is an object; a number is needed'],
    ['NaN', [[Number.NaN]], 'X: entry (0, 0) is NaN; every entry must be a finite number'],
    [
      'bigints',
      { data: BigInt64Array.of(1n), rows: 1, columns: 1 },
      'X: data is an object; an array of numbers is needed',
    ],
    ['rows of bigints', [BigInt64Array.of(1n)], 'X: row 0 is an object; an array of numbers is needed'],
    ['a DataView', { data: new DataView(new ArrayBuffer(8)), rows: 1, columns: 1 }, /data is an object/],
    ['a string as data', { data: '12', rows: 1, columns: 2 }, "X: data is '12'; an array of numbers is needed"],
    ['a shape without its data', { data: [], rows: 1e9, columns: 1e9 }, /data has 0 elements/],
    ['negative sizes', { data: [], rows: -1, columns: -1 }, /whole numbers rows and columns/],
    ['ragged rows', [[1, 2], [3]], /row 1 has 1 entries, but row 0 has 2/],
    ['a text', 'matrix', "X: expected number[][] or { data, rows, columns }, got 'matrix'"],
    ['nothing', undefined, /got undefined/],
    ['a function', () => 1, /got a function/],
    ['an object', {}, /got rows = undefined/],
  ])('%s', (_, value, message) => {
    expect(complaint(value)).toMatch(message);
  });

  it('more numbers than one array can hold', () => {
    expect(() => toMatrix({ rows: 1e9, columns: 1e9, get: () => 0 }, 'X')).toThrow(MemoryError);
    expect(() => Matrix.zeros(2 ** 40, 2 ** 10)).toThrow(MemoryError);
  });
});

describe('Matrix', () => {
  it.each([
    ['negative sizes', [Float64Array.of(1, 2, 3, 4, 5), -1, -5], 'rows: is -1; a whole number ≥ 0 is needed'],
    ['a broken size', [Float64Array.of(1), 1, 1.5], 'columns: is 1.5; a whole number ≥ 0 is needed'],
    ['plain numbers', [[1], 1, 1], 'data: is an array of length 1; a Float64Array is needed'],
    ['another length', [Float64Array.of(1), 1, 2], 'data: has 1 elements, but 1 × 2 needs 2'],
  ])('is not made of %s', (_, parts, message) => {
    const make = () => new Matrix(...(parts as ConstructorParameters<typeof Matrix>));
    expect(make).toThrow(InputError);
    expect(make).toThrow(message);
    expect(() => Matrix.zeros(-1, 2)).toThrow(InputError);
    expect(() => Matrix.zeros(Number.NaN, 2)).toThrow(InputError);
  });
});
