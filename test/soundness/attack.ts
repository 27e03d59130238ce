/**
 * An attack on a lower bound: a network with as small a training loss as plain means find, sharing nothing with the library but
 * the Matrix type. Directions ‖u_j‖ = 1 are grown by ascent on ‖Rᵀ(Xu)₊‖ for the residual R; between growths the convex
 * problem in V (group lasso: ½‖HV − Y‖² + reg Σ ‖v_j‖, h_j = (Xu_j)₊) is descended one neuron at a time, each in closed form.
 * At the end all weights are moved together by L-BFGS on the training loss.
 */
import type { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import type { TrainingProblem } from '../../src/problem/problem.js';
import { descend, type Objective } from './descent.js';

export interface Attack {
  /** ½‖(XU)₊Vᵀ − Y‖² + reg/2 (‖U‖² + ‖V‖²), evaluated by that formula. */
  readonly loss: number;
  readonly width: number;
}

const ROUNDS = 12;
const STARTS = 4;
const ASCENT_STEPS = 15;
const SWEEPS = 30;
const DESCENT_STEPS = 150;

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
    for (let sweep = 0; sweep < SWEEPS; sweep++) for (const neuron of neurons) improve(neuron, R, reg);
    neurons = neurons.filter(({ v }) => norm(v) > 0);
  }
  const objective = trainingLoss(problem);
  const weights = descend(objective, balanced(neurons, X.columns, Y.columns), DESCENT_STEPS);
  return { loss: objective(weights).value, width: neurons.length };
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
function improve(neuron: Neuron, R: Matrix, reg: number): void {
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

/** All (u_j, v_j) one after the other, with ‖u_j‖ = ‖v_j‖. */
function balanced(neurons: readonly Neuron[], d: number, c: number): Float64Array {
  const weights = new Float64Array(neurons.length * (d + c));
  neurons.forEach(({ u, v }, j) => {
    const root = Math.sqrt(norm(v));
    weights.set(
      u.map((value) => value * root),
      j * (d + c),
    );
    weights.set(
      v.map((value) => value / root),
      j * (d + c) + d,
    );
  });
  return weights;
}

/** Program 1 and its gradient, over weights as `balanced` lays them out. */
function trainingLoss({ X, Y, reg }: TrainingProblem): Objective {
  const d = X.columns;
  const c = Y.columns;
  return (weights) => {
    const gradient = weights.map((value) => reg * value);
    const width = weights.length / (d + c);
    let value = (reg / 2) * dot(weights, weights);
    for (let i = 0; i < X.rows; i++) {
      const x = X.row(i);
      const residual = Y.row(i).map((y) => -y);
      const alpha = new Float64Array(width);
      for (let j = 0; j < width; j++) {
        alpha[j] = Math.max(0, dot(x, weights.subarray(j * (d + c), j * (d + c) + d)));
        for (let k = 0; k < c; k++) residual[k] += alpha[j] * weights[j * (d + c) + d + k];
      }
      value += dot(residual, residual) / 2;
      for (let j = 0; j < width; j++) {
        if (alpha[j] === 0) continue;
        const at = j * (d + c);
        let weight = 0;
        for (let k = 0; k < c; k++) {
          weight += residual[k] * weights[at + d + k];
          gradient[at + d + k] += alpha[j] * residual[k];
        }
        for (let k = 0; k < d; k++) gradient[at + k] += weight * x[k];
      }
    }
    return { value, gradient };
  };
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
