/**
 * The lift of the (alpha, u) blocks to activations, T = [[I, 0], [I, −X]] (2n × (n+d)): alpha_i = e_i, beta_i = e_i − x_i.
 * T is never formed: 2 n d (n+d) + n² d flops instead of 8 n² (n+d).
 */
import { element, get, matrixBytes, put, row } from '../address';
import { gemm, gemmWorkspace } from '../blas/gemm';
import { mirror } from '../blas/transpose';

export function liftWorkspace(n: i32, d: i32): f64 {
  return gemmWorkspace() + matrixBytes(n, d);
}

/** K (2n×2n) = T G Tᵀ, G ((n+d)×(n+d)) symmetric, full. */
export function lift(n: i32, d: i32, X: usize, ldx: i32, G: usize, ldg: i32, K: usize, ldk: i32, work: usize): void {
  // Rows of [I, −X] G: the first n columns are the lower left block of K, the others are kept in H.
  const H = work + <usize>gemmWorkspace();
  const lower = row(K, n, ldk);
  const size = <usize>n << 3;
  for (let i = 0; i < n; i++) {
    memory.copy(row(K, i, ldk), row(G, i, ldg), size);
    memory.copy(row(lower, i, ldk), row(G, i, ldg), size);
    memory.copy(row(H, i, d), element(row(G, i, ldg), n), <usize>d << 3);
  }
  const Gu = row(G, n, ldg);
  gemm(n, n, d, -1, X, ldx, 1, Gu, ldg, 1, 0, lower, ldk, 0, work);
  gemm(n, d, d, -1, X, ldx, 1, element(Gu, n), ldg, 1, 0, H, d, 0, work);
  const corner = element(lower, n);
  for (let i = 0; i < n; i++) memory.copy(row(corner, i, ldk), row(lower, i, ldk), size);
  gemm(n, n, d, -1, H, d, 1, X, 1, ldx, 0, corner, ldk, 1, work);
  mirror(2 * n, K, ldk);
}

export function liftAdjointWorkspace(n: i32, d: i32): f64 {
  return gemmWorkspace() + matrixBytes(n, n) + matrixBytes(n, d);
}

/** R ((n+d)×(n+d)) = Tᵀ N T, N (2n×2n) symmetric, full. */
export function liftAdjoint(n: i32, d: i32, X: usize, ldx: i32, N: usize, ldn: i32, R: usize, ldr: i32, work: usize): void {
  const S = work + <usize>gemmWorkspace();
  const NX = S + <usize>matrixBytes(n, n);
  const lower = row(N, n, ldn);
  const corner = element(lower, n);
  // S = N₂₁ + N₂₂; R₁₁ = N₁₁ + N₁₂ + S, R₂₁ = −Xᵀ S, R₂₂ = Xᵀ N₂₂ X.
  for (let i = 0; i < n; i++) {
    const s = row(S, i, n);
    const r = row(R, i, ldr);
    const top = row(N, i, ldn);
    const bottom = row(lower, i, ldn);
    for (let j = 0; j < n; j++) {
      const sum = get(bottom, j) + get(bottom, n + j);
      put(s, j, sum);
      put(r, j, get(top, j) + get(top, n + j) + sum);
    }
  }
  const Ru = row(R, n, ldr);
  for (let k = 0; k < d; k++) memory.fill(row(Ru, k, ldr), 0, <usize>(n + d) << 3);
  gemm(d, n, n, -1, X, 1, ldx, S, n, 1, 0, Ru, ldr, 0, work);
  memory.fill(NX, 0, (<usize>n * <usize>d) << 3);
  gemm(n, d, n, 1, corner, ldn, 1, X, ldx, 1, 0, NX, d, 0, work);
  gemm(d, d, n, 1, X, 1, ldx, NX, d, 1, 0, element(Ru, n), ldr, 1, work);
  mirror(n + d, R, ldr);
}
