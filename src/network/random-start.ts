/** Random networks to start a polish from, the competitor every rounding has to beat. */
import { Matrix } from '../base/matrix.js';
import type { Random } from '../base/random.js';
import { euclideanNorm } from '../base/vector.js';
import { quadraticModel } from '../problem/losses/models.js';
import type { TrainingProblem } from '../problem/problem.js';
import { predictRelu } from './predict.js';
import type { Weights } from './weights.js';

/** Output sizes relative to those that fit best, used in turn: small starts find sparse networks, large ones fit faster. */
const OUTPUT_SCALES = [1, 0.3, 0.1, 0.03];

/**
 * Normal U and V, scaled so that ‖(X U)₊ Vᵀ‖ = scale · ‖Z‖ with the scale of the start's number `index`, Z the centre of the loss's
 * quadratic model at F = 0: for the squared loss Y.
 */
export function randomStart(problem: TrainingProblem, width: number, index: number, random: Random): Weights {
  const { X, Y } = problem;
  const U = new Matrix(random.fillNormal(new Float64Array(X.columns * width)), X.columns, width);
  const V = new Matrix(random.fillNormal(new Float64Array(Y.columns * width)), Y.columns, width);
  const output = euclideanNorm(predictRelu(X, { U, V }).data);
  const { center } = quadraticModel(problem, Matrix.zeros(Y.rows, Y.columns));
  const target = OUTPUT_SCALES[index % OUTPUT_SCALES.length] * euclideanNorm(center.data);
  const scale = output > 0 ? Math.sqrt(target / output) : 1;
  for (const A of [U, V]) for (let k = 0; k < A.data.length; k++) A.data[k] *= scale;
  return { U, V };
}
