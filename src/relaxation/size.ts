/** Sizes of a reduced problem, of which the costs of every algorithm follow. */
import { squareOf } from '../base/elementary.js';
import { freeForms } from '../problem/parts/free.js';

export interface ProblemSize {
  readonly n: number;
  readonly d: number;
  readonly c: number;
}

/** Order of Lambda over (alpha, u', v). */
export const liftedOrder = ({ n, d, c }: ProblemSize): number => n + d + c;

/** Order of K over the part's forms. */
export const formCount = ({ n }: ProblemSize): number => freeForms(n).count;

/**
 * Bytes of so many matrices of order p and of order of the forms: how working memory is counted, from that of finished solves, rounded up.
 * Two vectors over the pairs are one of the latter.
 */
export const copiesBytes = (size: ProblemSize, copies: { readonly lifted: number; readonly forms: number }): number =>
  8 * (copies.lifted * squareOf(liftedOrder(size)) + copies.forms * squareOf(formCount(size)));
