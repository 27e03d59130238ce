/** The ways to solve the relaxation, by name. */

/**
 * By the interior point: `'dense'` with a dense Cholesky factorisation, `'cg'` with preconditioned conjugate gradients (little memory,
 * to about 1e-4), `'hybrid'` with the second and then the first, `'auto'` by size. `'admm'` is the simple first-order method: one
 * eigendecomposition an iteration, thousands of iterations, for comparison.
 */
export const METHODS = ['auto', 'dense', 'cg', 'hybrid', 'admm'] as const;
export type Method = (typeof METHODS)[number];
