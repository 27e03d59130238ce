import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { multiply, randomMatrix } from '../support/matrices.js';
import { expectAllWithin, expectWithin, roundOff } from '../support/tolerance.js';
import { atTwoBases, SIZES } from './support.js';

/** The formula of Cho and Saul, from the angle. */
function arcCosine(K: Matrix): Matrix {
  const A = Matrix.zeros(K.rows, K.rows);
  for (let i = 0; i < K.rows; i++) {
    for (let j = 0; j < K.rows; j++) {
      const r = Math.sqrt(K.get(i, i) * K.get(j, j));
      const t = i === j || r === 0 ? 0 : Math.acos(Math.min(1, Math.max(-1, K.get(i, j) / r)));
      A.set(i, j, (r * (Math.sin(t) + (Math.PI - t) * Math.cos(t))) / (2 * Math.PI));
    }
  }
  return A;
}

describe.each(SIZES)('arc-cosine kernel, n = %i', (n) => {
  test('arcCosineKernel follows its formula, in place too', () => {
    const X = randomMatrix(new Random(n), n, 3);
    if (n > 4) {
      X.row(1).fill(0);
      X.row(2).set(X.row(0));
      X.row(3).set(X.row(0).map((x) => -2 * x));
    }
    const K = multiply(X, X.transpose());
    const expected = arcCosine(K);
    const tolerance = roundOff(4, Math.max(1, ...K.data));
    atTwoBases((bench) => {
      const k = bench.putMatrix(K, n + 1);
      const a = bench.poisoned(n * (n + 2));
      bench.exports.arcCosineKernel(n, k, n + 1, a, n + 2);
      const A = bench.matrix(a, n, n, n + 2);
      // acos loses half the digits at ±1; the formula itself does not.
      expectAllWithin(A, expected, tolerance);
      bench.exports.arcCosineKernel(n, k, n + 1, k, n + 1);
      expect(bench.matrix(k, n, n, n + 1)).toEqual(A);
    });
  });
});

test('arcCosineKernel is the expectation it claims to be', () => {
  // In the plane the angle of u is uniform and E‖u‖² = 2, so a fine sum over angles is the integral.
  const X = new Matrix(Float64Array.of(1, 0.5, -0.3, 2), 2, 2);
  const steps = 200_000;
  let mean = 0;
  for (let k = 0; k < steps; k++) {
    const t = (2 * Math.PI * (k + 0.5)) / steps;
    const [c, s] = [Math.cos(t), Math.sin(t)];
    mean += (2 * Math.max(0, c + 0.5 * s) * Math.max(0, -0.3 * c + 2 * s)) / steps;
  }
  atTwoBases((bench) => {
    const a = bench.putMatrix(multiply(X, X.transpose()));
    bench.exports.arcCosineKernel(2, a, 2, a, 2);
    expectWithin(bench.matrix(a, 2, 2).get(0, 1), mean, 1 / steps);
  });
});
