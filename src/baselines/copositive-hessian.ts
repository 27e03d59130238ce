/**
 * The second derivatives of the copositive relaxation's barrier (copositive-barrier.ts has the formulas): of the smooth part t f over all pairs of
 * patterns, and of one pattern's logarithms.
 */
import type { Matrix } from '../base/matrix.js';
import type { Algebra } from '../linalg/algebra.js';
import { times } from '../linalg/plain.js';
import { transposed, type View } from '../linalg/views.js';

/** Index pairs a ≤ b: the unknowns of one symmetric d×d matrix, in this order. */
export type Pairs = readonly (readonly [number, number])[];

export const symmetricPairs = (d: number): Pairs =>
  Array.from({ length: d }, (_, a) => a).flatMap((a) => Array.from({ length: d - a }, (_, k) => [a, a + k] as const));

/** K = walls · Q · wallsᵀ. */
export function wallProducts(algebra: Algebra, walls: Matrix, Q: Matrix): View {
  const rows = algebra.place(walls);
  const weighted = algebra.matrix(rows.rows, walls.columns);
  const K = algebra.matrix(rows.rows, rows.rows);
  algebra.product(1, rows, algebra.place(Q), weighted);
  algebra.product(1, weighted, transposed(rows), K);
  return K;
}

/**
 * t times the Hessian of f, Ph×Ph.
 *
 * @param stacked [D_1 X, …, D_P X], overwritten; `factor` the Cholesky factor of A + reg I; B the B_i one below the other
 */
export function smoothHessian(
  algebra: Algebra,
  { pairs, reg, stacked, factor, B }: { pairs: Pairs; reg: number; stacked: View; factor: View; B: View },
  t: number,
): View {
  const h = pairs.length;
  const d = pairs[h - 1][0] + 1;
  const size = stacked.columns;
  const P = size / d;
  const hessian = algebra.matrix(P * h, P * h);
  algebra.solveLower(factor, stacked);
  const metric = algebra.matrix(size, size);
  algebra.product(1, transposed(stacked), stacked, metric);
  const square = algebra.matrix(size, size);
  algebra.product(1, B, transposed(B), square);
  const p = algebra.entries(metric);
  const q = algebra.entries(square);
  const H = algebra.entries(hessian);
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
  algebra: Algebra,
  { pairs, walls, Q, L }: { pairs: Pairs; walls: Matrix; Q: Matrix; L: Matrix },
): { barrierHessian: Float64Array; multiplierTerm: Matrix } {
  return algebra.scoped(() => {
    const d = Q.rows;
    const signed = times(walls, L);
    const n = signed.rows;
    const h = pairs.length;
    const weights = wallProducts(algebra, walls, Q);
    const rows = algebra.place(walls);
    const sums = algebra.matrix(d, n);
    const multipliers = algebra.matrix(d, d);
    const Z = algebra.matrix(n, h);
    const weighted = algebra.matrix(n, h);
    const moments = algebra.matrix(h, h);
    const W = algebra.entries(weights);
    for (let k = 0; k < W.length; k++) W[k] = k % (n + 1) === 0 ? 0 : 1 / W[k];
    algebra.product(1, transposed(rows), weights, sums);
    algebra.product(1, sums, rows, multipliers);
    for (let k = 0; k < W.length; k++) W[k] *= W[k];
    const z = algebra.entries(Z);
    for (let r = 0; r < n; r++) {
      pairs.forEach(([x, y], k) => {
        z[r * h + k] = signed.get(r, x) * signed.get(r, y);
      });
    }
    algebra.product(1, weights, Z, weighted);
    algebra.product(1, transposed(Z), weighted, moments);
    const multiplierTerm = algebra.readMatrix(multipliers);
    const T = algebra.entries(moments);
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
  });
}

/** A diagonal entry is one unknown where an off-diagonal one stands for two. */
const half = (x: number, y: number): number => (x === y ? 0.5 : 1);
