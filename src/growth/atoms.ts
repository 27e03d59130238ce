/**
 * A network as a measure: unit directions u_j with masses η_j = ‖v_j‖ (program 2). Growth works on this form, in which the training
 * loss is L(F) + reg Σ η_j with F = (XU)₊Vᵀ; `toNetwork` spreads each mass evenly over both layers, which makes it program 1.
 */
import { Matrix } from '../base/matrix.js';
import { euclideanNorm, sum } from '../base/vector.js';
import { balance } from '../network/balance.js';
import type { TrainingObjective } from '../network/objective.js';
import { columnNorms, joinNeurons, selectNeurons, type Weights } from '../network/weights.js';
import { dualPointAt, quadraticModel } from '../problem/losses/models.js';

/** U d×m with unit columns, V c×m. */
export type Atoms = Weights;

/** The same network with unit directions; neurons with u = 0 or v = 0 are left out. */
export function toAtoms(weights: Weights): Atoms {
  const { U, V } = balance(weights);
  const lengths = columnNorms(U);
  for (let j = 0; j < lengths.length; j++) {
    for (let k = 0; k < U.rows; k++) U.set(k, j, U.get(k, j) / lengths[j]);
    for (let k = 0; k < V.rows; k++) V.set(k, j, V.get(k, j) * lengths[j]);
  }
  return { U, V };
}

/** The balanced network of the atoms, without those of mass zero. */
export const toNetwork = (atoms: Atoms): Weights => balance(atoms);

/** η. */
export const massesOf = (atoms: Atoms): Float64Array => columnNorms(atoms.V);

/** The atoms for which the test holds. */
export function keepAtoms(atoms: Atoms, test: (j: number) => boolean): Atoms {
  const kept = Array.from({ length: atoms.U.columns }, (_, j) => j).filter(test);
  return selectNeurons(atoms, kept);
}

/** How well the atoms fit: all that the next round needs to know of the loss at F = (XU)₊Vᵀ. */
export interface Fit {
  /** L(F). */
  readonly value: number;
  /** R = −∇L(F), n×c: for the squared loss the residual Y − F. */
  readonly R: Matrix;
  /** The curvature of L's quadratic model at F, n×c; 1 when absent. */
  readonly curvature: Matrix | undefined;
}

export function fitOf(objective: TrainingObjective, atoms: Atoms): Fit {
  const { problem } = objective.placed;
  const F = objective.outputs(atoms);
  const { curvature } = quadraticModel(problem, F);
  return { value: problem.loss.value(F, problem), R: dualPointAt(problem, F), curvature };
}

/**
 * The atoms and new ones along the given unit directions u, each with the output that lowers the loss's quadratic model most when it alone is
 * added, shortened by their number: v = z/‖z‖ (‖z‖ − reg) / Σ κ_i h_i², h = (Xu)₊, z = Rᵀh, κ_i the largest curvature of row i
 * (coordinate descent's step on program 2).
 */
export function addAtoms(
  atoms: Atoms,
  directions: readonly Float64Array[],
  X: Matrix,
  { R, curvature }: Fit,
  reg: number,
): Atoms {
  const kappa = new Float64Array(R.rows).map((_, i) => (curvature ? Math.max(...curvature.row(i)) : 1));
  const U = Matrix.zeros(X.columns, directions.length);
  const V = Matrix.zeros(R.columns, directions.length);
  directions.forEach((u, j) => {
    for (let k = 0; k < u.length; k++) U.set(k, j, u[k]);
    const { z, square } = responseTo(X, R, kappa, u);
    const length = euclideanNorm(z);
    if (!(square > 0 && length > 0)) return;
    const mass = Math.max(length - reg, LEAST_EXCESS * reg) / (square * directions.length);
    for (let k = 0; k < z.length; k++) V.set(k, j, (mass * z[k]) / length);
  });
  return joinNeurons(atoms, { U, V });
}

/** A violator counts as exceeding reg by at least this share, so that it starts with a mass. */
const LEAST_EXCESS = 1e-3;

/** z = Rᵀh and Σ κ_i h_i² for h = (Xu)₊. */
function responseTo(X: Matrix, R: Matrix, kappa: Float64Array, u: Float64Array): { z: Float64Array; square: number } {
  const z = new Float64Array(R.columns);
  let square = 0;
  for (let i = 0; i < X.rows; i++) {
    const x = X.row(i);
    let h = 0;
    for (let k = 0; k < u.length; k++) h += x[k] * u[k];
    if (h <= 0) continue;
    square += kappa[i] * (h * h);
    const r = R.row(i);
    for (let k = 0; k < z.length; k++) z[k] += h * r[k];
  }
  return { z, square };
}

/** L(F) + reg Σ η. */
export const lossOf = ({ value }: Fit, masses: Float64Array, reg: number): number => value + reg * sum(masses);
