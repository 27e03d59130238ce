/** Cholesky factorisation. */
import { NumericalError } from '../base/errors.js';
import type { Matrix, MatrixLike } from '../base/matrix.js';
import { withSession } from './session.js';

/**
 * The lower triangular L with A = L Lᵀ and positive diagonal; n³/3 multiply–adds.
 *
 * Golub and Van Loan, Matrix Computations, 4th ed., section 4.2.
 *
 * @param A n×n symmetric positive definite, read from its lower triangle
 * @returns L, n×n, zeros above the diagonal
 * @throws InputError when A is not square; NumericalError when A is not positive definite (naming the pivot) or not finite
 */
export function cholesky(A: MatrixLike): Matrix {
  return withSession((session) => {
    const { exports, arena } = session;
    const a = session.loadSquare(A, 'A');
    const n = a.rows;
    const failed = exports.cholesky(n, a.address, n, arena.scratch(exports.choleskyWorkspace(n)));
    if (failed) throw new NumericalError(`A: not positive definite: pivot ${failed - 1} is not positive`);
    const L = session.unload(a);
    for (let i = 0; i < n; i++) L.row(i).fill(0, i + 1);
    return L;
  });
}
