import { describe, expect, test } from 'vitest';
import { MemoryError, NumericalError } from '../../src/base/errors.js';
import { NO_CONVERGENCE, NOT_FINITE } from '../../src/engine/constants.js';
import { checkStatus, createKernels, createKernelsSync } from '../../src/engine/kernels.js';
import { init } from '../../src/engine/load.js';

describe('kernels', () => {
  test('init is idempotent, also when called twice at once', async () => {
    await Promise.all([init(), init()]);
    await init();
  });

  test('every instance has its own memory', async () => {
    const [one, two] = [await createKernels(), createKernelsSync()];
    expect(one.exports.memory).not.toBe(two.exports.memory);
    const address = one.arena.allocate(1);
    expect(two.arena.allocate(1)).toBe(address);
    one.arena.write(address, [5]);
    expect(two.arena.read(address, 1)[0]).toBe(0);
  });

  test('leave the first 64 bytes of memory zero', () => {
    const { exports, arena } = createKernelsSync();
    expect(exports.heapBase()).toBeGreaterThanOrEqual(64);
    const [A, w, V] = [arena.allocate(100), arena.allocate(10), arena.allocate(100)];
    exports.eigh(10, A, 10, w, V, 10, arena.allocateBytes(exports.eighWorkspace(10)));
    expect(arena.read(0, 8)).toEqual(new Float64Array(8));
  });

  test('state the size of a workspace truly, whatever the order', () => {
    const { exports } = createKernelsSync();
    for (const n of [9_500, 45_000, 70_000]) {
      const matrix = 8 * n * n;
      // The reduction's copy, and the two matrices of divide and conquer.
      expect(exports.eighWorkspace(n)).toBeGreaterThan(3 * matrix);
      expect(exports.eighWorkspace(n)).toBeLessThan(3 * matrix * 1.01 + 2 ** 21);
      expect(exports.projectPsdWorkspace(n)).toBeGreaterThan(4 * matrix);
      expect(exports.ntScalingWorkspace(n)).toBeGreaterThan(5 * matrix);
      expect(exports.eigenvaluesWorkspace(n)).toBeGreaterThan(matrix);
      expect(exports.liftAdjointWorkspace(n, n)).toBeGreaterThan(2 * matrix);
      expect(exports.lossGradientWorkspace(n, 1, n)).toBeGreaterThan(2 * matrix);
    }
    // 2^5 orthants and 400 more cones, each with a list of all rows.
    expect(exports.coneSearchWorkspace(3_000_000, 5, 1, 400, 512)).toBeGreaterThan(432 * 4 * 3_000_000);
  });

  test('checkStatus passes counts and throws for statuses', () => {
    expect(checkStatus(0, 'eigh')).toBe(0);
    expect(checkStatus(7, 'eighBetween')).toBe(7);
    expect(() => checkStatus(NOT_FINITE, 'eigh')).toThrow(NumericalError);
    expect(() => checkStatus(NOT_FINITE, 'eigh')).toThrow(/eigh.*NaN/);
    expect(() => checkStatus(NO_CONVERGENCE, 'eigh')).toThrow(/iteration cap/);
    expect(() => checkStatus(-99, 'eigh')).toThrow(/-99/);
  });
});

describe('Arena', () => {
  test('allocates aligned, zeroed blocks that do not overlap', () => {
    const { arena } = createKernelsSync();
    const mark = arena.mark();
    const first = arena.allocate(3);
    const second = arena.allocateBytes(1);
    const third = arena.allocate(0);
    expect([first % 16, second % 16, third % 16]).toEqual([0, 0, 0]);
    expect(second).toBeGreaterThanOrEqual(first + 24);
    expect(third).toBeGreaterThanOrEqual(second + 1);
    arena.view(first, 3).fill(7);
    arena.release(mark);
    expect(arena.allocate(3)).toBe(first);
    expect(arena.read(first, 3)).toEqual(new Float64Array(3));
  });

  test('scratch is allocated alike, but not zeroed', () => {
    const { arena } = createKernelsSync();
    const mark = arena.mark();
    arena.view(arena.allocate(2), 2).fill(7);
    arena.release(mark);
    expect(arena.scratch(16)).toBe(mark);
    expect(arena.read(mark, 2)).toEqual(Float64Array.of(7, 7));
    expect(arena.scratch(1)).toBe(mark + 64);
    expect(() => arena.scratch(2 ** 33)).toThrow(MemoryError);
  });

  test('keeps contents when memory grows, and empties old views', () => {
    const { arena } = createKernelsSync();
    const address = arena.allocate(4);
    arena.write(address, [1, 2, 3, 4]);
    const view = arena.view(address, 4);
    arena.allocate(1_000_000);
    expect(view.length).toBe(0);
    expect(arena.read(address, 4)).toEqual(Float64Array.of(1, 2, 3, 4));
  });

  test('reserve grows once, so that views survive', () => {
    const { arena } = createKernelsSync();
    arena.reserve(8_000_000);
    const view = arena.view(arena.allocate(4), 4);
    arena.allocate(900_000);
    expect(view.length).toBe(4);
  });

  test('room is free memory that later allocations take and zero', () => {
    const { arena } = createKernelsSync();
    arena.keepRoom(8_000_000);
    const view = arena.view(arena.allocate(4), 4);
    const at = arena.room(8_000_000);
    expect(view.length).toBe(4);
    expect(at).toBe(arena.mark());
    arena.view(at, 2).fill(7);
    expect(arena.allocate(2)).toBe(at);
    expect(arena.read(at, 2)).toEqual(new Float64Array(2));
    expect(() => arena.room(2 ** 32)).toThrow(MemoryError);
    expect(() => arena.keepRoom(2 ** 32)).toThrow(MemoryError);
  });

  test('takes no negative size', () => {
    const { arena } = createKernelsSync();
    for (const bytes of [-1, -(2 ** 31)]) {
      expect(() => arena.allocateBytes(bytes)).toThrow(MemoryError);
      expect(() => arena.room(bytes)).toThrow(MemoryError);
    }
  });

  test('integers share the memory', () => {
    const { arena } = createKernelsSync();
    const address = arena.allocateBytes(8);
    arena.ints(address, 2).set([-1, 0x7ff00000]);
    expect(Array.from(arena.ints(address, 2))).toEqual([-1, 0x7ff00000]);
  });

  test('refuses more than the address space holds, before growing', () => {
    const { arena, exports } = createKernelsSync();
    const before = exports.memory.buffer.byteLength;
    for (const count of [2 ** 29, 1e12, Number.POSITIVE_INFINITY, Number.NaN]) {
      expect(() => arena.allocate(count)).toThrow(MemoryError);
    }
    expect(exports.memory.buffer.byteLength).toBe(before);
    expect(() => arena.allocate(1e12)).toThrow(/needs 7629395 MB/);
    expect(arena.allocate(1)).toBeGreaterThan(0);
  });
});
