/**
 * The kernel form (program 5): Lambda without beta and v, over G = [[A, C], [Cᵀ, D]] ⪰ 0.
 *
 *     reg/2 (tr Zᵀ (A + reg I)⁻¹ Z + tr D)   s.t.  A ≥ 0,  S = A − C Xᵀ ≥ 0,  diag S = 0,  B = S − X Cᵀ + X D Xᵀ ≥ 0
 *
 * for a quadratic loss of curvature 1 with centre Z (squared: Y); with curvatures h, reg diag(h)⁻¹ takes the place of reg I. Of any other loss it
 * uses the quadratic model at F = 0, which is a guess: good enough for what begins with it, not a value.
 *
 * With Q = (A + reg I)⁻¹ Z, the eliminated blocks are v = Qᵀ alpha and beta = alpha − X u, so Lambda = L G Lᵀ with
 * L = [[I, 0], [I, −X], [0, I], [Qᵀ, 0]].
 */
import { NumericalError } from '../base/errors.js';
import { Matrix } from '../base/matrix.js';
import { solvePositive, times } from '../linalg/plain.js';
import { gramBlocks, lambdaBlocks } from './blocks.js';
import { quadraticModel, rowCurvatures } from './losses/models.js';
import type { TrainingProblem } from './problem.js';

/** Value of program 5 at G and the quantities it determines. */
export interface KernelForm {
  readonly value: number;
  /** n×c: reg (A + reg I)⁻¹ Z = −∇L at the outputs. */
  readonly a: Matrix;
  /** p×p over (alpha, beta, u, v): the point of program 4 with this G and the best v; its objective equals `value`. */
  lambda(): Matrix;
}

/**
 * @param G (n+d)×(n+d), symmetric
 * @throws NumericalError when A + reg I is not positive definite
 */
export function kernelForm(problem: TrainingProblem, G: Matrix): KernelForm {
  const { X, Y, reg } = problem;
  const { n, d, alpha, u } = gramBlocks(X.rows, X.columns);
  const model = quadraticModel(problem, Matrix.zeros(n, Y.columns));
  const { center } = model;
  const curvature = rowCurvatures(model);
  const shifted = Matrix.zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) shifted.set(i, j, G.get(alpha + i, alpha + j));
    shifted.set(i, i, shifted.get(i, i) + (curvature ? reg / curvature[i] : reg));
  }
  const Q = solvePositive(shifted, center);
  if (!Q) throw new NumericalError('A + reg I is not positive definite');
  let value = 0;
  for (let k = 0; k < center.data.length; k++) value += center.data[k] * Q.data[k];
  for (let k = 0; k < d; k++) value += G.get(u + k, u + k);
  return {
    value: (reg / 2) * value,
    a: new Matrix(
      Q.data.map((entry) => reg * entry),
      n,
      Y.columns,
    ),
    lambda: () => expandGram(X, Q, G),
  };
}

/** L G Lᵀ. */
function expandGram(X: Matrix, Q: Matrix, G: Matrix): Matrix {
  const { n, d, c, alpha, beta, u, v, p } = lambdaBlocks(X.rows, X.columns, Q.columns);
  const gram = gramBlocks(n, d);
  const L = Matrix.zeros(p, gram.order);
  for (let i = 0; i < n; i++) {
    L.set(alpha + i, gram.alpha + i, 1);
    L.set(beta + i, gram.alpha + i, 1);
    for (let k = 0; k < d; k++) L.set(beta + i, gram.u + k, -X.get(i, k));
    for (let k = 0; k < c; k++) L.set(v + k, gram.alpha + i, Q.get(i, k));
  }
  for (let k = 0; k < d; k++) L.set(u + k, gram.u + k, 1);
  return times(times(L, G), L.transpose());
}
