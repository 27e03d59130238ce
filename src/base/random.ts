/**
 * The one source of randomness: a seeded generator, so that the same seed gives the same bits on every run.
 *
 * sfc32 (C. Doty-Humphrey, PractRand: small fast chaotic, 128 bits of state, passes BigCrush), its state filled from the
 * seed by splitmix32's mixer so that neighbouring seeds give unrelated streams.
 */
import { log } from './elementary.js';
import { InputError, OptionsError } from './errors.js';
import { typedArrayName } from './matrix.js';
import { show } from './show.js';

const TWO_POW_32 = 2 ** 32;
const TWO_POW_53 = 2 ** 53;
/** Rounds after seeding, until every state bit depends on every seed bit (the author advises 12 to 20). */
const WARM_UP = 20;

export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  /** The second deviate of the last polar pair, NaN when used up. */
  #spare = Number.NaN;

  /**
   * @param seed whole number in [0, 2⁵³)
   * @throws OptionsError naming `seed` otherwise
   */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new OptionsError('seed', `expected a whole number from 0 to ${TWO_POW_53 - 1}, got ${show(seed)}`);
    }
    let state = (seed % TWO_POW_32) | 0;
    const high = Math.floor(seed / TWO_POW_32) | 0;
    const next = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let z = state;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      return z ^ (z >>> 16);
    };
    this.#a = next();
    this.#b = next() ^ high;
    this.#c = next();
    for (let k = 0; k < WARM_UP; k++) this.#bits();
  }

  /** 32 random bits as a signed integer. */
  #bits(): number {
    const result = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result;
  }

  /** Uniform on [0, 1), a multiple of 2⁻⁵³. */
  uniform(): number {
    const high = this.#bits() >>> 5;
    const low = this.#bits() >>> 6;
    return (high * 2 ** 26 + low) / TWO_POW_53;
  }

  /**
   * Uniform whole number in [0, bound), for 1 ≤ bound ≤ 2³². The bias is below bound · 2⁻⁵³.
   *
   * @throws InputError for any other bound
   */
  integer(bound: number): number {
    if (!isCountUpTo(bound, TWO_POW_32) || bound === 0)
      throw new InputError('bound', `expected a whole number from 1 to 2³², got ${show(bound)}`);
    return Math.floor(this.uniform() * bound);
  }

  /** Standard normal deviate, by Marsaglia's polar method. */
  normal(): number {
    if (!Number.isNaN(this.#spare)) {
      const spare = this.#spare;
      this.#spare = Number.NaN;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square > 0 && square < 1) {
        const factor = Math.sqrt((-2 * log(square)) / square);
        this.#spare = y * factor;
        return x * factor;
      }
    }
  }

  /** Fills `target` with standard normal deviates and returns it. @throws InputError when it is no Float64Array */
  fillNormal(target: Float64Array): Float64Array {
    if (typedArrayName(target) !== 'Float64Array')
      throw new InputError('target', `expected a Float64Array, got ${show(target)}`);
    for (let k = 0; k < target.length; k++) target[k] = this.normal();
    return target;
  }

  /** A uniformly random permutation of 0 … count − 1 (Fisher–Yates). @throws InputError unless 0 ≤ count < 2³¹, whole */
  permutation(count: number): Int32Array {
    if (!isCountUpTo(count, LARGEST_PERMUTATION))
      throw new InputError('count', `expected a whole number from 0 to 2³¹ − 1, got ${show(count)}`);
    const order = Int32Array.from({ length: count }, (_, k) => k);
    for (let k = count - 1; k > 0; k--) {
      const other = this.integer(k + 1);
      const kept = order[k];
      order[k] = order[other];
      order[other] = kept;
    }
    return order;
  }
}

/** What an Int32Array can hold. */
const LARGEST_PERMUTATION = 2 ** 31 - 1;

const isCountUpTo = (value: unknown, most: number): boolean =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
