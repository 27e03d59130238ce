/**
 * Directions of neurons as the data see them. Two neurons may differ in the fifth digit of u and be quite unlike all the same, where features
 * are on scales as far apart as 1 and 1e5; what tells them apart is X u. With X = Q diag(s) Wᵀ, ‖X u − X u'‖ = ‖diag(s) Wᵀ (u − u')‖.
 */
import type { Matrix } from '../base/matrix.js';
import type { PlacedMatrix } from '../linalg/placed-matrix.js';
import { scaledRows, times } from '../linalg/plain.js';
import { svdFlops } from '../linalg/svd.js';
import { columnNorms, normalizeColumns } from './weights.js';

/** Takes d×m directions to as many unit columns whose angles are those of the X u. */
export type Sight = (U: Matrix) => Matrix;

/** Beyond so many flops for the decomposition features are only weighted by their norms, as if they were orthogonal. */
const LARGEST_DECOMPOSITION = 3e9;

/** For `PlacedMatrix.once`. */
export function sightOf(X: PlacedMatrix): Sight {
  if (svdFlops(X.matrix) > LARGEST_DECOMPOSITION) {
    const norms = columnNorms(X.matrix);
    return (U) => normalizeColumns(scaledRows(U, norms));
  }
  const { s, V } = X.svd();
  const metric = scaledRows(V.transpose(), s);
  return (U) => normalizeColumns(times(metric, U));
}
