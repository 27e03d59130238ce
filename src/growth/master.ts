/**
 * The master problem: the best masses η ≥ 0 and outputs V for given directions u_j, a convex problem. With h_j = (X u_j)₊, H = [h_j],
 *
 *   min over η of  f(η) = reg/2 ( tr Yᵀ(H diag(η) Hᵀ + reg I)⁻¹ Y + Σ η_j )
 *
 * by a log-barrier Newton method in the relative step dη_j/η_j, in m×m form: K = HᵀH, B = HᵀY, S = diag(√η), A = reg I + SKS,
 * Q = A⁻¹SB give f = ½(‖Y‖² − ⟨SB, Q⟩ + reg Σ η), Vᵀ = SQ, the scaled gradient reg/2 (η_j − ‖Q_j‖²) − τ and the scaled Hessian
 * reg (I − reg A⁻¹) ∘ QQᵀ + τI (algorithm.md, "Master problem"; barrier: Boyd and Vandenberghe, Convex Optimization, §11.3).
 * Cost about 2.3 m³ flops a step, 20 to 60 steps.
 */
import { Matrix } from '../matrix.js';
import type { TrainingObjective } from '../network/objective.js';
import { type Address, Triangle } from '../wasm/abi.js';

export interface MasterOptions {
  /** The barrier is lowered until the gap it leaves, m τ, is at most this share of f. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

export interface MasterSolution {
  /** c×m; ‖v_j‖ is the mass of direction j, up to the barrier. */
  readonly V: Matrix;
  /** Newton steps taken. */
  readonly iterations: number;
  /** False when it ended before the barrier was low enough; V is the best output for the masses reached all the same. */
  readonly isConverged: boolean;
}

/** Masses start at this share of the largest or above: zero has no logarithm. */
const LEAST_START = 1e-5;
/** First barrier parameter, relative to f / m, and its factor from stage to stage. */
const FIRST_BARRIER = 1e-3;
const BARRIER_FACTOR = 0.1;
/** A stage ends when the Newton decrement is below this share of τ … */
const CENTRED = 1e-2;
/** … or after so many steps. */
const STAGE_STEPS = 15;
/** Share of the way to the boundary, and least step, of the line search. */
const TO_BOUNDARY = 0.95;
const LEAST_STEP = 1e-6;
const ARMIJO = 1e-4;
/** f is a difference of numbers of the size of ‖Y‖²; changes below this share of it are round-off. */
const NOISE = 1e-15;
/** Added to the Hessian's diagonal, relative to its mean: parallel directions make it singular. */
const RIDGE = 1e-14;

/**
 * @param U d×m, unit columns
 * @param start masses to start from, m
 */
export function solveMaster(
  objective: TrainingObjective,
  U: Matrix,
  start: Float64Array,
  options: MasterOptions,
): MasterSolution {
  const { arena } = objective.kernels;
  const m = U.columns;
  if (m === 0) return { V: Matrix.zeros(objective.c, 0), iterations: 0, isConverged: true };
  const mark = arena.mark();
  try {
    return new Master(objective, U).solve(start, options);
  } finally {
    arena.release(mark);
  }
}

/** η with f(η), and in the kernels' memory (one point at a time) the factor of A, SB and Q. */
interface Point {
  readonly eta: Float64Array;
  readonly value: number;
}

class Master {
  readonly #objective: TrainingObjective;
  readonly #m: number;
  readonly #squaredTargets: number;
  /** K and B; the factor L of A and its inverse; A⁻¹, then the Hessian; SB, Q, QQᵀ, the step. */
  readonly #K: Address;
  readonly #B: Address;
  readonly #L: Address;
  readonly #inverse: Address;
  readonly #hessian: Address;
  readonly #SB: Address;
  readonly #Q: Address;
  readonly #step: Address;
  readonly #gemmWork: Address;
  readonly #choleskyWork: Address;
  readonly #inverseWork: Address;
  readonly #solveWork: Address;

  constructor(objective: TrainingObjective, U: Matrix) {
    const { n, d, c, kernels, targets } = objective;
    const { arena, exports } = kernels;
    const m = U.columns;
    this.#objective = objective;
    this.#m = m;
    this.#K = arena.allocate(m * m);
    this.#B = arena.allocate(m * c);
    this.#L = arena.allocate(m * m);
    this.#inverse = arena.allocate(m * m);
    this.#hessian = arena.allocate(m * m);
    this.#SB = arena.allocate(m * c);
    this.#Q = arena.allocate(m * c);
    this.#step = arena.allocate(m);
    this.#gemmWork = arena.allocateBytes(exports.gemmWorkspace());
    this.#choleskyWork = arena.allocateBytes(exports.choleskyWorkspace(m));
    this.#inverseWork = arena.allocateBytes(exports.triangularInverseWorkspace(m));
    this.#solveWork = arena.allocateBytes(exports.solveLowerWorkspace(m, c));
    this.#squaredTargets = exports.dot(n * c, targets, targets);

    const theta = arena.allocate(d * m);
    arena.write(theta, U.data);
    const H = arena.allocate(n * m);
    objective.hidden(m, theta, H);
    exports.gemm(m, m, n, 1, H, 1, m, H, m, 1, 0, this.#K, m, Triangle.lower, this.#gemmWork);
    exports.mirror(m, this.#K, m);
    exports.gemm(m, c, n, 1, H, 1, m, targets, c, 1, 0, this.#B, c, Triangle.full, this.#gemmWork);
  }

  solve(start: Float64Array, { tolerance, maxIterations }: MasterOptions): MasterSolution {
    const m = this.#m;
    const largest = start.reduce((max, mass) => Math.max(max, mass), 0);
    let point = this.#evaluate(start.map((mass) => Math.max(mass, LEAST_START * largest, Number.MIN_VALUE)));
    let tau = (FIRST_BARRIER * point.value) / m;
    let iterations = 0;
    for (;;) {
      for (let stage = 0; stage < STAGE_STEPS && iterations < maxIterations; stage++) {
        iterations++;
        const next = this.#newtonStep(point, tau);
        if (!next) break;
        point = next;
      }
      const isConverged = tau * m <= tolerance * point.value;
      if (isConverged || iterations >= maxIterations) {
        return { V: this.#outputs(point), iterations, isConverged };
      }
      tau *= BARRIER_FACTOR;
    }
  }

  /** f(η); leaves L, SB and Q of this η behind. NaN when A is not numerically positive definite. */
  #evaluate(eta: Float64Array): Point {
    const { c, reg, kernels } = this.#objective;
    const { arena, exports } = kernels;
    const m = this.#m;
    const root = eta.map(Math.sqrt);
    const K = arena.view(this.#K, m * m);
    const A = arena.view(this.#L, m * m);
    const B = arena.view(this.#B, m * c);
    const SB = arena.view(this.#SB, m * c);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j <= i; j++) A[i * m + j] = K[i * m + j] * root[i] * root[j];
      A[i * m + i] += reg;
      for (let k = 0; k < c; k++) SB[i * c + k] = root[i] * B[i * c + k];
    }
    if (exports.cholesky(m, this.#L, m, this.#choleskyWork) !== 0) return { eta, value: Number.NaN };
    arena.view(this.#Q, m * c).set(SB);
    exports.solveLower(m, c, this.#L, m, this.#Q, c, this.#solveWork);
    exports.solveLowerTransposed(m, c, this.#L, m, this.#Q, c, this.#solveWork);
    const explained = exports.dot(m * c, this.#SB, this.#Q);
    return { eta, value: 0.5 * (this.#squaredTargets - explained + reg * sum(eta)) };
  }

  /** The next point of the stage; undefined when this one is centred or no step lowers the barrier function. */
  #newtonStep(point: Point, tau: number): Point | undefined {
    const { eta, value } = point;
    const { decrement, step } = this.#newtonDirection(eta, tau);
    if (!(decrement > CENTRED * tau)) return undefined;
    const noise = NOISE * this.#squaredTargets;
    const least = step.reduce((min, s) => Math.min(min, s), 0);
    const barrier = value - tau * sumOfLogs(eta);
    for (let t = Math.min(1, TO_BOUNDARY / -least); t > LEAST_STEP; t *= 0.5) {
      const trial = this.#evaluate(eta.map((mass, j) => mass * (1 + t * step[j])));
      const change = trial.value - tau * sumOfLogs(trial.eta) - barrier;
      if (change <= noise - ARMIJO * t * decrement) return trial;
    }
    this.#evaluate(eta);
    return undefined;
  }

  /** The Newton step in dη/η and its decrement, from L and Q of η. */
  #newtonDirection(eta: Float64Array, tau: number): { step: Float64Array; decrement: number } {
    const { c, reg, kernels } = this.#objective;
    const { arena, exports } = kernels;
    const m = this.#m;
    exports.triangularInverse(m, this.#L, m, this.#inverse, m, this.#inverseWork);
    arena.view(this.#hessian, m * m).fill(0);
    exports.gemm(
      m,
      m,
      m,
      1,
      this.#inverse,
      1,
      m,
      this.#inverse,
      m,
      1,
      0,
      this.#hessian,
      m,
      Triangle.lower,
      this.#gemmWork,
    );
    const products = this.#inverse;
    arena.view(products, m * m).fill(0);
    exports.gemm(m, m, c, 1, this.#Q, c, 1, this.#Q, 1, c, 0, products, m, Triangle.lower, this.#gemmWork);

    const hessian = arena.view(this.#hessian, m * m);
    const QQ = arena.view(products, m * m);
    const step = arena.view(this.#step, m);
    const gradient = new Float64Array(m);
    let trace = 0;
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < i; j++) hessian[i * m + j] *= -reg * reg * QQ[i * m + j];
      const at = i * (m + 1);
      hessian[at] = reg * (1 - reg * hessian[at]) * QQ[at] + tau;
      trace += hessian[at];
      gradient[i] = 0.5 * reg * (eta[i] - QQ[at]) - tau;
      step[i] = -gradient[i];
    }
    for (let i = 0; i < m; i++) hessian[i * (m + 1)] += (RIDGE * trace) / m;
    if (exports.cholesky(m, this.#hessian, m, this.#choleskyWork) !== 0) return { step: gradient, decrement: 0 };
    exports.solveLower(m, 1, this.#hessian, m, this.#step, 1, this.#solveWork);
    exports.solveLowerTransposed(m, 1, this.#hessian, m, this.#step, 1, this.#solveWork);
    const result = arena.read(this.#step, m);
    let decrement = 0;
    for (let i = 0; i < m; i++) decrement -= gradient[i] * result[i];
    return { step: result, decrement };
  }

  /** V = (SQ)ᵀ. */
  #outputs({ eta }: Point): Matrix {
    const { c, kernels } = this.#objective;
    const Q = kernels.arena.view(this.#Q, this.#m * c);
    const V = Matrix.zeros(c, this.#m);
    for (let j = 0; j < this.#m; j++) for (let k = 0; k < c; k++) V.set(k, j, Math.sqrt(eta[j]) * Q[j * c + k]);
    return V;
  }
}

function sum(x: Float64Array): number {
  let total = 0;
  for (let k = 0; k < x.length; k++) total += x[k];
  return total;
}

function sumOfLogs(x: Float64Array): number {
  let total = 0;
  for (let k = 0; k < x.length; k++) total += Math.log(x[k]);
  return total;
}
