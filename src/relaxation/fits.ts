/** Whether a solve and its results fit into memory, said before anything is allocated. */
import { MemoryError } from '../base/errors.js';
import { ADDRESSABLE_BYTES, chooseMethod, solveBytes } from './cost.js';
import type { Method } from './methods.js';
import { restoredBytes } from './restore.js';
import type { ProblemSize } from './size.js';

/** What typed arrays of one process can hold on common hosts without swapping. */
const LARGEST_RESULT_BYTES = 2 ** 32;

/** A problem as it is given, before its rank and its distinct rows are known. */
export interface GivenSize {
  readonly rows: number;
  readonly columns: number;
  readonly outputs: number;
  readonly method?: Method;
}

/** What a given problem may need at worst: all its rows distinct and its rank as large as can be. */
const worstCase = ({ rows, columns, outputs }: GivenSize): ProblemSize => ({
  n: rows,
  d: Math.min(rows, columns),
  c: outputs,
});

/** Whether a problem is accepted however many of its rows are distinct and whatever its rank is. */
function isAccepted(given: GivenSize): boolean {
  const size = worstCase(given);
  return (
    restoredBytes(given.rows, given.columns) <= LARGEST_RESULT_BYTES &&
    solveBytes(size, chooseMethod(given.method ?? 'auto', size)) <= ADDRESSABLE_BYTES
  );
}

/** What would help, in words: so many rows are accepted, whichever limit the given ones are over. */
function advice(given: GivenSize): string {
  let [accepted, refused] = [0, given.rows];
  while (refused - accepted > 1) {
    const rows = Math.floor((accepted + refused) / 2);
    if (isAccepted({ ...given, rows })) accepted = rows;
    else refused = rows;
  }
  return accepted === 0 ? 'use fewer columns or outputs' : `about ${accepted} rows would fit`;
}

/**
 * @param given the problem of which the size is the reduced one
 * @throws MemoryError when the solve does not fit, with the estimate and the number of rows that would fit
 */
export function assertSolveFits(
  size: ProblemSize,
  method: Method = 'auto',
  given: GivenSize = { rows: size.n, columns: size.d, outputs: size.c, method },
): void {
  const chosen = chooseMethod(method, size);
  const required = solveBytes(size, chosen);
  if (required <= ADDRESSABLE_BYTES) return;
  throw new MemoryError(
    `X: ${size.n} distinct rows of rank ≤ ${size.d} with ${size.c} outputs need about ${gibibytes(required)} GiB for a solve by '${chosen}', ` +
      `but WebAssembly addresses ${gibibytes(ADDRESSABLE_BYTES)} GiB; ${advice(given)}`,
    required,
    ADDRESSABLE_BYTES,
  );
}

/**
 * `assertSolveFits` before the rank is known: throws where not even rank 1 would fit.
 *
 * @param distinct rows
 */
export function assertRowsFit(distinct: number, given: GivenSize): void {
  const { columns, outputs, method = 'auto' } = given;
  const least = solveBytes({ n: distinct, d: 1, c: outputs }, method === 'auto' ? 'cg' : method);
  if (least <= ADDRESSABLE_BYTES) return;
  assertSolveFits({ n: distinct, d: Math.min(distinct, columns), c: outputs }, method, given);
}

/** Whether the Gram matrix of the results does. */
export const resultsFit = (n: number, d: number): boolean => restoredBytes(n, d) <= LARGEST_RESULT_BYTES;

/**
 * The results are in the user's coordinates, all rows included.
 *
 * @throws MemoryError when they would take more than 4 GiB
 */
export function assertResultsFit(given: GivenSize): void {
  const { rows, columns } = given;
  const required = restoredBytes(rows, columns);
  if (required <= LARGEST_RESULT_BYTES) return;
  throw new MemoryError(
    `X: the Gram matrix of ${rows} rows and ${columns} columns needs about ${gibibytes(required)} GiB, ` +
      `and at most ${gibibytes(LARGEST_RESULT_BYTES)} GiB are used; ${advice(given)}`,
    required,
    LARGEST_RESULT_BYTES,
  );
}

const gibibytes = (bytes: number): string => (bytes / 2 ** 30).toPrecision(2);
