/** Divide and conquer for the symmetric tridiagonal eigenproblem: halves down to QL leaves, then merges. */
import { element, get, getInt, intBytes, put, putInt, row } from '../address';
import { NO_CONVERGENCE } from '../../src/engine/constants';
import { merge } from './merge';
import { mergeWorkspace, Plan, planMerges, sortRows } from './plan';
import { tridiagonalQl } from './tridiagonal-ql';

/** Leaves of QL: below this the merge costs more than the sweeps. */
const LEAF: i32 = 32;

export function divideAndConquerWorkspace(n: i32): f64 {
  return mergeWorkspace(n) + intBytes(n);
}

function leaf(plan: Plan, start: i32, n: i32): i32 {
  const Q = element(row(plan.Q, start, plan.ldq), start);
  const d = element(plan.d, start);
  const order = plan.order + (<usize>start << 2);
  for (let i = 0; i < n; i++) {
    memory.fill(row(Q, i, plan.ldq), 0, <usize>n << 3);
    put(row(Q, i, plan.ldq), i, 1);
    putInt(order, i, i);
  }
  const status = tridiagonalQl(n, d, element(plan.e, start), Q, plan.ldq, n);
  if (status < 0) return status;
  sortRows(n, d, order);
  return n;
}

function solve(plan: Plan, start: i32, n: i32, top: bool): i32 {
  if (n <= LEAF) return leaf(plan, start, n);
  const n1 = ((n >> 1) + 1) & ~1;
  const middle = start + n1;
  const coupling = get(plan.e, middle - 1);
  const size = Math.abs(coupling);
  put(plan.d, middle - 1, get(plan.d, middle - 1) - size);
  put(plan.d, middle, get(plan.d, middle) - size);
  if (solve(plan, start, n1, false) < 0) return NO_CONVERGENCE;
  if (solve(plan, middle, n - n1, false) < 0) return NO_CONVERGENCE;
  const Q = element(row(plan.Q, start, plan.ldq), start);
  for (let i = 0; i < n; i++) {
    const q = row(Q, i, plan.ldq);
    if (i < n1) memory.fill(element(q, n1), 0, <usize>(n - n1) << 3);
    else memory.fill(q, 0, <usize>n1 << 3);
  }
  return merge(plan, start, n1, n, coupling, top);
}

/** Moves row order[i] of Q (and of d) to row i, along the cycles of the permutation; `order` is destroyed. */
function applyOrder(n: i32, d: usize, Q: usize, ldq: i32, length: i32, order: usize, buffer: usize): void {
  const size = <usize>length << 3;
  for (let i = 0; i < n; i++) {
    if (getInt(order, i) == i) continue;
    memory.copy(buffer, row(Q, i, ldq), size);
    const di = get(d, i);
    let j = i;
    for (;;) {
      const from = getInt(order, j);
      putInt(order, j, j);
      if (from == i) break;
      memory.copy(row(Q, j, ldq), row(Q, from, ldq), size);
      put(d, j, get(d, from));
      j = from;
    }
    memory.copy(row(Q, j, ldq), buffer, size);
    put(d, j, di);
  }
}

/**
 * Eigenpairs [first, last) in ascending order of the tridiagonal matrix (d, e): values to w, vectors to the rows of Q.
 * d (n) and e (n) are destroyed, Q needs n×n whatever is wanted. Returns `last − first`, or NO_CONVERGENCE.
 */
export function divideAndConquer(
  n: i32, d: usize, e: usize, Q: usize, ldq: i32, first: i32, last: i32, w: usize, work: usize, gemmWork: usize,
): i32 {
  const plan = planMerges(n, work);
  plan.d = d;
  plan.e = e;
  plan.Q = Q;
  plan.ldq = ldq;
  plan.order = work + <usize>mergeWorkspace(n);
  plan.first = first;
  plan.last = last;
  plan.gemmWork = gemmWork;
  const rows = solve(plan, 0, n, true);
  if (rows < 0) return rows;
  // Neighbouring roots may come out of order by a rounding error.
  sortRows(rows, d, plan.order);
  applyOrder(rows, d, Q, ldq, n, plan.order, plan.z);
  const count = last - first;
  const skip = rows == count ? 0 : first;
  memory.copy(w, element(d, skip), <usize>count << 3);
  for (let i = 0; skip && i < count; i++) memory.copy(row(Q, i, ldq), row(Q, skip + i, ldq), <usize>n << 3);
  return count;
}
