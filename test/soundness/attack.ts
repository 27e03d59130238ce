/**
 * An attack on a lower bound: a network with as small a training loss as plain means find, sharing nothing with the library but
 * the Matrix type. Directions ‖u_j‖ = 1 are grown by ascent on ‖Rᵀ(Xu)₊‖ for the residual R; between growths the convex
 * problem in V (group lasso: ½‖HV − Y‖² + reg Σ ‖v_j‖, h_j = (Xu_j)₊) is descended one neuron at a time, each in closed form.
 */
import { Matrix } from '../../src/matrix.js';
import type { TrainingProblem } from '../../src/model/problem.js';
import { Random } from '../../src/random.js';

export interface Attack {
  /** ½‖(XU)₊Vᵀ − Y‖² + reg/2 (‖U‖² + ‖V‖²), evaluated by that formula. */
  readonly loss: number;
  readonly width: number;
}

const ROUNDS = 12;
const STARTS = 4;
const ASCENT_STEPS = 15;
const SWEEPS = 30;

interface Neuron {
  readonly u: Float64Array;
  readonly h: Float64Array;
  v: Float64Array;
}

export function attack(problem: TrainingProblem, seed: number): Attack {
  const { X, Y, reg } = problem;
  const random = new Random(seed);
  const R = Y.clone();
  let neurons: Neuron[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (let start = 0; start < STARTS; start++) {
      const seedDirection = random.fillNormal(new Float64Array(X.columns));
      const near = neurons.length > 0 && start % 2 === 1 ? neurons[random.integer(neurons.length)].u : seedDirection;
      neurons.push(
        createNeuron(
          X,
          Y.columns,
          ascend(
            X,
            R,
            near.map((x, k) => x + 0.05 * seedDirection[k]),
          ),
        ),
      );
    }
    for (let sweep = 0; sweep < SWEEPS; sweep++) for (const neuron of neurons) descend(neuron, R, reg);
    neurons = neurons.filter(({ v }) => norm(v) > 0);
  }
  for (let sweep = 0; sweep < 10 * SWEEPS; sweep++) for (const neuron of neurons) descend(neuron, R, reg);
  neurons = neurons.filter(({ v }) => norm(v) > 0);
  return { loss: trainingLoss(problem, neurons), width: neurons.length };
}

function createNeuron(X: Matrix, c: number, u: Float64Array): Neuron {
  const h = Float64Array.from({ length: X.rows }, (_, i) => Math.max(0, dot(X.row(i), u)));
  return { u, h, v: new Float64Array(c) };
}

/** u ← the gradient of ‖Rᵀ(Xu)₊‖², normalised: each step climbs on the current activation pattern. */
function ascend(X: Matrix, R: Matrix, start: Float64Array): Float64Array {
  let u = normalize(start);
  for (let step = 0; step < ASCENT_STEPS; step++) {
    const { h } = createNeuron(X, 0, u);
    const output = new Float64Array(R.columns);
    for (let i = 0; i < X.rows; i++) for (let k = 0; k < R.columns; k++) output[k] += h[i] * R.get(i, k);
    const gradient = new Float64Array(X.columns);
    for (let i = 0; i < X.rows; i++) {
      if (h[i] === 0) continue;
      const weight = dot(R.row(i), output);
      for (let k = 0; k < X.columns; k++) gradient[k] += weight * X.get(i, k);
    }
    if (norm(gradient) === 0) break;
    u = normalize(gradient);
  }
  return u;
}

/** The best v of one neuron with the others fixed, (1 − reg/‖hᵀR‖)₊ hᵀR/‖h‖² for the residual without it; keeps R = Y − HV. */
function descend(neuron: Neuron, R: Matrix, reg: number): void {
  const { h, v } = neuron;
  const square = dot(h, h);
  if (square === 0) return;
  const target = v.map((value) => value * square);
  for (let i = 0; i < h.length; i++) for (let k = 0; k < v.length; k++) target[k] += h[i] * R.get(i, k);
  const size = norm(target);
  const next = target.map((value) => (size > reg ? (value * (1 - reg / size)) / square : 0));
  for (let i = 0; i < h.length; i++) {
    for (let k = 0; k < v.length; k++) R.data[i * v.length + k] -= h[i] * (next[k] - v[k]);
  }
  neuron.v = next;
}

/** Program 1 at the balanced network ‖u_j‖ = ‖v_j‖. */
function trainingLoss({ X, Y, reg }: TrainingProblem, neurons: readonly Neuron[]): number {
  const prediction = Matrix.zeros(Y.rows, Y.columns);
  let weights = 0;
  for (const { u, v } of neurons) {
    const root = Math.sqrt(norm(v));
    const U = u.map((value) => value * root);
    const V = v.map((value) => value / root);
    weights += dot(U, U) + dot(V, V);
    for (let i = 0; i < X.rows; i++) {
      const alpha = Math.max(0, dot(X.row(i), U));
      for (let k = 0; k < Y.columns; k++) prediction.data[i * Y.columns + k] += alpha * V[k];
    }
  }
  let squares = 0;
  for (let k = 0; k < Y.data.length; k++) squares += (prediction.data[k] - Y.data[k]) ** 2;
  return squares / 2 + (reg / 2) * weights;
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k] * y[k];
  return sum;
}

const norm = (x: Float64Array): number => Math.sqrt(dot(x, x));

function normalize(x: Float64Array): Float64Array {
  const length = norm(x);
  return x.map((value) => value / length);
}
