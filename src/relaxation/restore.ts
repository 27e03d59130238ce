/** From the reduced problem back to the user's coordinates: the multipliers and the Gram matrix, exact up to round-off. */
import { squareOf } from '../base/elementary.js';
import { Matrix } from '../base/matrix.js';
import { Pace } from '../base/pace.js';
import { gramBlocks } from '../problem/blocks.js';
import { freeForms } from '../problem/parts/free.js';
import { renumberPairs } from '../problem/parts/multipliers.js';
import type { Certificate, ReducedDual } from '../problem/problem.js';
import { spreadDual } from './loss-terms.js';
import type { Reduction } from './reduce.js';

/**
 * The certificate of the original problem with the same bound (the reduced one's constant included).
 *
 * a is −∇L at the outputs behind a' (loss-terms.ts). The multipliers of a group sit on its representative row i alone:
 * alpha'_k = (q₊/c_i) alpha_i, so they are multiplied by the ratios q₊/c_i; other rows have none.
 */
export function restoreCertificate(reduction: Reduction, dual: ReducedDual): Certificate {
  const { original, reduced, groups, terms } = reduction;
  const rows = original.X.rows;
  const a = spreadDual(original, terms, dual.a);

  const ratio = terms.lengths.map((length, k) => length / groups.lengths[groups.representatives[k]]);
  const from = reduced.part.pairs.forms;
  const to = freeForms(rows);
  const place = (form: number): number => {
    const representative = groups.representatives[from.rowOf(form)];
    return from.uFactor(form) === 0 ? to.alpha(representative) : to.beta(representative);
  };
  const pairs = renumberPairs(dual.pairs, to, place, (form) => ratio[from.rowOf(form)]);
  const w = new Float64Array(rows);
  dual.w.forEach((value, k) => {
    w[groups.representatives[k]] = value * squareOf(ratio[k]);
  });
  return { reg: original.reg, a, pairs, w };
}

/** Bytes of G with the two products that restore it; the certificate's pairs are those of the distinct rows and belong to the solve. */
export const restoredBytes = (rows: number, columns: number): number => 8 * 3 * squareOf(rows + columns);

/**
 * G over (alpha, u) of the original problem from G' over (alpha', u') of the reduced one: G = P G' Pᵀ, where P takes
 * alpha_i = (c_i/q₊) alpha'_k for a row along its representative, (c_i/q₊)(alpha'_k − Xw_k u') for one against it, 0 for a zero
 * row, and u = W diag(1/s) u'.
 *
 * @param G (n'+d')×(n'+d'), symmetric
 */
export function* restoreGram(reduction: Reduction, G: Matrix): Generator<void, Matrix> {
  const half = yield* applyRestoration(reduction, G);
  const full = yield* applyRestoration(reduction, half.transpose(), true);
  yield* mirrorLower(full);
  return full;
}

/**
 * P B for B with n'+d' rows.
 *
 * @param lower whether only the entries on and below the diagonal are wanted
 */
function* applyRestoration(reduction: Reduction, B: Matrix, lower = false): Generator<void, Matrix> {
  const { original, reduced, groups, terms } = reduction;
  const { d, Xw, s, W } = reduced;
  const from = gramBlocks(reduced.n, d);
  const to = gramBlocks(original.X.rows, original.X.columns);
  const result = Matrix.zeros(to.order, B.columns);
  const pace = new Pace();
  const add = (target: number, factor: number, source: number): void => {
    const sum = result.row(target);
    const row = B.row(source);
    const end = lower ? target + 1 : sum.length;
    for (let j = 0; j < end; j++) sum[j] += factor * row[j];
  };
  for (let i = 0; i < to.n; i++) {
    const k = groups.group[i];
    if (k < 0) continue;
    const factor = groups.lengths[i] / terms.lengths[k];
    add(to.alpha + i, factor, from.alpha + k);
    if (groups.orientation[i] > 0) continue;
    for (let l = 0; l < d; l++) add(to.alpha + i, -factor * Xw.get(k, l), from.u + l);
    if (pace.isDue(d * B.columns)) yield;
  }
  for (let j = 0; j < to.d; j++) {
    for (let l = 0; l < d; l++) add(to.u + j, W.get(j, l) / s[l], from.u + l);
    if (pace.isDue(d * B.columns)) yield;
  }
  return result;
}

/** Rows and columns of a square that stays in a cache while it is transposed. */
const SQUARE = 64;

/** Copies what is below the diagonal above it, square by square. */
function* mirrorLower(A: Matrix): Generator<void, void> {
  const n = A.rows;
  const pace = new Pace();
  for (let top = 0; top < n; top += SQUARE) {
    const bottom = Math.min(n, top + SQUARE);
    for (let left = 0; left <= top; left += SQUARE) {
      for (let i = top; i < bottom; i++) {
        for (let j = left; j < Math.min(left + SQUARE, i); j++) A.data[j * n + i] = A.data[i * n + j];
      }
    }
    if (pace.isDue(4 * SQUARE * bottom)) yield;
  }
}
