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

/** Curvatures of a model are at least this share of those at F = 0: where the loss is flat outputs must not run away. */
const LEAST_CURVATURE = 1e-4;

/**
 * The loss itself where it is quadratic; else a model with its value and gradient at F and, output by output, at least its curvature there
 * (Gershgorin's bound).
 */
export function quadraticModel(term: LossTerm, F: Matrix): QuadraticModel {
  const { loss } = term;
  if (loss.quadratic) return loss.quadratic(term);
  const a = dualPointAt(term, F);
  const curvature = curvatureAt(term, a);
  const atZero = curvatureAt(term, dualPointAtZero(term));
  const center = F.clone();
  for (let k = 0; k < center.data.length; k++) {
    curvature.data[k] = Math.max(curvature.data[k], LEAST_CURVATURE * atZero.data[k]) || 1;
    center.data[k] += a.data[k] / curvature.data[k];
  }
  return { center, curvature };
}

/** The sums of absolute values in the rows of H(a): a diagonal matrix of them is at least H(a). */
function curvatureAt(term: LossTerm, a: Matrix): Matrix {
  const c = a.columns;
  const H = Matrix.zeros(a.rows, c * c);
  term.loss.curvatureAt(a, term, H);
  const sums = Matrix.zeros(a.rows, c);
  for (let k = 0; k < sums.data.length; k++) {
    for (const h of H.data.subarray(k * c, (k + 1) * c)) sums.data[k] += Math.abs(h);
  }
  return sums;
}

/** One curvature a row, where an algorithm knows no other: the mean over its outputs. 1 when absent. */
export const rowCurvatures = ({ curvature }: QuadraticModel): Float64Array | undefined =>
  curvature &&
  Float64Array.from({ length: curvature.rows }, (_, i) => {
    const row = curvature.row(i);
    return row.reduce((sum, h) => sum + h, 0) / row.length;
  });
