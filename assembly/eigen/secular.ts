/**
 * One root of the secular equation 1/rho + Σ z_i²/(δ_i − λ) = 0 of a rank-one update, between the poles δ_j and δ_{j+1}.
 *
 * The root is sought as the distance mu to its nearer pole, so that every difference δ_i − λ is accurate. Steps are those of
 * the fixed-weight method (an interpolating rational function with the two neighbouring poles), kept inside a bracket by
 * bisection; about 4.3 evaluations a root. Stopping: |f| within the rounding error of its own evaluation.
 * Reference: R.-C. Li, Solving secular equations stably and efficiently, LAPACK Working Note 89 (1993); LAPACK dlaed4.
 */
import { element, get, put } from '../address';
import { lanes } from '../simd';

const UNIT: f64 = 1.1102230246251565e-16;
const MAX_STEPS: i32 = 80;

/**
 * k ≥ 2 poles `delta` ascending, weights z2 = z² with sum 1, rho > 0. Writes δ_i − λ_j to `differences` and returns λ_j.
 */
export function secularRoot(k: i32, j: i32, delta: usize, z2: usize, rho: f64, differences: usize): f64 {
  const inverseRho = 1 / rho;
  const last = j == k - 1;
  let origin = get(delta, j);
  let originIndex = j;
  let low = 0.0;
  let high = rho;
  let mu = 0.5 * rho;
  // ψ sums the poles up to `split`, φ those beyond it.
  const split = last ? k - 2 : j;
  if (!last) {
    const next = get(delta, j + 1);
    const width = next - origin;
    const half = 0.5 * width;
    // The sign of f half-way tells the nearer pole.
    const h = f64x2.splat(half);
    const o = f64x2.splat(origin);
    let sum = f64x2.splat(0);
    let i = 0;
    for (; i + 2 <= k; i += 2) {
      const difference = f64x2.sub(f64x2.sub(v128.load(element(delta, i)), o), h);
      sum = f64x2.add(sum, f64x2.div(v128.load(element(z2, i)), difference));
    }
    let f = lanes(sum) + inverseRho;
    if (i < k) f += get(z2, i) / (get(delta, i) - origin - half);
    const zj = get(z2, j);
    const zn = get(z2, j + 1);
    const c = f + zj / half - zn / (width - half);
    if (f > 0) {
      const a = c * width + zj + zn;
      const b = zj * width;
      const root = Math.sqrt(Math.abs(a * a - 4 * b * c));
      mu = a > 0 ? (2 * b) / (a + root) : (a - root) / (2 * c);
      high = half;
    } else {
      origin = next;
      originIndex = j + 1;
      const a = -c * width + zj + zn;
      const b = zn * width;
      const root = Math.sqrt(Math.abs(a * a + 4 * b * c));
      mu = a < 0 ? (2 * b) / (a - root) : -(a + root) / (2 * c);
      low = -half;
      high = 0;
    }
    if (!(mu > low && mu < high)) mu = 0.5 * (low + high);
  }
  const o = f64x2.splat(origin);
  const one = f64x2.splat(1);
  for (let step = 0; ; step++) {
    const m = f64x2.splat(mu);
    let psiSum = f64x2.splat(0);
    let psiSlope = psiSum;
    let phiSum = psiSum;
    let phiSlope = psiSum;
    let p = delta;
    let z = z2;
    let q = differences;
    let end = delta + ((<usize>(split + 1) << 3) & ~15);
    while (p < end) {
      const difference = f64x2.sub(f64x2.sub(v128.load(p), o), m);
      v128.store(q, difference);
      const inverse = f64x2.div(one, difference);
      const t = f64x2.mul(v128.load(z), inverse);
      psiSum = f64x2.add(psiSum, t);
      psiSlope = f64x2.add(psiSlope, f64x2.mul(t, inverse));
      p += 16;
      z += 16;
      q += 16;
    }
    let psi = lanes(psiSum);
    let dpsi = lanes(psiSlope);
    let phi = 0.0;
    let dphi = 0.0;
    let i = (split + 1) & ~1;
    if (i <= split) {
      const difference = get(delta, i) - origin - mu;
      put(differences, i, difference);
      const t = get(z2, i) / difference;
      psi += t;
      dpsi += t / difference;
      i++;
      if (i < k) {
        const difference = get(delta, i) - origin - mu;
        put(differences, i, difference);
        const t = get(z2, i) / difference;
        phi += t;
        dphi += t / difference;
        i++;
      }
    }
    p = element(delta, i);
    z = element(z2, i);
    q = element(differences, i);
    end = delta + ((<usize>k << 3) & ~15);
    while (p < end) {
      const difference = f64x2.sub(f64x2.sub(v128.load(p), o), m);
      v128.store(q, difference);
      const inverse = f64x2.div(one, difference);
      const t = f64x2.mul(v128.load(z), inverse);
      phiSum = f64x2.add(phiSum, t);
      phiSlope = f64x2.add(phiSlope, f64x2.mul(t, inverse));
      p += 16;
      z += 16;
      q += 16;
    }
    phi += lanes(phiSum);
    dphi += lanes(phiSlope);
    i = <i32>((p - delta) >> 3);
    if (i < k) {
      const difference = get(delta, i) - origin - mu;
      put(differences, i, difference);
      const t = get(z2, i) / difference;
      phi += t;
      dphi += t / difference;
    }
    const f = inverseRho + psi + phi;
    const slope = dpsi + dphi;
    const roundoff = 8 * (Math.abs(phi) + Math.abs(psi)) + inverseRho + Math.abs(mu) * slope;
    if (Math.abs(f) <= 2 * UNIT * roundoff || step == MAX_STEPS) break;
    if (f < 0) low = Math.max(low, mu);
    else high = Math.min(high, mu);
    let eta: f64;
    if (last) {
      const d0 = get(differences, k - 2);
      const d1 = get(differences, k - 1);
      const c = Math.abs(f - d0 * dpsi - d1 * dphi);
      const a = (d0 + d1) * f - d0 * d1 * slope;
      const b = d0 * d1 * f;
      const root = Math.sqrt(Math.abs(a * a - 4 * b * c));
      if (c == 0) eta = high - mu;
      else eta = a >= 0 ? (a + root) / (2 * c) : (2 * b) / (a - root);
      if (f * eta > 0) eta = -f / slope;
    } else {
      const d0 = get(differences, j);
      const d1 = get(differences, j + 1);
      const gap = get(delta, j) - get(delta, j + 1);
      const c = originIndex == j
        ? f - d1 * slope - gap * (get(z2, j) / (d0 * d0))
        : f - d0 * slope + gap * (get(z2, j + 1) / (d1 * d1));
      const a = (d0 + d1) * f - d0 * d1 * slope;
      const b = d0 * d1 * f;
      const root = Math.sqrt(Math.abs(a * a - 4 * b * c));
      if (c == 0) eta = b / (a == 0 ? dpsi : a);
      else eta = a <= 0 ? (a - root) / (2 * c) : (2 * b) / (a + root);
      if (f * eta >= 0) eta = -f / slope;
    }
    let next = mu + eta;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (Math.abs(next - mu) <= UNIT * Math.abs(mu)) break;
    mu = next;
  }
  return origin + mu;
}
