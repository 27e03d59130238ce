/**
 * Memory of a cone search: the state that lasts from call to call (read by TypeScript), scratch for the cone being examined, and
 * the stack of open cones. All of it lies in the caller's workspace; the kernels keep nothing else.
 */
import { alignBytes, bytes, intBytes, matrixBytes } from '../address';
import {
  CANDIDATE_STRIDE, HEAD_BEST, HEAD_BOUND, HEAD_CAPPED, HEAD_DEPTH, HEAD_DIRECTION, HEAD_FOUND, HEAD_LENGTH, HEAD_LEVEL, HEAD_NODES,
  HEAD_OPEN, MAX_DIMENSION,
} from '../../src/engine/constants';

/** The head of the workspace: HEAD_LENGTH numbers for the caller at the places that the constants HEAD_… name, then addresses. */
@unmanaged
export class Search {
  best: f64;
  bound: f64;
  nodes: f64;
  open: f64;
  depth: f64;
  capped: f64;
  found: f64;
  level: f64;
  direction0: f64;
  direction1: f64;
  direction2: f64;
  direction3: f64;
  direction4: f64;
  direction5: f64;
  /** Stored candidates. */
  candidates: usize;
  /** ‖R_i‖. */
  rowNorm: usize;
  /** Products z_i·v below this size count as zero. */
  snap: usize;
  /** The cone's unit vertices, row k is vertex k; and the transpose, rows padded to an even length. */
  vertices: usize;
  verticesT: usize;
  /** Σ over the surely active rows of R_i z_iᵀ, c×d. */
  sum: usize;
  /** Indices of the ambiguous rows (i32) and, over them: R by columns, ‖R_i‖, p by vertices, g by vertices, w by vertices. */
  list: usize;
  residual: usize;
  norms: usize;
  product: usize;
  excess: usize;
  weight: usize;
  /** d×c: b_k, and the positive and negative parts of Σ g R. */
  linear: usize;
  positive: usize;
  negative: usize;
  /** d×d: v_k·v_l, the bounds Q_kl, and scratch; d: ‖b_k‖ + Σ g ‖R‖. */
  gram: usize;
  quadratic: usize;
  test: usize;
  size: usize;
  stack: usize;
}

/** Length of the arrays over ambiguous rows: n and one row of padding, even. */
@inline
export function stride(n: i32): i32 {
  return (n + 3) & ~1;
}

/** d rounded up to even. */
@inline
export function padded(d: i32): i32 {
  return (d + 1) & ~1;
}

/** Bytes of one open cone: depth, number of ambiguous rows, index of its new vertex; vertices; sum; list. */
export function recordBytes(n: i32, d: i32, c: i32): f64 {
  return alignBytes(8 * (3 + <f64>d * (d + c)) + 4 * <f64>n);
}

/** Lays the arrays out behind the head and returns the bytes used; with work = 0 only counts. */
export function layOut(n: i32, d: i32, c: i32, depth: i32, candidates: i32, work: usize): f64 {
  checkHead();
  const search = changetype<Search>(work);
  const s = stride(n), dp = padded(d);
  let p = alignBytes(<f64>offsetof<Search>());
  if (work != 0) search.candidates = work + <usize>p;
  p += matrixBytes(candidates, CANDIDATE_STRIDE);
  if (work != 0) search.rowNorm = work + <usize>p;
  p += bytes(n);
  if (work != 0) search.snap = work + <usize>p;
  p += bytes(n);
  if (work != 0) search.vertices = work + <usize>p;
  p += matrixBytes(d, d);
  if (work != 0) search.verticesT = work + <usize>p;
  p += matrixBytes(d, dp);
  if (work != 0) search.sum = work + <usize>p;
  p += matrixBytes(c, d);
  if (work != 0) search.list = work + <usize>p;
  p += intBytes(n);
  if (work != 0) search.residual = work + <usize>p;
  p += matrixBytes(c, s);
  if (work != 0) search.norms = work + <usize>p;
  p += bytes(s);
  if (work != 0) search.product = work + <usize>p;
  p += matrixBytes(dp, s);
  if (work != 0) search.excess = work + <usize>p;
  p += matrixBytes(d, s);
  if (work != 0) search.weight = work + <usize>p;
  p += matrixBytes(d, s);
  if (work != 0) search.linear = work + <usize>p;
  p += matrixBytes(d, c);
  if (work != 0) search.positive = work + <usize>p;
  p += matrixBytes(d, c);
  if (work != 0) search.negative = work + <usize>p;
  p += matrixBytes(d, c);
  if (work != 0) search.gram = work + <usize>p;
  p += matrixBytes(d, d);
  if (work != 0) search.quadratic = work + <usize>p;
  p += matrixBytes(d, d);
  if (work != 0) search.test = work + <usize>p;
  p += matrixBytes(d, d);
  if (work != 0) search.size = work + <usize>p;
  p += bytes(d);
  if (work != 0) search.stack = work + <usize>p;
  return p + (<f64>depth + <f64>(1 << d)) * recordBytes(n, d, c);
}

/** Does not compile unless the fields of Search are where the caller looks for them. */
@inline
function checkHead(): void {
  if (offsetof<Search>('best') != 8 * HEAD_BEST) ERROR('HEAD_BEST');
  if (offsetof<Search>('bound') != 8 * HEAD_BOUND) ERROR('HEAD_BOUND');
  if (offsetof<Search>('nodes') != 8 * HEAD_NODES) ERROR('HEAD_NODES');
  if (offsetof<Search>('open') != 8 * HEAD_OPEN) ERROR('HEAD_OPEN');
  if (offsetof<Search>('depth') != 8 * HEAD_DEPTH) ERROR('HEAD_DEPTH');
  if (offsetof<Search>('capped') != 8 * HEAD_CAPPED) ERROR('HEAD_CAPPED');
  if (offsetof<Search>('found') != 8 * HEAD_FOUND) ERROR('HEAD_FOUND');
  if (offsetof<Search>('level') != 8 * HEAD_LEVEL) ERROR('HEAD_LEVEL');
  if (offsetof<Search>('direction0') != 8 * HEAD_DIRECTION) ERROR('HEAD_DIRECTION');
  if (offsetof<Search>('candidates') != 8 * HEAD_LENGTH) ERROR('HEAD_LENGTH');
  if (HEAD_LENGTH < HEAD_DIRECTION + MAX_DIMENSION) ERROR('MAX_DIMENSION');
}
