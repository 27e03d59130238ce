/** Symmetric eigenvalue problems. */
import { OptionsError } from '../base/errors.js';
import type { Matrix, MatrixLike } from '../base/matrix.js';
import type { Address } from '../engine/abi.js';
import { checkStatus } from '../engine/kernels.js';
import { finiteResult, type Session, withSession } from './session.js';

/** Which eigenpairs: `index` [first, end) in ascending order, or `value` (low, high], ends may be infinite. */
export type Subset = { readonly index: readonly [number, number] } | { readonly value: readonly [number, number] };

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
 * @throws InputError when A is not square, OptionsError for an impossible subset, NumericalError when A holds NaN or Infinity or an eigenvalue is too large
 */
export function eigh(A: MatrixLike, options: EighOptions = {}): Eigh {
  return withSession((session) => {
    const { exports, arena } = session;
    const a = session.loadSquare(A, 'A');
    const n = a.rows;
    const select = selection(n, options.subset);
    const w = arena.allocate(n);
    const V = arena.scratch(n * n * 8);
    const work = arena.scratch(exports.eighWorkspace(n));
    const status =
      'value' in select
        ? exports.eighBetween(n, a.address, n, select.value[0], select.value[1], w, V, n, work)
        : exports.eighRange(n, a.address, n, select.index[0], select.index[1], w, V, n, work);
    const count = checkStatus(status, 'eigh');
    return { values: finiteResult(arena.read(w, count), 'an eigenvalue'), vectors: columnsOf(session, V, count, n) };
  });
}

/**
 * All eigenvalues of a symmetric matrix, ascending; 4/3 n³ flops.
 *
 * @param A n×n, read from its lower triangle
 * @throws InputError when A is not square, NumericalError when A holds NaN or Infinity or an eigenvalue is too large
 */
export function eigvalsh(A: MatrixLike): Float64Array {
  return withSession((session) => {
    const { exports, arena } = session;
    const { address, rows: n } = session.loadSquare(A, 'A');
    const w = arena.allocate(n);
    checkStatus(exports.eigenvalues(n, address, n, w, arena.scratch(exports.eigenvaluesWorkspace(n))), 'eigvalsh');
    return finiteResult(arena.read(w, n), 'an eigenvalue');
  });
}

/** Kernels keep eigenvectors in rows. */
function columnsOf(session: Session, V: Address, count: number, n: number): Matrix {
  const result = session.zeros(n, count);
  session.exports.transpose(count, n, V, n, result.address, count);
  return session.unload(result);
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
