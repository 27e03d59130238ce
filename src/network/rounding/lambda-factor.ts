/**
 * Lambda ≈ L Lᵀ over (alpha, beta, u, v) for a feasible G, never forming the p×p matrix: with G ≈ F Fᵀ, beta = alpha − X u and the best v,
 * Lambda[v, alpha] = Yᵀ(A + reg I)⁻¹ A (docs/model.md, program 5), B = [F_alpha; F_alpha − X F_u; F_u; Yᵀ(A + reg I)⁻¹F_alpha] and L = B Q with
 * BᵀB = Q diag(w) Qᵀ: the columns of L are the eigenvectors of Lambda × √eigenvalues.
 */
import { squareOf } from '../../base/elementary.js';
import type { Matrix } from '../../base/matrix.js';
import { complete } from '../../base/run.js';
import { rowBlock, transposed } from '../../linalg/views.js';
import { lambdaBlocks } from '../../problem/blocks.js';
import { kernelForm } from '../../problem/kernel-form.js';
import { columnNorms } from '../weights.js';
import { factorGram, leadingEigenpairs, SIGNIFICANT } from './factor.js';
import type { RoundingInput } from './rounding.js';

/** p×r, orthogonal columns of falling norm, each with the sign that makes the sum of its alpha and beta entries nonnegative. */
export function* factorLambda({ placed, G }: RoundingInput): Generator<void, Matrix> {
  const { problem, algebra } = placed;
  const { X, Y, reg } = problem;
  const { n, d, c, alpha, beta, u, v, p } = lambdaBlocks(X.rows, X.columns, Y.columns);
  return yield* algebra.scopedSteps(function* () {
    const F = algebra.place(yield* factorGram({ placed, G }, 'all', SIGNIFICANT));
    const r = F.columns;
    const a = algebra.place(kernelForm(problem, G).a);
    const B = algebra.matrix(p, r);
    const gram = algebra.matrix(r, r);
    const part = (first: number, count: number) => rowBlock(B, first, count);
    algebra.copyMatrix(rowBlock(F, 0, n), part(alpha, n));
    algebra.copyMatrix(rowBlock(F, 0, n), part(beta, n));
    algebra.copyMatrix(rowBlock(F, n, d), part(u, d));
    algebra.product(-1, placed.X.view, part(u, d), part(beta, n), { accumulate: true });
    algebra.product(1 / reg, transposed(a), part(alpha, n), part(v, c));

    algebra.product(1, transposed(B), B, gram);
    const { vectors } = yield* leadingEigenpairs(algebra, algebra.readMatrix(gram), 0);
    const Q = algebra.place(vectors);
    const L = algebra.matrix(p, Q.columns);
    algebra.product(1, B, Q, L);
    return orient(algebra.readMatrix(L), u);
  });
}

/** Relative to the largest eigenvalue: well above what an interior point leaves at gap 1e-3 and below what neurons have. */
const RANK_CUTOFF = 1e-4;

/** Lambda's eigenvalues above round-off, largest first; how many are above RANK_CUTOFF of the largest; and Lambda's order p. */
export function lambdaSpectrum(input: RoundingInput): { eigenvalues: Float64Array; rank: number; order: number } {
  const L = complete(factorLambda(input));
  const eigenvalues = columnNorms(L).map((norm) => squareOf(norm));
  const rank = eigenvalues.filter((value) => value > RANK_CUTOFF * eigenvalues[0]).length;
  return { eigenvalues, rank, order: L.rows };
}

/** Flips the columns whose first `count` entries have a negative sum, in place. */
function orient(L: Matrix, count: number): Matrix {
  for (let j = 0; j < L.columns; j++) {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += L.get(i, j);
    if (sum < 0) for (let i = 0; i < L.rows; i++) L.set(i, j, -L.get(i, j));
  }
  return L;
}
