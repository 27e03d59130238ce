/** Errors across the border: structured cloning keeps message and stack but forgets our classes, so they are rebuilt. */
import {
  ConvexReluError,
  InputError,
  MemoryError,
  NumericalError,
  OptionsError,
  WasmError,
  WorkerError,
} from '../index.js';

const CLASSES: Readonly<Record<string, { readonly prototype: Error }>> = {
  ConvexReluError,
  InputError,
  OptionsError,
  WasmError,
  NumericalError,
  MemoryError,
  WorkerError,
};

export interface EncodedError {
  /** Name of a class exported by the library, or of a built-in error. */
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** The class's own fields, such as `code` and `argument`; empty for foreign errors. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Turns anything thrown into plain data. */
export function encodeError(thrown: unknown): EncodedError {
  if (!(thrown instanceof Error)) return { name: 'Error', message: String(thrown), stack: undefined, fields: {} };
  const fields = thrown instanceof ConvexReluError ? { ...thrown } : {};
  return { name: thrown.name, message: thrown.message, stack: thrown.stack, fields };
}

/** The inverse of `encodeError`: an error of the same class, fields and message, with the worker's stack. */
export function decodeError({ name, message, stack, fields }: EncodedError): Error {
  const error = new Error(message);
  Object.setPrototypeOf(error, errorPrototype(name));
  Object.assign(error, fields);
  Object.defineProperty(error, 'stack', { value: stack ?? error.stack, configurable: true, writable: true });
  return error;
}

/** Prototype of the library's or the platform's error class of that name; of Error when there is none. */
function errorPrototype(name: string): object {
  const platform: unknown = Reflect.get(globalThis, name);
  if (Object.hasOwn(CLASSES, name)) return CLASSES[name].prototype;
  return typeof platform === 'function' && platform.prototype instanceof Error ? platform.prototype : Error.prototype;
}
