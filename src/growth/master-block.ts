/**
 * The outputs of the master problem that share their curvatures (all of them where those are 1, else one): with K = HᵀDH, B = HᵀDZ, D their
 * curvatures on the diagonal, S = diag(√η), A = reg I + SKS and Q = A⁻¹SB, they contribute ½(⟨Z, DZ⟩ − ⟨SB, Q⟩) to f, −reg/2 ‖Q_j‖² to the
 * gradient and reg (I − reg A⁻¹) ∘ QQᵀ to the Hessian, both in relative steps dη/η; their part of V is (SQ)ᵀ.
 */
import type { Algebra } from '../linalg/algebra.js';
import { transposed, type Vector, type View } from '../linalg/views.js';

export class MasterBlock {
  /** First of the outputs. */
  readonly first: number;
  /** m × outputs. */
  readonly Q: View;
  readonly #algebra: Algebra;
  readonly #reg: number;
  /** ⟨Z, DZ⟩. */
  readonly #square: number;
  readonly #K: View;
  readonly #B: View;
  /** The factor of A. */
  readonly #L: View;
  readonly #SB: View;

  /** H n×m, Z n × outputs; curvatures 1 when absent. */
  constructor(algebra: Algebra, H: View, Z: View, curvature: Vector | undefined, reg: number, first: number) {
    const [m, outputs] = [H.columns, Z.columns];
    this.first = first;
    this.#algebra = algebra;
    this.#reg = reg;
    this.#K = algebra.matrix(m, m);
    this.#B = algebra.matrix(m, outputs);
    this.#L = algebra.matrix(m, m);
    this.#SB = algebra.matrix(m, outputs);
    this.Q = algebra.matrix(m, outputs);
    const weights = curvature && { weights: curvature };
    this.#square = curvature ? weightedSquare(algebra, Z, curvature) : algebra.inner(Z, Z);
    algebra.product(1, transposed(H), H, this.#K, { ...weights, symmetric: true });
    algebra.product(1, transposed(H), Z, this.#B, weights);
  }

  /** ⟨Z, DZ⟩ − ⟨SB, Q⟩; leaves the factor of A and Q behind. NaN when A is not numerically positive definite. @param root √η */
  evaluate(root: Float64Array): number {
    const algebra = this.#algebra;
    const { rows: m, columns: c } = this.#B;
    const K = algebra.entries(this.#K);
    const A = algebra.entries(this.#L);
    const B = algebra.entries(this.#B);
    const SB = algebra.entries(this.#SB);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j <= i; j++) A[i * m + j] = K[i * m + j] * root[i] * root[j];
      A[i * m + i] += this.#reg;
      for (let k = 0; k < c; k++) SB[i * c + k] = root[i] * B[i * c + k];
    }
    if (!algebra.cholesky(this.#L)) return Number.NaN;
    algebra.copyMatrix(this.#SB, this.Q);
    algebra.solveCholesky(this.#L, this.Q);
    return this.#square - algebra.inner(this.#SB, this.Q);
  }

  /** Adds ‖Q_j‖² to `squares`. */
  addSquares(squares: Float64Array): void {
    const c = this.Q.columns;
    const Q = this.#algebra.entries(this.Q);
    for (let j = 0; j < squares.length; j++) {
      for (let k = j * c; k < (j + 1) * c; k++) squares[j] += Q[k] * Q[k];
    }
  }

  /** Adds reg (I − reg A⁻¹) ∘ QQᵀ to the lower triangle of `hessian`; two matrices of its shape are scratch. */
  addHessian(hessian: Float64Array, scratch: View, products: View): void {
    const algebra = this.#algebra;
    const reg = this.#reg;
    const m = this.Q.rows;
    algebra.invertLower(this.#L, products);
    algebra.product(1, transposed(products), products, scratch, { lower: true });
    algebra.product(1, this.Q, transposed(this.Q), products, { lower: true });
    const inverse = algebra.entries(scratch);
    const QQ = algebra.entries(products);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < i; j++) hessian[i * m + j] += inverse[i * m + j] * (-reg * reg * QQ[i * m + j]);
      const at = i * (m + 1);
      hessian[at] += reg * (1 - reg * inverse[at]) * QQ[at];
    }
  }
}

/** Σ_i h_i ‖z_i‖². */
function weightedSquare(algebra: Algebra, Z: View, curvature: Vector): number {
  const h = algebra.entries(curvature);
  const z = algebra.entries(Z);
  let sum = 0;
  for (let k = 0; k < z.length; k++) sum += h[Math.floor(k / Z.columns)] * z[k] * z[k];
  return sum;
}
