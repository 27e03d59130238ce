/** The leading eigenpairs of a positive semidefinite matrix, and the factor F with F Fᵀ ≈ A made of them. */
import { Matrix } from '../../base/matrix.js';
import { Pace } from '../../base/pace.js';
import type { Algebra } from '../../linalg/algebra.js';
import { eighSteps, productSteps } from '../../linalg/steps.js';
import { block, rowBlock, transposed, type View } from '../../linalg/views.js';
import type { RoundingInput } from './rounding.js';

/** Relative size of the eigenvalues of G that carry information: below are the barrier's remains and round-off. */
export const SIGNIFICANT = 1e-7;

export interface Eigenpairs {
  /** r eigenvalues, largest first, > 0. */
  readonly values: Float64Array;
  /** p×r, column k the unit eigenvector of values[k]. */
  readonly vectors: Matrix;
}

/**
 * @param A symmetric p×p, lower triangle read
 * @param cutoff eigenvalues ≤ cutoff · (largest) are left out; r = 0 when A has no positive eigenvalue
 */
export function* leadingEigenpairs(algebra: Algebra, A: Matrix, cutoff: number): Generator<void, Eigenpairs> {
  const p = A.rows;
  return yield* algebra.scopedSteps(function* () {
    const w = algebra.vector(p);
    const V = algebra.unset(p, p);
    yield* eighSteps(algebra, algebra.place(A), w, V);
    const ascending = algebra.entries(w);
    const rows = algebra.entries(V);
    const threshold = p === 0 ? 0 : Math.max(0, cutoff * ascending[p - 1]);
    let rank = 0;
    while (rank < p && ascending[p - 1 - rank] > threshold) rank++;
    const vectors = Matrix.zeros(p, rank);
    for (let k = 0; k < rank; k++) {
      for (let i = 0; i < p; i++) vectors.set(i, k, rows[(p - 1 - k) * p + i]);
    }
    return { values: ascending.slice(p - rank).reverse(), vectors };
  });
}

/** p×r, column k is √w_k · (eigenvector of w_k), largest first; parameters as for `leadingEigenpairs`. */
export function* factorPsd(algebra: Algebra, A: Matrix, cutoff: number): Generator<void, Matrix> {
  const { values, vectors } = yield* leadingEigenpairs(algebra, A, cutoff);
  for (let i = 0; i < vectors.rows; i++) {
    const row = vectors.row(i);
    for (let k = 0; k < row.length; k++) row[k] *= Math.sqrt(values[k]);
  }
  return vectors;
}

/**
 * F with F Fᵀ ≈ G over (alpha, u), or over u alone; parameters as for `factorPsd`. The u of a relaxation lies in the row space of X, so
 * that where X is wide the matrix of order n + rank(X) in an orthonormal basis V of that space has the same eigenvalues.
 */
export function* factorGram({ placed, G }: RoundingInput, part: 'all' | 'u', cutoff: number): Generator<void, Matrix> {
  const { algebra, X } = placed;
  const { rows: n, columns: d } = X.view;
  const skipped = part === 'u' ? n : 0;
  if (d <= n) return yield* factorPsd(algebra, trailing(G, skipped), cutoff);
  const { V } = X.svd();
  return yield* algebra.scopedSteps(function* () {
    const basis = algebra.place(V);
    const compressed = yield* compress(algebra, G, skipped, basis);
    const F = yield* factorPsd(algebra, algebra.readMatrix(compressed), cutoff);
    const kept = n - skipped;
    const whole = algebra.matrix(kept + d, F.columns);
    const factor = algebra.place(F);
    algebra.copyMatrix(rowBlock(factor, 0, kept), rowBlock(whole, 0, kept));
    yield* productSteps(algebra, 1, basis, rowBlock(factor, kept, V.columns), rowBlock(whole, kept, d));
    return algebra.readMatrix(whole);
  });
}

/** Rows and columns from `first` on. */
function trailing(A: Matrix, first: number): Matrix {
  if (first === 0) return A;
  const corner = Matrix.zeros(A.rows - first, A.columns - first);
  for (let i = 0; i < corner.rows; i++) corner.row(i).set(A.row(first + i).subarray(first));
  return corner;
}

/** Rows of G in WASM memory at a time: G itself need not fit there. */
const ROWS_AT_A_TIME = 256;
/** Operations in the time that a number of G is brought there. */
const MOVE_COST = 4;

/** Tᵀ G T with T = diag(I, V) over the rows and columns of G from `first` on, V on the last of them. */
function* compress(algebra: Algebra, G: Matrix, first: number, V: View): Generator<void, View> {
  const kept = G.rows - first - V.rows;
  const order = kept + V.columns;
  const half = algebra.matrix(kept + V.rows, order);
  const pace = new Pace();
  for (let start = 0; start < half.rows; start += ROWS_AT_A_TIME) {
    const count = Math.min(ROWS_AT_A_TIME, half.rows - start);
    algebra.scoped(() => {
      const rows = algebra.place(
        new Matrix(G.data.subarray((first + start) * G.columns, (first + start + count) * G.columns), count, G.columns),
      );
      algebra.copyMatrix(block(rows, 0, first, count, kept), block(half, start, 0, count, kept));
      algebra.product(1, block(rows, 0, first + kept, count, V.rows), V, block(half, start, kept, count, V.columns));
    });
    if (pace.isDue(MOVE_COST * count * G.columns)) yield;
  }
  const compressed = algebra.matrix(order, order);
  algebra.copyMatrix(rowBlock(half, 0, kept), rowBlock(compressed, 0, kept));
  yield* productSteps(algebra, 1, transposed(V), rowBlock(half, kept, V.rows), rowBlock(compressed, kept, V.columns));
  return compressed;
}
