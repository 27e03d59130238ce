/**
 * Program 1 and its gradient on the WASM kernels:
 *
 *   L(U, V) = ½ ‖H Vᵀ − Y‖² + reg/2 (‖U‖² + ‖V‖²),   H = (X U)₊,
 *   ∂L/∂U = Xᵀ ((R V) ∘ [H > 0]) + reg U,   ∂L/∂V = Rᵀ H + reg V,   R = H Vᵀ − Y
 *
 * (problem.md, program 1; the paper's equation 1). At a kink, x_i·u = 0, the derivative of (·)₊ is taken as 0. Five GEMMs,
 * 2 n m (2d + 3c) flops an evaluation. The weights live in one vector theta of length (d + c) m: U d×m, then V c×m, both row-major.
 */
import { Matrix } from '../matrix.js';
import type { TrainingProblem } from '../model/problem.js';
import { type Address, Triangle } from '../wasm/abi.js';
import type { Kernels } from '../wasm/kernels.js';
import type { Weights } from './weights.js';

const BYTES = Float64Array.BYTES_PER_ELEMENT;

export class TrainingObjective {
  readonly n: number;
  readonly d: number;
  readonly c: number;
  readonly reg: number;
  readonly kernels: Kernels;
  readonly #maxWidth: number;
  readonly #X: Address;
  readonly #Y: Address;
  readonly #H: Address;
  readonly #P: Address;
  readonly #R: Address;
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
    this.#Y = arena.allocate(this.n * this.c);
    this.#R = arena.allocate(this.n * this.c);
    this.#H = arena.allocate(this.n * maxWidth);
    this.#P = arena.allocate(this.n * maxWidth);
    this.#work = arena.allocateBytes(exports.gemmWorkspace());
    arena.write(this.#X, X.data);
    arena.write(this.#Y, Y.data);
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

  /** H = (X U)₊ (n×m, row-major) for the U in theta; valid until the next call of any method. */
  hidden(m: number, theta: Address): Address {
    this.#checkWidth(m);
    const { n, d } = this;
    const { exports, arena } = this.kernels;
    arena.view(this.#H, n * m).fill(0);
    exports.gemm(n, m, d, 1, this.#X, d, 1, theta, m, 1, 0, this.#H, m, Triangle.full, this.#work);
    relu(arena.view(this.#H, n * m));
    return this.#H;
  }

  /** Y (n×c, row-major), not to be written to. */
  get targets(): Address {
    return this.#Y;
  }

  /** L of weights outside the kernels' memory. */
  lossOf(weights: Weights): number {
    const { arena } = this.kernels;
    const m = weights.U.columns;
    const mark = arena.mark();
    try {
      const theta = arena.allocate(this.length(m));
      this.write(theta, weights);
      return this.loss(m, theta);
    } finally {
      arena.release(mark);
    }
  }

  /** L at theta. */
  loss(m: number, theta: Address): number {
    this.#forward(m, theta);
    const { exports } = this.kernels;
    const residual = exports.dot(this.n * this.c, this.#R, this.#R);
    return 0.5 * (residual + this.reg * exports.dot(this.length(m), theta, theta));
  }

  /** L at theta, and its gradient into `gradient`. */
  evaluate(m: number, theta: Address, gradient: Address): number {
    const { n, d, c, reg } = this;
    const { exports, arena } = this.kernels;
    const value = this.loss(m, theta);
    const length = this.length(m);
    const V = theta + BYTES * d * m;

    const scaled = arena.view(gradient, length);
    const weights = arena.view(theta, length);
    for (let k = 0; k < length; k++) scaled[k] = reg * weights[k];

    arena.view(this.#P, n * m).fill(0);
    exports.gemm(n, m, c, 1, this.#R, c, 1, V, m, 1, 0, this.#P, m, Triangle.full, this.#work);
    maskInactive(arena.view(this.#H, n * m), arena.view(this.#P, n * m));
    exports.gemm(d, m, n, 1, this.#X, 1, d, this.#P, m, 1, 0, gradient, m, Triangle.full, this.#work);
    const gradientV = gradient + BYTES * d * m;
    exports.gemm(c, m, n, 1, this.#R, 1, c, this.#H, m, 1, 0, gradientV, m, Triangle.full, this.#work);
    return value;
  }

  /** R = H Vᵀ − Y, and H. */
  #forward(m: number, theta: Address): void {
    const { n, d, c } = this;
    const { exports, arena } = this.kernels;
    const H = this.hidden(m, theta);
    const V = theta + BYTES * d * m;
    arena.view(this.#R, n * c).set(arena.view(this.#Y, n * c));
    exports.scale(n * c, -1, this.#R);
    exports.gemm(n, c, m, 1, H, m, 1, V, 1, m, 0, this.#R, c, Triangle.full, this.#work);
  }

  #checkWidth(m: number): void {
    if (m > this.#maxWidth) throw new RangeError(`width ${m} exceeds the ${this.#maxWidth} neurons planned for`);
  }
}

/** h = h₊. */
function relu(h: Float64Array): void {
  for (let k = 0; k < h.length; k++) h[k] = h[k] > 0 ? h[k] : 0;
}

/** p = p ∘ [h > 0]. */
function maskInactive(h: Float64Array, p: Float64Array): void {
  for (let k = 0; k < p.length; k++) p[k] = h[k] > 0 ? p[k] : 0;
}
