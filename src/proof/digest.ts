/**
 * Fingerprints of data and proofs: SHA-256 (FIPS 180-4) of an unambiguous byte string. Plain TypeScript, since a proof is checked
 * wherever the library runs, and synchronously. docs/decisions/0014-proof-digest.md says why this function.
 */
import type { Matrix } from '../base/matrix.js';
import type { Target } from '../problem/losses/loss.js';

const BLOCK = 64;
/** Numbers converted to bytes at a time. */
const CHUNK = 1024;

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUND_CONSTANTS = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);

/** First 32 bits of the fractional parts of the square roots of the first 8 primes. */
const INITIAL_STATE = new Int32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

/** SHA-256 of bytes given piece by piece. */
export class Sha256 {
  readonly #state = INITIAL_STATE.slice();
  readonly #block = new Uint8Array(BLOCK);
  readonly #view = new DataView(this.#block.buffer);
  readonly #schedule = new Int32Array(64);
  #filled = 0;
  #length = 0;

  update(bytes: Uint8Array): this {
    this.#length += bytes.length;
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + BLOCK - this.#filled);
      this.#block.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === BLOCK) this.#compress();
    }
    return this;
  }

  /** The digest as 64 hexadecimal digits; nothing may be added afterwards. */
  hex(): string {
    const bits = this.#length * 8;
    this.update(Uint8Array.of(0x80));
    if (this.#filled > BLOCK - 8) this.update(new Uint8Array(BLOCK - this.#filled));
    this.update(new Uint8Array(BLOCK - 8 - this.#filled));
    const length = new DataView(new ArrayBuffer(8));
    length.setUint32(0, Math.floor(bits / 2 ** 32));
    length.setUint32(4, bits % 2 ** 32);
    this.update(new Uint8Array(length.buffer));
    return Array.from(this.#state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }

  /** The compression function on the full block, FIPS 180-4 §6.2.2. */
  #compress(): void {
    compress(this.#state, this.#schedule, this.#view);
    this.#filled = 0;
  }
}

function compress(state: Int32Array, w: Int32Array, block: DataView): void {
  for (let t = 0; t < 16; t++) w[t] = block.getInt32(4 * t);
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15];
    const y = w[t - 2];
    const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
    const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
    w[t] = (w[t - 16] + s0 + w[t - 7] + s1) | 0;
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let t = 0; t < 64; t++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const first = (h + s1 + ((e & f) ^ (~e & g)) + ROUND_CONSTANTS[t] + w[t]) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

const rotate = (x: number, count: number): number => (x >>> count) | (x << (32 - count));

/**
 * A fingerprint of values in order. Each is written with its kind and its length, so that no two sequences of values give the same
 * bytes: neither matrices of other shapes nor texts cut elsewhere. −0 counts as 0, as it does in every formula.
 */
export class Digest {
  readonly #hash = new Sha256();
  readonly #bytes = new Uint8Array(8 * CHUNK);
  readonly #view = new DataView(this.#bytes.buffer);

  text(value: string): this {
    this.#head('t', value.length);
    for (let start = 0; start < value.length; start += CHUNK) {
      const count = Math.min(CHUNK, value.length - start);
      for (let k = 0; k < count; k++) this.#view.setUint16(2 * k, value.charCodeAt(start + k));
      this.#hash.update(this.#bytes.subarray(0, 2 * count));
    }
    return this;
  }

  numbers(values: ArrayLike<number>): this {
    this.#head('n', values.length);
    return this.#doubles(values);
  }

  matrix({ rows, columns, data }: Matrix): this {
    this.#head('m', rows);
    this.#doubles([columns]);
    return this.#doubles(data);
  }

  /** 64 hexadecimal digits; nothing may be added afterwards. */
  hex(): string {
    return this.#hash.hex();
  }

  #head(kind: string, length: number): void {
    this.#hash.update(Uint8Array.of(kind.charCodeAt(0)));
    this.#doubles([length]);
  }

  #doubles(values: ArrayLike<number>): this {
    for (let start = 0; start < values.length; start += CHUNK) {
      const count = Math.min(CHUNK, values.length - start);
      for (let k = 0; k < count; k++) this.#view.setFloat64(8 * k, values[start + k] + 0);
      this.#hash.update(this.#bytes.subarray(0, 8 * count));
    }
    return this;
  }
}

/** Recognises the data that a proof is about: X as the user has it, Y as targets (labels one-hot encoded), and the rows' weights if any. */
export function digestOfData(X: Matrix, { Y, weights }: Target): string {
  const digest = new Digest().text('convex-relu data').matrix(X).matrix(Y);
  return (weights ? digest.text('weights').numbers(weights) : digest).hex();
}
