/**
 * Branch and bound for max over ‖u‖ = 1 of ‖Rᵀ(Zu)₊‖², Z n×d with d ≤ 5, over simplicial cones, depth first, from the 2^d orthants.
 * A cone closes when its bound is at most `factor` times the best value known; else it is cut where the ambiguous row that matters
 * most vanishes on its longest crossing edge, or, without ambiguous rows, in the middle of its longest edge.
 *
 * Resumable: all state lies in `work`, a call examines at most `budget` cones. Cost per cone about count·(2d² + 7cd + 2.5d(d+1))
 * flops for `count` ambiguous rows.
 */
import { get, getInt, put, putInt, row } from '../address';
import { CANDIDATE_STRIDE, MAX_DIMENSION, NOT_FINITE, OK } from '../../src/engine/constants';
import { classify, coneBound, formGram, formQuadratic, isBelow, linearise, vertexValue } from './cone';
import { layOut, recordBytes, Search, stride } from './layout';

const EPSILON: f64 = 2.220446049250313e-16;

export function coneSearchWorkspace(n: i32, d: i32, c: i32, depth: i32, candidates: i32): f64 {
  return layOut(n, d, c, depth, candidates, 0);
}

/** Address of the stored candidates: (f², direction), CANDIDATE_STRIDE numbers each, as many as `found` at the head says. */
export function coneSearchCandidates(work: usize): f64 {
  return <f64>changetype<Search>(work).candidates;
}

/** Opens the 2^d orthants. Every number of Z and R must be finite and d at most MAX_DIMENSION. */
export function coneSearchStart(n: i32, d: i32, c: i32, Z: usize, R: usize, depth: i32, candidates: i32, work: usize): i32 {
  if (d > MAX_DIMENSION) return NOT_FINITE;
  const search = changetype<Search>(work);
  layOut(n, d, c, depth, candidates, work);
  search.best = 0;
  search.bound = 0;
  search.nodes = 0;
  search.depth = 0;
  search.capped = 0;
  search.found = 0;
  search.level = Infinity;
  for (let i = 0; i < n; i++) {
    let r: f64 = 0, z: f64 = 0;
    for (let a = 0; a < c; a++) r += get(R, i * c + a) * get(R, i * c + a);
    for (let j = 0; j < d; j++) z += get(Z, i * d + j) * get(Z, i * d + j);
    if (!(r < Infinity && z < Infinity)) return NOT_FINITE;
    put(search.rowNorm, i, sqrt(r));
    put(search.snap, i, <f64>(2 * d + 16) * EPSILON * sqrt(z));
  }
  const bytes = <usize>recordBytes(n, d, c);
  const orthants = 1 << d;
  search.open = <f64>orthants;
  for (let orthant = 0; orthant < orthants; orthant++) {
    const record = search.stack + <usize>orthant * bytes;
    put(record, 0, 0);
    put(record, 1, <f64>n);
    put(record, 2, -1);
    const vertices = record + 24, list = vertices + (<usize>(d * d + c * d) << 3);
    memory.fill(vertices, 0, <usize>(d * d + c * d) << 3);
    for (let k = 0; k < d; k++) put(vertices, k * d + k, (orthant >> k) & 1 ? -1 : 1);
    for (let i = 0; i < n; i++) putInt(list, i, i);
  }
  return OK;
}

/** Examines up to `budget` cones; stops early when the candidate store is full. Returns the number of cones still open. */
export function coneSearchAdvance(n: i32, d: i32, c: i32, Z: usize, R: usize, depth: i32, candidates: i32, factor: f64, budget: i32, work: usize): i32 {
  const search = changetype<Search>(work);
  const bytes = <usize>recordBytes(n, d, c);
  let open = <i32>search.open;
  for (let examined = 0; open > 0 && examined < budget && <i32>search.found + d <= candidates; examined++) {
    const record = search.stack + <usize>(open - 1) * bytes;
    const level = <i32>get(record, 0), fresh = <i32>get(record, 2);
    let count = <i32>get(record, 1);
    memory.copy(search.vertices, record + 24, <usize>(d * d) << 3);
    memory.copy(search.sum, record + 24 + (<usize>(d * d) << 3), <usize>(c * d) << 3);
    memory.copy(search.list, record + 24 + (<usize>(d * d + c * d) << 3), <usize>count << 2);
    open--;
    search.nodes += 1;
    search.depth = max(search.depth, <f64>level);

    count = classify(n, d, c, Z, R, count, search);
    linearise(n, d, c, count, search);
    for (let k = 0; k < d; k++) if (fresh < 0 || k == fresh) keepVertex(d, c, k, search);
    formGram(d, search);
    formQuadratic(n, d, c, count, search);
    const limit = factor * search.best;
    const bound = coneBound(d, search);
    if (bound <= limit) {
      search.bound = max(search.bound, bound);
    } else if (isBelow(d, limit, search)) {
      search.bound = max(search.bound, limit);
    } else if (level >= depth - 1) {
      search.bound = max(search.bound, bound);
      search.capped += 1;
    } else {
      split(n, d, c, count, level, record, search);
      open += 2;
    }
  }
  search.open = <f64>open;
  return open;
}

/** Takes note of a new vertex: as the best direction, and as a candidate when above the level asked for. */
function keepVertex(d: i32, c: i32, k: i32, search: Search): void {
  const value = vertexValue(c, k, search);
  const vertex = row(search.vertices, k, d);
  if (value > search.best) {
    search.best = value;
    memory.copy(changetype<usize>(search) + offsetof<Search>('direction0'), vertex, <usize>d << 3);
  }
  if (value > search.level) {
    const candidate = search.candidates + ((<usize>search.found * CANDIDATE_STRIDE) << 3);
    put(candidate, 0, value);
    memory.copy(candidate + 8, vertex, <usize>d << 3);
    search.found += 1;
  }
}

/** Puts the two halves of the cone on the stack, at `target` and the place above it; the one with the larger vertex on top. */
function split(n: i32, d: i32, c: i32, count: i32, level: i32, target: usize, search: Search): void {
  const s = stride(n);
  let cut = -1;
  let weightiest: f64 = 0;
  for (let t = 0; t < count; t++) {
    let highest: f64 = 0, lowest: f64 = 0;
    for (let k = 0; k < d; k++) {
      const p = get(search.product, k * s + t);
      highest = max(highest, p);
      lowest = min(lowest, p);
    }
    const weight = get(search.norms, t) * min(highest, -lowest);
    if (weight > weightiest) {
      weightiest = weight;
      cut = t;
    }
  }
  let from = 0, to = 1;
  let least: f64 = Infinity;
  for (let k = 0; k < d; k++) {
    for (let l = 0; l < d; l++) {
      const crosses = cut < 0 ? k < l : get(search.product, k * s + cut) > 0 && get(search.product, l * s + cut) < 0;
      const cosine = get(search.gram, k * d + l);
      if (crosses && cosine < least) {
        least = cosine;
        from = k;
        to = l;
      }
    }
  }
  let share: f64 = 0.5;
  if (cut >= 0) {
    const p = get(search.product, from * s + cut);
    share = p / (p - get(search.product, to * s + cut));
  }
  const fromFirst = vertexValue(c, from, search) > vertexValue(c, to, search);
  writeHalf(n, d, c, count, level + 1, target, search, fromFirst ? from : to, from, to, share);
  writeHalf(n, d, c, count, level + 1, target + <usize>recordBytes(n, d, c), search, fromFirst ? to : from, from, to, share);
}

/** The cone with vertex `replaced` moved to the cut point (1 − share) v_from + share v_to, normalised. */
function writeHalf(n: i32, d: i32, c: i32, count: i32, level: i32, record: usize, search: Search, replaced: i32, from: i32, to: i32, share: f64): void {
  put(record, 0, <f64>level);
  put(record, 1, <f64>count);
  put(record, 2, <f64>replaced);
  const vertices = record + 24;
  memory.copy(vertices, search.vertices, <usize>(d * d) << 3);
  let square: f64 = 0;
  for (let j = 0; j < d; j++) {
    const x = (1 - share) * get(search.vertices, from * d + j) + share * get(search.vertices, to * d + j);
    put(vertices, replaced * d + j, x);
    square += x * x;
  }
  const norm = sqrt(square);
  for (let j = 0; j < d; j++) put(vertices, replaced * d + j, get(vertices, replaced * d + j) / norm);
  memory.copy(vertices + (<usize>(d * d) << 3), search.sum, <usize>(c * d) << 3);
  memory.copy(vertices + (<usize>(d * d + c * d) << 3), search.list, <usize>count << 2);
}
