/**
 * A stack of blocks in the memory of one kernel instance, and the only file that touches `memory.buffer`. Views are made for
 * each use, because growing the memory empties all earlier ones.
 */
import { MemoryError } from '../base/errors.js';
import type { Address } from './abi.js';

const PAGE_BYTES = 65_536;
/** WebAssembly's 32-bit address space. */
const LIMIT_BYTES = 65_536 * PAGE_BYTES;
/** A cache line; the kernels themselves need 16 only. */
const ALIGNMENT = 64;

export class Arena {
  readonly #memory: WebAssembly.Memory;
  #top: Address;
  /** Everything from here on was never handed out, so it still holds the zeros that memory begins with. */
  #untouched: Address;
  /** Free bytes kept above the top. */
  #room = 0;

  /** @param base first free address of the instance */
  constructor(memory: WebAssembly.Memory, base: Address) {
    this.#memory = memory;
    this.#top = base;
    this.#untouched = base;
  }

  /** A zeroed block of `count` numbers (f64). */
  allocate(count: number): Address {
    return this.allocateBytes(count * 8);
  }

  /**
   * A zeroed block of bytes.
   *
   * @throws MemoryError when the address space or the host's memory does not hold it; nothing is allocated then
   */
  allocateBytes(bytes: number): Address {
    const untouched = this.#untouched;
    const address = this.scratch(bytes);
    const used = Math.min(bytes, untouched - address);
    if (used > 0) new Uint8Array(this.#memory.buffer, address, used).fill(0);
    return address;
  }

  /** A block of bytes with any content; throws as `allocateBytes` does. */
  scratch(bytes: number): Address {
    const size = bytes > 0 ? Math.ceil(bytes / ALIGNMENT) * ALIGNMENT : bytes;
    this.reserve(size);
    const address = this.#top;
    this.#top += size;
    this.#untouched = Math.max(this.#untouched, this.#top);
    return address;
  }

  /** Grows the memory so that the next `bytes` can be allocated without growing again. */
  reserve(bytes: number): void {
    this.#provide(bytes, this.#room);
  }

  /** From now on `room` for so many bytes leaves all views alive, since allocations keep that much free above them. */
  keepRoom(bytes: number): void {
    this.#provide(bytes, 0);
    this.#room = Math.max(this.#room, bytes);
  }

  /**
   * The free bytes above everything allocated, for the `work` of one kernel call: any content, and gone with the next allocation.
   * Throws as `allocateBytes` does.
   */
  room(bytes: number): Address {
    this.#provide(bytes, 0);
    this.#untouched = Math.max(this.#untouched, this.#top + bytes);
    return this.#top;
  }

  /** Makes sure that `bytes` are free above the top, and `spare` more where the memory allows it. */
  #provide(bytes: number, spare: number): void {
    const needed = this.#top + bytes;
    const isPossible = bytes >= 0 && needed <= LIMIT_BYTES;
    if (!isPossible || !(this.#grow(Math.min(needed + spare, LIMIT_BYTES)) || this.#grow(needed))) {
      throw this.#refusal(needed);
    }
  }

  /** Whether the memory now holds so many bytes. */
  #grow(bytes: number): boolean {
    const missing = bytes - this.#memory.buffer.byteLength;
    if (missing <= 0) return true;
    try {
      this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
      return true;
    } catch {
      return false;
    }
  }

  /** Bytes the instance holds, used or not; it never shrinks. */
  get capacity(): number {
    return this.#memory.buffer.byteLength;
  }

  /** The current top; `release` it to free everything allocated since. */
  mark(): Address {
    return this.#top;
  }

  release(mark: Address): void {
    this.#top = mark;
  }

  /** A view of `count` numbers; dead after the next allocation. */
  view(address: Address, count: number): Float64Array {
    return new Float64Array(this.#memory.buffer, address, count);
  }

  /** A view of `count` 32-bit integers; dead after the next allocation. */
  ints(address: Address, count: number): Int32Array {
    return new Int32Array(this.#memory.buffer, address, count);
  }

  write(address: Address, values: ArrayLike<number>): void {
    this.view(address, values.length).set(values);
  }

  /** A fresh copy of `count` numbers. */
  read(address: Address, count: number): Float64Array {
    return this.view(address, count).slice();
  }

  #refusal(needed: number): MemoryError {
    const megabytes = Math.ceil(needed / 2 ** 20);
    return new MemoryError(
      `the computation needs ${megabytes} MB of WebAssembly memory; this host allows at most ${LIMIT_BYTES / 2 ** 20} MB and may have less free`,
      needed,
      LIMIT_BYTES,
    );
  }
}
