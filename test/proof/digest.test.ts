import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { Digest, digestOfData, Sha256 } from '../../src/proof/digest.js';
import { randomMatrix } from '../support/matrices.js';

const bytesOf = (length: number, seed: number): Uint8Array => {
  const random = new Random(seed);
  return Uint8Array.from({ length }, () => Math.floor(256 * random.uniform()));
};

describe('SHA-256', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('of %j is the one that FIPS 180-4 gives', (text, expected) => {
    expect(new Sha256().update(new TextEncoder().encode(text)).hex()).toBe(expected);
  });

  it('is that of another implementation at every length up to three blocks, and beyond', () => {
    for (const length of [...Array(200).keys(), 4096, 100_003]) {
      const bytes = bytesOf(length, length);
      expect(new Sha256().update(bytes).hex(), `${length} bytes`).toBe(
        createHash('sha256').update(bytes).digest('hex'),
      );
    }
  });

  it('does not depend on how the bytes are cut', () => {
    const bytes = bytesOf(1000, 7);
    const whole = new Sha256().update(bytes).hex();
    for (const size of [1, 3, 63, 64, 65, 999]) {
      const hash = new Sha256();
      for (let at = 0; at < bytes.length; at += size) hash.update(bytes.subarray(at, at + size));
      expect(hash.hex(), `pieces of ${size}`).toBe(whole);
    }
  });
});

describe('the digest of data', () => {
  const X = randomMatrix(new Random(1), 6, 4);
  const Y = randomMatrix(new Random(2), 6, 2);
  const changed = (A: Matrix, change: (copy: Matrix) => void): Matrix => {
    const copy = A.clone();
    change(copy);
    return copy;
  };
  const rowsOf = (A: Matrix, order: readonly number[]): Matrix =>
    new Matrix(Float64Array.from(order.flatMap((i) => Array.from(A.row(i)))), order.length, A.columns);
  const swapped = [1, 0, 2, 3, 4, 5];

  it('differs for every other data', () => {
    const others: readonly (readonly [string, Matrix, Matrix])[] = [
      ['as they are', X, Y],
      ['a last bit of X', changed(X, (A) => A.set(5, 3, A.get(5, 3) * (1 + Number.EPSILON))), Y],
      ['a last bit of Y', X, changed(Y, (A) => A.set(0, 0, A.get(0, 0) * (1 + Number.EPSILON)))],
      ['a sign', changed(X, (A) => A.set(2, 2, -A.get(2, 2))), Y],
      ['two rows swapped in both', rowsOf(X, swapped), rowsOf(Y, swapped)],
      ['two rows swapped in X', rowsOf(X, swapped), Y],
      ['two rows swapped in Y', X, rowsOf(Y, swapped)],
      ['X transposed', X.transpose(), Y],
      ['X of another shape, same numbers', new Matrix(X.data, 4, 6), Y],
      ['X in one row', new Matrix(X.data, 1, 24), Y],
      ['Y of another shape, same numbers', X, new Matrix(Y.data, 12, 1)],
      ['X and Y swapped', Y, X],
      ['a row less', rowsOf(X, [0, 1, 2, 3, 4]), rowsOf(Y, [0, 1, 2, 3, 4])],
      ['a column of Y moved to X', new Matrix(Float64Array.from([...X.data, ...Y.row(0)]), 13, 2), Y],
      ['nothing', Matrix.zeros(0, 0), Matrix.zeros(0, 0)],
      ['no rows of four', Matrix.zeros(0, 4), Matrix.zeros(0, 0)],
    ];
    const digests = new Map(others.map(([name, A, B]) => [digestOfData(A, { Y: B }), name]));
    expect([...digests.values()]).toEqual(others.map(([name]) => name));
  });

  it('is the same on every machine', () => {
    expect(
      digestOfData(new Matrix(Float64Array.of(1, -2.5), 1, 2), { Y: new Matrix(Float64Array.of(1e-300), 1, 1) }),
    ).toBe(createHash('sha256').update(bytesOfExample()).digest('hex'));
  });

  it('counts the weights of the rows, and their order', () => {
    const [X, Y] = [Matrix.zeros(2, 1), Matrix.zeros(2, 1)];
    const weightings = [undefined, Float64Array.of(1, 1), Float64Array.of(1, 2), Float64Array.of(2, 1)];
    const digests = weightings.map((weights) => digestOfData(X, { Y, weights }));
    expect(new Set(digests).size).toBe(weightings.length);
  });

  it('takes −0 for 0', () => {
    const zero = Matrix.zeros(2, 2);
    const negative = changed(zero, (A) => A.set(1, 1, -0));
    expect(digestOfData(negative, { Y: zero })).toBe(digestOfData(zero, { Y: zero }));
  });

  it('tells texts apart wherever they are cut', () => {
    const of = (...texts: string[]): string => texts.reduce((digest, text) => digest.text(text), new Digest()).hex();
    const all = [
      of('ab', 'c'),
      of('a', 'bc'),
      of('abc'),
      of('abc', ''),
      of('', 'abc'),
      of('é'),
      of('e\u0301'),
      of('\ud800'),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(new Digest().numbers([1, 2]).hex()).not.toBe(new Digest().numbers([1]).numbers([2]).hex());
  });
});

/** The bytes of the example by hand: kind, length as a big-endian double, then the values. */
function bytesOfExample(): Uint8Array {
  const double = (value: number): number[] => {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    return Array.from(new Uint8Array(view.buffer));
  };
  const name = 'convex-relu data';
  return Uint8Array.from([
    ...[116, ...double(name.length)],
    ...Array.from(name).flatMap((letter) => [0, letter.charCodeAt(0)]),
    ...[109, ...double(1), ...double(2), ...double(1), ...double(-2.5)],
    ...[109, ...double(1), ...double(1), ...double(1e-300)],
  ]);
}
