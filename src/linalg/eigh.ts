/** Symmetric eigenvalue problems. */
import { anything, checkOptions, type OptionChecks } from '../base/check.js';
import { OptionsError } from '../base/errors.js';
import type { Matrix, MatrixLike } from '../base/matrix.js';
import { show } from '../base/show.js';
import type { Subset } from './algebra.js';
import { finiteResult, load, plan, squareShape, withAlgebra } from './session.js';
import { rowBlock } from './views.js';

export interface EighOptions {
  /** All eigenpairs when left out. A few of many cost less than half of all. */
  readonly subset?: Subset | undefined;
}

const EIGH_CHECKS: OptionChecks<EighOptions> = { subset: anything };
const NO_SUBSET: EighOptions = { subset: undefined };

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
  const { subset: chosen } = checkOptions<EighOptions>(options, NO_SUBSET, EIGH_CHECKS);
  return withAlgebra((algebra) => {
    const shape = squareShape(A, 'A');
    const n = shape.rows;
    const subset = selection(n, chosen);
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

/** A copy, so that what is checked is what is used. */
function selection(n: number, subset: Subset | undefined): Subset {
  if (subset === undefined) return { index: [0, n] };
  const { index, value } = Object(subset) as { index?: unknown; value?: unknown };
  const given = index ?? value;
  if (!Array.isArray(given) || given.length !== 2 || (index !== undefined && value !== undefined)) {
    throw new OptionsError('subset', 'either { index: [first, end] } or { value: [low, high] } works');
  }
  const [low, high]: unknown[] = given;
  const areNumbers = typeof low === 'number' && typeof high === 'number';
  if (index === undefined) {
    if (areNumbers && low <= high) return { value: [low, high] };
    const shown = `value [${show(low)}, ${show(high)}]`;
    throw new OptionsError('subset', `${shown} is empty or not a number; [low, high] with low ≤ high works`);
  }
  const areWhole = areNumbers && Number.isInteger(low) && Number.isInteger(high);
  if (areWhole && 0 <= low && low <= high && high <= n) return { index: [low, high] };
  throw new OptionsError('subset', `index [${show(low)}, ${show(high)}]: whole numbers 0 ≤ first ≤ end ≤ ${n} work`);
}
