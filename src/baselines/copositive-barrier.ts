/**
 * The copositive relaxation's barrier and its Newton step. With A = Σ_i D_i X Q_i Xᵀ D_i, s_i the signs of pattern i and x_r the nonzero rows of X (for the
 * logarithms those that generate the pattern's cone),
 *
 *   φ_t(Q) = t f(Q) − Σ_i (log det Q_i + Σ_{r<s} log K^i_rs),   f = reg/2 (tr Yᵀ(A + reg I)⁻¹Y + Σ_i tr Q_i),   K^i_rs = s_ir s_is x_rᵀQ_i x_s.
 *
 * With a = reg (A + reg I)⁻¹ Y, B_i = XᵀD_i a and M = (A + reg I)⁻¹ the derivatives of f are ½(reg I − B_i B_iᵀ/reg) and, for E in Q_i and E' in Q_j,
 * tr(E P_ij E' B_j B_iᵀ)/reg with P_ij = XᵀD_i M D_j X. Unknowns are the entries a ≤ b of each Q_i, in that order; h = d(d+1)/2 of them.
 */
import { log, squareOf } from '../base/elementary.js';
import { Matrix } from '../base/matrix.js';
import { dot, sumOfSquares } from '../base/vector.js';
import type { Kernels } from '../engine/kernels.js';
import { Algebra } from '../linalg/algebra.js';
import { times } from '../linalg/plain.js';
import { rowBlock, transposed, type View } from '../linalg/views.js';
import { bestDualValue, unitCenter } from '../problem/losses/unit-quadratic.js';
import type { TrainingProblem } from '../problem/problem.js';
import { barrierDerivatives, type Pairs, smoothHessian, symmetricPairs, wallProducts } from './copositive-hessian.js';
import { solveDamped } from './damped-solve.js';
import { extremeRows } from './extreme-rows.js';
import type { SignPatterns } from './patterns.js';
import { type Factorized, factorize, fromRows } from './small-matrices.js';

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
  readonly #algebra: Algebra;
  readonly #X: Matrix;
  readonly #Y: Matrix;
  readonly #reg: number;
  /** ±1, n×P. */
  readonly #signs: Int8Array;
  /** For each pattern the signed rows s_r x_r that generate its cone's dual: the products of all others follow from theirs. */
  readonly #walls: readonly Matrix[];
  readonly #pairs: Pairs;

  /** @param problem without zero rows */
  constructor(kernels: Kernels, problem: TrainingProblem, { count, active }: SignPatterns) {
    const { X, reg } = problem;
    const { rows: n, columns: d } = X;
    this.#algebra = new Algebra(kernels);
    this.#X = X;
    this.#Y = unitCenter(problem);
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
    this.#pairs = symmetricPairs(d);
  }

  /** Evaluates φ's parts; undefined when Q is not strictly feasible. */
  evaluate(Q: Float64Array): BarrierPoint | undefined {
    return this.#scoped((algebra) => {
      let barrier = 0;
      let trace = 0;
      for (let i = 0; i < this.patterns; i++) {
        const Qi = this.#block(Q, i);
        const factorized = factorize(algebra, Qi);
        if (!factorized) return undefined;
        barrier -= factorized.logDeterminant;
        for (let a = 0; a < this.d; a++) trace += Qi.get(a, a);
        barrier += this.#logarithms(algebra, i, Qi);
        if (Number.isNaN(barrier)) return undefined;
      }
      const { a } = this.#dual(algebra, Q);
      return { Q, a, barrier, value: (dot(this.#Y.data, a) + this.#reg * trace) / 2 };
    });
  }

  /** −Σ_{r<s} log K^i_rs, NaN when some K is not positive. */
  #logarithms(algebra: Algebra, i: number, Qi: Matrix): number {
    return algebra.scoped(() => {
      const K = algebra.entries(wallProducts(algebra, this.#walls[i], Qi));
      const n = this.#walls[i].rows;
      let sum = 0;
      for (let r = 0; r < n; r++) {
        for (let s = 0; s < r; s++) sum -= K[r * n + s] > 0 ? log(K[r * n + s]) : Number.NaN;
      }
      return sum;
    });
  }

  /**
   * The Newton step of φ_t; undefined when round-off has taken its Hessian's definiteness. It is computed in the coordinates Q_i = L_i (I + E) L_iᵀ, where
   * X L_i takes X's place: near the optimum Q_i is almost singular, and its inverse squared would leave no digits.
   */
  newton(point: BarrierPoint, t: number): NewtonStep | undefined {
    return this.#scoped((algebra) => {
      const { d, patterns: P } = this;
      const h = this.#pairs.length;
      const { stacked, factor } = this.#dual(algebra, point.Q);
      const B = algebra.matrix(P * d, this.#Y.columns);
      const a = algebra.place(new Matrix(point.a, this.#Y.rows, this.#Y.columns));
      algebra.product(1, transposed(stacked), a, B);
      const factors = Array.from(
        { length: P },
        (_, i) => (factorize(algebra, this.#block(point.Q, i)) as Factorized).factor,
      );
      const original = algebra.readMatrix(B);
      this.#scale(algebra, factors, stacked, B);
      const hessian = smoothHessian(algebra, { pairs: this.#pairs, reg: this.#reg, stacked, factor, B }, t);
      const gradient = new Float64Array(P * h);
      let worst = 0;
      for (let i = 0; i < P; i++) {
        const L = factors[i];
        const Q = this.#block(point.Q, i);
        const parts = { pairs: this.#pairs, walls: this.#walls[i], Q, L };
        const { barrierHessian, multiplierTerm } = barrierDerivatives(algebra, parts);
        const Bi = algebra.readMatrix(rowBlock(B, i * d, d));
        const scaledMultipliers = times(L.transpose(), times(multiplierTerm, L));
        const metric = times(L.transpose(), L);
        const needed = Matrix.zeros(d, d);
        const H = algebra.entries(hessian);
        this.#pairs.forEach(([x, y], k) => {
          const slope = (this.#reg * metric.get(x, y) - dot(Bi.row(x), Bi.row(y)) / this.#reg) / 2;
          const barrier = (x === y ? 1 : 0) + scaledMultipliers.get(x, y) / 2;
          gradient[i * h + k] = (x === y ? 1 : 2) * (t * slope - barrier);
          const square = dot(original.row(i * d + x), original.row(i * d + y)) / this.#reg;
          needed.set(y, x, square + multiplierTerm.get(x, y) / t);
          for (let l = 0; l < h; l++) H[(i * h + k) * P * h + i * h + l] += barrierHessian[k * h + l];
        });
        worst = Math.max(worst, this.#largestEigenvalue(algebra, needed));
      }
      const solved = solveDamped(algebra, hessian, gradient);
      if (!solved) return undefined;
      const direction = new Float64Array(P * d * d);
      factors.forEach((L, i) => {
        const E = this.#symmetric(solved.step.subarray(i * h, (i + 1) * h));
        direction.set(times(times(L, E), L.transpose()).data, i * d * d);
      });
      const dualValue = this.#dualValue(point.a, Math.sqrt(this.#reg / worst));
      return { direction, decrement: solved.decrement, dualValue };
    });
  }

  /** D_i X ← D_i X L_i and B_i ← L_iᵀ B_i. */
  #scale(algebra: Algebra, factors: readonly Matrix[], stacked: View, B: View): void {
    const { d, patterns: P } = this;
    const c = this.#Y.columns;
    const entries = algebra.entries(stacked);
    const outputs = algebra.entries(B);
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
    const product = dot(a, this.#Y.data);
    const square = sumOfSquares(a);
    return bestDualValue(product, square, Number.NEGATIVE_INFINITY, limit);
  }

  /** Whether Q = 0 is optimal: a = Y is dual feasible with no multipliers. */
  isZeroOptimal(): boolean {
    return this.#scoped((algebra) => {
      const stacked = this.#stack(algebra);
      const B = algebra.matrix(this.patterns * this.d, this.#Y.columns);
      const square = algebra.matrix(this.d, this.d);
      algebra.product(1, transposed(stacked), algebra.place(this.#Y), B);
      for (let i = 0; i < this.patterns; i++) {
        const Bi = rowBlock(B, i * this.d, this.d);
        algebra.product(1, Bi, transposed(Bi), square);
        if (this.#largestEigenvalue(algebra, algebra.readMatrix(square)) > squareOf(this.#reg)) return false;
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
          const pull = dot(Qi.row(x), this.#X.row(r)) / this.#reg;
          for (let k = 0; k < c; k++) W.data[x * W.columns + i * c + k] += pull * a[r * c + k];
        }
      }
    }
    return W;
  }

  /** [D_1 X, …, D_P X], n×Pd. */
  #stack(algebra: Algebra): View {
    const { d, patterns: P } = this;
    const stacked = algebra.matrix(this.#X.rows, P * d);
    const entries = algebra.entries(stacked);
    for (let r = 0; r < this.#X.rows; r++) {
      for (let i = 0; i < P; i++) {
        if (this.#signs[r * P + i] > 0) entries.set(this.#X.row(r), (r * P + i) * d);
      }
    }
    return stacked;
  }

  /** a, the stack, and the Cholesky factor of A + reg I. */
  #dual(algebra: Algebra, Q: Float64Array): { a: Float64Array; stacked: View; factor: View } {
    const { d, patterns: P } = this;
    const n = this.#X.rows;
    const stacked = this.#stack(algebra);
    const weighted = algebra.matrix(n, P * d);
    const factor = algebra.matrix(n, n);
    const a = algebra.place(this.#Y);
    const target = algebra.entries(weighted);
    for (let i = 0; i < P; i++) {
      const Qi = this.#block(Q, i);
      for (let r = 0; r < n; r++) {
        if (this.#signs[r * P + i] < 0) continue;
        for (let x = 0; x < d; x++) target[(r * P + i) * d + x] = dot(Qi.row(x), this.#X.row(r));
      }
    }
    algebra.product(1, weighted, transposed(stacked), factor);
    const entries = algebra.entries(factor);
    for (let r = 0; r < n; r++) entries[r * (n + 1)] += this.#reg;
    algebra.solvePositive(factor, a);
    return { a: algebra.entries(a).map((value) => this.#reg * value), stacked, factor };
  }

  /** The symmetric matrix of the unknowns, one per pair. */
  #symmetric(unknowns: Float64Array): Matrix {
    const E = Matrix.zeros(this.d, this.d);
    this.#pairs.forEach(([x, y], k) => {
      E.set(x, y, unknowns[k]);
      E.set(y, x, unknowns[k]);
    });
    return E;
  }

  /** Of a symmetric d×d matrix, read from its lower triangle. */
  #largestEigenvalue(algebra: Algebra, A: Matrix): number {
    return algebra.scoped(() => algebra.eigenvalues(algebra.place(A))[A.rows - 1]);
  }

  #block(Q: Float64Array, i: number): Matrix {
    const size = squareOf(this.d);
    return new Matrix(Q.subarray(i * size, (i + 1) * size), this.d, this.d);
  }

  /** Frees what `work` allocates. */
  #scoped<T>(work: (algebra: Algebra) => T): T {
    return this.#algebra.scoped(() => work(this.#algebra));
  }
}
