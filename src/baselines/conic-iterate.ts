/** The iterate of Frank–Wolfe: F = Σ_j (X u_j)₊ v_jᵀ with unit u_j, and its mass Σ_j ‖v_j‖, the weight decay of the balanced network. */

import { relativeGap } from '../base/gap.js';
import { Matrix } from '../base/matrix.js';
import { dot, sumOfSquares } from '../base/vector.js';
import { bestDualValue, unitCenter, valueAtResidual } from '../problem/losses/unit-quadratic.js';
import type { TrainingProblem } from '../problem/problem.js';
import { activation, type Found, weigh } from './cone-oracle.js';

/** Sweeps of correction after each new neuron. */
const SWEEPS = 20;

interface Neuron {
  readonly direction: Float64Array;
  /** (X u)₊. */
  readonly h: Float64Array;
  readonly square: number;
  readonly output: Float64Array;
}

export class ConicIterate {
  /** Y − F, n×c. */
  readonly residual: Matrix;
  readonly #problem: TrainingProblem;
  /** Y of the formulas below. */
  readonly #center: Matrix;
  readonly #rows: readonly Float64Array[];
  #neurons: Neuron[] = [];

  constructor(problem: TrainingProblem) {
    this.#problem = problem;
    this.#rows = Array.from({ length: problem.X.rows }, (_, r) => problem.X.row(r));
    this.#center = unitCenter(problem);
    this.residual = this.#center.clone();
  }

  /** ½‖F − Y‖² + reg · mass. */
  get value(): number {
    const mass = this.#neurons.reduce((sum, { output }) => sum + Math.sqrt(sumOfSquares(output)), 0);
    return valueAtResidual(this.residual.data) + this.#problem.reg * mass;
  }

  weights(): { U: Matrix; V: Matrix } {
    const { X, Y } = this.#problem;
    const U = Matrix.zeros(X.columns, this.#neurons.length);
    const V = Matrix.zeros(Y.columns, this.#neurons.length);
    this.#neurons.forEach(({ direction, output }, j) => {
      for (let i = 0; i < U.rows; i++) U.set(i, j, direction[i]);
      for (let k = 0; k < V.rows; k++) V.set(k, j, output[k]);
    });
    return { U, V };
  }

  /**
   * With a penalty: the value against the dual point a = R, scaled to ‖aᵀ(Xu)₊‖ ≤ reg and then to its best. With a budget: max over the feasible
   * set of ⟨R, S − F⟩ (M. Jaggi, ICML 2013, equation 2), relative to the value.
   *
   * @param reach largest ‖Rᵀ(Xu)₊‖
   */
  gap(reach: number, budget: number | undefined): number {
    const { reg } = this.#problem;
    const R = this.residual.data;
    const product = dot(R, this.#center.data);
    const square = sumOfSquares(R);
    if (square === 0) return relativeGap(this.value, 0);
    if (budget !== undefined) return relativeGap(this.value, this.value - (budget * reach - (product - square)));
    const limit = reach > 0 ? reg / reach : Number.POSITIVE_INFINITY;
    return relativeGap(this.value, bestDualValue(product, square, Number.NEGATIVE_INFINITY, limit));
  }

  /** Adds the neuron and gives each in turn its best output, the others fixed: v = (1 − reg/‖z‖)₊ z/‖h‖², z = (R + h vᵀ)ᵀ h. */
  correct(found: Found): void {
    this.#add(found, new Float64Array(this.residual.columns));
    const { reg } = this.#problem;
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      // The newest first: it has most to give.
      for (const { h, square, output } of this.#neurons.toReversed()) {
        const z = weigh(this.residual, h).map((value, k) => value + square * output[k]);
        const norm = Math.sqrt(sumOfSquares(z));
        const factor = norm > reg ? (1 - reg / norm) / square : 0;
        this.#change(h, output, (k) => factor * z[k]);
      }
    }
    this.#neurons = this.#neurons.filter(({ output }) => output.some((value) => value !== 0));
  }

  /** F ← (1 − γ) F + γ budget (X u)₊ gᵀ, g the best unit output, γ the best in [0, 1]. */
  moveTowards(found: Found, budget: number): void {
    const { data } = this.#center;
    const R = this.residual;
    const h = activation(this.#rows, found.direction);
    const g = weigh(R, h).map((value) => value / found.value);
    const c = g.length;
    const step = R.data.map((r, at) => budget * h[Math.floor(at / c)] * g[at % c] - (data[at] - r));
    const gamma = Math.max(0, Math.min(1, dot(R.data, step) / sumOfSquares(step)));
    if (!(gamma > 0)) return;
    for (const { h, output } of this.#neurons) this.#change(h, output, (k) => (1 - gamma) * output[k]);
    this.#add(found, new Float64Array(c));
    const { output } = this.#neurons[this.#neurons.length - 1];
    this.#change(h, output, (k) => gamma * budget * g[k]);
  }

  #add({ direction }: Found, output: Float64Array): void {
    const h = activation(this.#rows, direction);
    this.#neurons.push({ direction, h, square: sumOfSquares(h), output });
  }

  /** Sets an output and keeps the residual with it. */
  #change(h: Float64Array, output: Float64Array, next: (k: number) => number): void {
    const c = output.length;
    for (let k = 0; k < c; k++) {
      const value = next(k);
      const change = value - output[k];
      if (change === 0) continue;
      for (let r = 0; r < h.length; r++) this.residual.data[r * c + k] -= change * h[r];
      output[k] = value;
    }
  }
}
