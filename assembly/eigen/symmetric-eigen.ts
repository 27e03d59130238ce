/**
 * Symmetric eigendecomposition A = Vᵀ diag(w) V, eigenvectors in the rows of V: tridiagonalise, divide and conquer,
 * back-transform. At most 14/3 n³ flops, less what deflates.
 */
import { get, leadingDimension, put, row } from '../address';
import { scale } from '../blas/vector';
import { NOT_FINITE, OK } from '../../src/engine/constants';
import { backTransform, backTransformBlock, backTransformWorkspace } from './back-transform';
import {
  clearBesideHalves, divideAndConquer, divideAndConquerWorkspace, finishConquest, halfOf, planConquest, solve, tear,
} from './divide-and-conquer';
import { beginMerge, endMerge, mergeVectors } from './merge';
import { Plan } from './plan';
import {
  beginReduction, continueReduction, diagonalOf, factorsOf, matrixOf, offDiagonalOf, reduce, reductionBytes, restOf,
} from './reduce';
import { sortValues } from './sort';
import { bisectEigenvalue, squareOffDiagonal, sturmCount, tridiagonalRadius } from './sturm';
import { tridiagonalQl } from './tridiagonal-ql';
import { isSubsetCheaper, tridiagonalSubset, tridiagonalSubsetWorkspace } from './tridiagonal-subset';
import { tridiagonalizeWorkspace } from './tridiagonalize';

export function eighWorkspace(n: i32): f64 {
  const reduction = tridiagonalizeWorkspace(n);
  const solution = max(divideAndConquerWorkspace(n), tridiagonalSubsetWorkspace(n));
  return reductionBytes(n) + max(max(reduction, solution), backTransformWorkspace(n, n));
}

/** Number of eigenvalues ≤ x of the reduced matrix in `work`. */
export function countUpTo(n: i32, x: f64, work: usize): i32 {
  const e2 = restOf(n, work);
  squareOffDiagonal(n, offDiagonalOf(n, work), e2);
  return sturmCount(n, diagonalOf(n, work), e2, x);
}

/** Eigenpairs [first, last) of the matrix `reduce` left in work; values times `unit`. Returns their number or a status. */
export function reducedEigenpairs(n: i32, first: i32, last: i32, unit: f64, w: usize, V: usize, ldv: i32, work: usize): i32 {
  const d = diagonalOf(n, work);
  const e = offDiagonalOf(n, work);
  const rest = restOf(n, work);
  let count = last - first;
  if (!isSubsetCheaper(n, count) || !tridiagonalSubset(n, d, e, first, last, w, V, ldv, rest, work)) {
    count = divideAndConquer(n, d, e, V, ldv, first, last, w, rest, work);
    if (count < 0) return count;
  }
  backTransform(n, matrixOf(work), leadingDimension(n), factorsOf(n, work), count, V, ldv, rest, work);
  scale(count, unit, w);
  return count;
}

export function eigh(n: i32, A: usize, lda: i32, w: usize, V: usize, ldv: i32, work: usize): i32 {
  const count = eighRange(n, A, lda, 0, n, w, V, ldv, work);
  return count < 0 ? count : OK;
}

export function eighRange(n: i32, A: usize, lda: i32, first: i32, last: i32, w: usize, V: usize, ldv: i32, work: usize): i32 {
  if (n == 0) return 0;
  const unit = reduce(n, A, lda, work);
  if (unit != unit) return NOT_FINITE;
  return reducedEigenpairs(n, first, last, unit, w, V, ldv, work);
}

/** Eigenpairs with low < value ≤ high. */
export function eighBetween(
  n: i32, A: usize, lda: i32, low: f64, high: f64, w: usize, V: usize, ldv: i32, work: usize,
): i32 {
  if (n == 0) return 0;
  if (low != low || high != high) return NOT_FINITE;
  const unit = reduce(n, A, lda, work);
  if (unit != unit) return NOT_FINITE;
  const first = countUpTo(n, low / unit, work);
  const last = max(first, countUpTo(n, high / unit, work));
  const count = reducedEigenpairs(n, first, last, unit, w, V, ldv, work);
  if (count <= 0) return count;
  // The counts and the computed values may disagree by round-off at the ends.
  let skip = 0;
  let end = count;
  while (skip < end && get(w, skip) <= low) skip++;
  while (skip < end && get(w, end - 1) > high) end--;
  if (skip > 0) {
    for (let i = skip; i < end; i++) {
      put(w, i - skip, get(w, i));
      memory.copy(row(V, i - skip, ldv), row(V, i, ldv), <usize>n << 3);
    }
  }
  return end - skip;
}

export function eigenvaluesWorkspace(n: i32): f64 {
  return reductionBytes(n) + tridiagonalizeWorkspace(n);
}

export function eigenvalues(n: i32, A: usize, lda: i32, w: usize, work: usize): i32 {
  if (n == 0) return OK;
  const unit = reduce(n, A, lda, work);
  if (unit != unit) return NOT_FINITE;
  memory.copy(w, diagonalOf(n, work), <usize>n << 3);
  const status = tridiagonalQl(n, w, offDiagonalOf(n, work), 0, 0, 0);
  if (status < 0) return status;
  sortValues(n, w);
  scale(n, unit, w);
  return OK;
}

export function smallestEigenvalueWorkspace(n: i32): f64 {
  return eigenvaluesWorkspace(n);
}

/** Smallest eigenvalue by bisection: within about 4·n·ε·‖A‖. NaN when A is not finite, +Infinity when n = 0. */
export function smallestEigenvalue(n: i32, A: usize, lda: i32, work: usize): f64 {
  if (n == 0) return Infinity;
  const unit = reduce(n, A, lda, work);
  if (unit != unit) return NaN;
  return unit * reducedSmallest(n, work);
}

// ---- the same in parts, for those who must not be away for long; `work` keeps what is between them -----------------

export function eighBegin(n: i32, A: usize, lda: i32, work: usize): f64 {
  return beginReduction(n, A, lda, work);
}

export function eighReduce(n: i32, end: i32, stop: i32, work: usize): i32 {
  return continueReduction(n, end, stop, work);
}

/** Smallest eigenvalue of the reduced matrix in `work`, in its unit. */
export function reducedSmallest(n: i32, work: usize): f64 {
  const d = diagonalOf(n, work);
  const e = offDiagonalOf(n, work);
  const radius = tridiagonalRadius(n, d, e);
  const e2 = restOf(n, work);
  squareOffDiagonal(n, e, e2);
  return bisectEigenvalue(n, d, e2, 0, -radius, radius);
}

export function conquestOf(n: i32, V: usize, ldv: i32, work: usize): usize {
  return changetype<usize>(planConquest(n, diagonalOf(n, work), offDiagonalOf(n, work), V, ldv, 0, n, restOf(n, work), work));
}

export function conquestSolve(plan: usize, start: i32, count: i32, top: bool): i32 {
  return solve(changetype<Plan>(plan), start, count, top);
}

export function conquestTear(plan: usize, start: i32, count: i32): f64 {
  return tear(changetype<Plan>(plan), start, count);
}

export function conquestBeginMerge(plan: usize, start: i32, count: i32, coupling: f64, top: bool): i32 {
  clearBesideHalves(changetype<Plan>(plan), start, count);
  return beginMerge(changetype<Plan>(plan), start, halfOf(count), count, coupling, top);
}

export function conquestVectors(plan: usize, start: i32, count: i32, from: i32, to: i32): void {
  mergeVectors(changetype<Plan>(plan), start, halfOf(count), count, from, to);
}

export function conquestEndMerge(plan: usize, start: i32, count: i32): i32 {
  return endMerge(changetype<Plan>(plan), start, count);
}

export function conquestFinish(plan: usize, n: i32, rows: i32, w: usize): i32 {
  return finishConquest(changetype<Plan>(plan), n, rows, w);
}

export function eighBack(n: i32, V: usize, ldv: i32, first: i32, work: usize): i32 {
  return backTransformBlock(n, matrixOf(work), leadingDimension(n), factorsOf(n, work), n, V, ldv, first, restOf(n, work), work);
}
