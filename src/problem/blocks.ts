/** The block layout of Lambda and of G: the only place that knows where alpha, beta, u and v begin. */

import { freeForms } from './parts/free.js';

/** Lambda is p×p over (alpha, beta, u, v), p = forms + d + c. */
export interface LambdaBlocks {
  readonly n: number;
  readonly d: number;
  readonly c: number;
  /** Offsets of the blocks. */
  readonly alpha: number;
  readonly beta: number;
  readonly u: number;
  readonly v: number;
  /** Order of Lambda. */
  readonly p: number;
}

export function lambdaBlocks(n: number, d: number, c: number): LambdaBlocks {
  const forms = freeForms(n);
  return {
    n,
    d,
    c,
    alpha: forms.alpha(0),
    beta: forms.beta(0),
    u: forms.count,
    v: forms.count + d,
    p: forms.count + d + c,
  };
}

/** G is (n+d)×(n+d) over (alpha, u): blocks A (alpha, alpha), C (alpha, u), D (u, u). */
export interface GramBlocks {
  readonly n: number;
  readonly d: number;
  readonly alpha: number;
  readonly u: number;
  /** Order of G. */
  readonly order: number;
}

export const gramBlocks = (n: number, d: number): GramBlocks => ({ n, d, alpha: 0, u: n, order: n + d });
