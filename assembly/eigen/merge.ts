/**
 * Divide and conquer, the merge: the eigenpairs of two halves and the rank-one coupling rho·z zᵀ give those of the whole.
 *
 * 1. Deflation: entries of z too small to matter, and pairs of nearly equal eigenvalues (rotated so that one entry vanishes),
 *    keep their eigenvectors. 2. The secular equation gives the other eigenvalues. 3. z is recomputed so that the computed
 *    eigenvalues are exact for it, which makes the vectors orthogonal without extra precision. 4. Two GEMMs form them; rows
 *    are grouped by support (left half, both, right half), so that blocks of zeros are not multiplied.
 * References: J. Cuppen, Numer. Math. 36 (1981); M. Gu, S. Eisenstat, SIAM J. Matrix Anal. Appl. 15 (1994); LAPACK dlaed1–3.
 */
import { element, get, getInt, put, putInt, row } from '../address';
import { gemm } from '../blas/gemm';
import { lanes, madd } from '../simd';
import { Plan, sortRows } from './plan';
import { rotate } from './rotate';
import { secularRoot } from './secular';

const UNIT: f64 = 1.1102230246251565e-16;
const HALF_ROOT: f64 = 0.7071067811865476;

/** Where a row of Q is nonzero. */
const LEFT: i32 = 0;
const BOTH: i32 = 1;
const RIGHT: i32 = 2;

/** plan.merged = rows of both halves by ascending eigenvalue. */
function mergeOrders(plan: Plan, n1: i32, n: i32, d: usize, order: usize): void {
  let a = 0;
  let b = n1;
  for (let t = 0; t < n; t++) {
    const ia = a < n1 ? getInt(order, a) : 0;
    const ib = b < n ? n1 + getInt(order, b) : 0;
    if (b >= n || (a < n1 && get(d, ia) <= get(d, ib))) {
      putInt(plan.merged, t, ia);
      a++;
    } else {
      putInt(plan.merged, t, ib);
      b++;
    }
  }
}

@inline
function activate(plan: Plan, k: i32, d: usize, r: i32): void {
  put(plan.poles, k, get(d, r));
  put(plan.weights, k, get(plan.z, r));
  putInt(plan.active, k, r);
}

/** Splits the rows into active (poles, weights) and deflated ones; returns the number of active rows, −1: none couples. */
function deflate(plan: Plan, n1: i32, n: i32, d: usize, Q: usize, rho: f64, sign: f64): i32 {
  const z = plan.z;
  let zMax = 0.0;
  let dMax = 0.0;
  for (let i = 0; i < n; i++) {
    const zi = i < n1 ? get(row(Q, i, plan.ldq), n1 - 1) * HALF_ROOT : sign * get(row(Q, i, plan.ldq), n1) * HALF_ROOT;
    put(z, i, zi);
    putInt(plan.support, i, i < n1 ? LEFT : RIGHT);
    zMax = Math.max(zMax, Math.abs(zi));
    dMax = Math.max(dMax, Math.abs(get(d, i)));
  }
  const tolerance = 16 * UNIT * Math.max(dMax, zMax);
  if (rho * zMax <= tolerance) return -1;
  let k = 0;
  let deflatedCount = 0;
  let previous = -1;
  for (let t = 0; t < n; t++) {
    const r = getInt(plan.merged, t);
    if (rho * Math.abs(get(z, r)) <= tolerance) {
      putInt(plan.deflated, deflatedCount++, r);
      continue;
    }
    if (previous < 0) {
      previous = r;
      continue;
    }
    let s = get(z, previous);
    let c = get(z, r);
    const tau = Math.sqrt(c * c + s * s);
    const gap = get(d, r) - get(d, previous);
    c /= tau;
    s = -s / tau;
    if (Math.abs(gap * c * s) <= tolerance) {
      put(z, r, tau);
      if (getInt(plan.support, r) != getInt(plan.support, previous)) putInt(plan.support, r, BOTH);
      rotate(n, row(Q, previous, plan.ldq), row(Q, r, plan.ldq), c, s);
      const a = get(d, previous);
      const b = get(d, r);
      put(d, previous, a * c * c + b * s * s);
      put(d, r, a * s * s + b * c * c);
      putInt(plan.deflated, deflatedCount++, previous);
    } else {
      activate(plan, k++, d, previous);
    }
    previous = r;
  }
  if (previous >= 0) activate(plan, k++, d, previous);
  return k;
}

/** Gu and Eisenstat's z: the one for which the computed roots are exact. Overwrites plan.z. */
function refineWeights(plan: Plan, k: i32, lds: i32): void {
  const z = plan.z;
  const poles = plan.poles;
  for (let i = 0; i < k; i++) put(z, i, 1);
  for (let j = 0; j < k; j++) {
    const differences = row(plan.S, j, lds);
    const pole = get(poles, j);
    const p = f64x2.splat(pole);
    const own = get(z, j) * get(differences, j);
    let i = 0;
    for (; i + 2 <= k; i += 2) {
      const ratio = f64x2.div(v128.load(element(differences, i)), f64x2.sub(v128.load(element(poles, i)), p));
      v128.store(element(z, i), f64x2.mul(v128.load(element(z, i)), ratio));
    }
    if (i < k) put(z, i, get(z, i) * (get(differences, i) / (get(poles, i) - pole)));
    // The quotient at i = j was 0/0.
    put(z, j, own);
  }
  for (let i = 0; i < k; i++) {
    const size = Math.sqrt(Math.abs(get(z, i)));
    put(z, i, get(plan.weights, i) < 0 ? -size : size);
  }
}

/** Turns rows [from, to) of S from differences into unit coefficient vectors z_i/(δ_i − λ_j), permuted by support. */
function formCoefficients(plan: Plan, k: i32, lds: i32, from: i32, to: i32): void {
  const t = plan.squares;
  for (let j = from; j < to; j++) {
    const differences = row(plan.S, j, lds);
    let sum = f64x2.splat(0);
    let i = 0;
    for (; i + 2 <= k; i += 2) {
      const v = f64x2.div(v128.load(element(plan.z, i)), v128.load(element(differences, i)));
      v128.store(element(t, i), v);
      sum = madd(v, v, sum);
    }
    let norm = lanes(sum);
    if (i < k) {
      const v = get(plan.z, i) / get(differences, i);
      put(t, i, v);
      norm += v * v;
    }
    const f = 1 / Math.sqrt(norm);
    for (i = 0; i < k; i++) put(differences, getInt(plan.position, i), get(t, i) * f);
  }
}

/** The eigenvalues of the coupled part: roots of the secular equation, differences δ_i − λ_j in the rows of S. */
function solveRoots(plan: Plan, k: i32, lds: i32, rho: f64): void {
  let norm = 0.0;
  for (let i = 0; i < k; i++) norm += get(plan.weights, i) * get(plan.weights, i);
  if (k == 1) {
    put(plan.roots, 0, get(plan.poles, 0) + rho * norm);
    return;
  }
  for (let i = 0; i < k; i++) put(plan.squares, i, (get(plan.weights, i) * get(plan.weights, i)) / norm);
  for (let j = 0; j < k; j++) {
    put(plan.roots, j, secularRoot(k, j, plan.poles, plan.squares, rho * norm, row(plan.S, j, lds)));
  }
}

/** Copies the active rows out of Q, grouped by support: left, both, right; plan.position tells where row i went. */
function groupActive(plan: Plan, k: i32, n1: i32, n2: i32, Q: usize): void {
  let left = 0;
  let both = 0;
  for (let i = 0; i < k; i++) {
    const s = getInt(plan.support, getInt(plan.active, i));
    if (s == LEFT) left++;
    else if (s == BOTH) both++;
  }
  plan.left = left;
  plan.leftAndBoth = left + both;
  plan.bothAndRight = k - left;
  plan.oldLeft = plan.rows;
  plan.oldRight = row(plan.oldLeft, plan.leftAndBoth, n1);
  plan.oldDeflated = row(plan.oldRight, plan.bothAndRight, n2);
  let nextLeft = 0;
  let nextBoth = left;
  let nextRight = left + both;
  for (let i = 0; i < k; i++) {
    const r = getInt(plan.active, i);
    const s = getInt(plan.support, r);
    const position = s == LEFT ? nextLeft++ : s == BOTH ? nextBoth++ : nextRight++;
    putInt(plan.position, i, position);
    const source = row(Q, r, plan.ldq);
    if (s != RIGHT) memory.copy(row(plan.oldLeft, position, n1), source, <usize>n1 << 3);
    if (s != LEFT) memory.copy(row(plan.oldRight, position - left, n2), element(source, n1), <usize>n2 << 3);
  }
}

/**
 * Finds which roots and which deflated rows have ranks [first, last) in the merged ascending order, and copies those deflated rows
 * out of Q.
 */
function selectWanted(plan: Plan, k: i32, n: i32, d: usize, Q: usize, first: i32, last: i32): void {
  const deflatedCount = n - k;
  plan.from = 0;
  plan.to = 0;
  plan.kept = 0;
  let a = 0;
  let b = 0;
  for (let rank = 0; rank < last; rank++) {
    const r = b < deflatedCount ? getInt(plan.deflated, b) : 0;
    if (b >= deflatedCount || (a < k && get(plan.roots, a) <= get(d, r))) {
      if (rank < first) plan.from = a + 1;
      plan.to = ++a;
    } else {
      if (rank >= first) {
        memory.copy(row(plan.oldDeflated, plan.kept, n), row(Q, r, plan.ldq), <usize>n << 3);
        put(plan.deflatedValues, plan.kept++, get(d, r));
      }
      b++;
    }
  }
}

@inline
function blockOf(plan: Plan, start: i32): usize {
  return element(row(plan.Q, start, plan.ldq), start);
}

@inline
function strideOf(k: i32): i32 {
  return (k + 1) & ~1;
}

/**
 * Begins the merge of rows [start, start + n1) and [start + n1, start + n) of Q: everything but the new eigenvectors. Returns how many of them
 * there are to form, or −1 when nothing couples and all is done.
 */
export function beginMerge(plan: Plan, start: i32, n1: i32, n: i32, coupling: f64, top: bool): i32 {
  const d = element(plan.d, start);
  const Q = blockOf(plan, start);
  const order = plan.order + (<usize>start << 2);
  const rho = 2 * Math.abs(coupling);
  mergeOrders(plan, n1, n, d, order);
  const k = deflate(plan, n1, n, d, Q, rho, coupling < 0 ? -1 : 1);
  if (k < 0) {
    memory.copy(order, plan.merged, <usize>n << 2);
    return -1;
  }
  const lds = strideOf(k);
  plan.count = k;
  sortRows(n - k, d, plan.deflated);
  solveRoots(plan, k, lds, rho);
  groupActive(plan, k, n1, n - n1, Q);
  selectWanted(plan, k, n, d, Q, top ? plan.first : 0, top ? plan.last : n);
  if (k > 1) {
    refineWeights(plan, k, lds);
    formCoefficients(plan, k, lds, plan.from, plan.to);
  } else put(plan.S, 0, 1);
  return plan.to - plan.from;
}

/** Writes the new eigenvectors [from, to) over the first rows of Q. */
export function mergeVectors(plan: Plan, start: i32, n1: i32, n: i32, from: i32, to: i32): void {
  const n2 = n - n1;
  const ldq = plan.ldq;
  const lds = strideOf(plan.count);
  const S = row(plan.S, plan.from + from, lds);
  const Q = row(blockOf(plan, start), from, ldq);
  const count = to - from;
  for (let i = 0; i < count; i++) memory.fill(row(Q, i, ldq), 0, <usize>n << 3);
  gemm(count, n1, plan.leftAndBoth, 1, S, lds, 1, plan.oldLeft, n1, 1, 0, Q, ldq, 0, plan.gemmWork);
  gemm(
    count, n2, plan.bothAndRight, 1, element(S, plan.left), lds, 1, plan.oldRight, n2, 1, 0, element(Q, n1), ldq, 0,
    plan.gemmWork,
  );
}

/** Writes the deflated eigenpairs behind the new ones, all values over d, and their ascending order; returns how many there are. */
export function endMerge(plan: Plan, start: i32, n: i32): i32 {
  const d = element(plan.d, start);
  const Q = blockOf(plan, start);
  const order = plan.order + (<usize>start << 2);
  const fresh = plan.to - plan.from;
  const total = fresh + plan.kept;
  memory.copy(d, element(plan.roots, plan.from), <usize>fresh << 3);
  for (let i = 0; i < plan.kept; i++) {
    memory.copy(row(Q, fresh + i, plan.ldq), row(plan.oldDeflated, i, n), <usize>n << 3);
    put(d, fresh + i, get(plan.deflatedValues, i));
  }
  // Both lists ascend.
  let a = 0;
  let b = fresh;
  for (let t = 0; t < total; t++) {
    if (b >= total || (a < fresh && get(d, a) <= get(d, b))) putInt(order, t, a++);
    else putInt(order, t, b++);
  }
  return total;
}

/**
 * Merges rows [start, start + n1) and [start + n1, start + n) of Q; returns the number of rows left (n, or the wanted ones when
 * `top`), their order in plan.order.
 */
export function merge(plan: Plan, start: i32, n1: i32, n: i32, coupling: f64, top: bool): i32 {
  const fresh = beginMerge(plan, start, n1, n, coupling, top);
  if (fresh < 0) return n;
  mergeVectors(plan, start, n1, n, 0, fresh);
  return endMerge(plan, start, n);
}
