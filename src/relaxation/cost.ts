/** What a solve costs, composed of what its algorithms say of themselves: the only place that knows which of them a method runs. */
import { oneOf } from '../base/check.js';
import { InputError } from '../base/errors.js';
import { show } from '../base/show.js';
import { count, record } from '../base/untrusted.js';
import { admmBytes, admmFlops } from './admm/admm.js';
import { cgBytes, cgFlops } from './backends/cg.js';
import { denseBytes, denseFlops, newtonUnknowns } from './backends/dense.js';
import { hybridBytes, hybridFlops } from './backends/hybrid.js';
import { METHODS, type Method } from './methods.js';
import { iterationBytes, iterationFlops } from './newton.js';
import type { ProblemSize } from './size.js';

/** WebAssembly addresses are 32 bits wide. */
export const ADDRESSABLE_BYTES = 2 ** 32;

/** The module's own static data and panels. */
const MODULE_BYTES = 4 * 2 ** 20;

/** Up to this order a dense iteration (q³/3 flops, 0.1 GF here) costs no more than one of conjugate gradients and is more accurate. */
const SMALL_ORDER = 700;
/** Above this order the dense matrix takes over a gigabyte and an iteration minutes; conjugate gradients then have to do. */
const LARGEST_ORDER = 12_000;

type ChosenMethod = Exclude<Method, 'auto'>;

/** The method that `'auto'` stands for at this size. */
export function chooseMethod(method: Method, size: ProblemSize): ChosenMethod {
  if (method !== 'auto') return method;
  const q = newtonUnknowns(size);
  if (q <= SMALL_ORDER) return 'dense';
  return q <= LARGEST_ORDER ? 'hybrid' : 'cg';
}

/** What a method holds while it runs, and what an iteration of it takes. */
const COSTS: Readonly<Record<ChosenMethod, Record<'bytes' | 'flops', (size: ProblemSize) => number>>> = {
  dense: {
    bytes: (size) => denseBytes(size) + iterationBytes(size),
    flops: (size) => denseFlops(size) + iterationFlops(size),
  },
  cg: { bytes: (size) => cgBytes(size) + iterationBytes(size), flops: (size) => cgFlops(size) + iterationFlops(size) },
  hybrid: {
    bytes: (size) => hybridBytes(size) + iterationBytes(size),
    flops: (size) => hybridFlops(size) + iterationFlops(size),
  },
  admm: { bytes: admmBytes, flops: admmFlops },
};

/** Bytes of a whole solve. */
export const solveBytes = (size: ProblemSize, method: ChosenMethod): number => MODULE_BYTES + COSTS[method].bytes(size);

/** What a solve would cost, known before it starts. */
export interface CostEstimate {
  readonly method: ChosenMethod;
  /** Unknowns of the Newton system. */
  readonly unknowns: number;
  readonly memoryBytes: number;
  /** Whether that much memory is within WebAssembly's reach. */
  readonly fits: boolean;
  /**
   * Floating-point operations of one iteration, of which 15 to 60 are usual: the Cholesky factorisation's q³/3, or for conjugate
   * gradients M³/3 with M = 7n active rows, about 20 steps of 8p³ and 4c⁶; a hybrid starts with the latter. ADMM's iterations
   * (at most about 230p³) number thousands.
   */
  readonly flopsPerIteration: number;
}

/**
 * The cost of a solve with n distinct rows of rank d (the column of ones counts) and c outputs; the reductions can only
 * make a problem smaller.
 *
 * @throws InputError when a size is no whole number ≥ 0, or there is no such method
 */
export function estimateCost(size: ProblemSize, method: Method = 'auto'): CostEstimate {
  const { n, d, c } = record(size, 'size');
  for (const [name, value] of Object.entries({ n, d, c })) count(value, `size.${name}`);
  const expected = oneOf(METHODS)(method);
  if (expected !== undefined) throw new InputError('method', `expected ${expected}, got ${show(method)}`);
  const chosen = chooseMethod(method, size);
  const memoryBytes = solveBytes(size, chosen);
  return {
    method: chosen,
    unknowns: newtonUnknowns(size),
    memoryBytes,
    fits: memoryBytes <= ADDRESSABLE_BYTES,
    flopsPerIteration: COSTS[chosen].flops(size),
  };
}
