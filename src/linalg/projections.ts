/** Projections on the cones of the relaxation. */
import { InputError } from '../base/errors.js';
import type { Matrix, MatrixLike } from '../base/matrix.js';
import { show } from '../base/show.js';
import { finiteResult, load, plan, squareShape, withAlgebra } from './session.js';

/**
 * The positive semidefinite matrix nearest to A in the Frobenius norm: A with its negative eigenvalues set to 0. Only the
 * eigenvectors of the smaller side of the spectrum are computed.
 *
 * N. Higham, Computing a nearest symmetric positive semidefinite matrix, Linear Algebra Appl. 103 (1988).
 *
 * @param A n×n, read from its lower triangle
 * @returns n×n, exactly symmetric
 * @throws InputError when A is not square, NumericalError when A holds NaN or Infinity or the projection is too large for
 * doubles, MemoryError before A is copied when it is too large
 */
export function projectPsd(A: MatrixLike): Matrix {
  return withAlgebra((algebra) => {
    const shape = squareShape(A, 'A');
    plan(algebra, [shape], algebra.kernels.exports.projectPsdWorkspace(shape.rows));
    const a = load(algebra, A, 'A');
    algebra.projectPsd(a);
    return finiteResult(algebra.readMatrix(a), 'the projection');
  });
}

/**
 * The matrix nearest to A whose leading 2h×2h block is nonnegative with zeros at (i, h+i) and (h+i, i), i < h: the nonnegative
 * part of the doubly nonnegative cone, with the complementarity alpha_i beta_i = 0. The rest of A is kept.
 *
 * @param A n×n symmetric, both triangles
 * @param h whole number, 0 ≤ 2h ≤ n
 * @throws InputError when A is not square or h is out of range, NumericalError when A holds NaN or Infinity, MemoryError before it
 * is copied when it is too large
 */
export function projectDnn(A: MatrixLike, h: number): Matrix {
  return withAlgebra((algebra) => {
    const shape = squareShape(A, 'A');
    const n = shape.rows;
    if (!Number.isInteger(h) || h < 0 || 2 * h > n) {
      throw new InputError(
        'h',
        `is ${show(h)}; a whole number from 0 to ${Math.floor(n / 2)} is needed, because A is ${n} × ${n}`,
      );
    }
    plan(algebra, [shape], 0);
    const a = load(algebra, A, 'A');
    algebra.projectDnn(a, h);
    return algebra.readMatrix(a);
  });
}
