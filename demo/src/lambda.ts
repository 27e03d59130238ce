/**
 * Lambda = S G Sᵀ from the relaxation's G: the rows of S express alpha = [I 0], beta = [I −X], u = [0 I] and v = [aᵀ/reg 0]
 * in G's blocks (alpha, u), with a = reg (A + reg I)⁻¹ Y the dual variable (docs/model.md, program 5).
 */
import { Matrix, type TrainingProblem } from 'convex-relu';
import { eigvalsh, matmul } from 'convex-relu/linalg';
import type { LambdaPicture } from './heatmap.js';

/** Eigenvalues above this share of the largest count for the rank. */
const RANK_TOLERANCE = 1e-4;

/**
 * Examples are put in the order of their classes, so that the blocks show them.
 *
 * @param G row-major (n+d)×(n+d)
 * @param a row-major n×c
 */
export function pictureLambda(
  { X, Y, reg }: Pick<TrainingProblem, 'X' | 'Y' | 'reg'>,
  G: Float64Array,
  a: Float64Array,
): { picture: LambdaPicture; rank: number; size: number } {
  const [n, d, c] = [X.rows, X.columns, Y.columns];
  const q = n + d;
  const p = 2 * n + d + c;
  const S = Matrix.zeros(p, q);
  byClass(Y).forEach((i, position) => {
    S.set(position, i, 1);
    S.set(n + position, i, 1);
    for (let k = 0; k < d; k++) S.set(n + position, n + k, -X.get(i, k));
    for (let k = 0; k < c; k++) S.set(2 * n + d + k, i, a[i * c + k] / reg);
  });
  for (let k = 0; k < d; k++) S.set(2 * n + k, n + k, 1);
  const inner = new Matrix(G, q, q);
  const Lambda = matmul(matmul(S, inner), S, { transposeB: true });
  const values = eigvalsh(inner);
  const blocks = [
    ['α', n],
    ['β', n],
    ['u', d],
    ['v', c],
  ] as const;
  return {
    picture: { entries: Float32Array.from(Lambda.data), p, blocks },
    rank: values.filter((value) => value > RANK_TOLERANCE * values[q - 1]).length,
    size: p,
  };
}

/** The examples 0 … n − 1, stably ordered by the column of their 1 in the one-hot Y. */
function byClass(Y: Matrix): number[] {
  const classOf = (i: number): number => Y.row(i).indexOf(1);
  return Array.from({ length: Y.rows }, (_, i) => i).sort((i, j) => classOf(i) - classOf(j));
}
