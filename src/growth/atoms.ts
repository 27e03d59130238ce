/**
 * A network as a measure: unit directions u_j with masses η_j = ‖v_j‖ (program 2). Growth works on this form, in which the training
 * loss is ½‖R‖² + reg Σ η_j with R = Y − (XU)₊Vᵀ; `toNetwork` spreads each mass evenly over both layers, which makes it program 1.
 */
import { Matrix } from '../base/matrix.js';
import { transposed } from '../linalg/views.js';
import { balance } from '../network/balance.js';
import type { TrainingObjective } from '../network/objective.js';
import { columnNorms, joinNeurons, selectNeurons, type Weights } from '../network/weights.js';

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

/** R = Y − (XU)₊Vᵀ, n×c. */
export function residualOf(objective: TrainingObjective, atoms: Atoms): Matrix {
  const { n, c, algebra, placed } = objective;
  const m = atoms.U.columns;
  return algebra.scoped(() => {
    const R = algebra.matrix(n, c);
    algebra.copyMatrix(placed.Y, R);
    if (m > 0) {
      const H = algebra.matrix(n, m);
      objective.hidden(algebra.place(atoms.U), H);
      algebra.product(-1, H, transposed(algebra.place(atoms.V)), R, { accumulate: true });
    }
    return algebra.readMatrix(R);
  });
}

/**
 * The atoms and new ones along the given unit directions u, each with the output that lowers the loss most when it alone is added,
 * shortened by their number: v = z/‖z‖ (‖z‖ − reg) / ‖h‖², h = (Xu)₊, z = Rᵀh (coordinate descent's step on program 2).
 */
export function addAtoms(atoms: Atoms, directions: readonly Float64Array[], X: Matrix, R: Matrix, reg: number): Atoms {
  const U = Matrix.zeros(X.columns, directions.length);
  const V = Matrix.zeros(R.columns, directions.length);
  directions.forEach((u, j) => {
    for (let k = 0; k < u.length; k++) U.set(k, j, u[k]);
    const { z, square } = responseTo(X, R, u);
    const length = Math.hypot(...z);
    if (!(square > 0 && length > 0)) return;
    const mass = Math.max(length - reg, LEAST_EXCESS * reg) / (square * directions.length);
    for (let k = 0; k < z.length; k++) V.set(k, j, (mass * z[k]) / length);
  });
  return joinNeurons(atoms, { U, V });
}

/** A violator counts as exceeding reg by at least this share, so that it starts with a mass. */
const LEAST_EXCESS = 1e-3;

/** z = Rᵀh and ‖h‖² for h = (Xu)₊. */
function responseTo(X: Matrix, R: Matrix, u: Float64Array): { z: Float64Array; square: number } {
  const z = new Float64Array(R.columns);
  let square = 0;
  for (let i = 0; i < X.rows; i++) {
    const x = X.row(i);
    let h = 0;
    for (let k = 0; k < u.length; k++) h += x[k] * u[k];
    if (h <= 0) continue;
    square += h * h;
    const r = R.row(i);
    for (let k = 0; k < z.length; k++) z[k] += h * r[k];
  }
  return { z, square };
}

/** ½‖R‖² + reg Σ η. */
export function lossOf(R: Matrix, masses: Float64Array, reg: number): number {
  let square = 0;
  for (const r of R.data) square += r * r;
  let total = 0;
  for (const mass of masses) total += mass;
  return 0.5 * square + reg * total;
}
