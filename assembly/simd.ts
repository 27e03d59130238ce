/** The two SIMD idioms of every kernel. */

/** a·b + c. The relaxed build fuses it, so its last bits depend on the host; the default build rounds twice. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, c);
  return f64x2.add(c, f64x2.mul(a, b));
}

/** Sum of both lanes. */
@inline
export function lanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/**
 * Zero, but loaded from memory, so that neither Binaryen nor V8 can fold the branches that test its bits. Such a
 * branch between unrolled steps splits a basic block; without it V8 hoists every load above the arithmetic and spills
 * (+10–15 % on GEMM). The first 64 bytes of memory are never written.
 */
@inline
export function opaqueZero(): i32 {
  return load<i32>(16);
}
