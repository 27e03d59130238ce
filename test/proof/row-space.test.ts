/** The bounds of a change of coordinates, in exact arithmetic, each on data where one of its terms alone keeps it true. */

import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { complete } from '../../src/base/run.js';
import { defectAbove, stretchAbove as stretchOfColumns } from '../../src/proof/exact/row-space.js';
import { compress, distanceAbove, stretchAbove } from '../../src/proof/row-space.js';
import { Rational } from './rational.js';

const LOST = 0.999 * 2 ** -53;
const times = (count: number, value: number): number[] => new Array<number>(count).fill(value);

/** ‖z − Σ_k x_k P_k‖² exactly. */
function distanceSquared(z: readonly number[], x: readonly number[], P: readonly (readonly number[])[]): Rational {
  return Rational.sum(
    z.map((value, j) =>
      Rational.of(value)
        .minus(Rational.dot(x, P.map((p) => p[j])))
        .square(),
    ),
  ); // biome-ignore format: one expression
}

const DISTANCES: readonly [string, number[], number[], number[][]][] = [
  ['what is plainly there', [3, 4], [1], [[0, 0]]],
  ['a product rounded to the entry', [1], [3], [[1 / 3]]],
  ['products lost one by one', [1], [1, ...times(60, LOST)], times(61, 1).map(() => [1])],
  ['products that underflow', [0], times(80, 2 ** -538), times(80, 0).map(() => [0.999 * 2 ** -537])],
];

describe.each([
  [
    'of the certificate',
    (z: number[], x: number[], P: number[][]) =>
      distanceAbove(
        Float64Array.from(z),
        Float64Array.from(x),
        P.map((p) => Float64Array.from(p)),
      ),
  ],
  [
    'of the exact oracle',
    (z: number[], x: number[], P: number[][]) =>
      defectAbove(
        Float64Array.from(z),
        Float64Array.from(x),
        new Matrix(Float64Array.from(P.flat()), P.length, z.length).transpose(),
      ),
  ],
])('the distance to the row space %s', (_, distance) => {
  it.each(DISTANCES)('covers %s', (_, z, x, P) => {
    expect(distanceSquared(z, x, P).atMost(Rational.of(distance(z, x, P)).square())).toBe(true);
  });

  it('covers random ones that nearly vanish', () => {
    const random = new Random(3);
    for (let trial = 0; trial < 200; trial++) {
      const [d, r] = [1 + random.integer(5), 1 + random.integer(5)];
      const P = Array.from({ length: r }, () => Array.from({ length: d }, () => random.normal()));
      const x = Array.from({ length: r }, () => random.normal());
      const z = Array.from({ length: d }, (_, j) => P.reduce((sum, p, k) => sum + x[k] * p[j], 0));
      expect(distanceSquared(z, x, P).atMost(Rational.of(distance(z, x, P)).square())).toBe(true);
    }
  });
});

describe.each([
  ['of the certificate', (P: number[][]) => complete(stretchAbove(P.map((p) => Float64Array.from(p))))],
  [
    'of the exact oracle',
    (P: number[][]) => stretchOfColumns(new Matrix(Float64Array.from(P.flat()), P.length, P[0].length).transpose()),
  ],
])('the stretch %s', (_, stretch) => {
  /** ‖P y‖² ≤ stretch² ‖y‖² for P with the given rows, at y = Pᵀx. */
  const covers = (P: number[][], x: number[]): boolean => {
    const y = P[0].map((_, j) =>
      Rational.dot(
        x,
        P.map((p) => p[j]),
      ),
    );
    const square = (v: Rational[]): Rational => Rational.sum(v.map((entry) => entry.square()));
    const image = P.map((p) => Rational.sum(p.map((entry, j) => Rational.of(entry).times(y[j]))));
    return square(image).atMost(Rational.of(stretch(P)).square().times(square(y)));
  };

  it('covers rows that are too long by far', () => {
    expect(covers([[2, 0], [0, 1]], [1, 0])).toBe(true); // biome-ignore format: one line
  });

  it('covers rows that are not orthogonal', () => {
    expect(covers([[1, 0, 0], [0.5, 0.75 ** 0.5, 0], [0.5, 0.2, 0.8]], [1, 1, 1])).toBe(true); // biome-ignore format: one line
  });

  it('covers a row that overlaps with many which are orthogonal to each other', () => {
    const axes = [0, 1, 2, 3].map((k) => [0, 0, 0, 0].with(k, 1));
    expect(covers([[0.5, 0.5, 0.5, 0.5], ...axes], [2, 1, 1, 1, 1])).toBe(true);
  });

  it('covers squares lost one by one', () => {
    expect(covers([[...times(2000, 2 ** -27.51), 1]], [1])).toBe(true);
    expect(covers([[1, ...times(2000, 2 ** -26.51)]], [1])).toBe(true);
  });

  it('covers random rows that are orthonormal to round-off', () => {
    const random = new Random(9);
    for (let trial = 0; trial < 100; trial++) {
      const angle = 6.3 * random.uniform();
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const P = [[c, s], [-s, c]]; // biome-ignore format: one line
      for (const x of [[1, 0], [0, 1], [1, 1], [1, -1]]) expect(covers(P, x)).toBe(true); // biome-ignore format: one line
    }
  });
});

it('compressed neurons pay for what their rows lose', () => {
  const compressed = complete(
    compress({
      count: 2,
      columns: 3,
      row: Int32Array.of(0, 1),
      scale: Float64Array.of(1, 1),
      // along the second axis the second row turns on at a rate that is too small for a direction of its own
      Z: Float64Array.of(1, 0, 0, 1, 2 ** -50, 0),
      bAlpha: Float64Array.of(1, 0),
      bBeta: Float64Array.of(0, 2),
      transfer: 2 ** -45,
    }),
  );
  expect(compressed.neurons.columns).toBe(1);
  expect(compressed.neurons.transfer).toBeGreaterThanOrEqual(2 ** -45 + 2 * 2 ** -50);
  expect(compressed.stretch).toBeGreaterThanOrEqual(1);
});
