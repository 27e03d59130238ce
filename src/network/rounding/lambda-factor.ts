/**
 * Lambda ≈ L Lᵀ over (alpha, beta, u, v) for a feasible G, never forming the p×p matrix: with G ≈ F Fᵀ, beta = alpha − X u and the best v,
 * Lambda[v, alpha] = Yᵀ(A + reg I)⁻¹ A (docs/model.md, program 5), B = [F_alpha; F_alpha − X F_u; F_u; Yᵀ(A + reg I)⁻¹F_alpha] and L = B Q with
 * BᵀB = Q diag(w) Qᵀ: the columns of L are the eigenvectors of Lambda × √eigenvalues.
 */
import type { Matrix } from '../../base/matrix.js';
import { Dense } from '../../linalg/dense.js';
import { lambdaBlocks } from '../../problem/blocks.js';
import { kernelForm } from '../../problem/kernel-form.js';
import { columnNorms } from '../weights.js';
import { factorPsd, leadingEigenpairs, SIGNIFICANT } from './factor.js';
import type { RoundingInput } from './rounding.js';

/** p×r, orthogonal columns of falling norm, each with the sign that makes the sum of its alpha and beta entries nonnegative. */
export function factorLambda({ kernels, problem, G }: RoundingInput): Matrix {
  const { X, Y, reg } = problem;
  const { n, d, c, alpha, beta, u, v, p } = lambdaBlocks(X.rows, X.columns, Y.columns);
  const { arena } = kernels;
  const mark = arena.mark();
  try {
    const dense = new Dense(kernels);
    const F = dense.place(factorPsd(kernels, G, SIGNIFICANT));
    const r = F.columns;
    const a = dense.place(kernelForm(problem, G).a);
    const XBlock = dense.place(X);
    const B = dense.allocate(p, r);
    const gram = dense.allocate(r, r);
    const part = (first: number, count: number) => dense.rows(B, first, count);
    dense.entries(part(alpha, n)).set(dense.entries(dense.rows(F, 0, n)));
    dense.entries(part(beta, n)).set(dense.entries(dense.rows(F, 0, n)));
    dense.entries(part(u, d)).set(dense.entries(dense.rows(F, n, d)));
    dense.multiply(XBlock, part(u, d), part(beta, n), { alpha: -1, accumulate: true });
    dense.multiply(a, part(alpha, n), part(v, c), { alpha: 1 / reg, transposeA: true });

    dense.multiply(B, B, gram, { transposeA: true });
    const L = dense.allocate(p, r);
    const Q = dense.place(leadingEigenpairs(kernels, dense.read(gram), 0).vectors);
    const result = { ...L, columns: Q.columns };
    dense.multiply(B, Q, result);
    return orient(dense.read(result), 2 * n);
  } finally {
    arena.release(mark);
  }
}

/** Relative to the largest eigenvalue: well above what an interior point leaves at gap 1e-3 and below what neurons have. */
const RANK_CUTOFF = 1e-4;

/** Lambda's eigenvalues above round-off, largest first; how many are above RANK_CUTOFF of the largest; and Lambda's order p. */
export function lambdaSpectrum(input: RoundingInput): { eigenvalues: Float64Array; rank: number; order: number } {
  const L = factorLambda(input);
  const eigenvalues = columnNorms(L).map((norm) => norm ** 2);
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
