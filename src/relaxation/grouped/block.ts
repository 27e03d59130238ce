/**
 * One lifted block: a group of rows and a cone. Its rows have unit length (alpha_i is measured in units of ‖x_i‖, as are C_i and W_i), so that all its
 * numbers are of size one whatever the data. Primal: Lambda and the products K of its forms. Dual: N ≥ 0, w free and M, with
 *
 *     Z = diag(0, M) − E(a) − Tᵀ 𝒩 T ≻ 0,   E(a) = ½ Σ ‖x_i‖ (e_i (outputsᵀ a_i)ᵀ + transpose),
 *
 * where K_fg carries N_fg and alpha_i beta_i carries w_i, once each: Tᵀ 𝒩 T has N_fg/2 on either side.
 */
import { squareOf } from '../../base/elementary.js';
import { complete } from '../../base/run.js';
import type { Algebra } from '../../linalg/algebra.js';
import { block, flat, packed, transposed, type Vector, type View } from '../../linalg/views.js';
import type { Cone } from '../../problem/parts/cone.js';
import { pairDots, pairScatter } from '../kernels.js';
import { NesterovTodd, type ScalingScratch } from '../scaling.js';
import type { Layout } from './layout.js';

export class Block {
  readonly layout: Layout;
  readonly cone: Cone;
  /** m×d, rows of unit length. */
  readonly X: View;
  /** forms×p. */
  readonly T: View;
  readonly Lambda: View;
  readonly K: Vector;
  readonly Z: View;
  readonly N: Vector;
  readonly w: Vector;
  readonly M: View;
  readonly scaling: NesterovTodd;
  /** Cholesky factor of the Hessian over the block's own entries, q×q. */
  readonly factor: View;
  /** L⁻¹ (its coupling with the shared entries, and the outputs as columns): q×(shared + m c). */
  readonly coupling: View;
  /** L⁻¹ times the right-hand side, then the solution's own entries. */
  readonly y: Vector;
  // the step
  readonly dLambda: View;
  readonly dK: Vector;
  readonly dN: Vector;
  readonly dw: Vector;
  readonly dM: View;
  readonly scaledLambda: View;
  readonly scaledZ: View;
  readonly #algebra: Algebra;

  constructor(algebra: Algebra, layout: Layout, cone: Cone, X: View, scratch: ScalingScratch) {
    const { p, q, s, m, shared, pairs, forms } = layout;
    this.#algebra = algebra;
    this.layout = layout;
    this.cone = cone;
    this.X = X;
    const square = (): View => algebra.matrix(p, p);
    this.T = algebra.matrix(forms, p);
    this.Lambda = square();
    this.Z = square();
    this.K = algebra.vector(pairs.count);
    this.N = algebra.vector(pairs.count);
    this.w = algebra.vector(m);
    this.M = algebra.matrix(s, s);
    this.scaling = new NesterovTodd(algebra, p, scratch);
    this.factor = algebra.unset(q, q);
    this.coupling = algebra.unset(q, shared + m * cone.outputs.rows);
    this.y = algebra.vector(q);
    this.dLambda = square();
    this.dK = algebra.vector(pairs.count);
    this.dN = algebra.vector(pairs.count);
    this.dw = algebra.vector(m);
    this.dM = algebra.matrix(s, s);
    this.scaledLambda = square();
    this.scaledZ = square();
    this.#writeForms();
  }

  #writeForms(): void {
    const { m, d, p } = this.layout;
    const { forms, radius } = this.cone;
    const T = this.#algebra.entries(this.T);
    const X = this.#algebra.entries(this.X);
    for (let i = 0; i < m; i++) {
      T[i * p + i] = 1;
      T[(m + i) * p + i] = 1;
      for (let k = 0; k < d; k++) T[(m + i) * p + m + k] = -X[i * d + k];
      if (radius < 0) continue;
      const balance = (2 * m + i) * p;
      T[balance + i] = -2;
      for (let k = 0; k < d; k++) T[balance + m + k] = X[i * d + k];
      T[balance + m + d + radius] = 1;
    }
    const first = this.layout.forms - forms.rows;
    for (let f = 0; f < forms.rows; f++) T.set(forms.row(f), (first + f) * p + m + d);
  }

  /** out = the constrained products of T Lambda Tᵀ. */
  products(Lambda: View, out: Vector): void {
    const { half, pairs } = this.layout;
    this.#algebra.product(1, this.T, Lambda, half);
    pairDots(this.#algebra, pairs, half, this.T, out);
  }

  /** out = Tᵀ 𝒩 T, the adjoint of `products`. */
  adjoint(N: Vector, out: View): void {
    const { half, pairs } = this.layout;
    this.#algebra.zero(half);
    pairScatter(this.#algebra, pairs, N, this.T, half);
    this.#algebra.product(1, transposed(this.T), half, out, { symmetric: true });
  }

  /** Z from (a, N, w, M); `load` is outputsᵀ a_i ‖x_i‖, m×e. */
  slack(load: Float64Array): void {
    const { m, d, e, s, p, square } = this.layout;
    this.adjoint(this.N, square[0]);
    const algebra = this.#algebra;
    const Z = algebra.entries(this.Z);
    const R = algebra.entries(square[0]);
    const w = algebra.entries(this.w);
    const X = algebra.entries(this.X);
    const M = algebra.entries(this.M);
    for (let k = 0; k < Z.length; k++) Z[k] = -R[k];
    for (let i = 0; i < m; i++) {
      Z[i * p + i] -= w[i];
      for (let k = 0; k < d; k++) {
        const value = 0.5 * w[i] * X[i * d + k];
        Z[i * p + m + k] += value;
        Z[(m + k) * p + i] += value;
      }
      for (let k = 0; k < e; k++) {
        const value = 0.5 * load[i * e + k];
        Z[i * p + m + d + k] -= value;
        Z[(m + d + k) * p + i] -= value;
      }
    }
    for (let k = 0; k < s; k++) for (let l = 0; l < s; l++) Z[(m + k) * p + m + l] += M[k * s + l];
  }

  /** The Hessian at the present scaling: `factor` gets its own part, unfactored, `coupling` that with the shared entries, out the shared part. */
  hessian(out: View): void {
    const { m, d, e, s, p, square, pairs, formRow, pairWork, shared } = this.layout;
    const algebra = this.#algebra;
    const { exports } = algebra.kernels;
    const G = square[0];
    algebra.product(1, transposed(this.scaling.inverse), this.scaling.inverse, G, { symmetric: true });
    const own = this.factor;
    const coupled = block(this.coupling, 0, 0, own.rows, shared);
    exports.groupKronecker(
      m,
      d,
      e,
      this.X.at,
      G.at,
      own.at,
      own.rowStride,
      coupled.at,
      coupled.rowStride,
      out.at,
      algebra.scratch(8 * p),
    );
    algebra.divide(this.N, this.K, pairWork);
    const work = algebra.scratch(exports.groupPairsWorkspace(pairs.count, s));
    // biome-ignore format: one operand a line group
    exports.groupPairs(
      m, d, e, this.X.at, this.T.at, formRow, pairs.count, pairs.i, pairs.j, pairWork.at,
      own.at, own.rowStride, coupled.at, coupled.rowStride, out.at, work,
    );
    algebra.flops += 3 * squareOf(own.rows + shared) + pairs.count * (3 * s * s + 2 * s * shared + shared * shared);
  }

  /** (own, shared) = the adjoint of `expand` at R + Tᵀ 𝒩 T; `scaled` is R in scaled coordinates. */
  rightHandSide(scaled: View, N: Vector, own: Vector, shared: Vector): void {
    const { m, d, e, square } = this.layout;
    const algebra = this.#algebra;
    this.scaling.toDual(scaled, square[0]);
    this.adjoint(N, square[1]);
    algebra.axpy(1, flat(square[1]), flat(square[0]));
    algebra.kernels.exports.groupContract(m, d, e, this.X.at, square[0].at, own.at, shared.at);
  }

  /** The step, from its own entries `y` and the shared ones; dLambda and dN hold what Z (scaled) and N would move by if Lambda stayed. */
  complete(shared: Vector): void {
    const { m, d, e, s, p, square, pairWork } = this.layout;
    const algebra = this.#algebra;
    algebra.copyMatrix(this.dLambda, this.scaledZ);
    algebra.kernels.exports.groupExpand(m, d, e, this.X.at, this.y.at, shared.at, this.dLambda.at);
    this.scaling.fromPrimal(this.dLambda, this.scaledLambda);
    algebra.axpy(-1, flat(this.scaledLambda), flat(this.scaledZ));
    this.products(this.dLambda, this.dK);
    algebra.divide(this.N, this.K, pairWork);
    algebra.hadamard(pairWork, this.dK, pairWork);
    algebra.axpy(-1, pairWork, this.dN);
    this.scaling.toDual(this.scaledZ, square[0]);
    this.adjoint(this.dN, square[1]);
    algebra.axpy(1, flat(square[1]), flat(square[0]));
    const R = algebra.entries(square[0]);
    const dw = algebra.entries(this.dw);
    const dM = algebra.entries(this.dM);
    for (let i = 0; i < m; i++) dw[i] = -R[i * p + i];
    for (let k = 0; k < s; k++) for (let l = 0; l < s; l++) dM[k * s + l] = R[(m + k) * p + m + l];
  }

  movePrimal(t: number): void {
    this.#algebra.axpy(t, flat(this.dLambda), flat(this.Lambda));
  }

  moveDual(t: number): void {
    const algebra = this.#algebra;
    algebra.axpy(t, this.dN, this.N);
    algebra.axpy(t, this.dw, this.w);
    algebra.axpy(t, flat(this.dM), flat(this.M));
  }

  /** Whether A is positive definite; the factor is left in the returned scratch. */
  factorise(A: View, scratch: View): boolean {
    this.#algebra.copyMatrix(A, scratch);
    return this.#algebra.cholesky(scratch);
  }

  /** Rescales at the present point; false when it is not numerically inside. */
  rescale(): boolean {
    const { square } = this.layout;
    const isInside = this.factorise(this.Lambda, square[1]) && this.factorise(this.Z, square[2]);
    return isInside && complete(this.scaling.update({ primalFactor: square[1], dualFactor: square[2] }));
  }
}

/** The columns of a block's coupling that belong to the shared entries, and to its outputs. */
export const sharedColumns = ({ coupling, layout }: Block): View => block(coupling, 0, 0, layout.q, layout.shared);

export const outputColumns = ({ coupling, layout }: Block): View =>
  block(coupling, 0, layout.shared, layout.q, coupling.columns - layout.shared);

/** A vector as a column. */
export const column = ({ at, length }: Vector): View => packed(at, length, 1);
