/**
 * The library's errors. All share one base class with a machine-readable `code`; the outcome of a run is a status,
 * never an error.
 */
import { nameOf } from './show.js';

export type ErrorCode = 'input' | 'options' | 'wasm' | 'numerical' | 'memory' | 'worker';

/** Base class of every error the library throws on purpose. */
export class ConvexReluError extends Error {
  // Written out in every class: minifiers rename classes.
  override readonly name: string = 'ConvexReluError';
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** An argument that cannot be used: wrong shape, NaN, empty. The message names the argument, what came and what would work. */
export class InputError extends ConvexReluError {
  override readonly name = 'InputError';
  /** Name of the offending argument, e.g. `X`. */
  readonly argument: string;
  constructor(argument: string, message: string) {
    super('input', `${nameOf(argument)}: ${message}`);
    this.argument = argument;
  }
}

/** An unknown option, or an option value out of range. */
export class OptionsError extends ConvexReluError {
  override readonly name = 'OptionsError';
  /** Name of the offending option, e.g. `reg`. */
  readonly option: string;
  constructor(option: string, message: string) {
    super('options', `${nameOf(option)}: ${message}`);
    this.option = option;
  }
}

/** The WebAssembly module could not be compiled or instantiated on this host. */
export class WasmError extends ConvexReluError {
  override readonly name = 'WasmError';
  constructor(message: string, options?: ErrorOptions) {
    super('wasm', message, options);
  }
}

/** A kernel met NaN or Infinity, or did not converge within its iteration cap. */
export class NumericalError extends ConvexReluError {
  override readonly name = 'NumericalError';
  constructor(message: string) {
    super('numerical', message);
  }
}

/** The problem would need more memory than the host or WebAssembly's 4 GiB allows. Thrown before anything is allocated. */
export class MemoryError extends ConvexReluError {
  override readonly name = 'MemoryError';
  readonly requiredBytes: number;
  readonly limitBytes: number;
  constructor(message: string, requiredBytes: number, limitBytes: number) {
    super('memory', message);
    this.requiredBytes = requiredBytes;
    this.limitBytes = limitBytes;
  }
}

/** A worker could not be started, died during a job, or was terminated. */
export class WorkerError extends ConvexReluError {
  override readonly name = 'WorkerError';
  constructor(message: string, options?: ErrorOptions) {
    super('worker', message, options);
  }
}
