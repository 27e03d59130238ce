import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { FULL, LOWER, UPPER } from '../../src/engine/constants.js';
import { multiply, randomIntegerMatrix, randomMatrix } from '../support/matrices.js';
import { expectAllWithin, roundOff } from '../support/tolerance.js';
import { atTwoBases, SIZES } from './support.js';

/** A · diag(w) · B by the definition. */
const weightedProduct = (A: Matrix, w: Float64Array | undefined, B: Matrix): Matrix =>
  multiply(
    w
      ? new Matrix(
          A.data.map((x, k) => x * w[k % A.columns]),
          A.rows,
          A.columns,
        )
      : A,
    B,
  );

interface Case {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly weighted?: boolean;
  readonly alpha?: number;
  readonly triangle?: number;
}

/** Integer data: every sum is exact, so results must agree to the last bit. */
function check({ m, n, k, transposeA, transposeB, weighted, alpha = -2, triangle = FULL }: Case): void {
  const random = new Random(1000 * m + 10 * n + k);
  const A = randomIntegerMatrix(random, m, k);
  const B = randomIntegerMatrix(random, k, n);
  const C = randomIntegerMatrix(random, m, n);
  const w = weighted ? randomIntegerMatrix(random, 1, k).data : undefined;
  const product = weightedProduct(A, w, B);
  atTwoBases((bench) => {
    const { exports } = bench;
    const lda = (transposeA ? m : k) + 1;
    const ldb = (transposeB ? k : n) + 2;
    const ldc = n + 3;
    const a = bench.putMatrix(transposeA ? A.transpose() : A, lda);
    const b = bench.putMatrix(transposeB ? B.transpose() : B, ldb);
    const c = bench.putMatrix(C, ldc);
    const [ars, acs] = transposeA ? [1, lda] : [lda, 1];
    const [brs, bcs] = transposeB ? [1, ldb] : [ldb, 1];
    const work = bench.scratch(exports.gemmWorkspace());
    exports.gemm(m, n, k, alpha, a, ars, acs, b, brs, bcs, w ? bench.put(w) : 0, c, ldc, triangle, work);
    const result = bench.matrix(c, m, n, ldc);
    const wanted = (i: number, j: number) => triangle === 0 || (triangle === 1 ? j <= i : j >= i);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        if (!wanted(i, j)) continue;
        const expected = C.get(i, j) + alpha * product.get(i, j);
        if (result.get(i, j) !== expected) {
          expect.fail(`(${i}, ${j}) of ${m}×${n}×${k} is ${result.get(i, j)}, expected ${expected}`);
        }
      }
      // The padding between rows stays as it was.
      for (let j = n; j < ldc; j++) expect(bench.vector(c + 8 * (i * ldc + j), 1)[0]).toBeNaN();
    }
  });
}

describe('gemm', () => {
  test.each(SIZES)('adds alpha A B exactly for integers, n = %i', (n) => check({ m: n, n, k: n }));

  test.each(SIZES)('takes any transposition and weight, n = %i', (n) => {
    check({ m: n, n: n + 1, k: n + 2, transposeA: true });
    check({ m: n + 1, n, k: 5, transposeB: true, weighted: true });
    check({ m: 3, n, k: n, transposeA: true, transposeB: true, weighted: true });
  });

  test.each(SIZES)('computes one triangle, n = %i', (n) => {
    check({ m: n, n, k: 7, triangle: LOWER, transposeB: true });
    check({ m: n, n, k: 7, triangle: UPPER, transposeA: true });
  });

  test('crosses every block boundary', () => {
    check({ m: 67, n: 259, k: 195 });
    check({ m: 131, n: 261, k: 9, triangle: LOWER });
    check({ m: 131, n: 261, k: 9, triangle: UPPER });
    check({ m: 270, n: 270, k: 200, triangle: LOWER, weighted: true });
  });

  test.each([0, 1, 5])('leaves C when k = 0 or alpha = 0, n = %i', (n) => {
    check({ m: n, n, k: 0 });
    check({ m: n, n, k: 3, alpha: 0 });
  });

  test('agrees with the definition on real numbers', () => {
    const random = new Random(7);
    const A = randomMatrix(random, 150, 210);
    const B = randomMatrix(random, 210, 90);
    atTwoBases((bench) => {
      const c = bench.put(new Float64Array(150 * 90));
      const work = bench.scratch(bench.exports.gemmWorkspace());
      bench.exports.gemm(150, 90, 210, 1, bench.putMatrix(A), 210, 1, bench.putMatrix(B), 90, 1, 0, c, 90, 0, work);
      expectAllWithin(bench.matrix(c, 150, 90), multiply(A, B), roundOff(210, 5));
    });
  });
});
