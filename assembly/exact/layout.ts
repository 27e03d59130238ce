/**
 * Memory of a cone search: the state that lasts from call to call (read by TypeScript), scratch for the cone being examined, and
 * the stack of open cones. All of it lies in the caller's workspace; the kernels keep nothing else.
 */
import { align } from '../address';

/** Largest dimension: the vectors of a vertex are padded to an even length of at most this. */
export const MAX_DIMENSION: i32 = 6;
/** f64 of one stored candidate: its value, then its direction, padded. */
export const CANDIDATE_STRIDE: i32 = 8;

/** The head of the workspace. The first 16 numbers are the caller's, see src/engine/abi.ts; the rest are addresses. */
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
  spare0: f64;
  spare1: f64;
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
@inline
export function recordBytes(n: i32, d: i32, c: i32): usize {
  return align(<usize>(((3 + d * d + c * d) << 3) + (n << 2)));
}

@inline
function f64s(count: i32): usize {
  return align(<usize>count << 3);
}

/** Lays the arrays out behind the head and returns the bytes used; with work = 0 only counts. */
export function layOut(n: i32, d: i32, c: i32, depth: i32, candidates: i32, work: usize): usize {
  const search = changetype<Search>(work);
  const s = stride(n), dp = padded(d);
  let p = align(work + offsetof<Search>());
  if (work != 0) search.candidates = p;
  p += f64s(candidates * CANDIDATE_STRIDE);
  if (work != 0) search.rowNorm = p;
  p += f64s(n);
  if (work != 0) search.snap = p;
  p += f64s(n);
  if (work != 0) search.vertices = p;
  p += f64s(d * d);
  if (work != 0) search.verticesT = p;
  p += f64s(d * dp);
  if (work != 0) search.sum = p;
  p += f64s(c * d);
  if (work != 0) search.list = p;
  p += align(<usize>n << 2);
  if (work != 0) search.residual = p;
  p += f64s(c * s);
  if (work != 0) search.norms = p;
  p += f64s(s);
  if (work != 0) search.product = p;
  p += f64s(dp * s);
  if (work != 0) search.excess = p;
  p += f64s(d * s);
  if (work != 0) search.weight = p;
  p += f64s(d * s);
  if (work != 0) search.linear = p;
  p += f64s(d * c);
  if (work != 0) search.positive = p;
  p += f64s(d * c);
  if (work != 0) search.negative = p;
  p += f64s(d * c);
  if (work != 0) search.gram = p;
  p += f64s(d * d);
  if (work != 0) search.quadratic = p;
  p += f64s(d * d);
  if (work != 0) search.test = p;
  p += f64s(d * d);
  if (work != 0) search.size = p;
  p += f64s(d);
  if (work != 0) search.stack = p;
  return p + <usize>(depth + (1 << d)) * recordBytes(n, d, c) - work;
}
