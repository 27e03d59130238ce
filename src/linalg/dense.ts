/** Row-major matrices in the kernels' memory and their products, for work that stays there over many steps. */
import { Matrix } from '../base/matrix.js';
import type { Address } from '../engine/abi.js';
import { FULL } from '../engine/constants.js';
import type { Kernels } from '../engine/kernels.js';

/** rows × columns numbers, contiguous. */
export interface Block {
  readonly at: Address;
  readonly rows: number;
  readonly columns: number;
}

interface ProductOptions {
  readonly alpha?: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** Add to C instead of overwriting it. */
  readonly accumulate?: boolean;
}

/** Allocates from the kernels' arena; the caller marks and releases it. */
export class Dense {
  readonly kernels: Kernels;
  readonly #work: Address;

  constructor(kernels: Kernels) {
    this.kernels = kernels;
    this.#work = kernels.arena.allocateBytes(kernels.exports.gemmWorkspace());
  }

  /** A zeroed block. */
  allocate(rows: number, columns: number): Block {
    return { at: this.kernels.arena.allocate(rows * columns), rows, columns };
  }

  place(A: Matrix): Block {
    const block = this.allocate(A.rows, A.columns);
    this.kernels.arena.write(block.at, A.data);
    return block;
  }

  /** The entries, valid until the next allocation. */
  entries({ at, rows, columns }: Block): Float64Array {
    return this.kernels.arena.view(at, rows * columns);
  }

  read(block: Block): Matrix {
    return new Matrix(this.entries(block).slice(), block.rows, block.columns);
  }

  /** Rows first … first + count of the block. */
  rows({ at, columns }: Block, first: number, count: number): Block {
    return { at: at + Float64Array.BYTES_PER_ELEMENT * first * columns, rows: count, columns };
  }

  /** C = alpha · op(A) · op(B), op the transpose where asked. */
  multiply(A: Block, B: Block, C: Block, options: ProductOptions = {}): void {
    const { alpha = 1, transposeA = false, transposeB = false, accumulate = false } = options;
    const k = transposeA ? A.rows : A.columns;
    if (k !== (transposeB ? B.columns : B.rows)) throw new RangeError('the factors do not fit together');
    if (!accumulate) this.entries(C).fill(0);
    this.kernels.exports.gemm(
      C.rows,
      C.columns,
      k,
      alpha,
      A.at,
      transposeA ? 1 : A.columns,
      transposeA ? A.columns : 1,
      B.at,
      transposeB ? 1 : B.columns,
      transposeB ? B.columns : 1,
      0,
      C.at,
      C.columns,
      FULL,
      this.#work,
    );
  }

  /** B ← (A)⁻¹ B for a symmetric positive definite A (lower triangle read, overwritten by its factor); false when A is not. */
  solve(A: Block, B: Block): boolean {
    const { arena, exports } = this.kernels;
    const mark = arena.mark();
    try {
      const n = A.rows;
      if (exports.cholesky(n, A.at, n, arena.allocateBytes(exports.choleskyWorkspace(n))) !== 0) return false;
      const work = arena.allocateBytes(exports.solveLowerWorkspace(n, B.columns));
      exports.solveLower(n, B.columns, A.at, n, B.at, B.columns, work);
      exports.solveLowerTransposed(n, B.columns, A.at, n, B.at, B.columns, work);
      return true;
    } finally {
      arena.release(mark);
    }
  }
}
