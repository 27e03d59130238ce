/**
 * Nearest-cone rounding: directions in the range of K = T G Tᵀ that are almost neurons, then non-negative weights to match K.
 *
 * Let K = Q diag(w) Qᵀ over (alpha, beta) on its significant part. Random z = Q diag(√w) g are alternately projected onto the ReLU set and
 * back onto the range of Q (von Neumann's method; the set is no convex one, so it finds near points, not always nearest). What
 * remains are unit directions u_j with activations z_j = ((Xu_j)₊, (−Xu_j)₊), and p ≥ 0 minimises ‖Σ p_j z_j z_jᵀ − K‖² by multiplicative
 * updates (Lee & Seung, NIPS 2000): with b_j = z_jᵀ K z_j and M_ij = (z_iᵀz_j)², p ← p ∘ b / (M p). The neurons are √p_j u_j, heaviest first.
 *
 * Cost with s = 4 · width candidates: 200 projections of 8 n r s flops, 500 updates of 2 s².
 */
import type { Matrix } from '../../base/matrix.js';
import type { Random } from '../../base/random.js';
import { type Block, Dense } from '../../linalg/dense.js';
import { activations } from '../../problem/training-loss.js';
import { selectColumns } from '../weights.js';
import { factorPsd, leadingEigenpairs, SIGNIFICANT } from './factor.js';
import { projectReluSet } from './relu-set.js';
import type { Rounding, RoundingInput } from './rounding.js';

const CANDIDATES = 4;
const PROJECTIONS = 200;
const WEIGHT_UPDATES = 500;

export const roundNearestCone: Rounding = function* (input, width, random, clock) {
  const { arena } = input.kernels;
  const mark = arena.mark();
  try {
    const search = new ConeSearch(new Dense(input.kernels), input, CANDIDATES * width, random);
    for (let k = 0; k < PROJECTIONS && !clock.expired(); k++) {
      search.project();
      yield;
    }
    const U = search.directions();
    const weights = search.match(U);
    const heaviest = Array.from(weights.keys())
      .sort((i, j) => weights[j] - weights[i] || i - j)
      .slice(0, width)
      .filter((j) => weights[j] > 0);
    const chosen = selectColumns(U, heaviest);
    for (let i = 0; i < chosen.rows; i++) {
      for (let j = 0; j < heaviest.length; j++) chosen.set(i, j, chosen.get(i, j) * Math.sqrt(weights[heaviest[j]]));
    }
    return { U: chosen };
  } finally {
    arena.release(mark);
  }
};

class ConeSearch {
  readonly #dense: Dense;
  readonly #X: Matrix;
  /** 2n×r, K ≈ F Fᵀ with orthogonal columns. */
  readonly #F: Block;
  /** ‖f_k‖². */
  readonly #squares: Float64Array;
  /** d×r, the u that belong to the columns of F. */
  readonly #E: Block;
  /** r×s, the candidates are F h. */
  readonly #h: Block;
  readonly #z: Block;

  constructor(dense: Dense, { kernels, problem, G }: RoundingInput, candidates: number, random: Random) {
    const { X } = problem;
    const n = X.rows;
    this.#dense = dense;
    this.#X = X;
    const L = dense.place(factorPsd(kernels, G, SIGNIFICANT));
    const stack = dense.allocate(2 * n, L.columns);
    const u = dense.rows(L, n, X.columns);
    dense.entries(dense.rows(stack, 0, n)).set(dense.entries(dense.rows(L, 0, n)));
    dense.entries(dense.rows(stack, n, n)).set(dense.entries(dense.rows(L, 0, n)));
    dense.multiply(dense.place(X), u, dense.rows(stack, n, n), { alpha: -1, accumulate: true });

    const gram = dense.allocate(L.columns, L.columns);
    dense.multiply(stack, stack, gram, { transposeA: true });
    const { values, vectors } = leadingEigenpairs(kernels, dense.read(gram), SIGNIFICANT);
    const V = dense.place(vectors);
    this.#squares = values;
    this.#F = dense.allocate(2 * n, V.columns);
    this.#E = dense.allocate(X.columns, V.columns);
    dense.multiply(stack, V, this.#F);
    dense.multiply(u, V, this.#E);
    this.#h = dense.allocate(V.columns, candidates);
    this.#z = dense.allocate(2 * n, candidates);
    random.fillNormal(dense.entries(this.#h));
  }

  /** h ← F⁺ P(F h), each column rescaled to ‖h‖ = 1. */
  project(): void {
    const dense = this.#dense;
    dense.multiply(this.#F, this.#h, this.#z);
    const z = dense.entries(this.#z);
    projectReluSet(z.subarray(0, z.length / 2), z.subarray(z.length / 2));
    dense.multiply(this.#F, this.#z, this.#h, { transposeA: true });
    const h = dense.entries(this.#h);
    const s = this.#h.columns;
    const norms = new Float64Array(s);
    for (let k = 0; k < this.#h.rows; k++) {
      for (let j = 0; j < s; j++) {
        h[k * s + j] /= this.#squares[k];
        norms[j] += h[k * s + j] ** 2;
      }
    }
    for (let k = 0; k < h.length; k++) h[k] /= Math.sqrt(norms[k % s]) || 1;
  }

  /** d×s, unit columns; a candidate without a direction becomes 0. */
  directions(): Matrix {
    const dense = this.#dense;
    const target = dense.allocate(this.#E.rows, this.#h.columns);
    dense.multiply(this.#E, this.#h, target);
    const U = dense.read(target);
    for (let j = 0; j < U.columns; j++) {
      let norm = 0;
      for (let i = 0; i < U.rows; i++) norm = Math.hypot(norm, U.get(i, j));
      for (let i = 0; i < U.rows; i++) U.set(i, j, U.get(i, j) / (norm || 1));
    }
    return U;
  }

  /** The weights p ≥ 0 of the neurons with first layer U. */
  match(U: Matrix): Float64Array {
    const dense = this.#dense;
    const { exports, arena } = dense.kernels;
    const s = U.columns;
    const { alpha, beta } = activations(this.#X, U);
    arena.write(this.#z.at, alpha.data);
    arena.write(dense.rows(this.#z, alpha.rows, 0).at, beta.data);
    const projected = dense.allocate(this.#F.columns, s);
    dense.multiply(this.#F, this.#z, projected, { transposeA: true });
    const b = columnSquares(dense.read(projected));

    const M = dense.allocate(s, s);
    dense.multiply(this.#z, this.#z, M, { transposeA: true });
    const entries = dense.entries(M);
    for (let k = 0; k < entries.length; k++) entries[k] *= entries[k];
    const p = dense.allocate(s, 1);
    const Mp = dense.allocate(s, 1);
    const total = dense.entries(M).reduce((sum, entry) => sum + entry, 0);
    dense.entries(p).fill(total > 0 ? b.reduce((sum, entry) => sum + entry, 0) / total : 0);
    for (let k = 0; k < WEIGHT_UPDATES; k++) {
      dense.entries(Mp).fill(0);
      exports.gemv(s, s, 1, M.at, s, p.at, Mp.at);
      const [weights, expected] = [dense.entries(p), dense.entries(Mp)];
      for (let j = 0; j < s; j++) weights[j] *= expected[j] > 0 ? b[j] / expected[j] : 0;
    }
    return dense.entries(p).slice();
  }
}

function columnSquares(A: Matrix): Float64Array {
  const squares = new Float64Array(A.columns);
  for (let i = 0; i < A.rows; i++) for (let k = 0; k < A.columns; k++) squares[k] += A.get(i, k) ** 2;
  return squares;
}
