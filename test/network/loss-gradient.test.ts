import { beforeAll, describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { createKernels, type Kernels } from '../../src/engine/kernels.js';
import type { Weights } from '../../src/network/weights.js';
import { activations, trainingLoss } from '../../src/problem/training-loss.js';
import { combine, multiply, norm, randomMatrix } from '../support/matrices.js';
import { squaredProblem } from '../support/problem.js';
import { randomNetwork } from '../support/random.js';
import { expectAllWithin, expectWithin, roundOff } from '../support/tolerance.js';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

/** The gradient by its formula. */
function plainGradient(X: Matrix, Y: Matrix, reg: number, { U, V }: Weights): { U: Matrix; V: Matrix } {
  const { alpha } = activations(X, U);
  const R = combine(multiply(alpha, V.transpose()), Y, 1, -1);
  const masked = multiply(R, V);
  alpha.data.forEach((h, k) => {
    if (!(h > 0)) masked.data[k] = 0;
  });
  return {
    U: combine(multiply(X.transpose(), masked), U, 1, reg),
    V: combine(multiply(R.transpose(), alpha), V, 1, reg),
  };
}

/** Runs the kernel between poisoned borders at a base address `offset` bytes off a cache line; scratch and output start as NaN. */
function runKernel(X: Matrix, Y: Matrix, reg: number, { U, V }: Weights, offset: number) {
  const { arena, exports } = kernels;
  const mark = arena.mark();
  try {
    const place = (values: Float64Array): number => {
      const address = arena.allocate(values.length + 8) + offset;
      arena.write(address, values);
      return address;
    };
    const [n, d, c, m] = [X.rows, X.columns, Y.columns, U.columns];
    const theta = place(Float64Array.of(...U.data, ...V.data));
    const gradient = place(new Float64Array((d + c) * m + 1).fill(Number.NaN));
    const bytes = exports.lossGradientWorkspace(d, c, m);
    const work = place(new Float64Array(bytes / 8 + 1).fill(Number.NaN));
    const data = [place(X.data), place(Y.data)] as const;
    const value = exports.lossGradient(n, d, c, m, reg, ...data, theta, gradient, work);
    const withoutGradient = exports.lossGradient(n, d, c, m, reg, ...data, theta, 0, work);
    const border = [arena.read(gradient + 8 * (d + c) * m, 1)[0], arena.read(work + bytes, 1)[0]];
    return { value, withoutGradient, gradient: arena.read(gradient, (d + c) * m), border };
  } finally {
    arena.release(mark);
  }
}

const SIZES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 33];

describe('lossGradient', () => {
  it.each(SIZES)('agrees with the formula for %i rows and for %i neurons, all tails', (size) => {
    const random = new Random(size);
    const shapes = [1, 2, 3, 5].flatMap((d) => [
      { n: size, d, c: 1 + (d % 3), m: 6 },
      { n: 7, d, c: 1 + (d % 4), m: size },
    ]);
    for (const { n, d, c, m } of shapes) {
      const X = randomMatrix(random, n, d);
      const Y = randomMatrix(random, n, c);
      const weights = randomNetwork(random, d, c, m);
      const expected = trainingLoss(squaredProblem(X, Y, 0.3), weights);
      const gradient = plainGradient(X, Y, 0.3, weights);
      const expectedGradient = Float64Array.of(...gradient.U.data, ...gradient.V.data);
      for (const offset of [0, 8]) {
        const actual = runKernel(X, Y, 0.3, weights, offset);
        expectWithin(actual.value, expected, roundOff(n + m + d, 1 + expected));
        expect(actual.withoutGradient).toBe(actual.value);
        expectAllWithin(actual.gradient, expectedGradient, roundOff(n + m + d, 1 + norm(expectedGradient)));
        expect(actual.border).toEqual([Number.NaN, Number.NaN]);
      }
    }
  });

  it('is not finite when a weight is not', () => {
    const random = new Random(1);
    for (const poison of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const weights = randomNetwork(random, 3, 2, 5);
      weights.U.data[4] = poison;
      expect(runKernel(randomMatrix(random, 6, 3), randomMatrix(random, 6, 2), 0.1, weights, 0).value).not.toSatisfy(
        Number.isFinite,
      );
    }
  });
});
