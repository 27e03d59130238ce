/** The kernels of the conjugate-gradient back end against their definitions, on poisoned outputs, with odd and even sizes. */
import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { createKernelsSync, type Kernels } from '../../src/engine/kernels.js';
import { multiply, norm, randomMatrix, randomSymmetric } from '../support/matrices.js';
import { expectAllWithin, expectWithin, roundOff } from '../support/tolerance.js';

const place = (kernels: Kernels, values: ArrayLike<number>): number => {
  const address = kernels.arena.allocate(values.length);
  kernels.arena.write(address, values);
  return address;
};
const poisoned = (kernels: Kernels, count: number): number => place(kernels, new Float64Array(count).fill(Number.NaN));

describe.each([
  [1, 2, 1],
  [5, 4, 3],
  [8, 6, 8],
  [17, 9, 33],
])('%i pairs of %i rows of length %i', (count, rows, length) => {
  const random = new Random(count + rows + length);
  const kernels = createKernelsSync();
  const { exports, arena } = kernels;
  const pairs = Array.from({ length: count }, () => [random.integer(rows), random.integer(rows)] as const);
  const list = (k: 0 | 1): number => {
    const address = arena.allocateBytes(4 * count);
    arena.ints(address, count).set(pairs.map((pair) => pair[k]));
    return address;
  };
  const [i, j] = [list(0), list(1)];
  const A = randomMatrix(random, rows, length);
  const B = randomMatrix(random, rows, length);
  const a = place(kernels, A.data);
  const b = place(kernels, B.data);

  test('dots', () => {
    const out = poisoned(kernels, count);
    exports.pairDots(count, i, j, length, a, length, b, length, out);
    const expected = pairs.map(([s, t]) => A.row(s).reduce((sum, value, k) => sum + value * B.row(t)[k], 0));
    expectAllWithin(arena.read(out, count), expected, roundOff(length, norm(A) * norm(B)));
  });

  test('scatter', () => {
    const x = randomMatrix(random, count, 1);
    const out = place(kernels, A.data);
    exports.pairScatter(count, i, j, place(kernels, x.data), length, b, length, out, length);
    const N = Matrix.zeros(rows, rows);
    pairs.forEach(([s, t], k) => {
      N.set(s, t, N.get(s, t) + x.data[k] / 2);
      N.set(t, s, N.get(t, s) + x.data[k] / 2);
    });
    const expected = multiply(N, B).data.map((value, k) => value + A.data[k]);
    expectAllWithin(arena.read(out, rows * length), expected, roundOff(count, norm(N) * norm(B) + norm(A)));
  });

  test('Schur complements', () => {
    const W = randomSymmetric(random, rows);
    const v = randomMatrix(random, rows, 1);
    const H = poisoned(kernels, count * count);
    const w = place(kernels, W.data);
    exports.pairSchur(0, count, i, j, w, rows, H, count);
    exports.pairSchurLoss(0, count, rows, i, j, place(kernels, v.data), w, rows, H, count, arena.allocate(rows));
    const result = arena.read(H, count * count);
    for (let k = 0; k < count; k++) {
      for (let l = 0; l <= k; l++) {
        const [[s, t], [q, r]] = [pairs[k], pairs[l]];
        const form = (f: number, g: number, x: number, y: number) => v.data[f] * v.data[g] * W.get(x, y);
        const loss = form(t, r, s, q) + form(t, q, s, r) + form(s, r, t, q) + form(s, q, t, r);
        const expected = 0.5 * (W.get(s, q) * W.get(t, r) + W.get(s, r) * W.get(t, q)) - loss / 4;
        expectWithin(result[k * count + l], expected, roundOff(4, norm(W) ** 2 + norm(W) * norm(v) ** 2));
      }
    }
  });
});

describe.each([1, 2, 7, 8, 33])('symmetric matrices of order %i kept in the upper triangle', (n) => {
  const random = new Random(n);
  const kernels = createKernelsSync();
  const { exports, arena } = kernels;
  const A = randomSymmetric(random, n);
  const diagonal = place(
    kernels,
    Float64Array.from({ length: n }, (_, i) => A.get(i, i)),
  );
  const upperOnly = A.data.map((value, k) => (Math.floor(k / n) < k % n ? value : Number.NaN));

  test('multiply', () => {
    const x = randomMatrix(random, n, 1);
    const y = poisoned(kernels, n);
    exports.symvUpper(n, diagonal, place(kernels, upperOnly), n, place(kernels, x.data), y);
    expectAllWithin(arena.read(y, n), multiply(A, x).data, roundOff(n, norm(A) * norm(x)));
  });

  test('restore the lower triangle', () => {
    const address = place(kernels, upperOnly);
    exports.restoreLower(n, diagonal, address, n);
    expect(arena.read(address, n * n)).toEqual(A.data);
  });
});

describe('vectors over the pairs', () => {
  const random = new Random(1);
  const kernels = createKernelsSync();
  const { exports, arena } = kernels;
  const vector = (count: number): Float64Array => random.fillNormal(new Float64Array(count));

  test.each([0, 1, 2, 9])('of length %i', (count) => {
    const [K, N, dK, dN] = [vector(count).map(Math.abs), vector(count), vector(count), vector(count)];
    const [k, m, dk, dm] = [K, N, dK, dN].map((values) => place(kernels, values));
    const out = poisoned(kernels, count);
    exports.subtractProduct(count, m, dk, dm, out);
    expectAllWithin(
      arena.read(out, count),
      N.map((value, at) => value - dK[at] * dN[at]),
      roundOff(1, norm(N) + norm(dK) * norm(dN)),
    );
    exports.pairTarget(count, 0.3, 0.5, k, m, dk, dm, out);
    const clip = (value: number) => Math.min(0.5, Math.max(-0.5, value));
    const expected = K.map((value, at) => (0.3 - clip(dK[at] * dN[at])) / value - N[at]);
    expectAllWithin(arena.read(out, count), expected, roundOff(1, norm(expected)));
    expect(exports.minimum(count, k)).toBe(Math.min(...K));
  });

  test('a NaN is no minimum', () => {
    expect(exports.minimum(3, place(kernels, [1, Number.NaN, 2]))).toBeNaN();
  });

  test('gathering', () => {
    const K = randomSymmetric(random, 5);
    const [index, factors] = [
      [4, 0, 4],
      [2, -1, 3],
    ];
    const address = arena.allocateBytes(12);
    arena.ints(address, 3).set(index);
    const out = poisoned(kernels, 9);
    exports.gatherSymmetric(3, address, place(kernels, factors), place(kernels, K.data), 5, out, 3);
    const expected = index.flatMap((s, r) => index.map((t, q) => factors[r] * factors[q] * K.get(s, t)));
    expectAllWithin(arena.read(out, 9), expected, roundOff(1, 9 * norm(K)));
  });
});
