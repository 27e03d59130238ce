/** Plane rotation of two contiguous vectors: (p, q) ← (c p + s q, c q − s p). */
@inline
export function rotate(n: i32, p: usize, q: usize, c: f64, s: f64): void {
  const cv = f64x2.splat(c);
  const sv = f64x2.splat(s);
  const end = p + ((<usize>n << 3) & ~15);
  while (p < end) {
    const a = v128.load(p);
    const b = v128.load(q);
    v128.store(p, f64x2.add(f64x2.mul(cv, a), f64x2.mul(sv, b)));
    v128.store(q, f64x2.sub(f64x2.mul(cv, b), f64x2.mul(sv, a)));
    p += 16;
    q += 16;
  }
  if (n & 1) {
    const a = load<f64>(p);
    const b = load<f64>(q);
    store<f64>(p, c * a + s * b);
    store<f64>(q, c * b - s * a);
  }
}
