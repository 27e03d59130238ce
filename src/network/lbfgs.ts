/**
 * Limited-memory BFGS (Nocedal & Wright, Numerical Optimization, 2nd ed., algorithms 7.4 and 7.5) with the weak-Wolfe line
 * search of Lewis & Overton (Nonsmooth optimization via quasi-Newton methods, Math. Program. 141, 2013, algorithm 2.6), which
 * needs no smoothness: the ReLU loss has kinks, where the strong Wolfe conditions may hold nowhere along a line.
 *
 * A generator: it yields after every accepted step, when x holds the best iterate, so that the caller alone decides about time,
 * abort and progress (it must leave nothing allocated in the arena meanwhile). Vectors live in WASM memory; an iteration costs one or
 * two evaluations and 8·memory·N flops. Deterministic.
 */

import { maxNorm } from '../base/vector.js';
import type { Algebra } from '../linalg/algebra.js';
import type { Vector } from '../linalg/views.js';

export interface LbfgsOptions {
  /** Correction pairs kept. */
  readonly memory: number;
  readonly maxIterations: number;
  /** Stop when ‖g‖_∞ ≤ gradientTolerance · max(1, |f|). */
  readonly gradientTolerance: number;
  /** Stop when the last DECREASE_WINDOW steps together lowered f by at most decreaseTolerance · |f|. */
  readonly decreaseTolerance: number;
}

export type LbfgsStop = 'gradient' | 'decrease' | 'max-iterations' | 'line-search';

export interface LbfgsRecord {
  readonly iteration: number;
  /** f at x. */
  readonly value: number;
  /** Evaluations of f and its gradient so far. */
  readonly evaluations: number;
}

export interface LbfgsResult extends LbfgsRecord {
  readonly stop: LbfgsStop;
}

export const DEFAULT_LBFGS_OPTIONS: LbfgsOptions = Object.freeze({
  memory: 20,
  maxIterations: 5000,
  gradientTolerance: 1e-10,
  decreaseTolerance: 1e-11,
});

/** Steps over which the decrease is judged: a single short step at a kink is no sign of convergence. */
const DECREASE_WINDOW = 10;
/** Armijo and curvature constants, Nocedal & Wright, p. 62. */
const ARMIJO = 1e-4;
const CURVATURE = 0.9;
/** Trial steps of one line search; bisection alone halves the bracket to 1e-9 within them. */
const MAX_TRIALS = 30;
/** The next trial keeps this share of the bracket away from both its ends. */
const BRACKET_MARGIN = 0.1;
/** Growth of the trial step while the slope stays too negative. */
const EXPANSION = 4;

/** f at a point, its gradient written to another vector; may return NaN or Infinity, which counts as "too far". */
type Evaluate = (point: Vector, gradient: Vector) => number;

/** Minimises f from x, in place. */
export function* minimizeLbfgs(
  algebra: Algebra,
  x: Vector,
  evaluate: Evaluate,
  options: LbfgsOptions = DEFAULT_LBFGS_OPTIONS,
): Generator<LbfgsRecord, LbfgsResult> {
  return yield* algebra.scopedSteps(() => descend(algebra, x, evaluate, options));
}

function* descend(
  algebra: Algebra,
  x: Vector,
  evaluate: Evaluate,
  options: LbfgsOptions,
): Generator<LbfgsRecord, LbfgsResult> {
  const memory = new CorrectionPairs(algebra, x.length, options.memory);
  const search = new LineSearch(algebra, x, evaluate);
  const direction = algebra.vector(x.length);
  const window = new Float64Array(DECREASE_WINDOW);

  search.start();
  let stop: LbfgsStop = 'max-iterations';
  let iteration = 0;
  while (iteration < options.maxIterations) {
    if (maxNorm(algebra.entries(search.gradient)) <= options.gradientTolerance * Math.max(1, Math.abs(search.value))) {
      stop = 'gradient';
      break;
    }
    memory.applyInverse(search.gradient, direction);
    let slope = -algebra.dot(search.gradient, direction);
    if (!(slope < 0)) {
      memory.clear();
      memory.applyInverse(search.gradient, direction);
      slope = -algebra.dot(search.gradient, direction);
    }
    algebra.scale(-1, direction);
    const firstStep = memory.size === 0 ? firstStepLength(slope, search.value) : 1;
    if (!search.along(direction, slope, firstStep)) {
      if (memory.size === 0) {
        stop = 'line-search';
        break;
      }
      memory.clear();
      continue;
    }
    memory.push(search.step, search.gradientChange);

    const before = window[iteration % DECREASE_WINDOW];
    window[iteration % DECREASE_WINDOW] = search.value;
    iteration++;
    yield { iteration, value: search.value, evaluations: search.evaluations };
    const isJudged = iteration > DECREASE_WINDOW;
    if (isJudged && before - search.value <= options.decreaseTolerance * Math.abs(search.value)) {
      stop = 'decrease';
      break;
    }
  }
  return { iteration, value: search.value, stop, evaluations: search.evaluations };
}

/** Without curvature knowledge: the step along −g at which the linear model has lost a tenth of |f|, at most 1. */
const firstStepLength = (slope: number, value: number): number =>
  Math.min(1, (0.1 * Math.max(Math.abs(value), Number.MIN_VALUE)) / -slope);

/** The last pairs (s, y) and the two-loop recursion (Nocedal & Wright, algorithm 7.4). */
class CorrectionPairs {
  size = 0;
  readonly #algebra: Algebra;
  readonly #capacity: number;
  readonly #S: Vector[] = [];
  readonly #Y: Vector[] = [];
  readonly #rho: Float64Array;
  readonly #alpha: Float64Array;
  #newest = -1;
  #scale = 1;

  constructor(algebra: Algebra, N: number, capacity: number) {
    this.#algebra = algebra;
    this.#capacity = capacity;
    this.#rho = new Float64Array(capacity);
    this.#alpha = new Float64Array(capacity);
    for (let k = 0; k < capacity; k++) {
      this.#S.push(algebra.vector(N));
      this.#Y.push(algebra.vector(N));
    }
  }

  clear(): void {
    this.size = 0;
    this.#scale = 1;
  }

  /** Copies the pair in, unless its curvature sᵀy is not safely positive. */
  push(s: Vector, y: Vector): void {
    const algebra = this.#algebra;
    const sy = algebra.dot(s, y);
    const yy = algebra.dot(y, y);
    if (!(sy > Number.EPSILON * yy)) return;
    this.#newest = (this.#newest + 1) % this.#capacity;
    this.size = Math.min(this.size + 1, this.#capacity);
    algebra.copy(s, this.#S[this.#newest]);
    algebra.copy(y, this.#Y[this.#newest]);
    this.#rho[this.#newest] = 1 / sy;
    this.#scale = sy / yy;
  }

  /** r = (inverse Hessian approximation) · g. */
  applyInverse(g: Vector, r: Vector): void {
    const algebra = this.#algebra;
    const capacity = this.#capacity;
    algebra.copy(g, r);
    for (let age = 0; age < this.size; age++) {
      const k = (this.#newest - age + capacity) % capacity;
      this.#alpha[k] = this.#rho[k] * algebra.dot(this.#S[k], r);
      algebra.axpy(-this.#alpha[k], this.#Y[k], r);
    }
    algebra.scale(this.#scale, r);
    for (let age = this.size - 1; age >= 0; age--) {
      const k = (this.#newest - age + capacity) % capacity;
      const beta = this.#rho[k] * algebra.dot(this.#Y[k], r);
      algebra.axpy(this.#alpha[k] - beta, this.#S[k], r);
    }
  }
}

/** The weak-Wolfe line search by bracketing, with the current point, its value and gradient. */
class LineSearch {
  value = Number.NaN;
  evaluations = 0;
  /** Gradient at x. */
  gradient: Vector;
  /** After a successful search: the step taken and the change of the gradient. */
  readonly step: Vector;
  readonly gradientChange: Vector;
  readonly #algebra: Algebra;
  readonly #x: Vector;
  readonly #evaluate: Evaluate;
  readonly #trial: Vector;
  #trialGradient: Vector;

  constructor(algebra: Algebra, x: Vector, evaluate: Evaluate) {
    const N = x.length;
    this.#algebra = algebra;
    this.#x = x;
    this.#evaluate = evaluate;
    this.gradient = algebra.vector(N);
    this.step = algebra.vector(N);
    this.gradientChange = algebra.vector(N);
    this.#trial = algebra.vector(N);
    this.#trialGradient = algebra.vector(N);
  }

  start(): void {
    this.value = this.#evaluate(this.#x, this.gradient);
    this.evaluations = 1;
  }

  /**
   * Moves x to a point along the direction with f ≤ f₀ + c₁ t slope, and slope' ≥ c₂ slope where it is found in time.
   *
   * @returns false when no step lowers f; x is then unchanged
   */
  along(direction: Vector, slope: number, firstStep: number): boolean {
    const low = { t: 0, value: this.value, slope };
    const high = { t: Number.POSITIVE_INFINITY, value: Number.NaN, slope: Number.NaN };
    let t = firstStep;
    for (let trial = 0; trial < MAX_TRIALS; trial++) {
      const value = this.#probe(direction, t);
      const slopeHere = this.#algebra.dot(this.#trialGradient, direction);
      const end = value <= this.value + ARMIJO * t * slope ? low : high;
      end.t = t;
      end.value = value;
      end.slope = slopeHere;
      if (end === low && slopeHere >= CURVATURE * slope) {
        this.#accept(value);
        return true;
      }
      t = nextTrial(low, high);
    }
    if (low.t === 0) return false;
    this.#accept(this.#probe(direction, low.t));
    return true;
  }

  #probe(direction: Vector, t: number): number {
    this.#algebra.copy(this.#x, this.#trial);
    this.#algebra.axpy(t, direction, this.#trial);
    this.evaluations++;
    return this.#evaluate(this.#trial, this.#trialGradient);
  }

  #accept(value: number): void {
    this.#difference(this.#trial, this.#x, this.step);
    this.#difference(this.#trialGradient, this.gradient, this.gradientChange);
    this.#algebra.copy(this.#trial, this.#x);
    [this.gradient, this.#trialGradient] = [this.#trialGradient, this.gradient];
    this.value = value;
  }

  /** result = a − b. */
  #difference(a: Vector, b: Vector, result: Vector): void {
    this.#algebra.copy(a, result);
    this.#algebra.axpy(-1, b, result);
  }
}

interface BracketEnd {
  t: number;
  value: number;
  slope: number;
}

/** Expands while there is no upper end; then the cubic minimiser (Nocedal & Wright, equation 3.59), kept inside the bracket. */
function nextTrial(low: BracketEnd, high: BracketEnd): number {
  if (high.t === Number.POSITIVE_INFINITY) return EXPANSION * low.t;
  const length = high.t - low.t;
  const d1 = low.slope + high.slope - (3 * (high.value - low.value)) / length;
  const d2 = Math.sqrt(d1 * d1 - low.slope * high.slope);
  const share = 1 - (high.slope + d2 - d1) / (high.slope - low.slope + 2 * d2);
  if (!Number.isFinite(share)) return low.t + 0.5 * length;
  return low.t + Math.min(1 - BRACKET_MARGIN, Math.max(BRACKET_MARGIN, share)) * length;
}
