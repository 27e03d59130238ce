/** Products with an upper triangle and the RQ factorisation, against their definitions at sizes around the block sizes. */

import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { complete } from '../../src/base/run.js';
import { createKernelsSync } from '../../src/engine/kernels.js';
import { Algebra } from '../../src/linalg/algebra.js';
import {
  addLowerOfProduct,
  addUpperProduct,
  factoriseRq,
  upperCongruence,
  upperTransposedCongruence,
} from '../../src/linalg/triangular.js';
import { flat, type View } from '../../src/linalg/views.js';
import { multiply, norm, randomMatrix, randomSymmetric } from '../support/matrices.js';
import { expectAllWithin, roundOff } from '../support/tolerance.js';

const transpose = (A: Matrix): Matrix => {
  const result = Matrix.zeros(A.columns, A.rows);
  for (let i = 0; i < A.rows; i++) for (let j = 0; j < A.columns; j++) result.set(j, i, A.get(i, j));
  return result;
};
const upper = (A: Matrix): Matrix =>
  new Matrix(
    A.data.map((value, k) => (Math.floor(k / A.columns) <= k % A.columns ? value : 0)),
    A.rows,
    A.columns,
  );

describe.each([1, 5, 32, 33, 70, 130])('of order %i', (n) => {
  const random = new Random(n);
  const algebra = new Algebra(createKernelsSync());
  const place = (A: Matrix): View => {
    const view = algebra.matrix(A.rows, A.columns);
    algebra.write(flat(view), A.data);
    return view;
  };
  const read = (A: View): Float64Array => algebra.read(flat(A));
  const poisoned = (): View => place(new Matrix(new Float64Array(n * n).fill(Number.NaN), n, n));
  const U = upper(randomMatrix(random, n, n));
  const S = randomSymmetric(random, n);

  test('products with U', () => {
    const B = randomMatrix(random, n, 7);
    const C = randomMatrix(random, n, 7);
    const target = place(C);
    complete(addUpperProduct(algebra, place(U), place(B), target));
    const expected = multiply(U, B).data.map((value, k) => value + C.data[k]);
    expectAllWithin(read(target), expected, roundOff(n, norm(U) * norm(B) + norm(C)));
  });

  test('congruences with U', () => {
    const C = poisoned();
    complete(upperCongruence(algebra, place(U), place(S), poisoned(), C));
    expectAllWithin(read(C), multiply(multiply(U, S), transpose(U)).data, roundOff(2 * n, norm(U) ** 2 * norm(S)));
    const V = poisoned();
    complete(upperTransposedCongruence(algebra, place(U), place(S), poisoned(), V));
    expectAllWithin(read(V), multiply(multiply(transpose(U), S), U).data, roundOff(2 * n, norm(U) ** 2 * norm(S)));
  });

  test('the lower triangle of a product', () => {
    const A = randomMatrix(random, n, n);
    const C = place(S);
    complete(addLowerOfProduct(algebra, place(A), place(U), C, -2));
    const full = multiply(A, U).data;
    const lower = (values: ArrayLike<number>): number[] =>
      Array.from(values).filter((_, k) => Math.floor(k / n) >= k % n);
    expectAllWithin(
      lower(read(C)),
      lower(full.map((value, k) => S.data[k] - 2 * value)),
      roundOff(n, 2 * norm(A) * norm(U) + norm(S)),
    );
  });

  test('D = U Qᵀ, accurate in every row however small', () => {
    const D = randomMatrix(random, n, n);
    for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) D.set(i, k, D.get(i, k) * 10 ** -(i % 13));
    const [factor, Q] = [poisoned(), poisoned()];
    complete(factoriseRq(algebra, place(D), factor, Q, algebra.vector(n).at));
    const u = new Matrix(read(factor), n, n);
    const q = new Matrix(read(Q), n, n);
    expect(u.data).toEqual(upper(u).data);
    const identity = new Float64Array(n * n).map((_, k) => (k % (n + 1) === 0 ? 1 : 0));
    expectAllWithin(multiply(q, transpose(q)).data, identity, roundOff(n * n, Math.sqrt(n)));
    const product = multiply(u, transpose(q));
    for (let i = 0; i < n; i++) {
      expectAllWithin(product.row(i), D.row(i), roundOff(n * n, norm(D.row(i))));
    }
  });
});
