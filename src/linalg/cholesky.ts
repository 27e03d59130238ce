/** Cholesky factorisation. */
import { NumericalError } from '../base/errors.js';
import type { Matrix, MatrixLike } from '../base/matrix.js';
import { load, plan, squareShape, withAlgebra } from './session.js';

/**
 * The lower triangular L with A = L Lᵀ and positive diagonal; n³/3 multiply–adds.
 *
 * Golub and Van Loan, Matrix Computations, 4th ed., section 4.2.
 *
 * @param A n×n symmetric positive definite, read from its lower triangle
 * @returns L, n×n, zeros above the diagonal
 * @throws InputError when A is not square; NumericalError when A is not positive definite (naming the pivot) or not finite;
 * MemoryError before it is copied when it is too large
 */
export function cholesky(A: MatrixLike): Matrix {
  return withAlgebra((algebra) => {
    const shape = squareShape(A, 'A');
    plan(algebra, [shape], algebra.kernels.exports.choleskyWorkspace(shape.rows));
    const a = load(algebra, A, 'A');
    const failed = algebra.failingPivot(a);
    if (failed) throw new NumericalError(`A: not positive definite: pivot ${failed - 1} is not positive`);
    const L = algebra.readMatrix(a);
    for (let i = 0; i < L.rows; i++) L.row(i).fill(0, i + 1);
    return L;
  });
}
