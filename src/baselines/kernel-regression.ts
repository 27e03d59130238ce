/**
 * Kernel ridge regression F(x) = k(x, X) (K + reg · mean(diag K) · I)⁻¹ Y: the posterior mean of a Gaussian process, and with the
 * neural tangent kernel the limit of training an infinitely wide network (J. Lee et al., NeurIPS 2019, equations 13 and 15). The
 * ridge is relative to the kernel's mean diagonal, as in the paper's experiments.
 */
import { InputError, NumericalError } from '../base/errors.js';
import type { Matrix, MatrixLike } from '../base/matrix.js';
import { show } from '../base/show.js';
import { sumOfSquares } from '../base/vector.js';
import { createKernelsSync } from '../engine/kernels.js';
import { Algebra } from '../linalg/algebra.js';
import { transposed, type View } from '../linalg/views.js';
import { prepareData, type TrainingData } from '../problem/data.js';
import { unitCenter } from '../problem/losses/unit-quadratic.js';
import type { Targets } from '../problem/targets.js';
import { type InfiniteKernel, nngpKernel, ntkKernel } from './arc-cosine.js';
import { checkShape, FittedModel } from './fitted-model.js';
import { type DataFitOptions, resolveDataFit } from './options.js';

/**
 * Gaussian process regression with the kernel of an infinitely wide random ReLU network (NNGP). Closed form: n³/3 + 2n²d flops and
 * 8n² bytes.
 *
 * @param X n×d features, in any accepted form of a matrix; not mutated
 * @param Y n×c targets, or n class labels
 * @throws InputError for data that cannot be used, OptionsError for an option, MemoryError before allocating too much,
 * NumericalError when reg is lost in the kernel's round-off
 */
export const nngp = (X: MatrixLike, Y: Targets, options: DataFitOptions = {}): KernelRegression =>
  fitKernel(nngpKernel, X, Y, options);

/** Kernel regression with the neural tangent kernel (NTK) of an infinitely wide ReLU network; arguments, cost and errors as `nngp`. */
export const ntk = (X: MatrixLike, Y: Targets, options: DataFitOptions = {}): KernelRegression =>
  fitKernel(ntkKernel, X, Y, options);

export class KernelRegression extends FittedModel {
  readonly #kernel: InfiniteKernel;
  readonly #X: Matrix;
  readonly #coefficients: Matrix;

  /** @param coefficients n×c: the outputs are k(x, X) · coefficients */
  constructor(data: TrainingData, kernel: InfiniteKernel, coefficients: Matrix) {
    super(data);
    if (typeof kernel !== 'function') throw new InputError('kernel', `expected a function, got ${show(kernel)}`);
    this.#kernel = kernel;
    this.#X = data.problem.X;
    this.#coefficients = checkShape('coefficients', coefficients, { rows: this.#X.rows, columns: this.outputs });
  }

  protected override evaluate(X: Matrix): Matrix {
    const algebra = new Algebra(createKernelsSync());
    const K = kernelBlock(algebra, this.#kernel, X, this.#X);
    const F = algebra.matrix(X.rows, this.outputs);
    algebra.product(1, K, algebra.place(this.#coefficients), F);
    return algebra.readMatrix(F);
  }
}

function fitKernel(kernel: InfiniteKernel, X: MatrixLike, Y: Targets, options: DataFitOptions): KernelRegression {
  const data = prepareData(X, Y, resolveDataFit(options));
  const { problem } = data;
  const n = problem.X.rows;
  const algebra = new Algebra(createKernelsSync());
  const coefficients = algebra.place(unitCenter(problem));
  const K = kernelBlock(algebra, kernel, problem.X, problem.X);
  const entries = algebra.entries(K);
  let trace = 0;
  for (let i = 0; i < n; i++) trace += entries[i * (n + 1)];
  // A kernel that is all zero (X all zero) predicts 0 whatever the coefficients.
  const ridge = trace > 0 ? (problem.reg * trace) / n : 1;
  for (let i = 0; i < n; i++) entries[i * (n + 1)] += ridge;
  if (!algebra.solvePositive(K, coefficients)) {
    throw new NumericalError('kernel regression: reg is below the round-off of the kernel; a larger reg works');
  }
  return new KernelRegression(data, kernel, algebra.readMatrix(coefficients));
}

/** k(x_i, z_j), |X|×|Z|. */
function kernelBlock(algebra: Algebra, kernel: InfiniteKernel, X: Matrix, Z: Matrix): View {
  const K = algebra.matrix(X.rows, Z.rows);
  algebra.product(1, algebra.place(X), transposed(algebra.place(Z)), K);
  const lengthsX = rowLengths(X);
  const lengthsZ = rowLengths(Z);
  const entries = algebra.entries(K);
  for (let i = 0; i < X.rows; i++) {
    for (let j = 0; j < Z.rows; j++) {
      const k = i * Z.rows + j;
      entries[k] = kernel(entries[k], lengthsX[i] * lengthsZ[j]);
    }
  }
  return K;
}

const rowLengths = (X: Matrix): Float64Array =>
  Float64Array.from({ length: X.rows }, (_, i) => Math.sqrt(sumOfSquares(X.row(i))));
