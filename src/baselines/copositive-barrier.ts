/**
 * The copositive relaxation's barrier and its Newton step. With A = Σ_i D_i X Q_i Xᵀ D_i, s_i the signs of pattern i and x_r the nonzero rows of X (for the
 * logarithms those that generate the pattern's cone),
 *
 *   φ_t(Q) = t f(Q) − Σ_i (log det Q_i + Σ_{r<s} log K^i_rs),   f = reg/2 (tr Yᵀ(A + reg I)⁻¹Y + Σ_i tr Q_i),   K^i_rs = s_ir s_is x_rᵀQ_i x_s.
 *
 * With a = reg (A + reg I)⁻¹ Y, B_i = XᵀD_i a and M = (A + reg I)⁻¹ the derivatives of f are ½(reg I − B_i B_iᵀ/reg) and, for E in Q_i and E' in Q_j,
 * tr(E P_ij E' B_j B_iᵀ)/reg with P_ij = XᵀD_i M D_j X. Unknowns are the entries a ≤ b of each Q_i, in that order; h = d(d+1)/2 of them.
 */
import { Matrix } from '../matrix.js';
import { sumOfSquares } from '../model/loss.js';
import type { TrainingProblem } from '../model/problem.js';
import { type Block, Dense } from '../network/dense.js';
import type { Kernels } from '../wasm/kernels.js';
import { extremeRows } from './extreme-rows.js';
import { inner, type SignPatterns } from './patterns.js';
import { type Factorized, factorize, fromRows, times } from './small-matrices.js';

/** A point with what its evaluation computed. */
export interface BarrierPoint {
  /** P matrices d×d, one after another, all strictly feasible. */
  readonly Q: Float64Array;
  /** f(Q). */
  readonly value: number;
  /** −Σ_i (log det Q_i + Σ_{r<s} log K^i_rs). */
  readonly barrier: number;
  /** n×c. */
  readonly a: Float64Array;
}

export interface NewtonStep {
  readonly direction: Float64Array;
  /** gᵀH⁻¹g. */
  readonly decrement: number;
  /** Lower bound on this program's optimum: ⟨a, Y⟩ − ½‖a‖² with a and the multipliers 1/(tK) scaled to feasibility. */
  readonly dualValue: number;
}

export class CopositiveBarrier {
  readonly patterns: number;
  readonly d: number;
  /** Number of logarithms, log det counting d each: the gap of a centred point is about this over t. */
  readonly parameter: number;
  readonly #kernels: Kernels;
  readonly #X: Matrix;
  readonly #Y: Matrix;
  readonly #reg: number;
  /** ±1, n×P. */
  readonly #signs: Int8Array;
  /** For each pattern the signed rows s_r x_r that generate its cone's dual: the products of all others follow from theirs. */
  readonly #walls: readonly Matrix[];
  /** Index pairs a ≤ b. */
  readonly #pairs: readonly (readonly [number, number])[];

  /** @param problem without zero rows */
  constructor(kernels: Kernels, { X, Y, reg }: TrainingProblem, { count, active }: SignPatterns) {
    const { rows: n, columns: d } = X;
    this.#kernels = kernels;
    this.#X = X;
    this.#Y = Y;
    this.#reg = reg;
    this.patterns = count;
    this.d = d;
    this.#signs = Int8Array.from(active, (bit) => (bit === 1 ? 1 : -1));
    const rows = Array.from({ length: n }, (_, r) => X.row(r));
    this.#walls = Array.from({ length: count }, (_, i) => {
      const signed = rows.map((row, r) => row.map((x) => this.#signs[r * count + i] * x));
      return fromRows(
        extremeRows(signed).map((r) => signed[r]),
        d,
      );
    });
    this.parameter = this.#walls.reduce((sum, { rows: m }) => sum + d + (m * (m - 1)) / 2, 0);
    this.#pairs = Array.from({ length: d }, (_, a) => a).flatMap((a) =>
      Array.from({ length: d - a }, (_, k) => [a, a + k] as const),
    );
  }

  /** Evaluates φ's parts; undefined when Q is not strictly feasible. */
  evaluate(Q: Float64Array): BarrierPoint | undefined {
    return this.#withDense((dense) => {
      let barrier = 0;
      let trace = 0;
      for (let i = 0; i < this.patterns; i++) {
        const Qi = this.#block(Q, i);
        const factorized = factorize(dense, Qi);
        if (!factorized) return undefined;
        barrier -= factorized.logDeterminant;
        for (let a = 0; a < this.d; a++) trace += Qi.get(a, a);
        barrier += this.#logarithms(dense, i, Qi);
        if (Number.isNaN(barrier)) return undefined;
      }
      const { a } = this.#dual(dense, Q);
      return { Q, a, barrier, value: (inner(this.#Y.data, a) + this.#reg * trace) / 2 };
    });
  }

  /** −Σ_{r<s} log K^i_rs, NaN when some K is not positive. */
  #logarithms(dense: Dense, i: number, Qi: Matrix): number {
    const { arena } = this.#kernels;
    const mark = arena.mark();
    const K = dense.entries(this.#products(dense, i, Qi));
    const n = this.#walls[i].rows;
    let sum = 0;
    for (let r = 0; r < n; r++) {
      for (let s = 0; s < r; s++) sum -= K[r * n + s] > 0 ? Math.log(K[r * n + s]) : Number.NaN;
    }
    arena.release(mark);
    return sum;
  }

  /**
   * The Newton step of φ_t; undefined when round-off has taken its Hessian's definiteness. It is computed in the coordinates Q_i = L_i (I + E) L_iᵀ, where
   * X L_i takes X's place: near the optimum Q_i is almost singular, and its inverse squared would leave no digits.
   */
  newton(point: BarrierPoint, t: number): NewtonStep | undefined {
    return this.#withDense((dense) => {
      const { d, patterns: P } = this;
      const h = this.#pairs.length;
      const { stacked, factor } = this.#dual(dense, point.Q);
      const B = dense.allocate(P * d, this.#Y.columns);
      const a = dense.place(new Matrix(point.a, this.#Y.rows, this.#Y.columns));
      dense.multiply(stacked, a, B, { transposeA: true });
      const factors = Array.from(
        { length: P },
        (_, i) => (factorize(dense, this.#block(point.Q, i)) as Factorized).factor,
      );
      const original = dense.read(B);
      this.#scale(dense, factors, stacked, B);
      const hessian = this.#smoothHessian(dense, t, stacked, factor, B);
      const gradient = new Float64Array(P * h);
      let worst = 0;
      for (let i = 0; i < P; i++) {
        const L = factors[i];
        const { barrierHessian, multiplierTerm } = this.#barrierDerivatives(dense, i, point.Q, L);
        const Bi = dense.read(dense.rows(B, i * d, d));
        const scaledMultipliers = times(L.transpose(), times(multiplierTerm, L));
        const metric = times(L.transpose(), L);
        const needed = Matrix.zeros(d, d);
        const H = dense.entries(hessian);
        this.#pairs.forEach(([x, y], k) => {
          const slope = (this.#reg * metric.get(x, y) - inner(Bi.row(x), Bi.row(y)) / this.#reg) / 2;
          const barrier = (x === y ? 1 : 0) + scaledMultipliers.get(x, y) / 2;
          gradient[i * h + k] = (x === y ? 1 : 2) * (t * slope - barrier);
          const square = inner(original.row(i * d + x), original.row(i * d + y)) / this.#reg;
          needed.set(y, x, square + multiplierTerm.get(x, y) / t);
          for (let l = 0; l < h; l++) H[(i * h + k) * P * h + i * h + l] += barrierHessian[k * h + l];
        });
        worst = Math.max(worst, this.#largestEigenvalue(dense, needed));
      }
      const solved = this.#solve(dense, hessian, gradient);
      if (!solved) return undefined;
      const direction = new Float64Array(P * d * d);
      factors.forEach((L, i) => {
        direction.set(times(times(L, this.#block(solved.direction, i)), L.transpose()).data, i * d * d);
      });
      const dualValue = this.#dualValue(point.a, Math.sqrt(this.#reg / worst));
      return { direction, decrement: solved.decrement, dualValue };
    });
  }

  /** D_i X ← D_i X L_i and B_i ← L_iᵀ B_i. */
  #scale(dense: Dense, factors: readonly Matrix[], stacked: Block, B: Block): void {
    const { d, patterns: P } = this;
    const c = this.#Y.columns;
    const entries = dense.entries(stacked);
    const outputs = dense.entries(B);
    factors.forEach((L, i) => {
      for (let r = 0; r < stacked.rows; r++) {
        const row = new Matrix(entries.subarray((r * P + i) * d, (r * P + i + 1) * d), 1, d);
        row.data.set(times(row, L).data);
      }
      const Bi = new Matrix(outputs.subarray(i * d * c, (i + 1) * d * c), d, c);
      Bi.data.set(times(L.transpose(), Bi).data);
    });
  }

  /** max over 0 ≤ σ ≤ limit of σ⟨a, Y⟩ − σ²‖a‖²/2. */
  #dualValue(a: Float64Array, limit: number): number {
    const product = inner(a, this.#Y.data);
    const square = sumOfSquares(a);
    const scale = Math.min(limit, product / square);
    return scale * product - (scale ** 2 * square) / 2;
  }

  /** Whether Q = 0 is optimal: a = Y is dual feasible with no multipliers. */
  isZeroOptimal(): boolean {
    return this.#withDense((dense) => {
      const stacked = this.#stack(dense);
      const B = dense.allocate(this.patterns * this.d, this.#Y.columns);
      const square = dense.allocate(this.d, this.d);
      dense.multiply(stacked, dense.place(this.#Y), B, { transposeA: true });
      for (let i = 0; i < this.patterns; i++) {
        const Bi = dense.rows(B, i * this.d, this.d);
        dense.multiply(Bi, Bi, square, { transposeB: true });
        if (this.#largestEigenvalue(dense, dense.read(square)) > this.#reg ** 2) return false;
      }
      return true;
    });
  }

  /** Outputs of the relaxation's predictor, W_i = Q_i B_i / reg, side by side: d×Pc. */
  outputs({ Q, a }: Pick<BarrierPoint, 'Q' | 'a'>): Matrix {
    const { d } = this;
    const c = this.#Y.columns;
    const W = Matrix.zeros(d, this.patterns * c);
    for (let i = 0; i < this.patterns; i++) {
      const Qi = this.#block(Q, i);
      for (let r = 0; r < this.#X.rows; r++) {
        if (this.#signs[r * this.patterns + i] < 0) continue;
        for (let x = 0; x < d; x++) {
          const pull = inner(Qi.row(x), this.#X.row(r)) / this.#reg;
          for (let k = 0; k < c; k++) W.data[x * W.columns + i * c + k] += pull * a[r * c + k];
        }
      }
    }
    return W;
  }

  /** [D_1 X, …, D_P X], n×Pd. */
  #stack(dense: Dense): Block {
    const { d, patterns: P } = this;
    const stacked = dense.allocate(this.#X.rows, P * d);
    const entries = dense.entries(stacked);
    for (let r = 0; r < this.#X.rows; r++) {
      for (let i = 0; i < P; i++) {
        if (this.#signs[r * P + i] > 0) entries.set(this.#X.row(r), (r * P + i) * d);
      }
    }
    return stacked;
  }

  /** a, the stack, and the Cholesky factor of A + reg I. */
  #dual(dense: Dense, Q: Float64Array): { a: Float64Array; stacked: Block; factor: Block } {
    const { d, patterns: P } = this;
    const n = this.#X.rows;
    const stacked = this.#stack(dense);
    const weighted = dense.allocate(n, P * d);
    const factor = dense.allocate(n, n);
    const a = dense.place(this.#Y);
    const target = dense.entries(weighted);
    for (let i = 0; i < P; i++) {
      const Qi = this.#block(Q, i);
      for (let r = 0; r < n; r++) {
        if (this.#signs[r * P + i] < 0) continue;
        for (let x = 0; x < d; x++) target[(r * P + i) * d + x] = inner(Qi.row(x), this.#X.row(r));
      }
    }
    dense.multiply(weighted, stacked, factor, { transposeB: true });
    const entries = dense.entries(factor);
    for (let r = 0; r < n; r++) entries[r * (n + 1)] += this.#reg;
    dense.solve(factor, a);
    return { a: dense.entries(a).map((value) => this.#reg * value), stacked, factor };
  }

  /** K^i over the walls. */
  #products(dense: Dense, i: number, Qi: Matrix): Block {
    const rows = dense.place(this.#walls[i]);
    const weighted = dense.allocate(rows.rows, this.d);
    const K = dense.allocate(rows.rows, rows.rows);
    dense.multiply(rows, dense.place(Qi), weighted);
    dense.multiply(weighted, rows, K, { transposeB: true });
    return K;
  }

  /** t times the Hessian of f, Ph×Ph. */
  #smoothHessian(dense: Dense, t: number, stacked: Block, factor: Block, B: Block): Block {
    const { d, patterns: P } = this;
    const { arena, exports } = this.#kernels;
    const h = this.#pairs.length;
    const size = P * d;
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
        this.#pairs.forEach(([a, b], k) => {
          this.#pairs.forEach(([e, f], l) => {
            const sum =
              p[at(b, e)] * q[at(a, f)] +
              p[at(b, f)] * q[at(a, e)] +
              p[at(a, e)] * q[at(b, f)] +
              p[at(a, f)] * q[at(b, e)];
            const value = (t * half(a, b) * half(e, f) * sum) / this.#reg;
            H[(i * h + k) * P * h + j * h + l] = value;
            H[(j * h + l) * P * h + i * h + k] = value;
          });
        });
      }
    }
    return hessian;
  }

  /**
   * Of pattern i's logarithms in the scaled coordinates: the Hessian h×h, and in the original ones Aᵀ(1/K)A, what the multipliers 1/K contribute to the dual constraint. Sums of
   * products over pairs of rows are two GEMMs: Σ_rs W_rs a_r,x a_r,y a_s,z a_s,w = (ZᵀWZ)_{xy,zw} with the products a_r,x a_r,y in the rows of Z.
   */
  #barrierDerivatives(
    dense: Dense,
    i: number,
    Q: Float64Array,
    L: Matrix,
  ): { barrierHessian: Float64Array; multiplierTerm: Matrix } {
    const { arena } = this.#kernels;
    const mark = arena.mark();
    try {
      const { d } = this;
      const signed = times(this.#walls[i], L);
      const n = signed.rows;
      const h = this.#pairs.length;
      const Qi = this.#block(Q, i);
      const weights = this.#products(dense, i, Qi);
      const rows = dense.place(this.#walls[i]);
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
        this.#pairs.forEach(([x, y], k) => {
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
      this.#pairs.forEach(([a, b], k) => {
        this.#pairs.forEach(([e, f], l) => {
          const pairs = T[place(a, e) * h + place(b, f)] + T[place(a, f) * h + place(b, e)];
          const determinant = (a === e && b === f ? 1 : 0) + (a === f && b === e ? 1 : 0);
          barrierHessian[k * h + l] = half(a, b) * half(e, f) * (pairs + 2 * determinant);
        });
      });
      return { barrierHessian, multiplierTerm };
    } finally {
      arena.release(mark);
    }
  }

  /** −H⁻¹g, H scaled to a unit diagonal first: its entries span the squares of the distances to the boundary. */
  #solve(
    dense: Dense,
    hessian: Block,
    gradient: Float64Array,
  ): { direction: Float64Array; decrement: number } | undefined {
    const N = gradient.length;
    const right = dense.allocate(N, 1);
    const H = dense.entries(hessian);
    const scale = Float64Array.from({ length: N }, (_, k) => 1 / Math.sqrt(H[k * (N + 1)]));
    for (let k = 0; k < N; k++) for (let l = 0; l < N; l++) H[k * N + l] *= scale[k] * scale[l];
    const isSolved = DAMPINGS.some((damping) => {
      dense.entries(right).set(gradient.map((g, k) => -g * scale[k]));
      damp(dense.entries(hessian), N, damping);
      return dense.solve(hessian, right);
    });
    if (!isSolved) return undefined;
    const unknowns = dense.entries(right).map((value, k) => value * scale[k]);
    const { d } = this;
    const h = this.#pairs.length;
    const direction = new Float64Array(this.patterns * d * d);
    for (let i = 0; i < this.patterns; i++) {
      this.#pairs.forEach(([x, y], k) => {
        direction[(i * d + x) * d + y] = unknowns[i * h + k];
        direction[(i * d + y) * d + x] = unknowns[i * h + k];
      });
    }
    return { direction, decrement: -inner(gradient, unknowns) };
  }

  /** Of a symmetric d×d matrix, read from its lower triangle. */
  #largestEigenvalue(dense: Dense, A: Matrix): number {
    const { arena, exports } = this.#kernels;
    const mark = arena.mark();
    const { at } = dense.place(A);
    const values = arena.allocate(A.rows);
    exports.eigenvalues(A.rows, at, A.rows, values, arena.allocateBytes(exports.eigenvaluesWorkspace(A.rows)));
    const largest = arena.view(values, A.rows)[A.rows - 1];
    arena.release(mark);
    return largest;
  }

  #block(Q: Float64Array, i: number): Matrix {
    const size = this.d ** 2;
    return new Matrix(Q.subarray(i * size, (i + 1) * size), this.d, this.d);
  }

  #withDense<T>(work: (dense: Dense) => T): T {
    const { arena } = this.#kernels;
    const mark = arena.mark();
    try {
      return work(new Dense(this.#kernels));
    } finally {
      arena.release(mark);
    }
  }
}

/** Added to the unit diagonal, the first at which the matrix is definite in floating point: round-off where a pattern is very thin. */
const DAMPINGS = [0, 1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-8, 1e-6, 1e-4];

/** Restores the lower triangle, which a factorisation overwrites, from the upper one, and sets the diagonal. */
function damp(H: Float64Array, N: number, damping: number): void {
  for (let k = 0; k < N; k++) {
    for (let l = 0; l < k; l++) H[k * N + l] = H[l * N + k];
    H[k * (N + 1)] = 1 + damping;
  }
}

/** A diagonal entry is one unknown where an off-diagonal one stands for two. */
const half = (x: number, y: number): number => (x === y ? 0.5 : 1);
