import { describe, expect, it } from 'vitest';
import { InputError, NumericalError, OptionsError } from '../../src/base/errors.js';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { nngpKernel, ntkKernel } from '../../src/baselines/arc-cosine.js';
import { type KernelRegression, nngp, ntk, ridge } from '../../src/baselines/index.js';
import { createKernelsSync } from '../../src/engine/kernels.js';
import { irisTest, KERNEL_REFERENCES, loadFixture } from '../support/fixtures.js';
import { combine, identity, multiply, norm, randomMatrix } from '../support/matrices.js';
import { expectAllWithin, expectWithin, roundOff } from '../support/tolerance.js';

const METHODS = { NNGP: nngp, NTK: ntk };

/** Share of rows whose largest output is where the one of the target row is. */
function accuracy(model: KernelRegression, X: Matrix, Y: Matrix): number {
  const predicted = model.predictClass(X);
  return predicted.filter((label, i) => Y.get(i, Number(label)) === 1).length / Y.rows;
}

describe('infinite-width kernels', () => {
  it('are the closed forms at 0, 90 and 180 degrees', () => {
    expectWithin(nngpKernel(6, 6), 3, roundOff(1, 3));
    expectWithin(ntkKernel(6, 6), 6, roundOff(1, 6));
    expectWithin(nngpKernel(0, 6), 3 / Math.PI, roundOff(1, 1));
    expectWithin(ntkKernel(0, 6), 3 / Math.PI, roundOff(1, 1));
    expect(nngpKernel(-6, 6)).toBe(0);
    expect(ntkKernel(-6, 6)).toBe(0);
    expect([nngpKernel(0, 0), ntkKernel(0, 0)]).toEqual([0, 0]);
  });

  it('are the means over random neurons, five standard errors', () => {
    const random = new Random(5);
    const x = [0.7, -1.2, 0.4];
    const z = [1.1, 0.3, -0.2];
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, k) => sum + value * b[k], 0);
    const lengths = Math.sqrt(dot(x, x) * dot(z, z));
    const count = 40_000;
    const sums = { nngp: 0, nngpSquare: 0, gates: 0 };
    for (let k = 0; k < count; k++) {
      const u = [random.normal(), random.normal(), random.normal()];
      const product = Math.max(0, dot(u, x)) * Math.max(0, dot(u, z));
      sums.nngp += product / count;
      sums.nngpSquare += product ** 2 / count;
      if (dot(u, x) > 0 && dot(u, z) > 0) sums.gates += 1 / count;
    }
    const nngpError = 5 * Math.sqrt((sums.nngpSquare - sums.nngp ** 2) / count);
    expectWithin(nngpKernel(dot(x, z), lengths), sums.nngp, nngpError);
    const gateError = 5 * Math.sqrt((sums.gates * (1 - sums.gates)) / count) * Math.abs(dot(x, z));
    expectWithin(ntkKernel(dot(x, z), lengths), sums.nngp + dot(x, z) * sums.gates, nngpError + gateError);
  });

  it('agree with the relaxation’s own arc-cosine kernel', () => {
    const X = randomMatrix(new Random(6), 9, 4);
    const K = multiply(X, X.transpose());
    const { arena, exports } = createKernelsSync();
    const at = arena.allocate(81);
    arena.write(at, K.data);
    exports.arcCosineKernel(9, at, 9, at, 9);
    const expected = K.data.map((inner, k) =>
      nngpKernel(inner, Math.sqrt(K.get(Math.floor(k / 9), Math.floor(k / 9)) * K.get(k % 9, k % 9))),
    );
    expectAllWithin(arena.read(at, 81), expected, roundOff(9, norm(K)));
  });
});

describe('kernel regression', () => {
  const random = new Random(7);
  const X = randomMatrix(random, 12, 3);
  const Y = randomMatrix(random, 12, 2);

  it('has the closed form for one example', () => {
    const reg = 0.25;
    // k (k + reg k)⁻¹ y = y / (1 + reg), and half the input is half the output.
    const model = ntk([[3, 4]], [[2]], { reg });
    const F = model.predict([
      [3, 4],
      [1.5, 2],
      [-3, -4],
    ]);
    expectAllWithin(
      F.data,
      [2, 1, 0].map((y) => y / (1 + reg)),
      roundOff(4, 2),
    );
  });

  it.each(['NNGP', 'NTK'] as const)('%s solves its normal equations and sees a bias as a column of ones', (name) => {
    const reg = 1e-2;
    const F = METHODS[name](X, Y, { reg }).predict(X);
    // (K + ridge I) coefficients = Y with F = K · coefficients, so ridge · coefficients = Y − F and K (Y − F) = ridge F.
    const kernel = { NNGP: nngpKernel, NTK: ntkKernel }[name];
    const K = multiply(X, X.transpose());
    const lengths = X.toArray().map((row) => Math.hypot(...row));
    for (let i = 0; i < 12; i++) for (let j = 0; j < 12; j++) K.set(i, j, kernel(K.get(i, j), lengths[i] * lengths[j]));
    const ridgeTerm = (reg * identity(12).data.reduce((sum, e, k) => sum + e * K.data[k], 0)) / 12;
    // The angle of almost equal rows is as uncertain as √ε; NTK is linear in it, NNGP quadratic.
    const error = name === 'NTK' ? Math.sqrt(roundOff(1, 1)) : roundOff(12, 1);
    expectAllWithin(multiply(K, combine(Y, F, 1, -1)), combine(F, F, ridgeTerm, 0), error * norm(K) * norm(Y));

    const withOnes = new Matrix(Float64Array.from(X.toArray().flatMap((row) => [...row, 1])), 12, 4);
    expect(METHODS[name](X, Y, { reg, bias: true }).predict(X)).toEqual(
      METHODS[name](withOnes, Y, { reg }).predict(withOnes),
    );
  });

  it('predicts labels, and zero where X is all zero', () => {
    const model = nngp(
      [
        [1, 0],
        [0, 1],
      ],
      ['a', 'b'],
      { reg: 0.1 },
    );
    expect(
      model.predictClass([
        [2, 0.1],
        [0.1, 2],
      ]),
    ).toEqual(['a', 'b']);
    expect(nngp([[0], [0]], [[1], [2]]).predict([[5]]).data).toEqual(Float64Array.of(0));
  });

  it('refuses what it cannot use', () => {
    expect(() => nngp(X, [[1]])).toThrow(InputError);
    expect(() => ntk(X, Y, { reg: 0 })).toThrow(OptionsError);
    expect(() => nngp(X, Y, { width: 3 } as object)).toThrow(/width: is not an option/);
    const copies = Array.from({ length: 9 }, () => [1, 0.3]);
    expect(() => nngp(copies, copies, { reg: 1e-300 })).toThrow(NumericalError);
    expect(() => nngp(X, Y).predict([[1]])).toThrow(/X: has 1 columns/);
  });
});

describe('ridge regression', () => {
  it('zeroes the gradient of its objective, wide and tall, and has the closed form of one feature', () => {
    const random = new Random(8);
    for (const [n, d] of [
      [4, 9],
      [9, 4],
    ]) {
      const X = randomMatrix(random, n, d);
      const Y = randomMatrix(random, n, 2);
      const { W } = ridge(X, Y, { reg: 0.3 });
      const gradient = combine(multiply(X.transpose(), combine(multiply(X, W), Y, 1, -1)), W, 1, 0.3);
      expectAllWithin(gradient, Matrix.zeros(d, 2), roundOff(n + d, norm(X) * norm(Y)));
    }
    expectWithin(ridge([[1], [2]], [[3], [1]], { reg: 1 }).W.data[0], 5 / 6, roundOff(2, 1));
    expect(ridge([[1], [-1]], ['no', 'yes']).predictClass([[-3], [3]])).toEqual(['yes', 'no']);
  });
});

describe('kernel regression on iris', () => {
  it.each(KERNEL_REFERENCES)('$kernel at reg $reg: the reference accuracies to the last sample', (reference) => {
    const { X, Y } = loadFixture('iris');
    const test = irisTest();
    const model = METHODS[reference.kernel](X, Y, { reg: reference.reg });
    expect(accuracy(model, test.X, test.Y)).toBe(reference.testAccuracy);
    expect(accuracy(model, X, Y)).toBe(reference.trainAccuracy);
  });
});
