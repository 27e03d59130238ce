/** Gated ReLU networks, F(x) = Σ_i 1{x·g_i > 0} W_iᵀ x with fixed gates, and ReLU networks made from them. */
import { Matrix } from '../base/matrix.js';
import { createKernelsSync, type Kernels } from '../engine/kernels.js';
import { Algebra } from '../linalg/algebra.js';
import { balance } from '../network/balance.js';
import { TrainingObjective } from '../network/objective.js';
import { withRidgeOutput } from '../network/ridge.js';
import type { Weights } from '../network/weights.js';
import type { TrainingData } from '../problem/data.js';
import { placeProblem } from '../problem/placed.js';
import type { TrainingProblem } from '../problem/problem.js';
import { checkShape, FittedModel } from './fitted-model.js';
import type { SignPatterns } from './patterns.js';

export class GatedNetwork extends FittedModel {
  /** d×P, d counting the column of ones. */
  readonly gates: Matrix;
  /** d×Pc: W_i stands in the columns ic … ic + c − 1. */
  readonly W: Matrix;

  constructor(data: TrainingData, gates: Matrix, W: Matrix) {
    super(data);
    this.gates = checkShape('gates', gates, { rows: this.inputs });
    this.W = checkShape('W', W, { rows: this.inputs, columns: gates.columns * this.outputs });
  }

  protected override evaluate(X: Matrix): Matrix {
    const algebra = new Algebra(createKernelsSync());
    const { outputs: c } = this;
    const P = this.gates.columns;
    const x = algebra.place(X);
    const linear = algebra.matrix(X.rows, P * c);
    const sides = algebra.matrix(X.rows, P);
    algebra.product(1, x, algebra.place(this.W), linear);
    algebra.product(1, x, algebra.place(this.gates), sides);
    const active = Uint8Array.from(algebra.entries(sides), (value) => (value > 0 ? 1 : 0));
    return new Matrix(sumActive(active, algebra.entries(linear), X.rows, P, c), X.rows, c);
  }
}

/** F (n×c) = Σ_i D_i H_i for H n×Pc. */
export function sumActive(active: Uint8Array, H: Float64Array, n: number, P: number, c: number): Float64Array {
  const F = new Float64Array(n * c);
  for (let r = 0; r < n; r++) {
    for (let i = 0; i < P; i++) {
      if (active[r * P + i] === 0) continue;
      const at = (r * P + i) * c;
      for (let k = 0; k < c; k++) F[r * c + k] += H[at + k];
    }
  }
  return F;
}

/**
 * A ReLU network that computes the same on the training rows as the gated one, its output layer then solved anew by ridge regression.
 *
 * On the cone K_i of all u with the signs of g_i, D_i X u = (X u)₊; and w = (w + t g_i) − t g_i is a difference of two members once
 * t ≥ max_r of −s_r x_r·w / |x_r·g_i|: the cone decomposition of Mishkin, Sahiner & Pilanci (ICML 2022, section 3) along the gate, which is
 * closed form where theirs, of least norm, needs a quadratic program.
 */
export function reluNetwork(
  kernels: Kernels,
  problem: TrainingProblem,
  patterns: SignPatterns,
  W: Matrix,
): { weights: Weights; loss: number } {
  const weights = balance(decompose(problem.X, patterns, W, problem.Y.columns));
  const mark = kernels.arena.mark();
  try {
    const objective = new TrainingObjective(placeProblem(kernels, problem));
    const solved = weights.U.columns > 0 ? balance(withRidgeOutput(objective, weights.U)) : weights;
    return { weights: solved, loss: objective.lossOf(solved) };
  } finally {
    kernels.arena.release(mark);
  }
}

/** The neurons w + t g_i with output +e_k, and for each gate one neuron g_i that takes all t away again. */
export function decompose(X: Matrix, patterns: SignPatterns, W: Matrix, c: number): Weights {
  const { count: P, gates } = patterns;
  const { rows: d } = W;
  const hidden: number[][] = [];
  const output: number[][] = [];
  for (let i = 0; i < P; i++) {
    const gate = Array.from({ length: d }, (_, j) => gates.get(j, i));
    const taken = new Array<number>(c).fill(0);
    for (let k = 0; k < c; k++) {
      const w = Array.from({ length: d }, (_, j) => W.get(j, i * c + k));
      if (w.every((value) => value === 0)) continue;
      const t = shiftIntoCone(X, patterns, i, w);
      hidden.push(w.map((value, j) => value + t * gate[j]));
      output.push(Array.from({ length: c }, (_, l) => (l === k ? 1 : 0)));
      taken[k] = t;
    }
    if (taken.every((t) => t === 0)) continue;
    hidden.push(gate);
    output.push(taken.map((t) => -t));
  }
  return { U: columnsOf(hidden, d), V: columnsOf(output, c) };
}

/** Smallest t ≥ 0 with w + t g_i in K_i. */
export function shiftIntoCone(
  X: Matrix,
  { count, active, margins }: SignPatterns,
  i: number,
  w: ArrayLike<number>,
): number {
  let t = 0;
  for (let r = 0; r < X.rows; r++) {
    const margin = margins.get(r, i);
    if (margin === 0) continue;
    let product = 0;
    for (let j = 0; j < w.length; j++) product += X.data[r * w.length + j] * w[j];
    t = Math.max(t, (active[r * count + i] === 1 ? -product : product) / margin);
  }
  return t;
}

function columnsOf(columns: readonly (readonly number[])[], rows: number): Matrix {
  const A = Matrix.zeros(rows, columns.length);
  columns.forEach((column, j) => {
    column.forEach((value, i) => {
      A.set(i, j, value);
    });
  });
  return A;
}
