/**
 * Lambda = S G Sᵀ from the relaxation's G: the rows of S express alpha = [I 0], beta = [I −X], u = [0 I] and v = [aᵀ/reg 0]
 * in G's blocks (alpha, u), with a = reg (A + reg I)⁻¹ Y the dual variable (docs/model.md, program 5).
 */
import { Matrix } from 'convex-relu';
import { eigh } from 'convex-relu/linalg';
import type { FlatProblem } from './adam.js';
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
  { n, d, c, X, Y, reg }: FlatProblem,
  G: Float64Array,
  a: Float64Array,
): { picture: LambdaPicture; rank: number; size: number } {
  const q = n + d;
  const p = 2 * n + d + c;
  const S = new Float64Array(p * q);
  byClass(Y, n, c).forEach((i, position) => {
    S[position * q + i] = 1;
    S[(n + position) * q + i] = 1;
    for (let k = 0; k < d; k++) S[(n + position) * q + n + k] = -X[i * d + k];
    for (let k = 0; k < c; k++) S[(2 * n + d + k) * q + i] = a[i * c + k] / reg;
  });
  for (let k = 0; k < d; k++) S[(2 * n + k) * q + n + k] = 1;
  const entries = Float32Array.from(timesTransposed(times(S, G, p, q), S, p, q));
  const { values } = eigh(new Matrix(G, q, q));
  const largest = values[q - 1];
  return {
    picture: {
      entries,
      p,
      blocks: [
        ['α', n],
        ['β', n],
        ['u', d],
        ['v', c],
      ],
    },
    rank: values.filter((value) => value > RANK_TOLERANCE * largest).length,
    size: p,
  };
}

/** The examples 0 … n − 1, stably ordered by the column of their 1 in the one-hot Y. */
function byClass(Y: Float64Array, n: number, c: number): number[] {
  const classOf = (i: number): number => Y.subarray(i * c, (i + 1) * c).indexOf(1);
  return Array.from({ length: n }, (_, i) => i).sort((i, j) => classOf(i) - classOf(j));
}

/** S (p×q) times G (q×q). */
function times(S: Float64Array, G: Float64Array, p: number, q: number): Float64Array {
  const product = new Float64Array(p * q);
  for (let i = 0; i < p; i++) {
    for (let l = 0; l < q; l++) {
      const factor = S[i * q + l];
      if (factor !== 0) for (let j = 0; j < q; j++) product[i * q + j] += factor * G[l * q + j];
    }
  }
  return product;
}

/** P (p×q) times Sᵀ. */
function timesTransposed(P: Float64Array, S: Float64Array, p: number, q: number): Float64Array {
  const product = new Float64Array(p * p);
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < p; j++) {
      let sum = 0;
      for (let l = 0; l < q; l++) sum += P[i * q + l] * S[j * q + l];
      product[i * p + j] = sum;
    }
  }
  return product;
}
