import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/base/errors.js';
import { Random } from '../../src/base/random.js';
import {
  decodeAscending,
  decodeBytes,
  decodeDoubles,
  encodeAscending,
  encodeBytes,
  encodeDoubles,
} from '../../src/proof/encoding.js';

describe('bytes as base64', () => {
  it('are what every other implementation writes, and come back', () => {
    for (const length of [...Array(20).keys(), 12_287, 12_288, 12_289, 50_000]) {
      const random = new Random(length);
      const bytes = Uint8Array.from({ length }, () => Math.floor(256 * random.uniform()));
      const text = encodeBytes(bytes);
      expect(text === Buffer.from(bytes).toString('base64'), `${length} bytes`).toBe(true);
      expect(Buffer.from(decodeBytes(text, 'text')).equals(bytes), `${length} bytes`).toBe(true);
    }
  });

  it.each([
    ['no text', 5],
    ['a length that is no multiple of 4', 'AAA'],
    ['a blank', 'AA A'],
    ['a letter beyond the alphabet', 'AAéA'],
    ['the other alphabet', 'AA-_'],
    ['padding in the middle', 'A=AA'],
    ['nothing but padding', '===='],
  ])('refuses %s', (_, value) => {
    expect(() => decodeBytes(value, 'text')).toThrow(InputError);
    expect(() => decodeBytes(value, 'text')).toThrow(/^text: /);
  });
});

describe('doubles', () => {
  const values = Float64Array.of(0, -0, 1, -1 / 3, 5e-324, Number.MAX_VALUE, Number.NaN, Number.NEGATIVE_INFINITY);

  it('come back to the last bit', () => {
    const copy = decodeDoubles(encodeDoubles(values), 'values');
    expect(copy).toEqual(values);
    expect(decodeDoubles(encodeDoubles(new Float64Array(0)), 'values', 0)).toEqual(new Float64Array(0));
  });

  it('are refused in another number, or cut', () => {
    expect(() => decodeDoubles(encodeDoubles(values), 'values', 7)).toThrow(/values: expected 7 numbers/);
    expect(() => decodeDoubles(encodeBytes(new Uint8Array(12)), 'values')).toThrow(/values: .*12 bytes/);
  });
});

describe('ascending whole numbers', () => {
  it.each([
    ['none', []],
    ['all', [0, 1, 2, 3, 4]],
    ['steps about one byte', [126, 254, 383, 511, 640, 10_000, 26_384, 42_769]],
    ['large ones', [2 ** 31, 2 ** 31 + 1, 2 ** 40, 2 ** 53 - 2, 2 ** 53 - 1]],
  ])('come back: %s', (_, values) => {
    const text = encodeAscending(values);
    expect(Array.from(decodeAscending(text, values.length, 2 ** 53, 'places'))).toEqual(values);
  });

  it('need one byte a step below 128', () => {
    expect(decodeBytes(encodeAscending([5, 9, 9 + 128, 9 + 257]), 'places').length).toBe(5);
  });

  it.each<[string, string, number]>([
    ['fewer than there are values', encodeAscending([1, 2]), 3],
    ['more than there are values', encodeAscending([1, 2, 3]), 2],
    ['one beyond the last', encodeAscending([1, 100]), 2],
    ['cut within one', encodeBytes(Uint8Array.of(1, 200)), 2],
    ['far beyond what a number holds', encodeBytes(new Uint8Array(300).fill(255).fill(1, 299)), 1],
    ['another kind of text', '"', 1],
  ])('are refused: %s', (_, text, length) => {
    expect(() => decodeAscending(text, length, 100, 'places')).toThrow(InputError);
  });
});
