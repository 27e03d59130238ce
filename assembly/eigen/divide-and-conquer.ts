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

/** Rows of the first half. */
export function halfOf(n: i32): i32 {
  return ((n >> 1) + 1) & ~1;
}

/** Takes the coupling of the two halves of rows [start, start + n) out of the diagonal; returns it. */
export function tear(plan: Plan, start: i32, n: i32): f64 {
  const middle = start + halfOf(n);
  const coupling = get(plan.e, middle - 1);
  const size = Math.abs(coupling);
  put(plan.d, middle - 1, get(plan.d, middle - 1) - size);
  put(plan.d, middle, get(plan.d, middle) - size);
  return coupling;
}

/** Zeros beside the eigenvectors of the halves. */
export function clearBesideHalves(plan: Plan, start: i32, n: i32): void {
  const n1 = halfOf(n);
  const Q = element(row(plan.Q, start, plan.ldq), start);
  for (let i = 0; i < n; i++) {
    const q = row(Q, i, plan.ldq);
    if (i < n1) memory.fill(element(q, n1), 0, <usize>(n - n1) << 3);
    else memory.fill(q, 0, <usize>n1 << 3);
  }
}

/** The eigenpairs of rows [start, start + n), in the order of plan.order; their number, or NO_CONVERGENCE. */
export function solve(plan: Plan, start: i32, n: i32, top: bool): i32 {
  if (n <= LEAF) return leaf(plan, start, n);
  const n1 = halfOf(n);
  const coupling = tear(plan, start, n);
  if (solve(plan, start, n1, false) < 0) return NO_CONVERGENCE;
  if (solve(plan, start + n1, n - n1, false) < 0) return NO_CONVERGENCE;
  clearBesideHalves(plan, start, n);
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

/** The plan of a run over the tridiagonal matrix (d, e), which is destroyed, for the eigenpairs [first, last); Q needs n×n. */
export function planConquest(
  n: i32, d: usize, e: usize, Q: usize, ldq: i32, first: i32, last: i32, work: usize, gemmWork: usize,
): Plan {
  const plan = planMerges(n, work);
  plan.d = d;
  plan.e = e;
  plan.Q = Q;
  plan.ldq = ldq;
  plan.order = work + <usize>mergeWorkspace(n);
  plan.first = first;
  plan.last = last;
  plan.gemmWork = gemmWork;
  return plan;
}

/** Puts the wanted ones of the `rows` eigenpairs left in order: values to w, vectors to the first rows of Q. Returns their number. */
export function finishConquest(plan: Plan, n: i32, rows: i32, w: usize): i32 {
  const d = plan.d;
  const Q = plan.Q;
  const ldq = plan.ldq;
  const first = plan.first;
  const last = plan.last;
  // Neighbouring roots may come out of order by a rounding error.
  sortRows(rows, d, plan.order);
  applyOrder(rows, d, Q, ldq, n, plan.order, plan.z);
  const count = last - first;
  const skip = rows == count ? 0 : first;
  memory.copy(w, element(d, skip), <usize>count << 3);
  for (let i = 0; skip && i < count; i++) memory.copy(row(Q, i, ldq), row(Q, skip + i, ldq), <usize>n << 3);
  return count;
}

/**
 * Eigenpairs [first, last) in ascending order of the tridiagonal matrix (d, e): values to w, vectors to the rows of Q.
 * d (n) and e (n) are destroyed, Q needs n×n whatever is wanted. Returns `last − first`, or NO_CONVERGENCE.
 */
export function divideAndConquer(
  n: i32, d: usize, e: usize, Q: usize, ldq: i32, first: i32, last: i32, w: usize, work: usize, gemmWork: usize,
): i32 {
  const plan = planConquest(n, d, e, Q, ldq, first, last, work, gemmWork);
  const rows = solve(plan, 0, n, true);
  return rows < 0 ? rows : finishConquest(plan, n, rows, w);
}
