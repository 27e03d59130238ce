/**
 * One simplicial cone of the search: which rows are surely active in it, and how large f² = ‖Rᵀ(Zu)₊‖² can be there
 * (docs/exact.md has the derivation).
 *
 * With u = Σ λ_k v_k, λ ≥ 0: sure rows give M u; an ambiguous row i gives R_i(θ_i z_i·u + τ_i Σ λ_k g_ik), τ_i in [0, 1],
 * g_ik = (p_ik)₊ − θ_i p_ik. So f² ≤ λᵀQλ with b_k = M v_k + Σ θ_i p_ik R_i and, S± the positive and negative parts of Σ_j g_jk R_j,
 *   Q_kl = b_k·b_l + Σ_i max(0, g_il w_ik + g_ik w_il),   w_ik = R_i·b_k + ½ Σ_a (R_ia⁺ S⁺_ka + R_ia⁻ S⁻_ka),
 * while 1 = λᵀGλ, G_kl = v_k·v_l ≥ 0.
 */
import { get, getInt, put, putInt, row } from '../address';
import { lanes, madd } from '../simd';
import { padded, Search, stride } from './layout';

/** 2⁻⁵². */
const EPSILON: f64 = 2.220446049250313e-16;

/**
 * Sorts the cone's `count` listed rows into surely active (added to the sum M), surely inactive (dropped) and ambiguous (kept, with
 * their p and R gathered). Returns the number of ambiguous rows. Reads search.list, vertices, sum; rewrites list and sum.
 */
export function classify(n: i32, d: i32, c: i32, Z: usize, R: usize, count: i32, search: Search): i32 {
  const s = stride(n), dp = padded(d), half = dp >> 1;
  for (let j = 0; j < d; j++) {
    for (let k = 0; k < dp; k++) {
      put(search.verticesT, j * dp + k, k < d ? get(search.vertices, k * d + j) : 0);
    }
  }
  let kept = 0;
  for (let t = 0; t < count; t++) {
    const i = getInt(search.list, t);
    const z = row(Z, i, d);
    const snap = f64x2.splat(get(search.snap, i));
    let isPositive = false, isNegative = false;
    for (let h = 0; h < half; h++) {
      let p = f64x2.splat(0);
      let v = search.verticesT + (<usize>h << 4);
      for (let j = 0; j < d; j++) {
        p = madd(f64x2.splat(get(z, j)), v128.load(v), p);
        v += <usize>dp << 3;
      }
      p = v128.and(p, f64x2.ge(f64x2.abs(p), snap));
      if (v128.any_true(f64x2.gt(p, f64x2.splat(0)))) isPositive = true;
      if (v128.any_true(f64x2.lt(p, f64x2.splat(0)))) isNegative = true;
      const target = search.product + (<usize>(2 * h * s + kept) << 3);
      v128.store64_lane(target, p, 0);
      v128.store64_lane(target + (<usize>s << 3), p, 1);
    }
    const r = row(R, i, c);
    if (isPositive && isNegative) {
      putInt(search.list, kept, i);
      for (let a = 0; a < c; a++) put(search.residual, a * s + kept, get(r, a));
      put(search.norms, kept, get(search.rowNorm, i));
      kept++;
    } else if (isPositive) {
      for (let a = 0; a < c; a++) {
        for (let j = 0; j < d; j++) {
          put(search.sum, a * d + j, get(search.sum, a * d + j) + get(r, a) * get(z, j));
        }
      }
    }
  }
  for (let k = 0; k < dp; k++) put(search.product, k * s + kept, 0);
  for (let a = 0; a < c; a++) put(search.residual, a * s + kept, 0);
  put(search.norms, kept, 0);
  return kept;
}

/** g, b, S± and `size` of the classified cone. The row sums Σ_k p_ik decide θ. The weight array holds θ p meanwhile. */
export function linearise(n: i32, d: i32, c: i32, count: i32, search: Search): void {
  const s = stride(n);
  const zero = f64x2.splat(0);
  for (let t = 0; t < count; t += 2) {
    const at = <usize>t << 3;
    let total = zero;
    for (let k = 0; k < d; k++) total = f64x2.add(total, v128.load(row(search.product, k, s) + at));
    const active = f64x2.gt(total, zero);
    for (let k = 0; k < d; k++) {
      const p = v128.load(row(search.product, k, s) + at);
      v128.store(row(search.weight, k, s) + at, v128.and(p, active));
      v128.store(row(search.excess, k, s) + at, f64x2.pmax(zero, v128.bitselect(f64x2.neg(p), p, active)));
    }
  }
  for (let k = 0; k < d; k++) {
    const g = row(search.excess, k, s), tp = row(search.weight, k, s), v = row(search.vertices, k, d);
    let square: f64 = 0;
    for (let a = 0; a < c; a++) {
      const r = row(search.residual, a, s), m = row(search.sum, a, d);
      let b = zero, positive = zero, negative = zero;
      for (let t = 0; t < count; t += 2) {
        const at = <usize>t << 3;
        const rt = v128.load(r + at), gt = v128.load(g + at);
        const plus = f64x2.pmax(zero, rt);
        b = madd(v128.load(tp + at), rt, b);
        positive = madd(gt, plus, positive);
        negative = madd(gt, f64x2.sub(plus, rt), negative);
      }
      let bk = lanes(b);
      for (let j = 0; j < d; j++) bk += get(m, j) * get(v, j);
      put(search.linear, k * c + a, bk);
      put(search.positive, k * c + a, lanes(positive));
      put(search.negative, k * c + a, lanes(negative));
      square += bk * bk;
    }
    let spread = zero;
    for (let t = 0; t < count; t += 2) {
      spread = madd(v128.load(g + (<usize>t << 3)), v128.load(search.norms + (<usize>t << 3)), spread);
    }
    put(search.size, k, sqrt(square) + lanes(spread));
  }
}

/** f² at vertex k: there b_k + S⁺ − S⁻ is the value itself. */
export function vertexValue(c: i32, k: i32, search: Search): f64 {
  let square: f64 = 0;
  for (let a = 0; a < c; a++) {
    const x = get(search.linear, k * c + a) + get(search.positive, k * c + a) - get(search.negative, k * c + a);
    square += x * x;
  }
  return square;
}

/** w, then Q from above: every rounding of Q_kl is at most γ of size_k · size_l, the sum of its absolute terms. */
export function formQuadratic(n: i32, d: i32, c: i32, count: i32, search: Search): void {
  const s = stride(n);
  const zero = f64x2.splat(0);
  for (let k = 0; k < d; k++) {
    const w = row(search.weight, k, s);
    for (let t = 0; t < count; t += 2) {
      const at = <usize>t << 3;
      let sum = zero;
      for (let a = 0; a < c; a++) {
        const r = v128.load(row(search.residual, a, s) + at);
        const plus = f64x2.pmax(zero, r);
        const b = get(search.linear, k * c + a);
        const up = b + 0.5 * get(search.positive, k * c + a), down = b - 0.5 * get(search.negative, k * c + a);
        sum = madd(plus, f64x2.splat(up), sum);
        sum = f64x2.sub(sum, f64x2.mul(f64x2.sub(plus, r), f64x2.splat(down)));
      }
      v128.store(w + at, sum);
    }
  }
  const roundOff = <f64>(3 * count + 6 * c + 32) * EPSILON;
  for (let k = 0; k < d; k++) {
    const gk = row(search.excess, k, s), wk = row(search.weight, k, s);
    for (let l = k; l < d; l++) {
      const gl = row(search.excess, l, s), wl = row(search.weight, l, s);
      let sum = zero;
      for (let t = 0; t < count; t += 2) {
        const at = <usize>t << 3;
        const term = madd(v128.load(gl + at), v128.load(wk + at), f64x2.mul(v128.load(gk + at), v128.load(wl + at)));
        sum = f64x2.add(sum, f64x2.pmax(zero, term));
      }
      let q = lanes(sum);
      for (let a = 0; a < c; a++) q += get(search.linear, k * c + a) * get(search.linear, l * c + a);
      q += roundOff * get(search.size, k) * get(search.size, l);
      put(search.quadratic, k * d + l, q);
      put(search.quadratic, l * d + k, q);
    }
  }
}

/** G from below. All coordinates of the vertices of one orthant have the same sign, so no product cancels. */
export function formGram(d: i32, search: Search): void {
  for (let k = 0; k < d; k++) {
    for (let l = k; l < d; l++) {
      let product: f64 = 0;
      for (let j = 0; j < d; j++) product += get(search.vertices, k * d + j) * get(search.vertices, l * d + j);
      product *= 1 - 16 * EPSILON;
      put(search.gram, k * d + l, product);
      put(search.gram, l * d + k, product);
    }
  }
}

/** To round-off a number h² ≤ min ‖Σ λ_k v_k‖² over λ ≥ 0, Σλ = 1: the least v_k·v_l, or the least (v_k·centre)². */
function heightSquared(d: i32, search: Search): f64 {
  let least: f64 = 1;
  for (let k = 0; k < d * d; k++) least = min(least, get(search.gram, k));
  let total: f64 = 0, leastSum: f64 = Infinity;
  for (let k = 0; k < d; k++) {
    let sum: f64 = 0;
    for (let l = 0; l < d; l++) sum += get(search.gram, k * d + l);
    total += sum;
    leastSum = min(leastSum, sum);
  }
  return max(least, (leastSum * leastSum) / total);
}

/**
 * An upper bound of f² on the cone, from Q and G: the entrywise largest Q_kl/G_kl, or the largest Q_kk/h². A ratio is rounded twice, with
 * its factor; h² by 3d more.
 */
export function coneBound(d: i32, search: Search): f64 {
  let ratio: f64 = 0, diagonal: f64 = 0;
  for (let k = 0; k < d; k++) {
    diagonal = max(diagonal, get(search.quadratic, k * d + k));
    for (let l = k; l < d; l++) {
      const q = get(search.quadratic, k * d + l);
      if (q > 0) ratio = max(ratio, q / get(search.gram, k * d + l));
    }
  }
  return min(ratio * (1 + 8 * EPSILON), (diagonal / heightSquared(d, search)) * (1 + 40 * EPSILON));
}

/**
 * Whether f² ≤ limit on the cone because limit · G − Q is positive semidefinite, with its positive off-diagonal entries (which λ ≥ 0
 * makes harmless) kept or left out.
 */
export function isBelow(d: i32, limit: f64, search: Search): bool {
  return isSemidefinite(d, limit, false, search) || isSemidefinite(d, limit, true, search);
}

function isSemidefinite(d: i32, limit: f64, dropPositive: bool, search: Search): bool {
  subtractBelow(d, limit, dropPositive, search);
  return factorises(d, search.test);
}

/** The lower triangle of a matrix that is entrywise at most limit · G − Q, in `test`. */
export function subtractBelow(d: i32, limit: f64, dropPositive: bool, search: Search): void {
  for (let k = 0; k < d; k++) {
    for (let l = 0; l <= k; l++) {
      const g = limit * get(search.gram, k * d + l), q = get(search.quadratic, k * d + l);
      let x = g - q - 4 * EPSILON * (g + abs(q));
      if (dropPositive && l < k && x > 0) x = 0;
      put(search.test, k * d + l, x);
    }
  }
}

/**
 * Whether the symmetric matrix C, given by its lower triangle and overwritten, was proved positive semidefinite: by a Cholesky factorisation
 * that runs to its end with the diagonal lowered by 4d²ε·trace (Higham, §10.1, theorem 10.7; Rump, BIT 46 (2006) 433–452).
 */
export function factorises(d: i32, C: usize): bool {
  let trace: f64 = 0;
  for (let k = 0; k < d; k++) trace += abs(get(C, k * d + k));
  const shift = <f64>(4 * d * d) * EPSILON * trace;
  for (let k = 0; k < d; k++) {
    for (let l = 0; l <= k; l++) {
      let x = get(C, k * d + l);
      if (k == l) x -= shift;
      for (let m = 0; m < l; m++) x -= get(C, k * d + m) * get(C, l * d + m);
      if (k == l) {
        if (!(x > 0)) return false;
        put(C, k * d + k, sqrt(x));
      } else {
        put(C, k * d + l, x / get(C, l * d + l));
      }
    }
  }
  return true;
}
