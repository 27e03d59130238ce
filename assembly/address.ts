/**
 * Address arithmetic. Everything is f64 at `usize` addresses: raw loads are twice as fast as StaticArray, whose bounds
 * checks stay even with --noAssert.
 */

/** Address of the element with index i. */
@inline
export function element(p: usize, i: i32): usize {
  return p + (<usize>i << 3);
}

/** Address of row i of a matrix whose rows are ld elements apart. */
@inline
export function row(A: usize, i: i32, ld: i32): usize {
  return A + ((<usize>i * <usize>ld) << 3);
}

@inline
export function get(p: usize, i: i32): f64 {
  return load<f64>(p + (<usize>i << 3));
}

@inline
export function put(p: usize, i: i32, x: f64): void {
  store<f64>(p + (<usize>i << 3), x);
}

@inline
export function getInt(p: usize, i: i32): i32 {
  return load<i32>(p + (<usize>i << 2));
}

@inline
export function putInt(p: usize, i: i32, x: i32): void {
  store<i32>(p + (<usize>i << 2), x);
}

/** Next cache line. */
@inline
export function align(p: usize): usize {
  return (p + 63) & ~63;
}

// Sizes are f64, whole numbers exact up to 2⁵³: one beyond the 32-bit address space must reach the caller as what it is, not wrapped
// around. Where a kernel lays out its workspace, which the caller has then allocated, they are cast to usize.

/** A size rounded up to a cache line. */
export function alignBytes(size: f64): f64 {
  return ceil<f64>(size / 64) * 64;
}

/** Bytes of `count` f64, rounded up to a cache line. */
export function bytes(count: i32): f64 {
  return alignBytes(8 * <f64>count);
}

/** Bytes of a rows × ld matrix, rounded up to a cache line. */
export function matrixBytes(rows: i32, ld: i32): f64 {
  return alignBytes(8 * <f64>rows * <f64>ld);
}

/** Bytes of `count` i32, rounded up to a cache line. */
export function intBytes(count: i32): f64 {
  return alignBytes(4 * <f64>count);
}

/** Distance between the rows of a work matrix: even, so that rows stay 16-byte aligned, and no multiple of 256, whose
 *  4096-byte strides would map a column onto a few cache sets. */
@inline
export function leadingDimension(n: i32): i32 {
  const ld = (n + 1) & ~1;
  return (ld & 255) == 0 ? ld + 8 : ld;
}
