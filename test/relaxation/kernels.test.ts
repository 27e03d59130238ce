/** The solver's own kernels against their definitions, at sizes with every tail, on poisoned outputs. */
import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { createKernelsSync, type Kernels } from '../../src/engine/kernels.js';
import { newtonUnknowns } from '../../src/relaxation/backends/dense.js';
import { inner, multiply, norm, randomMatrix, randomSymmetric } from '../support/matrices.js';
import { expectAllWithin, expectWithin, roundOff } from '../support/tolerance.js';

const SIZES = [
  [1, 1, 1],
  [2, 1, 2],
  [3, 2, 1],
  [4, 3, 2],
  [7, 2, 3],
  [9, 5, 1],
] as const;

const place = (kernels: Kernels, values: ArrayLike<number>): number => {
  const address = kernels.arena.allocate(values.length);
  kernels.arena.write(address, values);
  return address;
};
const poisoned = (kernels: Kernels, count: number): number => place(kernels, new Float64Array(count).fill(Number.NaN));

/** T Lambda Tᵀ for T = [[I, 0], [I, −X]] over the leading block. */
function lifted(X: Matrix, Lambda: Matrix): Matrix {
  const [n, d] = [X.rows, X.columns];
  const T = Matrix.zeros(2 * n, Lambda.rows);
  for (let i = 0; i < n; i++) {
    T.set(i, i, 1);
    T.set(n + i, i, 1);
    for (let k = 0; k < d; k++) T.set(n + i, n + k, -X.get(i, k));
  }
  return multiply(multiply(T, Lambda), T.transpose());
}

describe.each(SIZES)('n %i, d %i, c %i', (n, d, c) => {
  const random = new Random(100 * n + 10 * d + c);
  const p = n + d + c;
  const q = newtonUnknowns({ n, d, c });
  const X = randomMatrix(random, n, d);
  const kernels = createKernelsSync();
  const { exports, arena } = kernels;
  const xAddress = place(kernels, X.data);

  const expand = (y: ArrayLike<number>): Matrix => {
    const out = poisoned(kernels, p * p);
    exports.expandUnknowns(n, d, p, xAddress, place(kernels, y), out, p);
    return new Matrix(arena.read(out, p * p), p, p);
  };

  test('expanded unknowns are symmetric and complementary', () => {
    const Lambda = expand(randomMatrix(random, q, 1).data);
    expect(Lambda.transpose().data).toEqual(Lambda.data);
    const K = lifted(X, Lambda);
    for (let i = 0; i < n; i++) expectWithin(K.get(i, n + i), 0, roundOff(p, norm(K)));
  });

  test('contraction is the adjoint of expansion', () => {
    const y = randomMatrix(random, q, 1);
    const R = randomSymmetric(random, p);
    const r = poisoned(kernels, q);
    exports.contractUnknowns(n, d, p, xAddress, place(kernels, R.data), p, r);
    const contracted = new Matrix(arena.read(r, q), q, 1);
    const expected = inner(expand(y.data), R);
    expectWithin(inner(contracted, y), expected, roundOff(q, norm(contracted) * norm(y)));
  });

  test('the Newton matrix is the quadratic form it stands for', () => {
    const M = randomSymmetric(random, p);
    const N = randomSymmetric(random, 2 * n);
    for (let i = 0; i < n; i++) for (const [r, s] of [[i, i], [n + i, n + i], [i, n + i], [n + i, i]] as const) N.set(r, s, 0); // biome-ignore format: one line
    const H = poisoned(kernels, q * q);
    exports.schurKronecker(n, d, p, xAddress, place(kernels, M.data), p, H, q, arena.allocate(p));
    exports.schurPairs(n, d, p, xAddress, place(kernels, N.data), 2 * n, H, q);
    exports.mirror(q, H, q);
    const matrix = new Matrix(arena.read(H, q * q), q, q);
    for (let trial = 0; trial < 3; trial++) {
      const [x, y] = [randomMatrix(random, q, 1), randomMatrix(random, q, 1)];
      const [E, F] = [expand(x.data), expand(y.data)];
      const [K, J] = [lifted(X, E), lifted(X, F)];
      let expected = inner(multiply(multiply(M, E), M), F);
      for (let k = 0; k < K.data.length; k++) expected += 0.5 * N.data[k] * K.data[k] * J.data[k];
      expectWithin(inner(multiply(matrix, x), y), expected, roundOff(q, norm(matrix) * norm(x) * norm(y)));
    }
  });

  test('inequality entries are packed and unpacked', () => {
    const K = randomSymmetric(random, 2 * n);
    const pairs = 2 * n * (n - 1);
    const v = poisoned(kernels, pairs);
    exports.packPairs(n, place(kernels, K.data), 2 * n, v);
    const out = poisoned(kernels, 4 * n * n);
    exports.unpackPairs(n, 2, v, out, 2 * n);
    const expected = K.clone();
    for (let i = 0; i < 2 * n; i++) {
      for (let j = 0; j < 2 * n; j++) expected.set(i, j, i % n === j % n ? 0 : 2 * K.get(i, j));
    }
    expect(new Matrix(arena.read(out, 4 * n * n), 2 * n, 2 * n).data).toEqual(expected.data);
  });

  test('scalings', () => {
    const A = randomSymmetric(random, p);
    const s = Float64Array.from({ length: p }, () => 0.5 + random.uniform());
    const [address, factors] = [place(kernels, A.data), place(kernels, s)];
    exports.scaleSymmetric(p, factors, address, p);
    exports.mirror(p, address, p);
    const product = new Matrix(arena.read(address, p * p), p, p);
    expectAllWithin(
      product,
      new Matrix(
        A.data.map((a, k) => a * s[Math.floor(k / p)] * s[k % p]),
        p,
        p,
      ),
      roundOff(1, norm(A)),
    );
    exports.solveLyapunov(p, factors, address, p);
    const solution = arena.read(address, p * p);
    const back = solution.map((x, k) => (x * (s[Math.floor(k / p)] + s[k % p])) / 2);
    expectAllWithin(back, product.data, roundOff(1, norm(product)));
  });
});
