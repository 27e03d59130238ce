/**
 * Program 1 and its gradient (docs/model.md; the paper's equation 1) with X, Y and the weights in the kernels' memory:
 *
 *   L(H Vᵀ) + reg/2 (‖U‖² + ‖V‖²),   H = (X U)₊.
 *
 * At a kink, x_i·u = 0, the derivative of (·)₊ is taken as 0. An evaluation costs 2 n m (2d + 3c) flops; where the loss has a kernel for
 * it, in one sweep over the data, else by products of matrices. The weights live in one vector theta of length (d + c) m: U d×m,
 * then V c×m, both row-major.
 */
import type { Matrix } from '../base/matrix.js';
import type { Algebra } from '../linalg/algebra.js';
import { packed, transposed, type Vector, type View } from '../linalg/views.js';
import { asMatrix } from '../problem/losses/placed.js';
import type { Placed } from '../problem/placed.js';
import type { Weights } from './weights.js';

export class TrainingObjective {
  readonly n: number;
  readonly d: number;
  readonly c: number;
  readonly reg: number;
  readonly placed: Placed;
  readonly algebra: Algebra;

  constructor(placed: Placed) {
    const { X, Y, reg } = placed.problem;
    this.placed = placed;
    this.algebra = placed.algebra;
    this.n = X.rows;
    this.d = X.columns;
    this.c = Y.columns;
    this.reg = reg;
  }

  /** The weights as theta, allocated in the arena. */
  place(weights: Weights): Vector {
    const theta = this.algebra.vector((this.d + this.c) * weights.U.columns);
    this.write(theta, weights);
    return theta;
  }

  write(theta: Vector, weights: Weights): void {
    const entries = this.algebra.entries(theta);
    entries.set(weights.U.data);
    entries.set(weights.V.data, weights.U.data.length);
  }

  /** The weights in theta, as fresh matrices. */
  read(theta: Vector): Weights {
    const { U, V } = this.#layers(theta);
    return { U: this.algebra.readMatrix(U), V: this.algebra.readMatrix(V) };
  }

  /** The training loss at theta, and its gradient if that is given; NaN or Infinity when theta is too large. */
  evaluate(theta: Vector, gradient?: Vector): number {
    const { n, d, c, reg, placed, algebra } = this;
    const { loss, weights } = placed.problem;
    if (!loss.networkKernel || weights) return algebra.scoped(() => this.#evaluateByProducts(theta, gradient));
    const m = this.#width(theta);
    const { exports } = algebra.kernels;
    const work = algebra.scratch(exports.lossGradientWorkspace(d, c, m));
    algebra.flops += 2 * n * m * (gradient ? 2 * d + 3 * c : d + c);
    const evaluate = exports[loss.networkKernel];
    return evaluate(n, d, c, m, reg, placed.X.view.at, placed.Y.at, theta.at, gradient?.at ?? 0, work);
  }

  #evaluateByProducts(theta: Vector, gradient?: Vector): number {
    const { n, c, reg, placed, algebra } = this;
    const { problem, X } = placed;
    const { U, V } = this.#layers(theta);
    const H = algebra.matrix(n, U.columns);
    const F = algebra.matrix(n, c);
    this.hidden(U, H);
    algebra.product(1, H, transposed(V), F);
    const value = problem.loss.value(asMatrix(algebra, F), problem);
    if (gradient) {
      const G = algebra.matrix(n, c);
      const back = algebra.matrix(n, U.columns);
      problem.loss.gradient(asMatrix(algebra, F), problem, asMatrix(algebra, G));
      algebra.product(1, G, V, back);
      const [h, entries] = [algebra.entries(H), algebra.entries(back)];
      for (let k = 0; k < h.length; k++) if (!(h[k] > 0)) entries[k] = 0;
      const layers = this.#layers(gradient);
      algebra.product(1, transposed(X.view), back, layers.U);
      algebra.product(1, transposed(G), H, layers.V);
      algebra.axpy(reg, theta, gradient);
    }
    return value + (reg / 2) * algebra.dot(theta, theta);
  }

  /** F = (X U)₊ Vᵀ, n×c, of weights outside the kernels' memory. */
  outputs({ U, V }: Weights): Matrix {
    const { n, c, algebra } = this;
    return algebra.scoped(() => {
      const F = algebra.matrix(n, c);
      if (U.columns > 0) {
        const H = algebra.matrix(n, U.columns);
        this.hidden(algebra.place(U), H);
        algebra.product(1, H, transposed(algebra.place(V)), F);
      }
      return algebra.readMatrix(F);
    });
  }

  /** The training loss of weights outside the kernels' memory. */
  lossOf(weights: Weights): number {
    return this.algebra.scoped(() => this.evaluate(this.place(weights)));
  }

  /** H = (X U)₊, n×m, for U d×m. */
  hidden(U: View, H: View): void {
    this.algebra.product(1, this.placed.X.view, U, H);
    const h = this.algebra.entries(H);
    for (let k = 0; k < h.length; k++) h[k] = Math.max(0, h[k]);
  }

  #width(theta: Vector): number {
    return theta.length / (this.d + this.c);
  }

  #layers(theta: Vector): { U: View; V: View } {
    const m = this.#width(theta);
    return { U: packed(theta.at, this.d, m), V: packed(theta.at + 8 * this.d * m, this.c, m) };
  }
}
