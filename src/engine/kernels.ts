/** One instance of the kernels with its memory: what a solve owns. */
import { NumericalError } from '../base/errors.js';
import type { KernelExports } from './abi.js';
import { Arena } from './arena.js';
import { NO_CONVERGENCE, NOT_FINITE } from './constants.js';
import { instantiateKernels, instantiateKernelsSync } from './load.js';

export class Kernels {
  readonly exports: KernelExports;
  readonly arena: Arena;

  constructor(exports: KernelExports) {
    this.exports = exports;
    this.arena = new Arena(exports.memory, exports.heapBase());
    // Nearly every kernel is made of products.
    this.arena.keepRoom(exports.gemmWorkspace());
  }
}

export async function createKernels(): Promise<Kernels> {
  return new Kernels(await instantiateKernels());
}

/** For synchronous callers; browsers may forbid it on the main thread. */
export function createKernelsSync(): Kernels {
  return new Kernels(instantiateKernelsSync());
}

/**
 * Passes a status or count ≥ 0 through.
 *
 * @throws NumericalError for a negative status
 */
export function checkStatus(status: number, kernelName: string): number {
  if (status >= 0) return status;
  if (status === NOT_FINITE) throw new NumericalError(`${kernelName}: the matrix holds NaN or Infinity`);
  if (status === NO_CONVERGENCE) throw new NumericalError(`${kernelName}: no convergence within the iteration cap`);
  throw new NumericalError(`${kernelName}: unknown status ${status}`);
}
