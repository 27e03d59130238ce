/**
 * The coordinates of ADMM: Lambda over (alpha, beta, u', v) with rows divided by r (the square roots of the start's diagonal), and an
 * orthonormal basis of the face −alpha + beta + X u' = 0. In scaled rows X̄ = diag(1/r_alpha) Xw diag(r_u), and with RᵀR = I + ½X̄ᵀX̄
 *
 *     V = [[I/√2, ½X̄R⁻¹, 0], [I/√2, −½X̄R⁻¹, 0], [0, R⁻¹, 0], [0, 0, I]],   (2n+d+c) × (n+d+c).
 */
import { checkStatus } from '../wasm/kernels.js';
import type { Algebra } from './algebra.js';
import type { Point } from './point.js';
import type { ScaledProblem } from './scaled-problem.js';
import { block, flat, transposed, type View } from './views.js';

export class AdmmFace {
  /** 2n + d + c. */
  readonly order: number;
  readonly #algebra: Algebra;
  readonly #problem: ScaledProblem;
  readonly #basis: View;
  readonly #half: View;
  readonly #G: View;
  /** r over (alpha, beta, u', v). */
  readonly #scale: Float64Array;
  /** For each stack row its loss row, −1 without one. */
  readonly #lossOf: Int32Array;

  /** @param Lambda p×p, the start whose diagonal sets the scales */
  constructor(algebra: Algebra, problem: ScaledProblem, Lambda: View) {
    const { n, d, c, p, m, lossCount, lossIndex } = problem;
    this.#algebra = algebra;
    this.#problem = problem;
    this.order = 2 * n + d + c;
    algebra.reserveScratch(algebra.kernels.exports.projectPsdWorkspace(p));
    this.#basis = algebra.matrix(this.order, p);
    this.#half = algebra.matrix(p, this.order);
    this.#G = algebra.matrix(p, p);
    const entries = algebra.read(flat(Lambda));
    const size = (i: number): number => Math.sqrt(entries[i * (p + 1)]);
    this.#scale = Float64Array.from({ length: this.order }, (_, i) => size(i < n ? i : i - n));
    this.#lossOf = new Int32Array(2 * n).fill(-1);
    algebra.kernels.arena.ints(lossIndex, lossCount).forEach((index, r) => {
      this.#lossOf[index] = r;
    });
    this.#setBasis(m);
  }

  #setBasis(m: number): void {
    const { n, d, c, p, Xw } = this.#problem;
    const algebra = this.#algebra;
    const Xbar = algebra.matrix(n, d);
    const x = algebra.read(flat(Xw));
    algebra.write(
      flat(Xbar),
      x.map((value, k) => (value * this.#scale[2 * n + (k % d)]) / this.#scale[Math.floor(k / d)]),
    );
    const gram = algebra.matrix(d, d);
    algebra.product(0.5, transposed(Xbar), Xbar, gram, { symmetric: true });
    const diagonal = algebra.entries(flat(gram));
    for (let k = 0; k < d; k++) diagonal[k * (d + 1)] += 1;
    algebra.cholesky(gram);
    // R⁻¹ = L⁻ᵀ: its transpose solves L Y = I
    const inverse = algebra.matrix(d, d);
    const identity = algebra.entries(flat(inverse));
    for (let k = 0; k < d; k++) identity[k * (d + 1)] = 1;
    algebra.solveLowerTransposed(gram, inverse);
    const { exports } = algebra.kernels;
    const V = this.#basis;
    const upper = block(V, 0, n, n, d);
    algebra.product(0.5, Xbar, inverse, upper);
    algebra.product(-0.5, Xbar, inverse, block(V, n, n, n, d));
    exports.copyMatrix(d, d, inverse.at, d, block(V, 2 * n, n, d, d).at, p);
    const basis = algebra.entries(flat(V));
    for (let i = 0; i < n; i++) {
      basis[i * p + i] = Math.SQRT1_2;
      basis[(n + i) * p + i] = Math.SQRT1_2;
    }
    for (let k = 0; k < c; k++) basis[(2 * n + d + k) * p + m + k] = 1;
  }

  /** A (order²) from Lambda over (alpha, u', v). */
  expand(Lambda: View, A: View): void {
    const { n, d, c, p, m, Xw } = this.#problem;
    const algebra = this.#algebra;
    const T = algebra.matrix(this.order, p);
    const entries = algebra.entries(flat(T));
    for (let i = 0; i < n; i++) entries[i * p + i] = entries[(n + i) * p + i] = 1;
    for (let k = 0; k < d; k++) entries[(2 * n + k) * p + n + k] = 1;
    for (let k = 0; k < c; k++) entries[(2 * n + d + k) * p + m + k] = 1;
    const x = algebra.entries(flat(Xw));
    for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) entries[(n + i) * p + n + k] = -x[i * d + k];
    const half = algebra.matrix(this.order, p);
    algebra.congruence(T, Lambda, half, A);
    const scaled = algebra.entries(flat(A));
    const { order } = this;
    for (let i = 0; i < order; i++)
      for (let j = 0; j < order; j++) scaled[i * order + j] /= this.#scale[i] * this.#scale[j];
  }

  /** Lambda over (alpha, u', v) from A. */
  contract(A: View, Lambda: View): void {
    const { n, p } = this.#problem;
    const { order } = this;
    const from = this.#algebra.entries(flat(A));
    const to = this.#algebra.entries(flat(Lambda));
    const place = (i: number): number => (i < n ? i : n + i);
    for (let i = 0; i < p; i++) {
      for (let j = 0; j < p; j++) {
        const [s, t] = [place(i), place(j)];
        to[i * p + j] = from[s * order + t] * this.#scale[s] * this.#scale[t];
      }
    }
  }

  /** The scale on which U settles near the size of B: a hundred times objective over squared norm, from runs on random data. */
  firstRho(value: number, B: View): number {
    return (100 * value) / this.#algebra.inner(B, B);
  }

  /** A ← V proj_psd(Vᵀ A V) Vᵀ. */
  projectPsd(A: View): void {
    const algebra = this.#algebra;
    const { p } = this.#problem;
    const { exports } = algebra.kernels;
    algebra.congruence(transposed(this.#basis), A, this.#half, this.#G);
    const work = algebra.scratch(exports.projectPsdWorkspace(p));
    checkStatus(exports.projectPsd(p, this.#G.at, p, this.#G.at, p, work), 'projectPsd');
    algebra.flops += 11 * p ** 3;
    algebra.congruence(this.#basis, this.#G, { ...this.#half, rows: this.order, columns: p, rowStride: p }, A);
  }

  /** B ← prox of the objective, the nonnegative block and the zeros at penalty ρ. */
  proximal(B: View, rho: number): void {
    const { n, d, c, reg, cost, Y, lossScale } = this.#problem;
    const algebra = this.#algebra;
    const { order } = this;
    const { exports } = algebra.kernels;
    checkStatus(exports.projectDnn(order, n, B.at, order, B.at, order), 'projectDnn');
    const entries = algebra.entries(flat(B));
    const weights = algebra.entries(cost);
    for (let k = 0; k < d + c; k++) {
      const i = 2 * n + k;
      entries[i * (order + 1)] -= ((k < d ? weights[k] : reg / 2) * this.#scale[i] ** 2) / rho;
    }
    const targets = algebra.entries(flat(Y));
    const factors = algebra.entries(lossScale);
    for (let i = 0; i < 2 * n; i++) {
      const r = this.#lossOf[i];
      if (r < 0) continue;
      for (let k = 0; k < c; k++) {
        const j = 2 * n + d + k;
        // ½(fW − y)² + ρ(W − W₀)²: both triangles hold W
        const f = factors[r] * this.#scale[i] * this.#scale[j];
        const W = (f * targets[r * c + k] + 2 * rho * entries[i * order + j]) / (f * f + 2 * rho);
        entries[i * order + j] = W;
        entries[j * order + i] = W;
      }
    }
  }

  /** a = Y − fit of B, N = max(0, −2ρU) and w = −2ρU at the zeros, in the solver's units. */
  readDual(B: View, U: View, rho: number, point: Point): void {
    const { n, d, c, Y, lossScale } = this.#problem;
    const algebra = this.#algebra;
    const { order } = this;
    const b = algebra.entries(flat(B));
    const u = algebra.entries(flat(U));
    const a = algebra.entries(flat(point.a));
    const targets = algebra.entries(flat(Y));
    const factors = algebra.entries(lossScale);
    for (let i = 0; i < 2 * n; i++) {
      const r = this.#lossOf[i];
      for (let k = 0; r >= 0 && k < c; k++) {
        const j = 2 * n + d + k;
        a[r * c + k] = targets[r * c + k] - factors[r] * this.#scale[i] * this.#scale[j] * b[i * order + j];
      }
    }
    const multiplier = (i: number, j: number): number =>
      (-2 * rho * u[i * order + j]) / (this.#scale[i] * this.#scale[j]);
    const N = algebra.entries(point.N);
    const w = algebra.entries(point.w);
    let position = 0;
    for (let i = 0; i < 2 * n; i++) {
      for (let j = 0; j < i; j++) {
        if (j === i - n) w[j] = multiplier(i, j);
        else N[position++] = Math.max(0, multiplier(i, j));
      }
    }
  }
}
