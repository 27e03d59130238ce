/**
 * What a row adds to f(u) = ‖Rᵀ(Xu)₊‖ is at most ‖R_i‖‖x_i‖. Where the largest rows of X are those with the smallest R_i, the row space
 * of X resolves what does not matter and cuts off what does. Since (x_i·u)₊ is positively homogeneous, a factor may move from R_i to x_i,
 * which makes the size of a row that of its contribution.
 */
import { Matrix } from '../../base/matrix.js';
import { exponentBelow, timesPowerOfTwo } from '../../base/round-off.js';
import { largestMagnitude } from './row-space.js';

/** Rows stay as they are while the largest contribution is at least this share of max‖x_i‖ · max‖R_i‖, as powers of two. */
const BALANCED = -10;

export interface BalancedRows {
  readonly X: Matrix;
  readonly R: Matrix;
  /** f_X,R = 2^exponent · f of the two above. */
  readonly exponent: number;
}

/**
 * x_i · 2^(e_i − exponent) and R_i · 2^−e_i with 2^e_i near the size of R_i: all entries at most 2, and exact except for underflow. Undefined
 * where the given rows are balanced well enough.
 */
export function balanceRows(X: Matrix, R: Matrix): BalancedRows | undefined {
  const shifts = new Int32Array(X.rows);
  let contribution = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < X.rows; i++) {
    const [x, r] = [largestMagnitude(X.row(i)), largestMagnitude(R.row(i))];
    if (r > 0) shifts[i] = exponentBelow(r);
    if (x > 0 && r > 0) contribution = Math.max(contribution, exponentBelow(x) + shifts[i]);
  }
  if (contribution === Number.NEGATIVE_INFINITY) return undefined;
  const product = exponentBelow(largestMagnitude(X.data)) + exponentBelow(largestMagnitude(R.data));
  if (contribution >= product + BALANCED) return undefined;

  const balanced = { X: Matrix.zeros(X.rows, X.columns), R: Matrix.zeros(R.rows, R.columns), exponent: contribution };
  for (let i = 0; i < X.rows; i++) {
    const r = R.row(i);
    if (r.every((value) => value === 0)) continue;
    balanced.X.row(i).set(X.row(i).map((value) => timesPowerOfTwo(value, shifts[i] - contribution)));
    balanced.R.row(i).set(r.map((value) => timesPowerOfTwo(value, -shifts[i])));
  }
  return balanced;
}
