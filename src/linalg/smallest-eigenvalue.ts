/** The smallest eigenvalue with a proof of how far below it can be at most. */
import type { MatrixLike } from '../base/matrix.js';
import { load, plan, squareShape, withAlgebra } from './session.js';
import { flat } from './views.js';

export interface SmallestEigenvalue {
  /** Within a small multiple of n·ε·‖A‖ of the smallest eigenvalue; Infinity when n = 0. */
  readonly value: number;
  /** Never above the smallest eigenvalue, round-off included; −Infinity when no proof was found. */
  readonly lowerBound: number;
}

/** Half the spacing of doubles at 1. */
const UNIT = Number.EPSILON / 2;
/** Doublings of the shift before giving up; 2⁴⁰ n ε ‖A‖ is far beyond any error of `value`. */
const MAX_ATTEMPTS = 40;

/**
 * Smallest eigenvalue of a symmetric matrix, and a rigorous lower bound on it.
 *
 * The value comes from tridiagonalisation and bisection. The bound is proved by a Cholesky factorisation of A − σI that runs to
 * completion: then λ_min(A − σI) ≥ −γ/(1 − γ) tr(A − σI) with γ = (n+3)u/(1 − (n+3)u), whatever the order of summation
 * (S. Rump, Verification of positive definiteness, BIT 46 (2006), theorem 2.3; two more roundings because pivots are
 * inverted once and then multiplied). Underflow adds at most n² times the smallest normal number.
 *
 * @param A n×n, read from its lower triangle
 * @throws InputError when A is not square, NumericalError when A holds NaN or Infinity, MemoryError before it is copied when
 * it is too large
 */
export function smallestEigenvalue(A: MatrixLike): SmallestEigenvalue {
  return withAlgebra((algebra) => {
    const shape = squareShape(A, 'A');
    const n = shape.rows;
    if (n === 0) return { value: Number.POSITIVE_INFINITY, lowerBound: Number.POSITIVE_INFINITY };
    const { exports } = algebra.kernels;
    plan(algebra, [shape, shape], Math.max(exports.smallestEigenvalueWorkspace(n), exports.choleskyWorkspace(n)));
    const a = load(algebra, A, 'A');
    const shifted = algebra.unset(n, n);
    const value = algebra.smallestEigenvalue(a);
    const scale = Math.max(algebra.maxAbs(flat(a)), Number.MIN_VALUE / UNIT);

    /** A proved bound at or below sigma, or undefined when A − sigma I is not found positive definite. */
    const prove = (sigma: number): number | undefined => {
      algebra.copyMatrix(a, shifted);
      const view = algebra.entries(shifted);
      let trace = 0;
      let largest = 0;
      for (let i = 0; i < n; i++) {
        view[i * n + i] -= sigma;
        trace += view[i * n + i];
        largest = Math.max(largest, Math.abs(view[i * n + i]));
      }
      if (!algebra.cholesky(shifted)) return undefined;
      const gamma = ((n + 3) * UNIT) / (1 - (n + 3) * UNIT);
      // The factors cover the roundings of the trace, of the shifted diagonal and of this line itself.
      const margin = (gamma / (1 - gamma)) * trace * (1 + 4 * n * UNIT) + 2 * UNIT * largest + n * n * 2 ** -1022;
      return sigma - margin - 4 * UNIT * (Math.abs(sigma) + margin);
    };

    let delta = 4 * n * UNIT * scale;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++, delta *= 2) {
      const bound = prove(value - delta);
      if (bound !== undefined) return { value, lowerBound: bound };
    }
    return { value, lowerBound: Number.NEGATIVE_INFINITY };
  });
}
