/**
 * Nearest-cone rounding: directions in the range of K = T G Tᵀ that are almost neurons, then non-negative weights to match K.
 *
 * Let K = Q diag(w) Qᵀ over (alpha, beta) on its significant part. Random z = Q diag(√w) g are alternately projected onto the ReLU set and
 * back onto the range of Q (von Neumann's method; the set is not convex, so it finds near points, not always the nearest). The
 * result is unit directions u_j with activations z_j = ((Xu_j)₊, (−Xu_j)₊), and p ≥ 0 minimises ‖Σ p_j z_j z_jᵀ − K‖² by multiplicative
 * updates (Lee & Seung, NIPS 2000): with b_j = z_jᵀ K z_j and M_ij = (z_iᵀz_j)², p ← p ∘ b / (M p). The neurons are √p_j u_j, heaviest first.
 *
 * Cost with s = 4 · width candidates: 200 projections of 8 n r s flops, 500 updates of 2 s².
 */
import { squareOf } from '../../base/elementary.js';
import type { Matrix } from '../../base/matrix.js';
import type { Random } from '../../base/random.js';
import { complete } from '../../base/run.js';
import type { Algebra } from '../../linalg/algebra.js';
import { flat, rowBlock, transposed, type View } from '../../linalg/views.js';
import { freeForms } from '../../problem/parts/free.js';
import type { Placed } from '../../problem/placed.js';
import { activations } from '../../problem/training-loss.js';
import { normalizeColumns, selectColumns } from '../weights.js';
import { factorGram, leadingEigenpairs, SIGNIFICANT } from './factor.js';
import { projectReluSet } from './relu-set.js';
import type { Rounding } from './rounding.js';

const CANDIDATES = 4;
const PROJECTIONS = 200;
const WEIGHT_UPDATES = 500;

export const roundNearestCone: Rounding = (input, width, random, clock) =>
  input.placed.algebra.scopedSteps(function* () {
    const L = yield* factorGram(input, 'all', SIGNIFICANT);
    const search = new ConeSearch(input.placed, L, CANDIDATES * width, random);
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
  });

class ConeSearch {
  readonly #algebra: Algebra;
  readonly #X: Matrix;
  /** Forms×r, K ≈ F Fᵀ with orthogonal columns. */
  readonly #F: View;
  /** ‖f_k‖². */
  readonly #squares: Float64Array;
  /** d×r, the u that belong to the columns of F. */
  readonly #E: View;
  /** r×s, the candidates are F h. */
  readonly #h: View;
  readonly #z: View;
  /** Where the rows of beta begin in F and z. */
  readonly #beta: number;

  /** @param factor F with G ≈ F Fᵀ */
  constructor({ algebra, X }: Placed, factor: Matrix, candidates: number, random: Random) {
    const { rows: n, columns: d } = X.view;
    const forms = freeForms(n);
    const beta = forms.beta(0);
    this.#beta = beta;
    this.#algebra = algebra;
    this.#X = X.matrix;
    const L = algebra.place(factor);
    const stack = algebra.matrix(forms.count, L.columns);
    const u = rowBlock(L, n, d);
    algebra.copyMatrix(rowBlock(L, 0, n), rowBlock(stack, forms.alpha(0), n));
    algebra.copyMatrix(rowBlock(L, 0, n), rowBlock(stack, beta, n));
    algebra.product(-1, X.view, u, rowBlock(stack, beta, n), { accumulate: true });

    const gram = algebra.matrix(L.columns, L.columns);
    algebra.product(1, transposed(stack), stack, gram);
    const { values, vectors } = complete(leadingEigenpairs(algebra, algebra.readMatrix(gram), SIGNIFICANT));
    const V = algebra.place(vectors);
    this.#squares = values;
    this.#F = algebra.matrix(forms.count, V.columns);
    this.#E = algebra.matrix(d, V.columns);
    algebra.product(1, stack, V, this.#F);
    algebra.product(1, u, V, this.#E);
    this.#h = algebra.matrix(V.columns, candidates);
    this.#z = algebra.matrix(forms.count, candidates);
    random.fillNormal(algebra.entries(this.#h));
  }

  /** h ← F⁺ P(F h), each column rescaled to ‖h‖ = 1. */
  project(): void {
    const algebra = this.#algebra;
    algebra.product(1, this.#F, this.#h, this.#z);
    const z = algebra.entries(this.#z);
    const half = this.#beta * this.#z.columns;
    projectReluSet(z.subarray(0, half), z.subarray(half));
    algebra.product(1, transposed(this.#F), this.#z, this.#h);
    const h = algebra.entries(this.#h);
    const s = this.#h.columns;
    const norms = new Float64Array(s);
    for (let k = 0; k < this.#h.rows; k++) {
      for (let j = 0; j < s; j++) {
        h[k * s + j] /= this.#squares[k];
        norms[j] += squareOf(h[k * s + j]);
      }
    }
    for (let k = 0; k < h.length; k++) h[k] /= Math.sqrt(norms[k % s]) || 1;
  }

  /** d×s, unit columns; a candidate without a direction becomes 0. */
  directions(): Matrix {
    const algebra = this.#algebra;
    const target = algebra.matrix(this.#E.rows, this.#h.columns);
    algebra.product(1, this.#E, this.#h, target);
    return normalizeColumns(algebra.readMatrix(target));
  }

  /** The weights p ≥ 0 of the neurons with first layer U. */
  match(U: Matrix): Float64Array {
    const algebra = this.#algebra;
    const s = U.columns;
    const { alpha, beta } = activations(this.#X, U);
    algebra.write(rowBlock(this.#z, 0, alpha.rows), alpha.data);
    algebra.write(rowBlock(this.#z, this.#beta, beta.rows), beta.data);
    const projected = algebra.matrix(this.#F.columns, s);
    algebra.product(1, transposed(this.#F), this.#z, projected);
    const b = columnSquares(algebra.readMatrix(projected));

    const M = algebra.matrix(s, s);
    algebra.product(1, transposed(this.#z), this.#z, M);
    algebra.hadamard(flat(M), flat(M), flat(M));
    const p = algebra.vector(s);
    const Mp = algebra.vector(s);
    const total = algebra.entries(M).reduce((sum, entry) => sum + entry, 0);
    algebra.fill(p, total > 0 ? b.reduce((sum, entry) => sum + entry, 0) / total : 0);
    for (let k = 0; k < WEIGHT_UPDATES; k++) {
      algebra.fill(Mp, 0);
      algebra.addTimes(1, M, p, Mp);
      const [weights, expected] = [algebra.entries(p), algebra.entries(Mp)];
      for (let j = 0; j < s; j++) weights[j] *= expected[j] > 0 ? b[j] / expected[j] : 0;
    }
    return algebra.read(p);
  }
}

function columnSquares(A: Matrix): Float64Array {
  const squares = new Float64Array(A.columns);
  for (let i = 0; i < A.rows; i++) for (let k = 0; k < A.columns; k++) squares[k] += squareOf(A.get(i, k));
  return squares;
}
