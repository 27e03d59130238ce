/** What every algorithm asks of a loss beside its own members: dual points of outputs, and quadratic models of the loss. */
import { Matrix } from '../../base/matrix.js';
import type { Loss, QuadraticModel, Target } from './loss.js';

/** A loss with the target it is measured against, as a training problem has them. */
export interface LossTerm extends Target {
  readonly loss: Loss;
}

/** a = −∇L(F). */
export function dualPointAt(term: LossTerm, F: Matrix): Matrix {
  const a = Matrix.zeros(F.rows, F.columns);
  term.loss.gradient(F, term, a);
  for (let k = 0; k < a.data.length; k++) a.data[k] = 0 - a.data[k];
  return a;
}

/** The dual point of the network that predicts 0. */
export const dualPointAtZero = (term: LossTerm): Matrix => dualPointAt(term, Matrix.zeros(term.Y.rows, term.Y.columns));

/** L(0). */
export const valueAtZero = (term: LossTerm): number => term.loss.value(Matrix.zeros(term.Y.rows, term.Y.columns), term);

/** Curvatures of a model are at least this share of the largest: a row on which the loss is flat must not let outputs run away. */
const LEAST_CURVATURE = 1e-3;

/** The loss itself where it is quadratic; else a model with its value and gradient at F and, row by row, at least its curvature there. */
export function quadraticModel(term: LossTerm, F: Matrix): QuadraticModel {
  const { loss } = term;
  if (loss.quadratic) return loss.quadratic(term);
  const a = dualPointAt(term, F);
  const H = Matrix.zeros(F.rows, F.columns ** 2);
  loss.curvatureAt(a, term, H);
  const curvature = Float64Array.from({ length: F.rows }, (_, i) => largestRowSum(H.row(i), F.columns));
  const least = LEAST_CURVATURE * curvature.reduce((largest, h) => Math.max(largest, h), 0);
  for (let i = 0; i < F.rows; i++) curvature[i] = Math.max(curvature[i], least) || 1;
  const center = F.clone();
  for (let i = 0; i < F.rows; i++) {
    const [z, dual] = [center.row(i), a.row(i)];
    for (let k = 0; k < z.length; k++) z[k] += dual[k] / curvature[i];
  }
  return { center, curvature };
}

/** Gershgorin's bound of the largest eigenvalue of a symmetric c×c matrix. */
function largestRowSum(H: Float64Array, c: number): number {
  let largest = 0;
  for (let k = 0; k < c; k++) {
    let sum = 0;
    for (let l = 0; l < c; l++) sum += Math.abs(H[k * c + l]);
    largest = Math.max(largest, sum);
  }
  return largest;
}
