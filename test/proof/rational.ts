/** Exact arithmetic with fractions of whole numbers of any length; every double is one. Shares no code with src. */
import { decompose } from './doubles.js';

export class Rational {
  static readonly zero = new Rational(0n, 1n);
  static readonly one = new Rational(1n, 1n);
  readonly #top: bigint;
  /** > 0. */
  readonly #bottom: bigint;

  private constructor(top: bigint, bottom: bigint) {
    this.#top = top;
    this.#bottom = bottom;
  }

  static of(x: number): Rational {
    const { mantissa, exponent } = decompose(x);
    return exponent >= 0 ? new Rational(mantissa << BigInt(exponent), 1n) : reduced(mantissa, 1n << BigInt(-exponent));
  }

  static sum(terms: Iterable<Rational>): Rational {
    let total = Rational.zero;
    for (const term of terms) total = total.plus(term);
    return total;
  }

  /** Σ x_k y_k. */
  static dot(x: ArrayLike<number>, y: ArrayLike<number>): Rational {
    return Rational.sum(Array.from(x, (value, k) => Rational.of(value).times(Rational.of(y[k]))));
  }

  plus(other: Rational): Rational {
    return reduced(this.#top * other.#bottom + other.#top * this.#bottom, this.#bottom * other.#bottom);
  }

  minus(other: Rational): Rational {
    return this.plus(other.negative());
  }

  negative(): Rational {
    return new Rational(-this.#top, this.#bottom);
  }

  times(other: Rational): Rational {
    return reduced(this.#top * other.#top, this.#bottom * other.#bottom);
  }

  over(other: Rational): Rational {
    if (other.#top === 0n) throw new RangeError('division by zero');
    const sign = other.#top < 0n ? -1n : 1n;
    return reduced(sign * this.#top * other.#bottom, sign * this.#bottom * other.#top);
  }

  square(): Rational {
    return this.times(this);
  }

  abs(): Rational {
    return this.sign() < 0 ? this.negative() : this;
  }

  /** −1, 0 or 1. */
  sign(): number {
    return this.#top > 0n ? 1 : this.#top < 0n ? -1 : 0;
  }

  atMost(other: Rational): boolean {
    return this.#top * other.#bottom <= other.#top * this.#bottom;
  }

  /** For messages: the nearest double or so. */
  toNumber(): number {
    const shift = BigInt(Math.max(0, bitLength(this.#bottom) - bitLength(abs(this.#top)) + 64));
    return Number((this.#top << shift) / this.#bottom) * 2 ** -Number(shift);
  }

  /** @internal */
  static make(top: bigint, bottom: bigint): Rational {
    return new Rational(top, bottom);
  }
}

/** Without the common powers of two, which is all that doubles bring in; other factors stay until numbers grow long. */
function reduced(top: bigint, bottom: bigint): Rational {
  if (top === 0n) return Rational.zero;
  const twos = min(trailingZeros(top), trailingZeros(bottom));
  let [t, b] = [top >> twos, bottom >> twos];
  if (b > LONG) {
    const common = gcd(abs(t), b);
    [t, b] = [t / common, b / common];
  }
  return Rational.make(t, b);
}

const LONG = 1n << 6000n;

const abs = (x: bigint): bigint => (x < 0n ? -x : x);
const min = (x: bigint, y: bigint): bigint => (x < y ? x : y);
const bitLength = (x: bigint): number => (x === 0n ? 0 : x.toString(16).length * 4);

/** x ≠ 0. */
function trailingZeros(x: bigint): bigint {
  let count = 0n;
  for (let step = 4096n; step > 0n; step /= 2n) {
    while ((x & ((1n << step) - 1n)) === 0n) {
      x >>= step;
      count += step;
    }
  }
  return count;
}

function gcd(x: bigint, y: bigint): bigint {
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** Whether a symmetric matrix is positive semidefinite, by LDLᵀ: a zero pivot must have a zero row. */
export function isPositiveSemidefinite(matrix: readonly (readonly Rational[])[]): boolean {
  const A = matrix.map((row) => [...row]);
  for (let k = 0; k < A.length; k++) {
    const pivot = A[k][k];
    if (pivot.sign() < 0) return false;
    for (let i = k + 1; i < A.length; i++) {
      if (pivot.sign() === 0) {
        if (A[i][k].sign() !== 0) return false;
        continue;
      }
      if (A[i][k].sign() === 0) continue;
      const factor = A[i][k].over(pivot);
      for (let j = k + 1; j < A.length; j++) A[i][j] = A[i][j].minus(factor.times(A[k][j]));
    }
  }
  return true;
}
