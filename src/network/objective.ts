/**
 * Program 1 and its gradient (docs/model.md; the paper's equation 1) with X, Y and the weights in the kernels' memory:
 *
 *   L(U, V) = ½ ‖H Vᵀ − Y‖² + reg/2 (‖U‖² + ‖V‖²),   H = (X U)₊.
 *
 * At a kink, x_i·u = 0, the derivative of (·)₊ is taken as 0. An evaluation costs 2 n m (2d + 3c) flops, see the kernel
 * `lossGradient`. The weights live in one vector theta of length (d + c) m: U d×m, then V c×m, both row-major.
 */
import { Matrix } from '../base/matrix.js';
import type { Address } from '../engine/abi.js';
import { FULL } from '../engine/constants.js';
import type { Kernels } from '../engine/kernels.js';
import type { TrainingProblem } from '../problem/problem.js';
import type { Weights } from './weights.js';

const BYTES = Float64Array.BYTES_PER_ELEMENT;

export class TrainingObjective {
  readonly n: number;
  readonly d: number;
  readonly c: number;
  readonly reg: number;
  readonly kernels: Kernels;
  /** Y, n×c, row-major; not to be written to. */
  readonly targets: Address;
  readonly #maxWidth: number;
  readonly #X: Address;
  readonly #work: Address;

  /** Copies X and Y into the kernels' memory and plans room for networks of up to `maxWidth` neurons. */
  constructor(kernels: Kernels, problem: TrainingProblem, maxWidth: number) {
    const { X, Y, reg } = problem;
    const { arena, exports } = kernels;
    this.kernels = kernels;
    this.n = X.rows;
    this.d = X.columns;
    this.c = Y.columns;
    this.reg = reg;
    this.#maxWidth = maxWidth;
    this.#X = arena.allocate(this.n * this.d);
    this.targets = arena.allocate(this.n * this.c);
    this.#work = arena.allocateBytes(exports.lossGradientWorkspace(this.d, this.c, maxWidth));
    arena.write(this.#X, X.data);
    arena.write(this.targets, Y.data);
  }

  /** Length of theta for m neurons. */
  length(m: number): number {
    return (this.d + this.c) * m;
  }

  /** Writes the weights into theta. */
  write(theta: Address, weights: Weights): void {
    this.#checkWidth(weights.U.columns);
    this.kernels.arena.write(theta, weights.U.data);
    this.kernels.arena.write(theta + BYTES * weights.U.data.length, weights.V.data);
  }

  /** The weights in theta, as fresh matrices. */
  read(theta: Address, m: number): Weights {
    const { arena } = this.kernels;
    return {
      U: new Matrix(arena.read(theta, this.d * m), this.d, m),
      V: new Matrix(arena.read(theta + BYTES * this.d * m, this.c * m), this.c, m),
    };
  }

  /** L at theta, and its gradient unless that address is 0; NaN or Infinity when theta is too large. */
  evaluate(m: number, theta: Address, gradient: Address): number {
    this.#checkWidth(m);
    const { n, d, c, reg } = this;
    return this.kernels.exports.lossGradient(n, d, c, m, reg, this.#X, this.targets, theta, gradient, this.#work);
  }

  /** L of weights outside the kernels' memory. */
  lossOf(weights: Weights): number {
    const { arena } = this.kernels;
    const m = weights.U.columns;
    const mark = arena.mark();
    try {
      const theta = arena.allocate(this.length(m));
      this.write(theta, weights);
      return this.evaluate(m, theta, 0);
    } finally {
      arena.release(mark);
    }
  }

  /** Writes H = (X U)₊ (n×m, row-major) for the U at the start of theta. */
  hidden(m: number, theta: Address, H: Address): void {
    const { n, d } = this;
    const { arena, exports } = this.kernels;
    const mark = arena.mark();
    try {
      const work = arena.allocateBytes(exports.gemmWorkspace());
      const h = arena.view(H, n * m).fill(0);
      exports.gemm(n, m, d, 1, this.#X, d, 1, theta, m, 1, 0, H, m, FULL, work);
      for (let k = 0; k < h.length; k++) h[k] = Math.max(0, h[k]);
    } finally {
      arena.release(mark);
    }
  }

  #checkWidth(m: number): void {
    if (m > this.#maxWidth) throw new RangeError(`width ${m} exceeds the ${this.#maxWidth} neurons planned for`);
  }
}
