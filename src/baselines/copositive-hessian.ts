/**
 * The second derivatives of the copositive relaxation's barrier (copositive-barrier.ts has the formulas): of the smooth part t f over all pairs of
 * patterns, and of one pattern's logarithms.
 */
import type { Matrix } from '../base/matrix.js';
import type { Block, Dense } from '../linalg/dense.js';
import { times } from './small-matrices.js';

/** Index pairs a ≤ b: the unknowns of one symmetric d×d matrix, in this order. */
export type Pairs = readonly (readonly [number, number])[];

export const symmetricPairs = (d: number): Pairs =>
  Array.from({ length: d }, (_, a) => a).flatMap((a) => Array.from({ length: d - a }, (_, k) => [a, a + k] as const));

/** K = walls · Q · wallsᵀ. */
export function wallProducts(dense: Dense, walls: Matrix, Q: Matrix): Block {
  const rows = dense.place(walls);
  const weighted = dense.allocate(rows.rows, walls.columns);
  const K = dense.allocate(rows.rows, rows.rows);
  dense.multiply(rows, dense.place(Q), weighted);
  dense.multiply(weighted, rows, K, { transposeB: true });
  return K;
}

/**
 * t times the Hessian of f, Ph×Ph.
 *
 * @param stacked [D_1 X, …, D_P X], overwritten; `factor` the Cholesky factor of A + reg I; B the B_i one below the other
 */
export function smoothHessian(
  dense: Dense,
  { pairs, reg, stacked, factor, B }: { pairs: Pairs; reg: number; stacked: Block; factor: Block; B: Block },
  t: number,
): Block {
  const { arena, exports } = dense.kernels;
  const h = pairs.length;
  const d = pairs[h - 1][0] + 1;
  const size = stacked.columns;
  const P = size / d;
  const hessian = dense.allocate(P * h, P * h);
  const work = arena.allocateBytes(exports.solveLowerWorkspace(stacked.rows, size));
  exports.solveLower(stacked.rows, size, factor.at, factor.rows, stacked.at, size, work);
  const metric = dense.allocate(size, size);
  dense.multiply(stacked, stacked, metric, { transposeA: true });
  const square = dense.allocate(size, size);
  dense.multiply(B, B, square, { transposeB: true });
  const p = dense.entries(metric);
  const q = dense.entries(square);
  const H = dense.entries(hessian);
  for (let i = 0; i < P; i++) {
    for (let j = 0; j <= i; j++) {
      const at = (x: number, y: number) => (i * d + x) * size + j * d + y;
      pairs.forEach(([a, b], k) => {
        pairs.forEach(([e, f], l) => {
          const sum =
            p[at(b, e)] * q[at(a, f)] +
            p[at(b, f)] * q[at(a, e)] +
            p[at(a, e)] * q[at(b, f)] +
            p[at(a, f)] * q[at(b, e)];
          const value = (t * half(a, b) * half(e, f) * sum) / reg;
          H[(i * h + k) * P * h + j * h + l] = value;
          H[(j * h + l) * P * h + i * h + k] = value;
        });
      });
    }
  }
  return hessian;
}

/**
 * Of one pattern's logarithms: in the scaled coordinates Q = L (I + E) Lᵀ the Hessian h×h, and in the original ones Aᵀ(1/K)A, what the multipliers 1/K contribute to
 * the dual constraint. Sums of products over pairs of rows are two GEMMs: Σ_rs W_rs a_r,x a_r,y a_s,z a_s,w = (ZᵀWZ)_{xy,zw} with the products a_r,x a_r,y in the rows of Z.
 */
export function barrierDerivatives(
  dense: Dense,
  { pairs, walls, Q, L }: { pairs: Pairs; walls: Matrix; Q: Matrix; L: Matrix },
): { barrierHessian: Float64Array; multiplierTerm: Matrix } {
  const { arena } = dense.kernels;
  const mark = arena.mark();
  try {
    const d = Q.rows;
    const signed = times(walls, L);
    const n = signed.rows;
    const h = pairs.length;
    const weights = wallProducts(dense, walls, Q);
    const rows = dense.place(walls);
    const sums = dense.allocate(d, n);
    const multipliers = dense.allocate(d, d);
    const Z = dense.allocate(n, h);
    const weighted = dense.allocate(n, h);
    const moments = dense.allocate(h, h);
    const W = dense.entries(weights);
    for (let k = 0; k < W.length; k++) W[k] = k % (n + 1) === 0 ? 0 : 1 / W[k];
    dense.multiply(rows, weights, sums, { transposeA: true });
    dense.multiply(sums, rows, multipliers);
    for (let k = 0; k < W.length; k++) W[k] *= W[k];
    const z = dense.entries(Z);
    for (let r = 0; r < n; r++) {
      pairs.forEach(([x, y], k) => {
        z[r * h + k] = signed.get(r, x) * signed.get(r, y);
      });
    }
    dense.multiply(weights, Z, weighted);
    dense.multiply(Z, weighted, moments, { transposeA: true });
    const multiplierTerm = dense.read(multipliers);
    const T = dense.entries(moments);
    const place = (x: number, y: number) =>
      x <= y ? (x * (2 * d - x + 1)) / 2 + y - x : (y * (2 * d - y + 1)) / 2 + x - y;
    const barrierHessian = new Float64Array(h * h);
    pairs.forEach(([a, b], k) => {
      pairs.forEach(([e, f], l) => {
        const moment = T[place(a, e) * h + place(b, f)] + T[place(a, f) * h + place(b, e)];
        const determinant = (a === e && b === f ? 1 : 0) + (a === f && b === e ? 1 : 0);
        barrierHessian[k * h + l] = half(a, b) * half(e, f) * (moment + 2 * determinant);
      });
    });
    return { barrierHessian, multiplierTerm };
  } finally {
    arena.release(mark);
  }
}

/** A diagonal entry is one unknown where an off-diagonal one stands for two. */
const half = (x: number, y: number): number => (x === y ? 0.5 : 1);
