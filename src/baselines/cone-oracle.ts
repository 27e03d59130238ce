/**
 * The linear minimisation oracle of Frank–Wolfe over sampled sign patterns: for each pattern, cone-constrained PCA,
 *
 *   max of ‖Rᵀ D_i X u‖ over ‖u‖ ≤ 1, u ∈ K_i = {u : (2D_i − I) X u ≥ 0}    (Sahiner et al., ICLR 2021, section 4.1),
 *
 * a convex maximisation. It is climbed by the generalised power method u ← P_{K_i}(M u) / ‖·‖, M = XᵀD_i R RᵀD_i X (M. Journée et al., J. Mach. Learn.
 * Res. 2010), which never falls but may end in a local maximum: every direction it finds is a neuron, no value it finds is a bound. The
 * state is kept from call to call, since R changes little, and refreshed from random directions in turn.
 */
import type { Matrix } from '../base/matrix.js';
import type { Random } from '../base/random.js';
import { dot, euclideanNorm, sumOfSquares } from '../base/vector.js';
import { shiftIntoCone } from './gated-network.js';
import type { SignPatterns } from './patterns.js';

/** Power steps per pattern and call. */
const STEPS = 2;
/** A pattern is searched from a fresh random start once in so many calls. */
const REFRESH_EVERY = 5;
/** Sweeps of one projection at most, and the violation, relative to a row's length, that ends it. */
const SWEEPS = 30;
const LEAST_VIOLATION = 1e-9;

export interface Found {
  /** Unit vector in its pattern's cone. */
  readonly direction: Float64Array;
  /** ‖Rᵀ(X u)₊‖. */
  readonly value: number;
}

export class ConeOracle {
  readonly #X: Matrix;
  readonly #patterns: SignPatterns;
  readonly #random: Random;
  readonly #directions: Float64Array[];
  readonly #squares: Float64Array;
  /** The rows of X: making views of them costs more than using them. */
  readonly #rows: readonly Float64Array[];
  #calls = 0;

  constructor(X: Matrix, patterns: SignPatterns, random: Random) {
    const { gates, count } = patterns;
    this.#X = X;
    this.#patterns = patterns;
    this.#random = random;
    this.#directions = Array.from({ length: count }, (_, i) =>
      Float64Array.from({ length: X.columns }, (_, j) => gates.get(j, i)),
    );
    this.#rows = Array.from({ length: X.rows }, (_, r) => X.row(r));
    this.#squares = Float64Array.from({ length: X.rows }, (_, r) => sumOfSquares(this.#rows[r]));
  }

  /** The best direction found for the residual R (n×c); undefined when there is no pattern. */
  search(R: Matrix): Found | undefined {
    let best: Found | undefined;
    this.#directions.forEach((known, i) => {
      let found = this.#climb(i, R, known);
      if ((this.#calls + i) % REFRESH_EVERY === 0) {
        const output = this.#random.fillNormal(new Float64Array(R.columns));
        const start = this.#project(i, this.#pull(i, R, output));
        const fresh = start && this.#climb(i, R, start);
        if (fresh && fresh.value > found.value) found = fresh;
      }
      this.#directions[i] = found.direction;
      if (!best || found.value > best.value) best = found;
    });
    this.#calls++;
    return best;
  }

  #climb(i: number, R: Matrix, start: Float64Array): Found {
    let direction = start;
    let output = weigh(R, activation(this.#rows, direction));
    for (let step = 0; step < STEPS; step++) {
      const next = this.#project(i, this.#pull(i, R, output));
      const reached = next && weigh(R, activation(this.#rows, next));
      if (!next || !reached || sumOfSquares(reached) <= sumOfSquares(output)) break;
      direction = next;
      output = reached;
    }
    return { direction, value: Math.sqrt(sumOfSquares(output)) };
  }

  /** Xᵀ D_i R y. */
  #pull(i: number, R: Matrix, y: Float64Array): Float64Array {
    const { active, count } = this.#patterns;
    const result = new Float64Array(this.#X.columns);
    for (let r = 0; r < R.rows; r++) {
      if (active[r * count + i] === 0) continue;
      let weight = 0;
      for (let k = 0; k < y.length; k++) weight += R.data[r * y.length + k] * y[k];
      const x = this.#rows[r];
      for (let j = 0; j < x.length; j++) result[j] += weight * x[j];
    }
    return result;
  }

  /**
   * The unit vector along the projection of z on K_i, undefined when that is 0: Hildreth's dual coordinate ascent (C. Hildreth, Naval Res. Logist. Quart.
   * 1957), z + Σ_r μ_r s_r x_r with μ ≥ 0, then the last violation removed along the gate.
   */
  #project(i: number, z: Float64Array): Float64Array | undefined {
    const { active, count, gates } = this.#patterns;
    const X = this.#X;
    const u = normalized(z);
    if (!u) return undefined;
    const multipliers = new Float64Array(X.rows);
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      let worst = 0;
      for (let r = 0; r < X.rows; r++) {
        const square = this.#squares[r];
        if (square === 0) continue;
        const x = this.#rows[r];
        const sign = active[r * count + i] === 1 ? 1 : -1;
        const change = Math.max(-multipliers[r], (-sign * dot(x, u)) / square);
        if (change === 0) continue;
        multipliers[r] += change;
        for (let j = 0; j < x.length; j++) u[j] += change * sign * x[j];
        worst = Math.max(worst, Math.abs(change) * Math.sqrt(square));
      }
      if (worst <= LEAST_VIOLATION) break;
    }
    // What is left of z after projecting on {0} is round-off.
    if (sumOfSquares(u) < LEAST_VIOLATION) return undefined;
    const shift = shiftIntoCone(X, this.#patterns, i, u);
    for (let j = 0; j < u.length; j++) u[j] += shift * gates.get(j, i);
    return normalized(u);
  }
}

/** (X u)₊ for the rows of X. */
export function activation(rows: readonly Float64Array[], u: Float64Array): Float64Array {
  const h = new Float64Array(rows.length);
  for (let r = 0; r < h.length; r++) h[r] = Math.max(0, dot(rows[r], u));
  return h;
}

/** Rᵀ h. */
export function weigh(R: Matrix, h: Float64Array): Float64Array {
  const result = new Float64Array(R.columns);
  for (let r = 0; r < R.rows; r++) {
    if (h[r] === 0) continue;
    for (let k = 0; k < result.length; k++) result[k] += R.data[r * result.length + k] * h[r];
  }
  return result;
}

function normalized(z: Float64Array): Float64Array | undefined {
  const norm = euclideanNorm(z);
  return norm > 0 ? z.map((value) => value / norm) : undefined;
}
