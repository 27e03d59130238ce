/** Whether a solve and its results fit into memory, said before anything is allocated. */
import { MemoryError } from '../base/errors.js';
import { ADDRESSABLE_BYTES, chooseMethod, solveBytes } from './cost.js';
import type { Method } from './methods.js';
import { restoredBytes } from './restore.js';
import type { ProblemSize } from './size.js';

/** What typed arrays of one process can hold on common hosts without swapping. */
const LARGEST_RESULT_BYTES = 2 ** 32;

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
      `but WebAssembly addresses ${gibibytes(ADDRESSABLE_BYTES)} GiB; ${rows === 0 ? 'use fewer columns or outputs' : `about ${rows} rows would fit`}`,
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
 * The results are in the user's coordinates, all rows included.
 *
 * @param n rows of X
 * @param d columns of X
 * @throws MemoryError when they would take more than 4 GiB
 */
export function assertResultsFit(n: number, d: number): void {
  const required = restoredBytes(n, d);
  if (required <= LARGEST_RESULT_BYTES) return;
  let rows = n;
  while (rows > 0 && restoredBytes(rows, d) > LARGEST_RESULT_BYTES) rows--;
  throw new MemoryError(
    `X: the Gram matrix of ${n} rows and ${d} columns needs about ${gibibytes(required)} GiB, ` +
      `and at most ${gibibytes(LARGEST_RESULT_BYTES)} GiB are used; ${rows === 0 ? 'use fewer columns' : `about ${rows} rows would fit`}`,
    required,
    LARGEST_RESULT_BYTES,
  );
}

const gibibytes = (bytes: number): string => (bytes / 2 ** 30).toPrecision(2);
