/** Linear ridge regression: what a network has to beat to be worth its neurons. */
import type { Matrix, MatrixLike } from '../base/matrix.js';
import { createKernelsSync } from '../engine/kernels.js';
import { Algebra } from '../linalg/algebra.js';
import { solveRidge } from '../network/ridge.js';
import { prepareData, type TrainingData } from '../problem/data.js';
import { unitCenter } from '../problem/losses/unit-quadratic.js';
import type { Targets } from '../problem/targets.js';
import { checkShape, FittedModel } from './fitted-model.js';
import { type DataFitOptions, resolveDataFit } from './options.js';

/**
 * Linear regression min over W of ½‖X W − Y‖² + reg/2 ‖W‖² (Boyd & Vandenberghe, Introduction to Applied Linear Algebra, §15.3).
 * Closed form: about 2 s²(n + d) + s³/3 flops, s = min(n, d).
 *
 * @param X n×d features, in any accepted form of a matrix; not mutated
 * @param Y n×c targets, or n class labels
 * @throws InputError for data that cannot be used, OptionsError for an option, NumericalError when reg is lost in round-off
 */
export function ridge(X: MatrixLike, Y: Targets, options: DataFitOptions = {}): LinearModel {
  const data = prepareData(X, Y, resolveDataFit(options));
  const { problem } = data;
  const algebra = new Algebra(createKernelsSync());
  const W = solveRidge(algebra, algebra.place(problem.X), algebra.place(unitCenter(problem)), problem.reg);
  return new LinearModel(data, algebra.readMatrix(W));
}

export class LinearModel extends FittedModel {
  /** d×c, d counting the column of ones; acts on standardised features where trained so. */
  readonly W: Matrix;

  constructor(data: TrainingData, W: Matrix) {
    super(data);
    this.W = checkShape('W', W, { rows: this.inputs, columns: this.outputs });
  }

  protected override evaluate(X: Matrix): Matrix {
    const algebra = new Algebra(createKernelsSync());
    const F = algebra.matrix(X.rows, this.outputs);
    algebra.product(1, algebra.place(X), algebra.place(this.W), F);
    return algebra.readMatrix(F);
  }
}
