/**
 * Dense linear algebra on views: the one face of the kernels for all that is made of products, factorisations, eigenvalues and
 * elementwise steps. Every call adds its floating-point operations, so that the history of a solve shows its cost on any machine;
 * flops follow the usual counts (Golub and Van Loan, Matrix Computations, 4th ed.), in which elementwise products and quotients have no place.
 */
import { cubeOf, squareOf } from '../base/elementary.js';
import { NumericalError } from '../base/errors.js';
import { FULL, LOWER } from '../engine/constants.js';
import { checkStatus } from '../engine/kernels.js';
import { Storage, vectorOf } from './storage.js';
import { isPacked, rowOf, transposed, type Vector, type View } from './views.js';

export interface ProductOptions {
  /** Diagonal between the factors. */
  readonly weights?: Vector;
  /** Compute only the lower triangle and mirror it: for products known to be symmetric. */
  readonly symmetric?: boolean;
  /** Compute only the lower triangle; above the diagonal C is 0, or with `accumulate` as it was. */
  readonly lower?: boolean;
  /** Add to C instead of overwriting it. */
  readonly accumulate?: boolean;
}

/** Which eigenpairs: `index` [first, end) in ascending order, or `value` (low, high], ends may be infinite. */
export type Subset = { readonly index: readonly [number, number] } | { readonly value: readonly [number, number] };

/** The largest orders of the operations that a computation will ask for. */
export interface Orders {
  readonly cholesky?: number;
  readonly eigh?: number;
  readonly smallestEigenvalue?: number;
  readonly projectPsd?: number;
}

export class Algebra extends Storage {
  flops = 0;
  /** Cholesky factorisations so far, of any size. */
  factorizations = 0;
  /** Flops at the last pause of work in steps (steps.ts). */
  #pausedAt = 0;

  /** Whether so many flops were spent since this was last true. */
  isPauseDue(flops: number): boolean {
    // A factorisation in steps counts in the end what it counts in one.
    this.#pausedAt = Math.min(this.#pausedAt, this.flops);
    if (this.flops - this.#pausedAt < flops) return false;
    this.#pausedAt = this.flops;
    return true;
  }

  /** Makes sure that these operations (solves with a factor of `cholesky` too) leave what `entries` returned alive. */
  reserveFor({ cholesky = 0, eigh = 0, smallestEigenvalue = 0, projectPsd = 0 }: Orders): void {
    const { exports } = this.kernels;
    this.reserveScratch(
      Math.max(
        exports.choleskyWorkspace(cholesky),
        exports.eighWorkspace(eigh),
        exports.smallestEigenvalueWorkspace(smallestEigenvalue),
        exports.projectPsdWorkspace(projectPsd),
      ),
    );
  }

  // ---- elementwise: vectors, or packed matrices of equal shape ------------------------------------------------------

  copy(from: Vector, to: Vector): void {
    this.kernels.exports.copy(from.length, from.at, to.at);
  }

  /** B = A, both with contiguous rows. */
  copyMatrix(A: View, B: View): void {
    const { exports } = this.kernels;
    if (isPacked(A) && isPacked(B)) exports.copy(A.rows * A.columns, A.at, B.at);
    else exports.copyMatrix(A.rows, A.columns, A.at, A.rowStride, B.at, B.rowStride);
  }

  fill(v: Vector, value: number): void {
    this.kernels.exports.fill(v.length, value, v.at);
  }

  /** A = 0; rows contiguous. */
  zero(A: View): void {
    if (isPacked(A)) this.fill(vectorOf(A), 0);
    else for (let i = 0; i < A.rows; i++) this.fill(rowOf(A, i), 0);
  }

  /** y += alpha x. */
  axpy(alpha: number, x: Vector, y: Vector): void {
    this.flops += 2 * x.length;
    this.kernels.exports.axpy(x.length, alpha, x.at, y.at);
  }

  /** y = alpha x + beta y. */
  axpby(alpha: number, x: Vector, beta: number, y: Vector): void {
    this.kernels.exports.axpby(x.length, alpha, x.at, beta, y.at);
  }

  scale(alpha: number, x: Vector): void {
    this.flops += x.length;
    this.kernels.exports.scale(x.length, alpha, x.at);
  }

  /** z = x ∘ y; z may be x or y. */
  hadamard(x: Vector, y: Vector, z: Vector): void {
    this.kernels.exports.hadamard(x.length, x.at, y.at, z.at);
  }

  /** z_i = x_i / y_i; z may be x or y. */
  divide(x: Vector, y: Vector, z: Vector): void {
    this.kernels.exports.divide(x.length, x.at, y.at, z.at);
  }

  dot(x: Vector, y: Vector): number {
    this.flops += 2 * x.length;
    return this.kernels.exports.dot(x.length, x.at, y.at);
  }

  /** ⟨A, B⟩ of packed matrices. */
  inner(A: View, B: View): number {
    return this.dot(vectorOf(A), vectorOf(B));
  }

  /** Smallest entry, Infinity when there is none, NaN when one is NaN. */
  minimum(x: Vector): number {
    return this.kernels.exports.minimum(x.length, x.at);
  }

  /** max |x_i|; 0 when there is none, NaN when an entry is not finite. */
  maxAbs(x: Vector): number {
    return this.kernels.exports.maxAbs(x.length, x.at);
  }

  /** Largest t with x + t·dx ≥ 0 for x > 0, Infinity when every t will do. */
  stepRatio(x: Vector, dx: Vector): number {
    return this.kernels.exports.stepRatio(x.length, x.at, dx.at);
  }

  allFinite(v: Vector): boolean {
    return this.kernels.exports.allFinite(v.length, v.at) === 1;
  }

  // ---- symmetry and transposition; rows contiguous --------------------------------------------------------------------

  /** A = (A + Aᵀ)/2. */
  symmetrize(A: View): void {
    this.kernels.exports.symmetrize(A.rows, A.at, A.rowStride);
  }

  /** Copies the lower triangle onto the upper one. */
  mirror(A: View): void {
    this.kernels.exports.mirror(A.rows, A.at, A.rowStride);
  }

  /** B = Aᵀ. */
  transpose(A: View, B: View): void {
    this.kernels.exports.transpose(A.rows, A.columns, A.at, A.rowStride, B.at, B.rowStride);
  }

  // ---- products -------------------------------------------------------------------------------------------------------

  /** C = alpha · A · diag(weights) · B; the rows of C contiguous, A and B with any strides. */
  product(alpha: number, A: View, B: View, C: View, options: ProductOptions = {}): void {
    const { weights, symmetric = false, lower = symmetric, accumulate } = options;
    if (A.columns !== B.rows || C.rows !== A.rows || C.columns !== B.columns || C.columnStride !== 1) {
      throw new NumericalError(
        `product of ${A.rows}×${A.columns} and ${B.rows}×${B.columns} into ${C.rows}×${C.columns}`,
      );
    }
    const { exports } = this.kernels;
    if (!accumulate) this.zero(C);
    // biome-ignore format: one operand a line group
    exports.gemm(
      A.rows, B.columns, A.columns, alpha,
      A.at, A.rowStride, A.columnStride, B.at, B.rowStride, B.columnStride,
      weights?.at ?? 0, C.at, C.rowStride, lower ? LOWER : FULL, this.scratch(exports.gemmWorkspace()),
    );
    if (symmetric) this.mirror(C);
    this.flops += (lower ? 1 : 2) * A.rows * B.columns * A.columns;
  }

  /** C = A S Aᵀ, S symmetric; `half` is scratch of A's shape. */
  congruence(A: View, S: View, half: View, C: View): void {
    this.product(1, A, S, half);
    this.product(1, half, transposed(A), C, { symmetric: true });
  }

  /** y += alpha · A x; the rows of A contiguous. */
  addTimes(alpha: number, A: View, x: Vector, y: Vector): void {
    this.flops += 2 * A.rows * A.columns;
    this.kernels.exports.gemv(A.rows, A.columns, alpha, A.at, A.rowStride, x.at, y.at);
  }

  // ---- triangular factors ---------------------------------------------------------------------------------------------

  /** A = L Lᵀ in place (lower triangle); false when A is not numerically positive definite. */
  cholesky(A: View): boolean {
    return this.failingPivot(A) === 0;
  }

  /** `cholesky`, with the number of the first pivot that is not positive, counted from 1; 0 when all are. */
  failingPivot(A: View): number {
    const { exports } = this.kernels;
    this.factorizations++;
    this.flops += cubeOf(A.rows) / 3;
    return exports.cholesky(A.rows, A.at, A.rowStride, this.scratch(exports.choleskyWorkspace(A.rows)));
  }

  /** B ← (L Lᵀ)⁻¹ B. */
  solveCholesky(L: View, B: View): void {
    this.solveLower(L, B);
    this.solveLowerTransposed(L, B);
  }

  /** B ← A⁻¹ B for a symmetric positive definite A (lower triangle read, overwritten by its factor); false when A is not. */
  solvePositive(A: View, B: View): boolean {
    if (!this.cholesky(A)) return false;
    this.solveCholesky(A, B);
    return true;
  }

  /** B ← L⁻¹ B. */
  solveLower(L: View, B: View): void {
    const { exports } = this.kernels;
    const work = this.scratch(exports.solveLowerWorkspace(L.rows, B.columns));
    exports.solveLower(L.rows, B.columns, L.at, L.rowStride, B.at, B.rowStride, work);
    this.flops += squareOf(L.rows) * B.columns;
  }

  /** B ← L⁻ᵀ B. */
  solveLowerTransposed(L: View, B: View): void {
    const { exports } = this.kernels;
    const work = this.scratch(exports.solveLowerWorkspace(L.rows, B.columns));
    exports.solveLowerTransposed(L.rows, B.columns, L.at, L.rowStride, B.at, B.rowStride, work);
    this.flops += squareOf(L.rows) * B.columns;
  }

  /** X = L⁻¹, zeros above the diagonal; X must not overlap L. */
  invertLower(L: View, X: View): void {
    const { exports } = this.kernels;
    const work = this.scratch(exports.triangularInverseWorkspace(L.rows));
    exports.triangularInverse(L.rows, L.at, L.rowStride, X.at, X.rowStride, work);
    this.flops += cubeOf(L.rows) / 3;
  }

  // ---- eigenvalues of symmetric matrices, read from their lower triangle ------------------------------------------------

  /** A = Vᵀ diag(w) V, w ascending, eigenvectors in the rows of V. */
  eigh(A: View, w: Vector, V: View): void {
    const { exports } = this.kernels;
    const work = this.scratch(exports.eighWorkspace(A.rows));
    checkStatus(exports.eigh(A.rows, A.at, A.rowStride, w.at, V.at, V.rowStride, work), 'eigh');
    this.flops += 9 * cubeOf(A.rows);
  }

  /** Some eigenpairs: how many, in the first entries of w and rows of V, which need room for all. */
  eighSubset(A: View, subset: Subset, w: Vector, V: View): number {
    const { exports } = this.kernels;
    const n = A.rows;
    const work = this.scratch(exports.eighWorkspace(n));
    this.flops += 9 * cubeOf(n);
    const [low, high] = 'value' in subset ? subset.value : subset.index;
    const find = 'value' in subset ? exports.eighBetween : exports.eighRange;
    return checkStatus(find(n, A.at, A.rowStride, low, high, w.at, V.at, V.rowStride, work), 'eigh');
  }

  /** Eigenvalues, ascending. */
  eigenvalues(A: View): Float64Array {
    const { exports } = this.kernels;
    return this.scoped(() => {
      const w = this.vector(A.rows);
      const work = this.scratch(exports.eigenvaluesWorkspace(A.rows));
      checkStatus(exports.eigenvalues(A.rows, A.at, A.rowStride, w.at, work), 'eigenvalues');
      this.flops += (4 / 3) * cubeOf(A.rows);
      return this.read(w);
    });
  }

  /** Smallest eigenvalue, Infinity for order 0. */
  smallestEigenvalue(A: View): number {
    const { exports } = this.kernels;
    const work = this.scratch(exports.smallestEigenvalueWorkspace(A.rows));
    this.flops += (4 / 3) * cubeOf(A.rows);
    return exports.smallestEigenvalue(A.rows, A.at, A.rowStride, work);
  }

  /** A ← the nearest positive semidefinite matrix, both triangles. */
  projectPsd(A: View): void {
    const { exports } = this.kernels;
    const work = this.scratch(exports.projectPsdWorkspace(A.rows));
    checkStatus(exports.projectPsd(A.rows, A.at, A.rowStride, A.at, A.rowStride, work), 'projectPsd');
    this.flops += 11 * cubeOf(A.rows);
  }

  /** A ← A with its leading 2h×2h block made nonnegative and 0 at (i, h+i) and (h+i, i), i < h. */
  projectDnn(A: View, h: number): void {
    const { exports } = this.kernels;
    checkStatus(exports.projectDnn(A.rows, h, A.at, A.rowStride, A.at, A.rowStride), 'projectDnn');
  }
}
