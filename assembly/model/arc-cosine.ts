import { get, put, row } from '../address';

/**
 * Degree-1 arc-cosine kernel A = E[(x_i·u)₊ (x_j·u)₊], u ~ N(0, Sigma), of K = X Sigma Xᵀ:
 * r_i r_j (sin t + (π − t) cos t)/2π, cos t = K_ij/(r_i r_j), r_i = √K_ii. A may be K.
 * Reference: Y. Cho, L. Saul, Kernel methods for deep learning, NIPS 2009, equation 6.
 */
export function arcCosineKernel(n: i32, K: usize, ldk: i32, A: usize, lda: i32): void {
  for (let i = 1; i < n; i++) {
    const ri = Math.sqrt(get(row(K, i, ldk), i));
    for (let j = 0; j < i; j++) {
      const r = ri * Math.sqrt(get(row(K, j, ldk), j));
      let value = 0.0;
      if (r > 0) {
        const c = Math.max(-1, Math.min(1, get(row(K, i, ldk), j) / r));
        const s = Math.sqrt((1 - c) * (1 + c));
        value = (r * (s + (Math.PI - Math.acos(c)) * c)) / (2 * Math.PI);
      }
      put(row(A, i, lda), j, value);
      // The upper triangle is written at once, the diagonal last: K's own is still needed when A is K.
      put(row(A, j, lda), i, value);
    }
  }
  for (let i = 0; i < n; i++) put(row(A, i, lda), i, 0.5 * get(row(K, i, ldk), i));
}
