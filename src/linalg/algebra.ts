/**
 * The kernels on views, counted: every call adds its floating-point operations, so that the history of a solve shows its
 * cost on any machine. Flops follow the usual counts (Golub and Van Loan, Matrix Computations, 4th ed.).
 */
import { NumericalError } from '../base/errors.js';
import { type Address, Triangle } from '../engine/abi.js';
import { checkStatus, type Kernels } from '../engine/kernels.js';
import { flat, transposed, type Vector, type View } from './views.js';

interface ProductOptions {
  /** Diagonal between the factors. */
  readonly weights?: Vector;
  /** Compute only the lower triangle and mirror it: for products known to be symmetric. */
  readonly symmetric?: boolean;
  /** Add to C instead of overwriting it. */
  readonly accumulate?: boolean;
}

export class Algebra {
  readonly kernels: Kernels;
  flops = 0;
  /** Cholesky factorisations so far, of any size. */
  factorizations = 0;
  #scratch: Address = 0;
  #scratchBytes = 0;

  constructor(kernels: Kernels) {
    this.kernels = kernels;
    this.reserveScratch(kernels.exports.gemmWorkspace());
  }

  // ---- memory ---------------------------------------------------------------------------------------------------

  /** A zeroed row-major matrix that lives as long as the solve. */
  matrix(rows: number, columns: number): View {
    return { at: this.kernels.arena.allocate(rows * columns), rows, columns, rowStride: columns, columnStride: 1 };
  }

  vector(length: number): Vector {
    return { at: this.kernels.arena.allocate(length), length };
  }

  /** A view onto the entries, valid until the next allocation. */
  entries(v: Vector): Float64Array {
    return this.kernels.arena.view(v.at, v.length);
  }

  read(v: Vector): Float64Array {
    return this.entries(v).slice();
  }

  write(v: Vector, values: ArrayLike<number>): void {
    this.entries(v).set(values);
  }

  /** Makes room for kernels' workspaces; called while a solve is set up, never within it. */
  reserveScratch(bytes: number): void {
    if (bytes <= this.#scratchBytes) return;
    this.#scratch = this.kernels.arena.allocateBytes(bytes);
    this.#scratchBytes = bytes;
  }

  /** Workspace of at least `bytes`, clobbered by the next kernel. */
  scratch(bytes: number): Address {
    this.reserveScratch(bytes);
    return this.#scratch;
  }

  // ---- elementwise ------------------------------------------------------------------------------------------------

  copy(from: Vector, to: Vector): void {
    this.kernels.exports.copy(from.length, from.at, to.at);
  }

  copyMatrix(from: View, to: View): void {
    this.copy(flat(from), flat(to));
  }

  fill(v: Vector, value: number): void {
    this.kernels.exports.fill(v.length, value, v.at);
  }

  zero(A: View): void {
    this.fill(flat(A), 0);
  }

  /** y += alpha x. */
  axpy(alpha: number, x: Vector, y: Vector): void {
    this.flops += 2 * x.length;
    this.kernels.exports.axpy(x.length, alpha, x.at, y.at);
  }

  scale(alpha: number, x: Vector): void {
    this.flops += x.length;
    this.kernels.exports.scale(x.length, alpha, x.at);
  }

  dot(x: Vector, y: Vector): number {
    this.flops += 2 * x.length;
    return this.kernels.exports.dot(x.length, x.at, y.at);
  }

  /** ⟨A, B⟩ of packed matrices. */
  inner(A: View, B: View): number {
    return this.dot(flat(A), flat(B));
  }

  /** A = (A + Aᵀ)/2. */
  symmetrize(A: View): void {
    this.kernels.exports.symmetrize(A.rows, A.at, A.rowStride);
  }

  // ---- products -----------------------------------------------------------------------------------------------------

  /** C = alpha · A · diag(weights) · B. */
  product(alpha: number, A: View, B: View, C: View, { weights, symmetric, accumulate }: ProductOptions = {}): void {
    if (A.columns !== B.rows || C.rows !== A.rows || C.columns !== B.columns || C.columnStride !== 1) {
      throw new NumericalError(
        `product of ${A.rows}×${A.columns} and ${B.rows}×${B.columns} into ${C.rows}×${C.columns}`,
      );
    }
    const { exports } = this.kernels;
    if (!accumulate) this.#clear(C);
    const triangle = symmetric ? Triangle.lower : Triangle.full;
    const weightAddress = weights?.at ?? 0;
    exports.gemm(
      A.rows, B.columns, A.columns, alpha,
      A.at, A.rowStride, A.columnStride, B.at, B.rowStride, B.columnStride,
      weightAddress, C.at, C.rowStride, triangle, this.scratch(exports.gemmWorkspace()),
    ); // biome-ignore format: one operand a line group
    if (symmetric) exports.mirror(C.rows, C.at, C.rowStride);
    this.flops += (symmetric ? 1 : 2) * A.rows * B.columns * A.columns;
  }

  /** C = A S Aᵀ, S symmetric; `half` is scratch of A's shape. */
  congruence(A: View, S: View, half: View, C: View): void {
    this.product(1, A, S, half);
    this.product(1, half, transposed(A), C, { symmetric: true });
  }

  #clear(C: View): void {
    if (C.rowStride === C.columns) this.zero(C);
    else for (let i = 0; i < C.rows; i++) this.fill({ at: C.at + 8 * i * C.rowStride, length: C.columns }, 0);
  }

  // ---- factorisations and eigenvalues -----------------------------------------------------------------------------------

  /** A = L Lᵀ in place (lower triangle); false when A is not numerically positive definite. */
  cholesky(A: View): boolean {
    const { exports } = this.kernels;
    this.factorizations++;
    this.flops += A.rows ** 3 / 3;
    return exports.cholesky(A.rows, A.at, A.rowStride, this.scratch(exports.choleskyWorkspace(A.rows))) === 0;
  }

  /** B ← (L Lᵀ)⁻¹ B. */
  solveCholesky(L: View, B: View): void {
    this.solveLower(L, B);
    this.solveLowerTransposed(L, B);
  }

  /** B ← L⁻¹ B. */
  solveLower(L: View, B: View): void {
    const { exports } = this.kernels;
    const work = this.scratch(exports.solveLowerWorkspace(L.rows, B.columns));
    exports.solveLower(L.rows, B.columns, L.at, L.rowStride, B.at, B.rowStride, work);
    this.flops += L.rows ** 2 * B.columns;
  }

  /** B ← L⁻ᵀ B. */
  solveLowerTransposed(L: View, B: View): void {
    const { exports } = this.kernels;
    const work = this.scratch(exports.solveLowerWorkspace(L.rows, B.columns));
    exports.solveLowerTransposed(L.rows, B.columns, L.at, L.rowStride, B.at, B.rowStride, work);
    this.flops += L.rows ** 2 * B.columns;
  }

  /** A = Vᵀ diag(w) V, w ascending, eigenvectors in the rows of V. */
  eigh(A: View, w: Vector, V: View): void {
    const { exports } = this.kernels;
    const work = this.scratch(exports.eighWorkspace(A.rows));
    checkStatus(exports.eigh(A.rows, A.at, A.rowStride, w.at, V.at, V.rowStride, work), 'eigh');
    this.flops += 9 * A.rows ** 3;
  }

  /** Smallest eigenvalue, Infinity for order 0. */
  smallestEigenvalue(A: View): number {
    const { exports } = this.kernels;
    this.flops += (4 / 3) * A.rows ** 3;
    return exports.smallestEigenvalue(
      A.rows,
      A.at,
      A.rowStride,
      this.scratch(exports.smallestEigenvalueWorkspace(A.rows)),
    );
  }

  /** Eigenvalues, ascending. */
  eigenvalues(A: View): Float64Array {
    const { exports } = this.kernels;
    const w = this.vector(A.rows);
    const work = this.scratch(exports.eigenvaluesWorkspace(A.rows));
    checkStatus(exports.eigenvalues(A.rows, A.at, A.rowStride, w.at, work), 'eigenvalues');
    this.flops += (4 / 3) * A.rows ** 3;
    return this.read(w);
  }

  allFinite(v: Vector): boolean {
    return this.kernels.exports.allFinite(v.length, v.at) === 1;
  }
}
