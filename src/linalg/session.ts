/** Runs one computation of the public face on the kernels: operands in, result out, memory freed. */
import { InputError, NumericalError } from '../base/errors.js';
import { copyMatrix, Matrix, type MatrixLike, type Shape, shapeOf } from '../base/matrix.js';
import { createKernelsSync, type Kernels } from '../engine/kernels.js';
import { Algebra } from './algebra.js';
import { flat, type View } from './views.js';

/** WebAssembly memory never shrinks: an instance that grew beyond this is dropped rather than kept for the next call. */
const KEEP_BYTES = 64 * 2 ** 20;

let kept: Kernels | undefined;

/** Calls `compute` with an algebra whose matrices are freed afterwards. */
export function withAlgebra<T>(compute: (algebra: Algebra) => T): T {
  const kernels = kept ?? createKernelsSync();
  kept = undefined;
  const mark = kernels.arena.mark();
  try {
    return compute(new Algebra(kernels));
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

/** Shapes of what a computation holds beside its workspace. */
type Planned = readonly Shape[];

/**
 * Makes room for all that a computation will hold, before anything is copied.
 *
 * @throws MemoryError when it does not fit
 */
export function plan(algebra: Algebra, matrices: Planned, workspaceBytes: number): void {
  const bytes = matrices.reduce((sum, { rows, columns }) => sum + 8 * rows * columns, 0);
  algebra.kernels.arena.reserve(bytes + ALIGNMENT_BYTES * matrices.length + workspaceBytes);
}

/** What rounding a block up to a cache line may add. */
const ALIGNMENT_BYTES = 64;

/** The shape of an operand that must be square. */
export function squareShape(value: MatrixLike, argument: string): Shape {
  const shape = shapeOf(value, argument);
  if (shape.rows === shape.columns) return shape;
  throw new InputError(argument, `is ${shape.rows} × ${shape.columns}; a square matrix is needed`);
}

/**
 * Copies an operand in.
 *
 * @throws InputError when it is no matrix; NumericalError when it holds NaN or Infinity
 */
export function load(algebra: Algebra, value: MatrixLike, argument: string): View {
  const matrix = copyMatrix(value, argument);
  const view = algebra.place(matrix);
  if (!algebra.allFinite(flat(view))) {
    const { data, columns } = matrix;
    const k = data.findIndex((x) => !Number.isFinite(x));
    const entry = `(${Math.floor(k / columns)}, ${k % columns})`;
    throw new NumericalError(`${argument}: entry ${entry} is ${data[k]}; every entry must be a finite number`);
  }
  return view;
}
