/**
 * The long operations of `Algebra` in steps, to the same bits: between them the host can serve signals and show progress, and the work can be
 * given up. They pause whenever so much was computed since the last pause, by whatever operation, so that many short ones pause too. Nothing
 * else may be computed on the same kernels during a pause: their scratch holds what is between two steps.
 */
import { cubeOf, squareOf } from '../base/elementary.js';
import { NumericalError } from '../base/errors.js';
import type { Address } from '../engine/abi.js';
import { CHOLESKY_BLOCK } from '../engine/constants.js';
import { checkStatus } from '../engine/kernels.js';
import type { Algebra, ProductOptions } from './algebra.js';
import { block, rowBlock, transposed, type Vector, type View } from './views.js';

/** Flops between two pauses: about a tenth of a second. */
export const PIECE_FLOPS = 3e8;
/** Rows of a product's piece are a multiple of the kernel's tile, so that no tile is cut. */
const TILE = 4;
/** Matrix–vector work runs at a third of the speed of products. */
const SLOWNESS = 3;
/** Flops in the time that moving a number takes. */
const MOVE_COST = 10;
/** Panels of the tridiagonalisation. */
const PANEL = 16;

/** Pauses when one is due. */
export function* pause(algebra: Algebra): Generator<void, void> {
  if (algebra.isPauseDue(PIECE_FLOPS)) yield;
}

/** Where scratch of so many bytes, of which a kernel's products take the first, is free for the rest. */
export const scratchBesideProducts = (algebra: Algebra, bytes: number): Address =>
  algebra.scratch(bytes) + algebra.kernels.exports.gemmWorkspace();

/** `Algebra.product`. */
export function* productSteps(
  algebra: Algebra,
  alpha: number,
  A: View,
  B: View,
  C: View,
  options: ProductOptions = {},
): Generator<void, void> {
  const { symmetric = false, lower = symmetric, accumulate, ...rest } = options;
  const rows = pieceOf(PIECE_FLOPS / (2 * C.columns * A.columns));
  if (rows >= C.rows) {
    algebra.product(alpha, A, B, C, options);
    yield* pause(algebra);
    return;
  }
  if (!accumulate) algebra.zero(C);
  for (let start = 0; start < C.rows; start += rows) {
    const count = Math.min(rows, C.rows - start);
    const left = rowBlock(A, start, count);
    const multiply = (from: number, columns: number, triangle: boolean): void =>
      algebra.product(alpha, left, block(B, 0, from, B.rows, columns), block(C, start, from, count, columns), {
        ...rest,
        accumulate: true,
        lower: triangle,
      });
    if (!lower) multiply(0, C.columns, false);
    else {
      if (start > 0) multiply(0, start, false);
      multiply(start, count, true);
    }
    yield* pause(algebra);
  }
  if (symmetric) algebra.mirror(C);
}

/** `Algebra.mirror`: memory traffic only, a pause after every so many rows. */
export function* mirrorSteps(algebra: Algebra, A: View): Generator<void, void> {
  const n = A.rows;
  const { exports } = algebra.kernels;
  const rows = Math.max(1, Math.floor(PIECE_FLOPS / (MOVE_COST * n)));
  for (let start = 0; start < n; start += rows) {
    const count = Math.min(rows, n - start);
    const below = n - start - count;
    const [corner, left, right] = [
      block(A, start, start, count, count),
      block(A, start + count, start, below, count),
      block(A, start, start + count, count, below),
    ];
    exports.mirror(count, corner.at, A.rowStride);
    exports.transpose(below, count, left.at, A.rowStride, right.at, A.rowStride);
    if (below > 0) yield;
  }
}

/** `Algebra.congruence`. */
export function* congruenceSteps(algebra: Algebra, A: View, S: View, half: View, C: View): Generator<void, void> {
  yield* productSteps(algebra, 1, A, S, half);
  yield* productSteps(algebra, 1, half, transposed(A), C, { symmetric: true });
}

/** `Algebra.cholesky`. */
export function* choleskySteps(algebra: Algebra, A: View): Generator<void, boolean> {
  const n = A.rows;
  const flops = cubeOf(n) / 3;
  if (flops <= PIECE_FLOPS) {
    const isPositive = algebra.cholesky(A);
    yield* pause(algebra);
    return isPositive;
  }
  const { exports } = algebra.kernels;
  const before = algebra.flops;
  let isPositive = true;
  for (let k = 0; k < n && isPositive; k += CHOLESKY_BLOCK) {
    const work = algebra.scratch(exports.choleskyWorkspace(n));
    isPositive = exports.choleskyPanel(n, A.at, A.rowStride, k, work) === 0;
    const next = k + CHOLESKY_BLOCK;
    if (!isPositive || next >= n) break;
    const below = block(A, next, k, n - next, CHOLESKY_BLOCK);
    const rest = block(A, next, next, n - next, n - next);
    yield* productSteps(algebra, -1, below, transposed(below), rest, { lower: true, accumulate: true });
  }
  algebra.factorizations++;
  algebra.flops = before + flops;
  return isPositive;
}

/** `Algebra.eigh`. */
export function* eighSteps(algebra: Algebra, A: View, w: Vector, V: View): Generator<void, void> {
  const n = A.rows;
  if (9 * cubeOf(n) <= PIECE_FLOPS) {
    algebra.eigh(A, w, V);
    yield* pause(algebra);
    return;
  }
  const { exports } = algebra.kernels;
  const work = algebra.scratch(exports.eighWorkspace(n));
  const unit = yield* reduceSteps(algebra, A, work, 'eigh');
  const plan = exports.conquestOf(n, V.at, V.rowStride, work);
  const rows = yield* conquestSteps(algebra, plan, 0, n, true);
  exports.conquestFinish(plan, n, rows, w.at);
  yield;
  for (let first = 1; first < n; ) {
    first = exports.eighBack(n, V.at, V.rowStride, first, work);
    yield;
  }
  exports.scale(n, unit, w.at);
  algebra.flops += 9 * cubeOf(n);
  algebra.isPauseDue(PIECE_FLOPS);
}

/** `Algebra.smallestEigenvalue`. */
export function* smallestEigenvalueSteps(algebra: Algebra, A: View): Generator<void, number> {
  const n = A.rows;
  if ((4 / 3) * cubeOf(n) <= PIECE_FLOPS) {
    const smallest = algebra.smallestEigenvalue(A);
    yield* pause(algebra);
    return smallest;
  }
  const { exports } = algebra.kernels;
  const work = algebra.scratch(exports.smallestEigenvalueWorkspace(n));
  const unit = yield* reduceSteps(algebra, A, work);
  algebra.flops += (4 / 3) * cubeOf(n);
  algebra.isPauseDue(PIECE_FLOPS);
  return unit * exports.reducedSmallest(n, work);
}

/** Tridiagonalises a scaled copy of A in `work`; returns the unit of its eigenvalues, NaN where A is not finite unless that is an error. */
function* reduceSteps(algebra: Algebra, A: View, work: number, errorOf?: string): Generator<void, number> {
  const { exports } = algebra.kernels;
  const n = A.rows;
  const unit = exports.eighBegin(n, A.at, A.rowStride, work);
  if (Number.isNaN(unit)) {
    if (errorOf === undefined) return unit;
    throw new NumericalError(`${errorOf}: the matrix holds NaN or Infinity`);
  }
  for (let end = n; end > 1; ) {
    const rows = Math.max(PANEL, Math.floor(PIECE_FLOPS / SLOWNESS / (4 * squareOf(end))));
    end = exports.eighReduce(n, end, Math.max(1, end - rows), work);
    yield;
  }
  return unit;
}

/** Divide and conquer on rows [start, start + count); the number of eigenpairs. */
function* conquestSteps(
  algebra: Algebra,
  plan: number,
  start: number,
  count: number,
  top: boolean,
): Generator<void, number> {
  const { exports } = algebra.kernels;
  if (2 * cubeOf(count) <= PIECE_FLOPS) {
    const rows = checkStatus(exports.conquestSolve(plan, start, count, top), 'eigh');
    yield;
    return rows;
  }
  const half = ((count >> 1) + 1) & ~1;
  const coupling = exports.conquestTear(plan, start, count);
  yield* conquestSteps(algebra, plan, start, half, false);
  yield* conquestSteps(algebra, plan, start + half, count - half, false);
  const vectors = exports.conquestBeginMerge(plan, start, count, coupling, top);
  if (vectors < 0) return count;
  yield;
  const rows = pieceOf(PIECE_FLOPS / squareOf(count));
  for (let from = 0; from < vectors; from += rows) {
    exports.conquestVectors(plan, start, count, from, Math.min(vectors, from + rows));
    yield;
  }
  return exports.conquestEndMerge(plan, start, count);
}

const pieceOf = (rows: number): number => Math.max(TILE, Math.floor(rows / TILE) * TILE);
