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

/** What the last call of `evaluate` found at mu: ψ sums the poles up to the split, φ those beyond it; and their slopes. */
let psi: f64 = 0;
let dpsi: f64 = 0;
let phi: f64 = 0;
let dphi: f64 = 0;

/**
 * k ≥ 2 poles `delta` ascending, weights z2 = z² with sum 1, rho > 0. Writes δ_i − λ_j to `differences` and returns λ_j.
 */
export function secularRoot(k: i32, j: i32, delta: usize, z2: usize, rho: f64, differences: usize): f64 {
  const inverseRho = 1 / rho;
  const last = j == k - 1;
  let origin = get(delta, j);
  let isLeft = true;
  let low = 0.0;
  let high = rho;
  let mu = 0.5 * rho;
  const split = last ? k - 2 : j;
  if (!last) {
    const width = get(delta, j + 1) - origin;
    const half = 0.5 * width;
    // The sign of f half-way tells the nearer pole.
    const f = valueAt(k, delta, z2, origin, half, inverseRho);
    const c = f + get(z2, j) / half - get(z2, j + 1) / (width - half);
    isLeft = f > 0;
    if (isLeft) {
      mu = guessFromLeft(c, width, get(z2, j), get(z2, j + 1));
      high = half;
    } else {
      origin = get(delta, j + 1);
      mu = guessFromRight(c, width, get(z2, j), get(z2, j + 1));
      low = -half;
      high = 0;
    }
    if (!(mu > low && mu < high)) mu = 0.5 * (low + high);
  }
  for (let step = 0; ; step++) {
    evaluate(k, split, delta, z2, origin, mu, differences);
    const f = inverseRho + psi + phi;
    const slope = dpsi + dphi;
    const roundoff = 8 * (Math.abs(phi) + Math.abs(psi)) + inverseRho + Math.abs(mu) * slope;
    if (Math.abs(f) <= 2 * UNIT * roundoff || step == MAX_STEPS) break;
    if (f < 0) low = Math.max(low, mu);
    else high = Math.min(high, mu);
    const eta = last
      ? stepAtEnd(f, slope, get(differences, k - 2), get(differences, k - 1), high - mu)
      : stepBetween(f, slope, isLeft, element(delta, j), element(z2, j), element(differences, j));
    let next = mu + eta;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (Math.abs(next - mu) <= UNIT * Math.abs(mu)) break;
    mu = next;
  }
  return origin + mu;
}

/** 1/rho + Σ z_i²/(δ_i − origin − mu). */
@inline
function valueAt(k: i32, delta: usize, z2: usize, origin: f64, mu: f64, inverseRho: f64): f64 {
  const m = f64x2.splat(mu);
  const o = f64x2.splat(origin);
  let sum = f64x2.splat(0);
  let i = 0;
  for (; i + 2 <= k; i += 2) {
    const difference = f64x2.sub(f64x2.sub(v128.load(element(delta, i)), o), m);
    sum = f64x2.add(sum, f64x2.div(v128.load(element(z2, i)), difference));
  }
  const f = lanes(sum) + inverseRho;
  return i < k ? f + get(z2, i) / (get(delta, i) - origin - mu) : f;
}

/** The root of c + zj/(−mu) + zn/(width − mu) as a distance to the left pole; c is f without both poles, half-way. */
@inline
function guessFromLeft(c: f64, width: f64, zj: f64, zn: f64): f64 {
  const a = c * width + zj + zn;
  const b = zj * width;
  const root = Math.sqrt(Math.abs(a * a - 4 * b * c));
  return a > 0 ? (2 * b) / (a + root) : (a - root) / (2 * c);
}

/** The same as a distance to the right pole, negative. */
@inline
function guessFromRight(c: f64, width: f64, zj: f64, zn: f64): f64 {
  const a = -c * width + zj + zn;
  const b = zn * width;
  const root = Math.sqrt(Math.abs(a * a + 4 * b * c));
  return a < 0 ? (2 * b) / (a - root) : -(a + root) / (2 * c);
}

/** Writes δ_i − origin − mu to `differences` and sets ψ, φ and their slopes. */
function evaluate(k: i32, split: i32, delta: usize, z2: usize, origin: f64, mu: f64, differences: usize): void {
  sumPairs(delta, delta + ((<usize>(split + 1) << 3) & ~15), z2, differences, origin, mu);
  psi = sum;
  dpsi = sumSlope;
  let i = (split + 1) & ~1;
  phi = 0;
  dphi = 0;
  if (i <= split) {
    sumOne(i++, delta, z2, differences, origin, mu);
    psi += sum;
    dpsi += sumSlope;
    if (i < k) {
      sumOne(i++, delta, z2, differences, origin, mu);
      phi = sum;
      dphi = sumSlope;
    }
  }
  const end = delta + ((<usize>k << 3) & ~15);
  sumPairs(element(delta, i), end, element(z2, i), element(differences, i), origin, mu);
  phi += sum;
  dphi += sumSlope;
  i = max<i32>(i, <i32>((end - delta) >> 3));
  if (i < k) {
    sumOne(i, delta, z2, differences, origin, mu);
    phi += sum;
    dphi += sumSlope;
  }
}

/** What the last call of `sumPairs` or `sumOne` found: Σ z_i²/(δ_i − origin − mu), and its slope. */
let sum: f64 = 0;
let sumSlope: f64 = 0;

/** Over the poles from `p` to `end`, an even number of them. */
function sumPairs(p: usize, end: usize, z: usize, q: usize, origin: f64, mu: f64): void {
  const o = f64x2.splat(origin);
  const m = f64x2.splat(mu);
  const one = f64x2.splat(1);
  let total = f64x2.splat(0);
  let slope = total;
  while (p < end) {
    const difference = f64x2.sub(f64x2.sub(v128.load(p), o), m);
    v128.store(q, difference);
    const inverse = f64x2.div(one, difference);
    const t = f64x2.mul(v128.load(z), inverse);
    total = f64x2.add(total, t);
    slope = f64x2.add(slope, f64x2.mul(t, inverse));
    p += 16;
    z += 16;
    q += 16;
  }
  sum = lanes(total);
  sumSlope = lanes(slope);
}

/** Over the pole i alone. */
@inline
function sumOne(i: i32, delta: usize, z2: usize, differences: usize, origin: f64, mu: f64): void {
  const difference = get(delta, i) - origin - mu;
  put(differences, i, difference);
  sum = get(z2, i) / difference;
  sumSlope = sum / difference;
}

/** The step for the root beyond the last pole; d0 and d1 are the differences of the last two, `room` is left to the bracket's end. */
@inline
function stepAtEnd(f: f64, slope: f64, d0: f64, d1: f64, room: f64): f64 {
  const c = Math.abs(f - d0 * dpsi - d1 * dphi);
  const a = (d0 + d1) * f - d0 * d1 * slope;
  const b = d0 * d1 * f;
  const root = Math.sqrt(Math.abs(a * a - 4 * b * c));
  let eta = room;
  if (c != 0) eta = a >= 0 ? (a + root) / (2 * c) : (2 * b) / (a - root);
  return f * eta > 0 ? -f / slope : eta;
}

/** The step of the fixed-weight method between two poles, whose δ, z² and differences begin at the addresses; the nearer one is the left or the right. */
@inline
function stepBetween(f: f64, slope: f64, isLeft: bool, delta: usize, z2: usize, differences: usize): f64 {
  const d0 = get(differences, 0);
  const d1 = get(differences, 1);
  const gap = get(delta, 0) - get(delta, 1);
  const c = isLeft ? f - d1 * slope - gap * (get(z2, 0) / (d0 * d0)) : f - d0 * slope + gap * (get(z2, 1) / (d1 * d1));
  const a = (d0 + d1) * f - d0 * d1 * slope;
  const b = d0 * d1 * f;
  const root = Math.sqrt(Math.abs(a * a - 4 * b * c));
  let eta: f64;
  if (c == 0) eta = b / (a == 0 ? dpsi : a);
  else eta = a <= 0 ? (a - root) / (2 * c) : (2 * b) / (a + root);
  return f * eta >= 0 ? -f / slope : eta;
}
