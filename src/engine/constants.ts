/**
 * Numbers on which the kernels and their callers must agree. Both compilers read this very file (assembly/ imports it), so they cannot
 * drift apart; hence plain literals only, which AssemblyScript takes for i32.
 */

// ---- statuses: 0 is success, a positive number is explained at the kernel ----------------------------------------
export const OK = 0;
/** The input holds NaN or Infinity. */
export const NOT_FINITE = -1;
/** An iteration cap was reached. */
export const NO_CONVERGENCE = -2;

// ---- what work in parts is counted in ------------------------------------------------------------------------------
/** Columns of the Cholesky factor that are computed together. */
export const CHOLESKY_BLOCK = 48;
/** Jacobi sweeps of the Nesterov–Todd scaling before it gives up. */
export const MAX_JACOBI_SWEEPS = 30;

// ---- which part of C a product computes --------------------------------------------------------------------------
export const FULL = 0;
export const LOWER = 1;
export const UPPER = 2;

// ---- the cone search's workspace begins with numbers for the caller ------------------------------------------------
/** Best value so far; settable: only larger ones are looked for. */
export const HEAD_BEST = 0;
/** Largest bound of the cones closed so far. */
export const HEAD_BOUND = 1;
/** Cones examined. */
export const HEAD_NODES = 2;
/** Cones open. */
export const HEAD_OPEN = 3;
/** Deepest cone. */
export const HEAD_DEPTH = 4;
/** Cones closed only because they were at the largest depth. */
export const HEAD_CAPPED = 5;
/** Candidates stored; settable: 0 empties the store. */
export const HEAD_FOUND = 6;
/** Value from which vertices are stored as candidates; settable. */
export const HEAD_LEVEL = 7;
/** Direction of the best value if a vertex reached it, MAX_DIMENSION numbers. */
export const HEAD_DIRECTION = 8;
/** Numbers of the head. */
export const HEAD_LENGTH = 14;
/** Largest dimension of a cone search. */
export const MAX_DIMENSION = 6;
/** Numbers of one stored candidate: its value, then its direction, padded. */
export const CANDIDATE_STRIDE = 8;
