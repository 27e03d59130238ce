/**
 * Products with an upper triangle U (zeros below the diagonal), block row by block row, so that the zeros cost nothing: U B takes half
 * the flops of a full product, and U S Uᵀ, Uᵀ S U for symmetric S 4/3 n³ instead of 3n³. In steps (steps.ts).
 */
import { cubeOf } from '../base/elementary.js';
import type { Algebra } from './algebra.js';
import { PIECE_FLOPS, pause } from './steps.js';
import { block, transposed, type View } from './views.js';

/** Rows of a block: wide enough for the product kernel, narrow enough that the diagonal blocks' zeros weigh little. */
const blockSize = (n: number): number => (n < 512 ? 32 : 64);

function* blocks(n: number): Generator<readonly [start: number, count: number]> {
  const size = blockSize(n);
  for (let start = 0; start < n; start += size) yield [start, Math.min(size, n - start)];
}

/** C += U B. */
export function* addUpperProduct(algebra: Algebra, U: View, B: View, C: View): Generator<void, void> {
  const n = U.rows;
  for (const [start, count] of blocks(n)) {
    const rest = n - start;
    const left = block(U, start, start, count, rest);
    const right = block(B, start, 0, rest, B.columns);
    algebra.product(1, left, right, block(C, start, 0, count, C.columns), { accumulate: true });
    yield* pause(algebra);
  }
}

/** C = U S Uᵀ for symmetric S; `half` is scratch of the same shape. */
export function* upperCongruence(algebra: Algebra, U: View, S: View, half: View, C: View): Generator<void, void> {
  const n = U.rows;
  algebra.zero(half);
  yield* addUpperProduct(algebra, U, S, half);
  algebra.zero(C);
  // (U S) Uᵀ row block by row block, lower triangle
  for (const [start, count] of blocks(n)) {
    const [end, rest] = [start + count, n - start];
    const left = block(U, start, start, count, rest);
    const right = transposed(block(half, 0, start, end, rest));
    algebra.product(1, left, right, block(C, start, 0, count, end), { accumulate: true });
    yield* pause(algebra);
  }
  algebra.kernels.exports.mirror(n, C.at, C.rowStride);
}

/** C = Uᵀ S U for symmetric S; `half` is scratch of the same shape. */
export function* upperTransposedCongruence(
  algebra: Algebra,
  U: View,
  S: View,
  half: View,
  C: View,
): Generator<void, void> {
  const n = U.rows;
  algebra.zero(half);
  // Uᵀ S
  for (const [start, count] of blocks(n)) {
    const end = start + count;
    const left = transposed(block(U, 0, start, end, count));
    algebra.product(1, left, block(S, 0, 0, end, n), block(half, start, 0, count, n), { accumulate: true });
    yield* pause(algebra);
  }
  algebra.zero(C);
  yield* addLowerOfProduct(algebra, half, U, C);
  algebra.kernels.exports.mirror(n, C.at, C.rowStride);
}

/** Lower triangle of C += A U, for a product known to be symmetric; above the diagonal C holds nothing of use. */
export function* addLowerOfProduct(algebra: Algebra, A: View, U: View, C: View, alpha = 1): Generator<void, void> {
  const n = U.rows;
  for (const [start, count] of blocks(n)) {
    const [end, rest] = [start + count, n - start];
    const left = block(A, start, 0, rest, end);
    const right = block(U, 0, start, end, count);
    algebra.product(alpha, left, right, block(C, start, start, rest, count), { accumulate: true });
    yield* pause(algebra);
  }
}

/**
 * D = U Qᵀ with U upper triangular and Q orthogonal (RQ factorisation by Householder reflections, Golub and Van Loan, Matrix
 * Computations, 4th ed., section 5.2): every row of U is accurate relative to its own length. `work` has n numbers. About 10/3 n³ flops.
 */
export function* factoriseRq(algebra: Algebra, D: View, U: View, Q: View, work: number): Generator<void, void> {
  const n = D.rows;
  const { exports } = algebra.kernels;
  algebra.copyMatrix(D, U);
  algebra.zero(Q);
  const q = algebra.entries({ at: Q.at, length: n * n });
  for (let k = 0; k < n; k++) q[k * (n + 1)] = 1;
  const u = algebra.entries({ at: U.at, length: n * n });
  let flops = 0;
  for (let i = n - 1; i > 0; i--) {
    const v = U.at + 8 * i * n;
    const length = Math.sqrt(exports.dot(i + 1, v, v));
    const pivot = u[i * (n + 1)];
    if (length === 0) continue;
    const corner = pivot > 0 ? -length : length;
    u[i * (n + 1)] = pivot - corner;
    // H = I − factor v vᵀ maps row i to corner e_i
    const factor = 1 / (length * (length + Math.abs(pivot)));
    for (const [A, rows] of [
      [U, i],
      [Q, n],
    ] as const) {
      exports.fill(rows, 0, work);
      exports.gemv(rows, i + 1, -factor, A.at, n, v, work);
      const coefficients = algebra.entries({ at: work, length: rows });
      for (let r = 0; r < rows; r++) exports.axpy(i + 1, coefficients[r], v, A.at + 8 * r * n);
    }
    exports.fill(i, 0, v);
    u[i * (n + 1)] = corner;
    // Two passes over memory each: slower than products.
    flops += 3 * 4 * (i + 1) * (i + n);
    if (flops > PIECE_FLOPS) {
      yield;
      flops = 0;
    }
  }
  algebra.flops += (10 / 3) * cubeOf(n);
}
