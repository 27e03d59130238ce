/** Exact arithmetic on doubles: every double is mantissa · 2^exponent, and sums and products of such numbers are such numbers. */
import { decompose } from './doubles.js';

export class Dyadic {
  static readonly zero = new Dyadic(0n, 0);
  readonly #mantissa: bigint;
  readonly #exponent: number;

  constructor(mantissa: bigint, exponent: number) {
    this.#mantissa = mantissa;
    this.#exponent = exponent;
  }

  static of(x: number): Dyadic {
    const { mantissa, exponent } = decompose(x);
    return new Dyadic(mantissa, exponent);
  }

  /** Σ x_k y_k. */
  static dot(x: ArrayLike<number>, y: ArrayLike<number>): Dyadic {
    let sum = Dyadic.zero;
    for (let k = 0; k < x.length; k++) sum = sum.plus(Dyadic.of(x[k]).times(Dyadic.of(y[k])));
    return sum;
  }

  plus(other: Dyadic): Dyadic {
    const exponent = Math.min(this.#exponent, other.#exponent);
    return new Dyadic(this.#at(exponent) + other.#at(exponent), exponent);
  }

  minus(other: Dyadic): Dyadic {
    return this.plus(new Dyadic(-other.#mantissa, other.#exponent));
  }

  times(other: Dyadic): Dyadic {
    return new Dyadic(this.#mantissa * other.#mantissa, this.#exponent + other.#exponent);
  }

  /** −1, 0 or 1. */
  sign(): number {
    return this.#mantissa > 0n ? 1 : this.#mantissa < 0n ? -1 : 0;
  }

  atMost(other: Dyadic): boolean {
    return this.minus(other).sign() <= 0;
  }

  /** The whole number this is at 2^exponent, which must divide it. */
  #at(exponent: number): bigint {
    return this.#mantissa << BigInt(this.#exponent - exponent);
  }

  /** The matrix times a common power of two that makes all entries whole. */
  static integers(matrix: readonly (readonly Dyadic[])[]): bigint[][] {
    const exponent = Math.min(...matrix.flat().map((entry) => entry.#exponent));
    return matrix.map((row) => row.map((entry) => entry.#at(exponent)));
  }
}

/** Whether a symmetric matrix is positive definite, exactly: Sylvester's minors by Bareiss' fraction-free elimination. */
export function isPositiveDefinite(matrix: readonly (readonly Dyadic[])[]): boolean {
  const A = Dyadic.integers(matrix);
  let previous = 1n;
  for (let k = 0; k < A.length; k++) {
    if (A[k][k] <= 0n) return false;
    for (let i = k + 1; i < A.length; i++) {
      for (let j = k + 1; j < A.length; j++) A[i][j] = (A[i][j] * A[k][k] - A[i][k] * A[k][j]) / previous;
    }
    previous = A[k][k];
  }
  return true;
}
