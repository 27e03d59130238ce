/** Runs one computation on the kernels: operands in, results out, memory freed. */
import { InputError, NumericalError } from '../base/errors.js';
import { copyMatrix, Matrix, type MatrixLike } from '../base/matrix.js';
import type { Address, KernelExports } from '../engine/abi.js';
import type { Arena } from '../engine/arena.js';
import { createKernelsSync, type Kernels } from '../engine/kernels.js';

/** WebAssembly memory never shrinks: an instance that grew beyond this is dropped rather than kept for the next call. */
const KEEP_BYTES = 64 * 2 ** 20;

let kept: Kernels | undefined;

/** A matrix in the memory of the kernels, row-major, rows contiguous. */
export interface Operand {
  readonly address: Address;
  readonly rows: number;
  readonly columns: number;
}

export class Session {
  readonly exports: KernelExports;
  readonly arena: Arena;

  constructor({ exports, arena }: Kernels) {
    this.exports = exports;
    this.arena = arena;
  }

  /**
   * Copies a matrix in.
   *
   * @throws InputError when it is no matrix; NumericalError when it holds NaN or Infinity
   */
  load(value: MatrixLike, argument: string): Operand {
    const { data, rows, columns } = copyMatrix(value, argument);
    const address = this.arena.allocate(data.length);
    this.arena.write(address, data);
    if (!this.exports.allFinite(data.length, address)) {
      const k = data.findIndex((x) => !Number.isFinite(x));
      const entry = `(${Math.floor(k / columns)}, ${k % columns})`;
      throw new NumericalError(`${argument}: entry ${entry} is ${data[k]}; every entry must be a finite number`);
    }
    return { address, rows, columns };
  }

  loadSquare(value: MatrixLike, argument: string): Operand {
    const operand = this.load(value, argument);
    if (operand.rows !== operand.columns) {
      throw new InputError(argument, `is ${operand.rows} × ${operand.columns}; a square matrix is needed`);
    }
    return operand;
  }

  zeros(rows: number, columns: number): Operand {
    return { address: this.arena.allocate(rows * columns), rows, columns };
  }

  unload({ address, rows, columns }: Operand): Matrix {
    return new Matrix(this.arena.read(address, rows * columns), rows, columns);
  }
}

/** Calls `compute` with a session whose blocks are freed afterwards. */
export function withSession<T>(compute: (session: Session) => T): T {
  const kernels = kept ?? createKernelsSync();
  kept = undefined;
  const mark = kernels.arena.mark();
  try {
    return compute(new Session(kernels));
  } finally {
    kernels.arena.release(mark);
    if (kernels.arena.capacity <= KEEP_BYTES) kept = kernels;
  }
}

/**
 * Passes a result of finite numbers through.
 *
 * @throws NumericalError when it overflowed, which finite operands near the largest double can make it do
 */
export function finiteResult<T extends Matrix | Float64Array>(result: T, what: string): T {
  const entries: Float64Array = result instanceof Matrix ? result.data : result;
  if (entries.every(Number.isFinite)) return result;
  throw new NumericalError(`${what} is too large for double precision; divide the matrix by a power of two first`);
}
