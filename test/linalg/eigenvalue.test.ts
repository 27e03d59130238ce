import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { smallestEigenvalue } from '../../src/linalg/eigenvalue.js';
import { adversarialSymmetric, diagonal, isPositiveDefinite, norm } from '../support/matrices.js';
import { expectWithin, roundOff } from '../support/tolerance.js';

describe('smallestEigenvalue', () => {
  const random = new Random(1);
  const cases = [1, 2, 3, 4, 7, 16, 33].flatMap((n) =>
    adversarialSymmetric(random, n).map((entry) => ({ ...entry, n })),
  );

  it.each(cases)('$name of order $n: the matrix shifted by it is at the edge of definiteness', ({ matrix, n }) => {
    const value = smallestEigenvalue(matrix);
    const scale = norm(matrix) || 1;
    const unit = new Matrix(
      matrix.data.map((x) => x / scale),
      n,
      n,
    );
    const error = roundOff(n, 1, 16);
    expect(isPositiveDefinite(unit, -value / scale + error)).toBe(true);
    expect(isPositiveDefinite(unit, -value / scale - error)).toBe(false);
  });

  it('knows the 1-2-1 matrix, a diagonal and the empty matrix', () => {
    const n = 12;
    const path = adversarialSymmetric(random, n).find(({ name }) => name === '1-2-1') as { matrix: Matrix };
    expectWithin(smallestEigenvalue(path.matrix), 4 * Math.sin(Math.PI / (2 * (n + 1))) ** 2, roundOff(n, 4));
    expect(smallestEigenvalue(diagonal([3, -2, 5]))).toBe(-2);
    expect(smallestEigenvalue(Matrix.zeros(0, 0))).toBe(0);
  });

  it('does not change its argument', () => {
    const { matrix } = adversarialSymmetric(random, 6)[11];
    const before = matrix.clone();
    smallestEigenvalue(matrix);
    expect(matrix).toEqual(before);
  });
});
