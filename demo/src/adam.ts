/**
 * Full-batch Adam on the same training loss, ½‖(X U)₊Vᵀ − Y‖² + reg/2 (‖U‖² + ‖V‖²), for comparison (Kingma and Ba, 2015,
 * algorithm 1, with a cosine decay of the step).
 */
import { Random } from 'convex-relu';

/** The training problem as arrays: X n×d (bias column included) and Y n×c, row-major. */
export interface FlatProblem {
  readonly n: number;
  readonly d: number;
  readonly c: number;
  readonly X: Float64Array;
  readonly Y: Float64Array;
  readonly reg: number;
}

export interface AdamState {
  readonly step: number;
  readonly loss: number;
  /** width×d. */
  readonly U: Float64Array;
  /** width×c. */
  readonly V: Float64Array;
}

const LEARNING_RATE = 0.02;
const DECAY_MEAN = 0.9;
const DECAY_SQUARE = 0.999;
const EPSILON = 1e-8;

/** Yields after every step; the weights in it are live and change with the next step. */
export function* adam(problem: FlatProblem, width: number, steps: number, seed: number): Generator<AdamState> {
  const { d, c } = problem;
  const random = new Random(seed);
  const weights = new Float64Array(width * (d + c));
  const U = weights.subarray(0, width * d);
  const V = weights.subarray(width * d);
  // He's initialisation for the hidden layer, the matching one for the output.
  for (let k = 0; k < U.length; k++) U[k] = random.normal() * Math.sqrt(2 / d);
  for (let k = 0; k < V.length; k++) V[k] = random.normal() * Math.sqrt(1 / width);
  const gradient = new Float64Array(weights.length);
  const mean = new Float64Array(weights.length);
  const square = new Float64Array(weights.length);
  for (let step = 1; step <= steps; step++) {
    const loss = lossAndGradient(problem, width, weights, gradient);
    yield { step: step - 1, loss, U, V };
    const rate = LEARNING_RATE * 0.5 * (1 + Math.cos((Math.PI * step) / steps));
    const meanScale = 1 / (1 - DECAY_MEAN ** step);
    const squareScale = 1 / (1 - DECAY_SQUARE ** step);
    for (let k = 0; k < weights.length; k++) {
      const g = gradient[k];
      mean[k] = DECAY_MEAN * mean[k] + (1 - DECAY_MEAN) * g;
      square[k] = DECAY_SQUARE * square[k] + (1 - DECAY_SQUARE) * g * g;
      weights[k] -= (rate * mean[k] * meanScale) / (Math.sqrt(square[k] * squareScale) + EPSILON);
    }
  }
  yield { step: steps, loss: lossAndGradient(problem, width, weights, gradient), U, V };
}

/** Training loss at `weights` = (U, V); its gradient is written to `gradient`. */
export function lossAndGradient(
  { n, d, c, X, Y, reg }: FlatProblem,
  width: number,
  weights: Float64Array,
  gradient: Float64Array,
): number {
  const V = width * d;
  const activation = new Float64Array(width);
  const residual = new Float64Array(c);
  let loss = 0;
  for (let k = 0; k < weights.length; k++) {
    loss += 0.5 * reg * weights[k] * weights[k];
    gradient[k] = reg * weights[k];
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < c; k++) residual[k] = -Y[i * c + k];
    for (let j = 0; j < width; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += X[i * d + k] * weights[j * d + k];
      activation[j] = sum;
      if (sum > 0) for (let k = 0; k < c; k++) residual[k] += sum * weights[V + j * c + k];
    }
    for (let k = 0; k < c; k++) loss += 0.5 * residual[k] * residual[k];
    for (let j = 0; j < width; j++) {
      if (activation[j] <= 0) continue;
      let slope = 0;
      for (let k = 0; k < c; k++) {
        slope += residual[k] * weights[V + j * c + k];
        gradient[V + j * c + k] += activation[j] * residual[k];
      }
      for (let k = 0; k < d; k++) gradient[j * d + k] += slope * X[i * d + k];
    }
  }
  return loss;
}
