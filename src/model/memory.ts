/** What a solve and its results would need, said before anything is allocated. */
import { MemoryError } from '../errors.js';

/** WebAssembly addresses are 32 bits wide. */
const ADDRESSABLE_BYTES = 2 ** 32;

/** What typed arrays of one process can hold on common hosts without swapping. */
const LARGEST_RESULT_BYTES = 2 ** 32;

/**
 * Matrices of order p (iterates, scaling, directions, eigenvectors) and of order 2n (products, multipliers, vectors over the pairs)
 * that a solve holds: counted from the memory of finished solves, rounded up.
 */
const WORKING_COPIES = { lifted: 24, products: 24 } as const;

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

/** Bytes of a dense solve: the Newton matrix and the working copies. */
export function denseSolveBytes(size: ProblemSize): number {
  const q = newtonUnknowns(size);
  const p = size.n + size.d + size.c;
  return MODULE_BYTES + 8 * (q ** 2 + WORKING_COPIES.lifted * p ** 2 + WORKING_COPIES.products * (2 * size.n) ** 2);
}

/** What a solve would cost, known before it starts. */
export interface CostEstimate {
  /** Unknowns of the Newton system. */
  readonly unknowns: number;
  readonly memoryBytes: number;
  /** Whether that much memory is within WebAssembly's reach. */
  readonly fits: boolean;
  /** Floating-point operations of one iteration, of which 15 to 50 are usual: the Cholesky factorisation's q³/3. */
  readonly flopsPerIteration: number;
}

/**
 * The cost of a dense solve with n distinct rows of rank d (the column of ones counts) and c outputs; the reductions can only
 * make a problem smaller.
 */
export function estimateCost(size: ProblemSize): CostEstimate {
  const unknowns = newtonUnknowns(size);
  const memoryBytes = denseSolveBytes(size);
  return { unknowns, memoryBytes, fits: memoryBytes <= ADDRESSABLE_BYTES, flopsPerIteration: unknowns ** 3 / 3 };
}

/**
 * @throws MemoryError when the dense solve does not fit, with the estimate and the number of rows that would fit
 */
export function assertDenseSolveFits(size: ProblemSize): void {
  const required = denseSolveBytes(size);
  if (required <= ADDRESSABLE_BYTES) return;
  let rows = size.n;
  while (rows > 0 && denseSolveBytes({ ...size, n: rows }) > ADDRESSABLE_BYTES) rows--;
  throw new MemoryError(
    `X: ${size.n} distinct rows of rank ${size.d} with ${size.c} outputs need about ${gibibytes(required)} GiB for a dense solve, ` +
      `but WebAssembly addresses ${gibibytes(ADDRESSABLE_BYTES)} GiB; about ${rows} rows would fit`,
    required,
    ADDRESSABLE_BYTES,
  );
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
