/** Symmetric eigenvalue problems. */
import { OptionsError } from '../base/errors.js';
import type { Matrix, MatrixLike } from '../base/matrix.js';
import type { Subset } from './algebra.js';
import { finiteResult, load, plan, squareShape, withAlgebra } from './session.js';
import { rowBlock } from './views.js';

export interface EighOptions {
  /** All eigenpairs when left out. A few of many cost less than half of all. */
  readonly subset?: Subset | undefined;
}

export interface Eigh {
  /** k eigenvalues, ascending. */
  readonly values: Float64Array;
  /** n×k; column j is the unit eigenvector of values[j]. */
  readonly vectors: Matrix;
}

/**
 * Eigendecomposition A = V diag(values) Vᵀ of a symmetric matrix, or part of it. Residual and orthogonality are within a small
 * multiple of n·ε, for any scale of A.
 *
 * Householder tridiagonalisation, divide and conquer (for few eigenpairs bisection and inverse iteration), back-transform:
 * Golub and Van Loan, Matrix Computations, 4th ed., sections 8.3 and 8.4. At most 14/3 n³ flops.
 *
 * @param A n×n, read from its lower triangle
 * @throws InputError when A is not square, OptionsError for an impossible subset, NumericalError when A holds NaN or Infinity or
 * an eigenvalue is too large, MemoryError before it is copied when it is too large
 */
export function eigh(A: MatrixLike, options: EighOptions = {}): Eigh {
  return withAlgebra((algebra) => {
    const shape = squareShape(A, 'A');
    const n = shape.rows;
    const subset = selection(n, options.subset);
    plan(algebra, [shape, shape, { rows: 1, columns: n }], algebra.kernels.exports.eighWorkspace(n));
    const a = load(algebra, A, 'A');
    const w = algebra.vector(n);
    const V = algebra.unset(n, n);
    const count = algebra.eighSubset(a, subset, w, V);
    return {
      values: finiteResult(algebra.read(w).slice(0, count), 'an eigenvalue'),
      // The kernels keep eigenvectors in rows.
      vectors: algebra.readMatrix(rowBlock(V, 0, count)).transpose(),
    };
  });
}

/**
 * All eigenvalues of a symmetric matrix, ascending; 4/3 n³ flops.
 *
 * @param A n×n, read from its lower triangle
 * @throws InputError when A is not square, NumericalError when A holds NaN or Infinity or an eigenvalue is too large,
 * MemoryError before it is copied when it is too large
 */
export function eigvalsh(A: MatrixLike): Float64Array {
  return withAlgebra((algebra) => {
    const shape = squareShape(A, 'A');
    plan(algebra, [shape, { rows: 1, columns: shape.rows }], algebra.kernels.exports.eigenvaluesWorkspace(shape.rows));
    return finiteResult(algebra.eigenvalues(load(algebra, A, 'A')), 'an eigenvalue');
  });
}

function selection(n: number, subset: Subset | undefined): Subset {
  if (subset === undefined) return { index: [0, n] };
  const { index, value } = subset as { index?: readonly number[]; value?: readonly number[] };
  const [low, high] = index ?? value ?? [];
  if (low === undefined || high === undefined || (index && value)) {
    throw new OptionsError('subset', 'either { index: [first, end] } or { value: [low, high] } works');
  }
  if (value) {
    if (low <= high) return subset;
    throw new OptionsError(
      'subset',
      `value [${low}, ${high}] is empty or not a number; [low, high] with low ≤ high works`,
    );
  }
  if (Number.isInteger(low) && Number.isInteger(high) && 0 <= low && low <= high && high <= n) return subset;
  throw new OptionsError('subset', `index [${low}, ${high}]: whole numbers 0 ≤ first ≤ end ≤ ${n} work`);
}
