/** What a solve and its results would need, said before anything is allocated. */
import { MemoryError } from '../base/errors.js';
import type { Method } from './methods.js';

/** WebAssembly addresses are 32 bits wide. */
const ADDRESSABLE_BYTES = 2 ** 32;

/** What typed arrays of one process can hold on common hosts without swapping. */
const LARGEST_RESULT_BYTES = 2 ** 32;

/**
 * Matrices of order p (iterates, scaling, directions, eigenvectors) and of order 2n (products, multipliers, vectors over the pairs)
 * that a solve holds: counted from the memory of finished solves, rounded up.
 */
const WORKING_COPIES = { lifted: 24, products: 24 } as const;
/** What conjugate gradients add of either. */
const CG_COPIES = { lifted: 16, products: 8 } as const;

/** Inequality rows per data point that the preconditioner of conjugate gradients holds: more cost (7n)³/3, fewer cost steps. */
export const ACTIVE_ROWS_PER_POINT = 6;
/** Usual steps of conjugate gradients in an iteration, and what one costs in units of p³. */
const CG_STEPS = 20;
const CG_STEP_COST = 8;
/** Scaling and step lengths of an iteration, in units of p³, and what conjugate gradients add: coordinates, loss rows, row corrections. */
const ITERATION_COST = 40;
const CG_ITERATION_COST = 45;

/** Nearest rows whose differences ADMM holds as two more forms each, besides alpha and beta. */
export const ADMM_NEIGHBOURS = 3;
/** Matrices over ADMM's forms, and those of the other kinds, counted as above. */
const ADMM_COPIES = { forms: 4, lifted: 24, products: 8 } as const;

/** Up to this order a dense iteration (q³/3 flops, 0.1 GF here) costs no more than one of conjugate gradients and is more accurate. */
const SMALL_ORDER = 700;
/** Above this order the dense matrix takes over a gigabyte and an iteration minutes; conjugate gradients then have to do. */
const LARGEST_ORDER = 12_000;

/** The module's own static data and panels, bytes. */
const MODULE_BYTES = 4 * 2 ** 20;

/** Sizes of a reduced problem. */
export interface ProblemSize {
  readonly n: number;
  readonly d: number;
  readonly c: number;
}

/**
 * Unknowns of the Newton system of the dense interior point, Lambda over (alpha, u, v) without the diagonal of its alpha block:
 * n(n−1)/2 + nd + d(d+1)/2 + (n+d)c + c(c+1)/2.
 */
export const newtonUnknowns = ({ n, d, c }: ProblemSize): number =>
  (n * (n - 1)) / 2 + n * d + (d * (d + 1)) / 2 + (n + d) * c + (c * (c + 1)) / 2;

/** The method that `'auto'` stands for at this size. */
export function chooseMethod(method: Method, size: ProblemSize): Exclude<Method, 'auto'> {
  if (method !== 'auto') return method;
  const q = newtonUnknowns(size);
  if (q <= SMALL_ORDER) return 'dense';
  return q <= LARGEST_ORDER ? 'hybrid' : 'cg';
}

/** Bytes of a solve: the Newton matrix of the dense back end, the active rows of conjugate gradients, the working copies. */
export function solveBytes(size: ProblemSize, method: Exclude<Method, 'auto'>): number {
  if (method === 'admm') return admmBytes(size);
  const q = method === 'dense' || method === 'hybrid' ? newtonUnknowns(size) : 0;
  const active = method === 'dense' ? 0 : (1 + ACTIVE_ROWS_PER_POINT) * size.n;
  const copies = (kind: 'lifted' | 'products') => WORKING_COPIES[kind] + (method === 'dense' ? 0 : CG_COPIES[kind]);
  const p = size.n + size.d + size.c;
  return MODULE_BYTES + 8 * (q ** 2 + active ** 2 + copies('lifted') * p ** 2 + copies('products') * (2 * size.n) ** 2);
}

/** The most forms that ADMM has: alpha, beta, u, v and the differences of nearby rows. */
const admmForms = ({ n, d, c }: ProblemSize): number => 2 * (1 + ADMM_NEIGHBOURS) * n + d + c;

function admmBytes(size: ProblemSize): number {
  const p = size.n + size.d + size.c;
  const { forms, lifted, products } = ADMM_COPIES;
  return (
    MODULE_BYTES +
    8 * (forms * admmForms(size) ** 2 + lifted * p ** 2 + products * (2 * size.n) ** 2 + 2 * p * admmForms(size))
  );
}

/** Two congruences by the basis and a projection. */
function admmFlops(size: ProblemSize): number {
  const p = size.n + size.d + size.c;
  const order = admmForms(size);
  return 3 * order * p * (order + p) + 11 * p ** 3;
}

/** What the kernels sustain over a whole iteration on a good machine. */
export const FAST_FLOPS_PER_MS = 15e6;

/** What a solve would cost, known before it starts. */
export interface CostEstimate {
  readonly method: Exclude<Method, 'auto'>;
  /** Unknowns of the Newton system. */
  readonly unknowns: number;
  readonly memoryBytes: number;
  /** Whether that much memory is within WebAssembly's reach. */
  readonly fits: boolean;
  /**
   * Floating-point operations of one iteration, of which 15 to 60 are usual: the Cholesky factorisation's q³/3, or for conjugate
   * gradients (M³/3 with M = 7n active rows, and about 20 steps of 8p³); a hybrid starts with the latter. ADMM's iterations
   * (at most about 230p³) number thousands.
   */
  readonly flopsPerIteration: number;
}

/**
 * The cost of a solve with n distinct rows of rank d (the column of ones counts) and c outputs; the reductions can only
 * make a problem smaller.
 */
export function estimateCost(size: ProblemSize, method: Method = 'auto'): CostEstimate {
  const chosen = chooseMethod(method, size);
  const unknowns = newtonUnknowns(size);
  const memoryBytes = solveBytes(size, chosen);
  const p = size.n + size.d + size.c;
  const iteration = ITERATION_COST * p ** 3;
  const flops = {
    dense: unknowns ** 3 / 3 + iteration,
    cg:
      ((1 + ACTIVE_ROWS_PER_POINT) * size.n) ** 3 / 3 +
      (CG_STEPS * CG_STEP_COST + CG_ITERATION_COST) * p ** 3 +
      iteration,
    admm: admmFlops(size),
  };
  return {
    method: chosen,
    unknowns,
    memoryBytes,
    fits: memoryBytes <= ADDRESSABLE_BYTES,
    flopsPerIteration: flops[chosen === 'hybrid' ? 'cg' : chosen],
  };
}

/**
 * @throws MemoryError when the solve does not fit, with the estimate and the number of rows that would fit
 */
export function assertSolveFits(size: ProblemSize, method: Method = 'auto'): void {
  const chosen = chooseMethod(method, size);
  const required = solveBytes(size, chosen);
  if (required <= ADDRESSABLE_BYTES) return;
  const fits = (n: number): boolean =>
    solveBytes({ ...size, n }, chooseMethod(method, { ...size, n })) <= ADDRESSABLE_BYTES;
  let rows = size.n;
  while (rows > 0 && !fits(rows)) rows--;
  throw new MemoryError(
    `X: ${size.n} distinct rows of rank ≤ ${size.d} with ${size.c} outputs need about ${gibibytes(required)} GiB for a solve by '${chosen}', ` +
      `but WebAssembly addresses ${gibibytes(ADDRESSABLE_BYTES)} GiB; about ${rows} rows would fit`,
    required,
    ADDRESSABLE_BYTES,
  );
}

/**
 * `assertSolveFits` before the rank is known: throws where not even rank 1 would fit.
 *
 * @param rows distinct rows
 */
export function assertRowsFit(rows: number, columns: number, c: number, method: Method = 'auto'): void {
  const least = solveBytes({ n: rows, d: 1, c }, method === 'auto' ? 'cg' : method);
  if (least > ADDRESSABLE_BYTES) assertSolveFits({ n: rows, d: Math.min(rows, columns), c }, method);
}

/**
 * The results are in the user's coordinates, all rows included: the certificate's packed N, n(2n+1) numbers, and G with the
 * two intermediate products that restore it, 3(n+d)².
 *
 * @param n rows of X
 * @param d columns of X
 * @throws MemoryError when they would take more than 4 GiB
 */
export function assertResultsFit(n: number, d: number): void {
  const bytes = (rows: number): number => 8 * (rows * (2 * rows + 1) + 3 * (rows + d) ** 2);
  const required = bytes(n);
  if (required <= LARGEST_RESULT_BYTES) return;
  let rows = n;
  while (rows > 0 && bytes(rows) > LARGEST_RESULT_BYTES) rows--;
  throw new MemoryError(
    `X: the certificate and the Gram matrix of ${n} rows and ${d} columns need about ${gibibytes(required)} GiB, ` +
      `and at most ${gibibytes(LARGEST_RESULT_BYTES)} GiB are used; ${rows === 0 ? 'use fewer columns' : `about ${rows} rows would fit`}`,
    required,
    LARGEST_RESULT_BYTES,
  );
}

const gibibytes = (bytes: number): string => (bytes / 2 ** 30).toPrecision(2);
