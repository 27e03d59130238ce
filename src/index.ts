/** The public entry: re-exports only. */
export {
  ConvexReluError,
  type ErrorCode,
  InputError,
  MemoryError,
  NumericalError,
  OptionsError,
  WasmError,
} from './errors.js';
export { Matrix, type MatrixAccess, type MatrixData, type MatrixLike } from './matrix.js';
export { Random } from './random.js';
export type { Phase, Progress, RunLimits, RunStatus } from './types.js';
