/**
 * Infinite width: a network as a measure over unit neurons (docs/model.md, program 2; the paper, section 4). A finite network is the
 * measure Σ_j η_j δ_(u_j, v_j) with ‖u_j‖ = ‖v_j‖ = 1 and η_j = ‖u_j‖‖v_j‖ of its neurons, its output ∫ (Xu)₊vᵀ, its weight decay
 * reg · (total mass), its lift ∫ λλᵀ; conversely such a measure is the balanced network with neurons √η_j (u_j, v_j).
 */
import { InputError } from '../base/errors.js';
import { checkMatrix, type Matrix } from '../base/matrix.js';
import { show } from '../base/show.js';
import { doubles, positive, record } from '../base/untrusted.js';
import { liftedProgram } from '../problem/lambda.js';
import type { TrainingProblem } from '../problem/problem.js';
import { balance, neuronMasses } from './balance.js';
import { predictRelu } from './predict.js';
import { columnNorms, type Weights } from './weights.js';

/** Relative error allowed in ‖u_j‖ = ‖v_j‖ = 1. */
const UNIT_TOLERANCE = 1e-12;

/** Atoms (u_j, v_j) on the product of the unit spheres of R^d and R^c with masses > 0. */
export class AtomicMeasure {
  /** d×m, unit columns. */
  readonly U: Matrix;
  /** c×m, unit columns. */
  readonly V: Matrix;
  /** m masses η_j > 0. */
  readonly masses: Float64Array;

  /** @throws InputError when a direction is not a unit vector, a mass not > 0, or the numbers of atoms differ */
  constructor(U: Matrix, V: Matrix, masses: Float64Array) {
    checkMatrix(U, 'U');
    checkMatrix(V, 'V');
    doubles(masses, Object(masses).length, 'masses');
    if (V.columns !== U.columns || masses.length !== U.columns) {
      throw new InputError('masses', `there are ${masses.length} for ${U.columns} columns of U and ${V.columns} of V`);
    }
    for (const [name, A] of [
      ['U', U],
      ['V', V],
    ] as const) {
      const wrong = columnNorms(A).findIndex((norm) => !(Math.abs(norm - 1) <= UNIT_TOLERANCE));
      if (wrong >= 0) throw new InputError(name, `column ${wrong} is not a unit vector`);
    }
    const wrong = masses.findIndex((mass) => !(mass > 0 && Number.isFinite(mass)));
    if (wrong >= 0) throw new InputError('masses', `entry ${wrong} is ${masses[wrong]}, expected a finite number > 0`);
    this.U = U;
    this.V = V;
    this.masses = masses;
  }

  /** The measure of a network (a Network has U and V); neurons with u = 0 or v = 0 have no mass and are left out. */
  static fromWeights(weights: Weights): AtomicMeasure {
    const { U, V } = record(weights, 'weights');
    if (checkMatrix(U, 'weights.U').columns !== checkMatrix(V, 'weights.V').columns)
      throw new InputError('weights', 'have another number of columns in U than in V; both need one column per neuron');
    const balanced = balance(weights);
    return new AtomicMeasure(unitColumns(balanced.U), unitColumns(balanced.V), neuronMasses(balanced));
  }

  /** Number of atoms. */
  get size(): number {
    return this.masses.length;
  }

  get totalMass(): number {
    return this.masses.reduce((sum, mass) => sum + mass, 0);
  }

  /** The balanced network with one neuron per atom. */
  toWeights(): Weights {
    const roots = this.masses.map(Math.sqrt);
    return { U: scaleColumns(this.U, roots), V: scaleColumns(this.V, roots) };
  }

  /** ∫ (Xu)₊ vᵀ, n×c; X in the coordinates of the training problem. */
  outputs(X: Matrix): Matrix {
    const { rows, columns } = checkMatrix(X, 'X');
    if (columns !== this.U.rows)
      throw new InputError('X', `is ${rows} × ${columns}, but the atoms are for ${this.U.rows} features`);
    return predictRelu(X, { U: this.U, V: scaleColumns(this.V, this.masses) });
  }

  /** Program 2: L(∫ (Xu)₊vᵀ) + reg · (total mass). */
  loss(problem: TrainingProblem): number {
    this.#checkProblem(problem);
    return problem.loss.value(this.outputs(problem.X), problem) + problem.reg * this.totalMass;
  }

  /** Lambda = ∫ λλᵀ, λ = (alpha, beta, u, v): feasible in the completely positive program (program 3), at the same value. */
  lift(problem: TrainingProblem): Matrix {
    this.#checkProblem(problem);
    return liftedProgram(problem).lift(this.toWeights());
  }

  #checkProblem(problem: TrainingProblem): void {
    const { X, Y, reg, loss } = record(problem, 'problem');
    const { rows, columns } = checkMatrix(X, 'problem.X');
    const targets = checkMatrix(Y, 'problem.Y');
    positive(reg, 'problem.reg');
    if (typeof Object(loss).value !== 'function') throw new InputError('problem.loss', `is ${show(loss)}, no loss`);
    if (targets.rows !== rows || columns !== this.U.rows || targets.columns !== this.V.rows) {
      throw new InputError(
        'problem',
        `has X ${rows} × ${columns} and Y ${targets.rows} × ${targets.columns}, but the atoms are for ${this.U.rows} features and ${this.V.rows} outputs`,
      );
    }
  }
}

function scaleColumns(A: Matrix, factors: Float64Array): Matrix {
  const result = A.clone();
  for (let i = 0; i < A.rows; i++) {
    const row = result.row(i);
    for (let j = 0; j < row.length; j++) row[j] *= factors[j];
  }
  return result;
}

const unitColumns = (A: Matrix): Matrix =>
  scaleColumns(
    A,
    columnNorms(A).map((norm) => 1 / norm),
  );
