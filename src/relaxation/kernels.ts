/**
 * The kernels that only the relaxation has, on views: one wrapper each. What they compute stands in assembly/solver and, with the
 * shapes, in src/engine/abi.ts; flops are counted here where the usual counts have a place for them.
 */
import { cubeOf, integerPower, squareOf } from '../base/elementary.js';
import type { Address } from '../engine/abi.js';
import { MAX_JACOBI_SWEEPS, NO_CONVERGENCE } from '../engine/constants.js';
import { checkStatus } from '../engine/kernels.js';
import type { Algebra } from '../linalg/algebra.js';
import { eighSteps, PIECE_FLOPS, pause, productSteps } from '../linalg/steps.js';
import { transposed, type Vector, type View } from '../linalg/views.js';

/** Pairs of rows (i_k, j_k): two lists of i32. */
export interface PairList {
  readonly count: number;
  readonly i: Address;
  readonly j: Address;
}

// ---- Lambda over (alpha, u', v) and its free entries ------------------------------------------------------------------

/** A_ii = x_i·C_i in Lambda. */
export function setComplementaryDiagonal({ kernels }: Algebra, Xw: View, Lambda: View): void {
  kernels.exports.complementaryDiagonal(Xw.rows, Xw.columns, Xw.at, Lambda.at, Lambda.rowStride);
}

/** Lambda from its free entries. */
export function expandUnknowns({ kernels }: Algebra, Xw: View, y: Vector, Lambda: View): void {
  kernels.exports.expandUnknowns(Xw.rows, Xw.columns, Lambda.rows, Xw.at, y.at, Lambda.at, Lambda.rowStride);
}

/** r = the adjoint of `expandUnknowns` at R. */
export function contractUnknowns({ kernels }: Algebra, Xw: View, R: View, r: Vector): void {
  kernels.exports.contractUnknowns(Xw.rows, Xw.columns, R.rows, Xw.at, R.at, R.rowStride, r.at);
}

/** H (lower) = tr(E_a M E_b M) + Σ_r Delta_r J_ra J_rb over the free entries. */
export function assembleSchur(algebra: Algebra, Xw: View, M: View, Delta: View, H: View): void {
  const { exports } = algebra.kernels;
  const { rows: n, columns: d } = Xw;
  const work = algebra.scratch(8 * M.rows);
  exports.schurKronecker(n, d, M.rows, Xw.at, M.at, M.rowStride, H.at, H.rowStride, work);
  exports.schurPairs(n, d, M.rows, Xw.at, Delta.at, Delta.rowStride, H.at, H.rowStride);
  algebra.flops += 2 * H.rows * H.rows + n * n * (4 * d * d + d * d * d + integerPower(d, 4) / 4);
}

// ---- the inequality entries of the products of forms --------------------------------------------------------------------

/** v = the inequality entries of K, which is over the forms. */
export function packPairs({ kernels }: Algebra, n: number, K: View, v: Vector): void {
  kernels.exports.packPairs(n, K.at, K.rowStride, v.at);
}

/** M, over the forms, = alpha · v at the inequality entries, 0 elsewhere. */
export function unpackPairs({ kernels }: Algebra, n: number, alpha: number, v: Vector, M: View): void {
  kernels.exports.unpackPairs(n, alpha, v.at, M.at, M.rowStride);
}

/** out = (target − clip(dK ∘ dN, ±bound)) / K − N. */
export function complementarityTarget(
  { kernels }: Algebra,
  [target, bound]: readonly [number, number],
  [K, N]: readonly [Vector, Vector],
  [dK, dN]: readonly [Vector, Vector],
  out: Vector,
): void {
  kernels.exports.pairTarget(K.length, target, bound, K.at, N.at, dK.at, dN.at, out.at);
}

/** out = x − y ∘ z. */
export function subtractProduct({ kernels }: Algebra, x: Vector, y: Vector, z: Vector, out: Vector): void {
  kernels.exports.subtractProduct(x.length, x.at, y.at, z.at, out.at);
}

// ---- symmetric matrices and diagonals -----------------------------------------------------------------------------------

/** Flops of the scaling, in units of p³. */
const SCALING_COST = 15;

/**
 * Singular values sigma of RᵀL, descending, and its right singular vectors in the rows of V, for lower factors L and R with zeros above their
 * diagonals. In steps, to the bits of the kernel; B and C are scratch.
 */
export function* ntScalingSteps(
  algebra: Algebra,
  [L, R]: readonly [View, View],
  sigma: Vector,
  V: View,
  [B, C]: readonly [View, View],
): Generator<void, void> {
  const { exports } = algebra.kernels;
  const p = L.rows;
  if (SCALING_COST * cubeOf(p) <= PIECE_FLOPS) {
    const work = algebra.scratch(exports.ntScalingWorkspace(p));
    const status = exports.ntScaling(p, L.at, L.rowStride, R.at, R.rowStride, sigma.at, V.at, V.rowStride, work);
    checkStatus(status, 'ntScaling');
    algebra.flops += SCALING_COST * cubeOf(p);
    yield* pause(algebra);
    return;
  }
  const before = algebra.flops;
  yield* productSteps(algebra, 1, transposed(R), L, B);
  yield* productSteps(algebra, 1, transposed(B), B, C, { lower: true });
  yield* eighSteps(algebra, C, sigma, V);
  yield* productSteps(algebra, 1, V, transposed(B), C);
  const rows = Math.max(1, Math.floor(PIECE_FLOPS / (3 * squareOf(p))));
  for (let sweep = 0, rotations = 1; rotations > 0; sweep++) {
    if (sweep === MAX_JACOBI_SWEEPS) checkStatus(NO_CONVERGENCE, 'ntScaling');
    rotations = 0;
    for (let from = 0; from < p; from += rows) {
      const to = Math.min(p, from + rows);
      rotations += exports.jacobiRows(p, C.at, C.rowStride, V.at, V.rowStride, sigma.at, from, to);
      yield;
    }
  }
  const work = algebra.scratch(exports.ntScalingWorkspace(p));
  checkStatus(exports.finishScaling(p, C.at, C.rowStride, sigma.at, V.at, V.rowStride, work), 'ntScaling');
  algebra.flops = before + SCALING_COST * cubeOf(p);
}

/** Keeps free what `ntScaling` of that order needs. */
export const reserveScaling = (algebra: Algebra, order: number): void =>
  algebra.reserveScratch(algebra.kernels.exports.ntScalingWorkspace(order));

/** A_ij *= s_i s_j, lower triangle. */
export function scaleSymmetric({ kernels }: Algebra, s: Vector, A: View): void {
  kernels.exports.scaleSymmetric(A.rows, s.at, A.at, A.rowStride);
}

/** A_ij ← 2 A_ij / (s_i + s_j). */
export function solveLyapunov({ kernels }: Algebra, s: Vector, A: View): void {
  kernels.exports.solveLyapunov(A.rows, s.at, A.at, A.rowStride);
}

/** out = diag(f) K[index, index] diag(f), index i32. */
export function gatherSymmetric({ kernels }: Algebra, index: Address, f: Vector, K: View, out: View): void {
  kernels.exports.gatherSymmetric(f.length, index, f.at, K.at, K.rowStride, out.at, out.rowStride);
}

/** A = the arc-cosine kernel of K. */
export function arcCosineKernel({ kernels }: Algebra, K: View, A: View): void {
  kernels.exports.arcCosineKernel(K.rows, K.at, K.rowStride, A.at, A.rowStride);
}

// ---- active rows --------------------------------------------------------------------------------------------------------

/** out_k = A[i_k]·B[j_k]. */
export function pairDots(algebra: Algebra, { count, i, j }: PairList, A: View, B: View, out: Vector): void {
  algebra.kernels.exports.pairDots(count, i, j, A.columns, A.at, A.rowStride, B.at, B.rowStride, out.at);
}

/** out += Σ_k ½ x_k (e_i e_jᵀ + e_j e_iᵀ) B. */
export function pairScatter({ kernels }: Algebra, { count, i, j }: PairList, x: Vector, B: View, out: View): void {
  kernels.exports.pairScatter(count, i, j, x.at, B.columns, B.at, B.rowStride, out.at, out.rowStride);
}

/** Flops of an entry of the two sums below, which gather their operands: slower than products. */
const GATHER_COST = 12;

/** Calls `work` for ranges of rows of a lower triangle of that order, with a pause after each that is long. */
function* rowRanges(order: number, work: (from: number, to: number) => void): Generator<void, void> {
  for (let from = 0, to = 0; from < order; from = to) {
    to = Math.min(order, from + Math.max(1, Math.floor(PIECE_FLOPS / (GATHER_COST * order))));
    work(from, to);
    if (to < order) yield;
  }
}

/** H (lower) = ½ (W[i_k,i_l] W[j_k,j_l] + W[i_k,j_l] W[j_k,i_l]). */
export function* pairSchur(algebra: Algebra, { count, i, j }: PairList, W: View, H: View): Generator<void, void> {
  const { exports } = algebra.kernels;
  yield* rowRanges(count, (from, to) => exports.pairSchur(from, to, i, j, W.at, W.rowStride, H.at, H.rowStride));
  algebra.flops += 2 * squareOf(count);
}

/** H (lower) −= ¼ (v_j e_i + v_i e_j)_kᵀ P (v_j e_i + v_i e_j)_l, P symmetric. */
export function* subtractPairLoss(
  algebra: Algebra,
  { count, i, j }: PairList,
  v: Vector,
  P: View,
  H: View,
): Generator<void, void> {
  const { exports } = algebra.kernels;
  yield* rowRanges(count, (from, to) => {
    const work = algebra.scratch(8 * P.rows);
    exports.pairSchurLoss(from, to, P.rows, i, j, v.at, P.at, P.rowStride, H.at, H.rowStride, work);
  });
}

/** y = A x from the diagonal and the strict upper triangle of symmetric A. */
export function symvUpper(algebra: Algebra, diagonal: Vector, A: View, x: Vector, y: Vector): void {
  algebra.kernels.exports.symvUpper(A.rows, diagonal.at, A.at, A.rowStride, x.at, y.at);
  algebra.flops += 2 * squareOf(A.rows);
}

/** The lower triangle of A from its diagonal and its strict upper triangle. */
export function restoreLower({ kernels }: Algebra, diagonal: Vector, A: View): void {
  kernels.exports.restoreLower(A.rows, diagonal.at, A.at, A.rowStride);
}
