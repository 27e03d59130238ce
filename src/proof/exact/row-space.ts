/**
 * The search happens in the row space of X, in the coordinates of its right singular vectors: X / 2^exponent = Z Wᵀ + D, with
 * Z n×r and r = rank(X). Nothing is assumed of the computed W: how far it is from orthonormal, and what D is, is bounded
 * from the data, so that for any R
 *
 *   max over ‖u‖ = 1 of ‖Rᵀ(Xu)₊‖  ≤  2^exponent ( stretch · max over ‖z‖ = 1 of ‖Rᵀ(Zz)₊‖ + Σ_i ‖R_i‖ defect_i )
 *
 * holds as a statement about real numbers (z = Wᵀu has ‖z‖ ≤ ‖W‖₂ ≤ stretch, and row i of D u is at most defect_i).
 */

import { Matrix } from '../../base/matrix.js';
import { exponentBelow, gamma, inflate, normAbove, timesPowerOfTwo } from '../../base/round-off.js';
import { euclideanNorm } from '../../base/vector.js';
import { leadingPart, type ThinSvd, thinSvd } from '../../linalg/svd.js';

export interface RowSpace {
  /** X / 2^exponent, entries at most 2. */
  readonly X: Matrix;
  readonly exponent: number;
  /** n×r; its columns are nearly orthogonal, in decreasing order of norm; entries at most about 2√d. */
  readonly Z: Matrix;
  /** d×r, nearly orthonormal columns. */
  readonly W: Matrix;
  /** Upper bound of ‖W‖₂. */
  readonly stretch: number;
  /** Upper bound of ‖x_i / 2^exponent − W z_i‖ for each row. */
  readonly defect: Float64Array;
}

/** Singular values below this share of the largest are left to `defect`: that much the data's own last bits can make. */
const RANK_CUT = 1e-13;

/** @param svd the decomposition of X, down to singular values of 1e-13 of the largest */
export function rowSpace(X: Matrix, svd: ThinSvd = thinSvd(X, RANK_CUT)): RowSpace {
  const { scaled, exponent } = scaleDown(X);
  const W = leadingPart(svd, RANK_CUT).V;
  const Z = Matrix.zeros(X.rows, W.columns);
  const defect = new Float64Array(X.rows);
  for (let i = 0; i < X.rows; i++) {
    const x = scaled.row(i);
    const z = Z.row(i);
    for (let j = 0; j < x.length; j++) for (let k = 0; k < z.length; k++) z[k] += x[j] * W.get(j, k);
    defect[i] = defectAbove(x, z, W);
  }
  return { X: scaled, exponent, Z, W, stretch: stretchAbove(W), defect };
}

/** A / 2^exponent with its largest entry in [1, 2) (smaller if that entry is subnormal); a zero matrix as it is. Exact except for underflow. */
export function scaleDown(A: Matrix): { scaled: Matrix; exponent: number } {
  const largest = largestMagnitude(A.data);
  const exponent = largest === 0 ? 0 : exponentBelow(largest);
  const scaled = A.data.map((value) => timesPowerOfTwo(value, -exponent));
  return { scaled: new Matrix(scaled, A.rows, A.columns), exponent };
}

export const largestMagnitude = (values: Float64Array): number =>
  values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);

/**
 * ‖x − W z‖ from above: entry j is a sum of 1 + r terms; each may have lost a number below 2⁻¹⁰⁷⁴ to underflow. Roundings relative to a
 * difference are within what normAbove adds.
 */
export function defectAbove(x: Float64Array, z: Float64Array, W: Matrix): number {
  const roundings = z.length + 2;
  const error = new Float64Array(x.length);
  for (let j = 0; j < x.length; j++) {
    let difference = x[j];
    let magnitude = Math.abs(x[j]);
    for (let k = 0; k < z.length; k++) {
      const term = z[k] * W.get(j, k);
      difference -= term;
      magnitude += Math.abs(term);
    }
    error[j] = Math.abs(difference) + gamma(roundings) * magnitude + (roundings + 1) * Number.MIN_VALUE;
  }
  return normAbove(error);
}

/** ‖W‖₂² = ‖WᵀW‖₂ ≤ 1 + ‖WᵀW − I‖_F, from above. */
export function stretchAbove(W: Matrix): number {
  const error = new Float64Array(W.columns * W.columns);
  for (let k = 0; k < W.columns; k++) {
    for (let l = 0; l < W.columns; l++) {
      let product = k === l ? -1 : 0;
      let magnitude = k === l ? 1 : 0;
      for (let j = 0; j < W.rows; j++) {
        const term = W.get(j, k) * W.get(j, l);
        product += term;
        magnitude += Math.abs(term);
      }
      error[k * W.columns + l] = Math.abs(product) + gamma(W.rows + 2) * magnitude;
    }
  }
  return inflate(Math.sqrt(1 + normAbove(error)), 2);
}

/** The unit vector along W z in the coordinates of X. */
export function toDataSpace({ W }: RowSpace, z: ArrayLike<number>): Float64Array {
  const u = new Float64Array(W.rows);
  for (let j = 0; j < W.rows; j++) for (let k = 0; k < W.columns; k++) u[j] += W.get(j, k) * z[k];
  return normalize(u);
}

function normalize(x: Float64Array): Float64Array {
  const norm = euclideanNorm(x);
  return norm > 0 ? x.map((value) => value / norm) : x;
}
