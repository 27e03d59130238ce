/**
 * General matrix product C += alpha · A · diag(w) · B with any strides, full or one triangle of C.
 *
 * Goto's scheme: B is packed in KC×NC panels, A in MC×KC blocks, and a register tile walks over both; packing makes every
 * transposition and the weight free, so AᵀB, ABᵀ and SYRK are this routine. A is packed with each number twice (splatted),
 * because V8's load_splat needs an address computation. The tile is 4×4: V8 has 16 vector registers and hoists loads, and
 * MR + NR/2 + MR·NR/2 + 1 ≤ 15 leaves only 4×4 and 2×8.
 * Reference: K. Goto, R. van de Geijn, Anatomy of high-performance matrix multiplication, ACM TOMS 34 (2008).
 */
import { alignBytes, element, get } from '../address';
import { LOWER, UPPER } from '../../src/engine/constants';
import { microKernel } from './micro-kernel';

const MR: i32 = 4;
const NR: i32 = 4;
/** Most depth of a panel: a micro-panel of each operand (24 kB) stays in a 32 kB first-level cache. */
const KC: i32 = 256;
/** Numbers of A and of B that are packed at a time: 256 and 512 kB, together within a second-level cache. */
const A_AREA: i32 = KC * 64;
const B_AREA: i32 = KC * 256;

const PACKED_A: usize = <usize>A_AREA * 16;
const PACKED_B: usize = <usize>B_AREA * 8;
const TILE: usize = <usize>(MR * NR) * 8;

export function gemmWorkspace(): f64 {
  return alignBytes(<f64>(PACKED_A + PACKED_B + TILE));
}

/** Packs an m×k block of A in micro-panels of MR rows, column by column, zero-padded, every number splatted. */
function packA(m: i32, k: i32, A: usize, rowBytes: usize, columnBytes: usize, target: usize): void {
  for (let i = 0; i < m; i += MR) {
    let p = A + <usize>i * rowBytes;
    const rows = m - i;
    if (rows >= MR) {
      const p1 = rowBytes;
      const p2 = p1 + p1;
      const p3 = p2 + p1;
      for (let l = 0; l < k; l++) {
        v128.store(target, f64x2.splat(load<f64>(p)));
        v128.store(target, f64x2.splat(load<f64>(p + p1)), 16);
        v128.store(target, f64x2.splat(load<f64>(p + p2)), 32);
        v128.store(target, f64x2.splat(load<f64>(p + p3)), 48);
        p += columnBytes;
        target += 64;
      }
    } else {
      for (let l = 0; l < k; l++) {
        for (let r = 0; r < MR; r++) {
          v128.store(target, f64x2.splat(r < rows ? load<f64>(p + <usize>r * rowBytes) : 0));
          target += 16;
        }
        p += columnBytes;
      }
    }
  }
}

/** One micro-panel of packB for a B stored by columns, two rows at a time; returns the address behind it. */
function packTransposed(k: i32, p: usize, columnBytes: usize, target: usize): usize {
  let p1 = p + columnBytes;
  let p2 = p1 + columnBytes;
  let p3 = p2 + columnBytes;
  for (let l = k >> 1; l > 0; l--) {
    const a = v128.load(p);
    const b = v128.load(p1);
    const c = v128.load(p2);
    const d = v128.load(p3);
    v128.store(target, v128.shuffle<f64>(a, b, 0, 2));
    v128.store(target, v128.shuffle<f64>(c, d, 0, 2), 16);
    v128.store(target, v128.shuffle<f64>(a, b, 1, 3), 32);
    v128.store(target, v128.shuffle<f64>(c, d, 1, 3), 48);
    p += 16;
    p1 += 16;
    p2 += 16;
    p3 += 16;
    target += 64;
  }
  if (k & 1) {
    store<f64>(target, load<f64>(p));
    store<f64>(target, load<f64>(p1), 8);
    store<f64>(target, load<f64>(p2), 16);
    store<f64>(target, load<f64>(p3), 24);
    target += 32;
  }
  return target;
}

/** Packs a k×n block of diag(w)·B in micro-panels of NR columns, row by row, zero-padded. */
function packB(k: i32, n: i32, B: usize, rowBytes: usize, columnBytes: usize, w: usize, target: usize): void {
  for (let j = 0; j < n; j += NR) {
    let p = B + <usize>j * columnBytes;
    const columns = n - j;
    if (columns >= NR && columnBytes == 8 && w == 0) {
      for (let l = 0; l < k; l++) {
        v128.store(target, v128.load(p));
        v128.store(target, v128.load(p, 16), 16);
        p += rowBytes;
        target += 32;
      }
    } else if (columns >= NR && rowBytes == 8 && w == 0) {
      target = packTransposed(k, p, columnBytes, target);
    } else if (columns >= NR) {
      const p1 = columnBytes;
      const p2 = p1 + p1;
      const p3 = p2 + p1;
      for (let l = 0; l < k; l++) {
        const f = w ? get(w, l) : 1.0;
        store<f64>(target, f * load<f64>(p));
        store<f64>(target, f * load<f64>(p + p1), 8);
        store<f64>(target, f * load<f64>(p + p2), 16);
        store<f64>(target, f * load<f64>(p + p3), 24);
        p += rowBytes;
        target += 32;
      }
    } else {
      for (let l = 0; l < k; l++) {
        const f = w ? get(w, l) : 1.0;
        for (let c = 0; c < NR; c++) {
          store<f64>(target, c < columns ? f * load<f64>(p + <usize>c * columnBytes) : 0);
          target += 8;
        }
        p += rowBytes;
      }
    }
  }
}

/**
 * One tile at the edge of C or on its diagonal: computed in full in `tile`, then its valid part is added. `skew` is its first
 * column less its first row; outside the triangle C stays as it was.
 */
function edgeTile(
  k: i32, a: usize, b: usize, C: usize, ldc: usize, alpha: f64, rows: i32, columns: i32, triangle: i32, skew: i32, tile: usize,
): void {
  memory.fill(tile, 0, TILE);
  microKernel(1, k, a, b, tile, NR << 3, alpha);
  for (let i = 0; i < rows; i++) {
    const first = triangle == UPPER ? max(0, i - skew) : 0;
    const last = triangle == LOWER ? min(columns, i - skew + 1) : columns;
    for (let j = first; j < last; j++) {
      const c = element(C + <usize>i * ldc, j);
      store<f64>(c, load<f64>(c) + get(tile, i * NR + j));
    }
  }
}

/** C (m×n) += alpha · A · diag(w) · B; see src/engine/abi.ts. triangle as in src/engine/constants.ts. */
export function gemm(
  m: i32, n: i32, k: i32, alpha: f64, A: usize, ars: i32, acs: i32, B: usize, brs: i32, bcs: i32,
  w: usize, C: usize, ldc: i32, triangle: i32, work: usize,
): void {
  const packedA = work;
  const packedB = packedA + PACKED_A;
  const tile = packedB + PACKED_B;
  const ldcBytes = <usize>ldc << 3;
  const aRow = <usize>ars << 3;
  const aColumn = <usize>acs << 3;
  const bRow = <usize>brs << 3;
  const bColumn = <usize>bcs << 3;
  if (k <= 0) return;
  // Passes of equal depth; a shallow product has wider blocks, so that fewer of them are packed twice.
  const passes = (k + KC - 1) / KC;
  const depth = ((k + passes - 1) / passes + 7) & ~7;
  const mcMost = (A_AREA / depth) & ~(MR - 1);
  const ncMost = (B_AREA / depth) & ~(NR - 1);
  for (let jc = 0; jc < n; jc += ncMost) {
    const nc = min(ncMost, n - jc);
    for (let pc = 0; pc < k; pc += depth) {
      const kc = min(depth, k - pc);
      packB(kc, nc, B + <usize>pc * bRow + <usize>jc * bColumn, bRow, bColumn, w ? element(w, pc) : 0, packedB);
      for (let ic = 0; ic < m; ic += mcMost) {
        const mc = min(mcMost, m - ic);
        if (triangle == LOWER && ic + mc - 1 < jc) continue;
        if (triangle == UPPER && jc + nc - 1 < ic) continue;
        packA(mc, kc, A + <usize>ic * aRow + <usize>pc * aColumn, aRow, aColumn, packedA);
        for (let ir = 0; ir < mc; ir += MR) {
          const a = packedA + (<usize>(ir * kc) << 4);
          const rows = mc - ir;
          const c = C + <usize>(ic + ir) * ldcBytes + (<usize>jc << 3);
          // The diagonal crosses these rows in one tile; [from, full) are the columns of whole tiles clear of it.
          const diagonal = ic + ir - jc;
          const last = triangle == LOWER ? min(nc, diagonal + NR) : nc;
          const from = triangle == UPPER ? max(0, diagonal + NR) : 0;
          const to = triangle == LOWER ? min(nc, max(0, diagonal)) : nc;
          const full = rows >= MR && to > from ? from + ((to - from) & ~(NR - 1)) : from;
          for (let jr = triangle == UPPER ? max(0, diagonal) : 0; jr < last; jr += NR) {
            const b = packedB + (<usize>(jr * kc) << 3);
            if (jr == from && full > from) {
              microKernel((full - from) / NR, kc, a, b, element(c, jr), ldcBytes, alpha);
              jr = full - NR;
            } else {
              edgeTile(kc, a, b, element(c, jr), ldcBytes, alpha, min(rows, MR), min(nc - jr, NR), triangle, jr - diagonal, tile);
            }
          }
        }
      }
    }
  }
}
