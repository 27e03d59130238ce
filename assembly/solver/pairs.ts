/**
 * Inequality rows as vectors. K = T G Tᵀ is symmetric 2n×2n; its 2n(n − 1) inequalities are the entries (i, j < i) without the
 * complementary pairs (n + i, i), listed row by row. Everything the iteration does to them is elementwise on such vectors.
 */
import { row } from '../address';

/** v ← the listed entries of the lower triangle of K (2n×2n). */
export function packPairs(n: i32, K: usize, ldk: i32, v: usize): void {
  for (let i = 1; i < 2 * n; i++) {
    const source = row(K, i, ldk);
    const hole = i - n;
    if (hole < 0) {
      memory.copy(v, source, <usize>i << 3);
      v += <usize>i << 3;
    } else {
      memory.copy(v, source, <usize>hole << 3);
      v += <usize>hole << 3;
      memory.copy(v, source + (<usize>(hole + 1) << 3), <usize>(i - hole - 1) << 3);
      v += <usize>(i - hole - 1) << 3;
    }
  }
}

/** N (2n×2n, both triangles) ← alpha · v at the listed entries, 0 on the diagonal and at the complementary pairs. */
export function unpackPairs(n: i32, alpha: f64, v: usize, N: usize, ldn: i32): void {
  const ld = <usize>ldn << 3;
  for (let i = 0; i < 2 * n; i++) {
    const target = row(N, i, ldn);
    let column = N + (<usize>i << 3);
    const hole = i - n;
    for (let j = 0; j < i; j++) {
      let value: f64 = 0;
      if (j != hole) {
        value = alpha * load<f64>(v);
        v += 8;
      }
      store<f64>(target + (<usize>j << 3), value);
      store<f64>(column, value);
      column += ld;
    }
    store<f64>(target + (<usize>i << 3), 0);
  }
}

/** out = x − y ∘ z. */
export function subtractProduct(count: i32, x: usize, y: usize, z: usize, out: usize): void {
  const bytes = <usize>count << 3;
  const blocks = bytes & ~15;
  let k: usize = 0;
  for (; k < blocks; k += 16) {
    v128.store(out + k, f64x2.sub(v128.load(x + k), f64x2.mul(v128.load(y + k), v128.load(z + k))));
  }
  if (k < bytes) store<f64>(out + k, load<f64>(x + k) - load<f64>(y + k) * load<f64>(z + k));
}

/** out = (target − clip(dK ∘ dN, ±bound)) / K − N: the centring and second-order right-hand side of the rows. */
export function pairTarget(
  count: i32, target: f64, bound: f64, K: usize, N: usize, dK: usize, dN: usize, out: usize,
): void {
  const bytes = <usize>count << 3;
  for (let k: usize = 0; k < bytes; k += 8) {
    const second = max(-bound, min(bound, load<f64>(dK + k) * load<f64>(dN + k)));
    store<f64>(out + k, (target - second) / load<f64>(K + k) - load<f64>(N + k));
  }
}

/** Smallest entry, Infinity when there is none, NaN when one is NaN. */
export function minimum(count: i32, v: usize): f64 {
  const bytes = <usize>count << 3;
  let least = Infinity;
  for (let k: usize = 0; k < bytes; k += 8) least = min(least, load<f64>(v + k));
  return least;
}
