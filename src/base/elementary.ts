/**
 * Elementary functions that give the same bits on every host. ECMAScript leaves Math.log, exp, sin, cos, acos, hypot and powers (also
 * `x ** 3`) to the host, and engines differ in the last bit; + − × ÷ and Math.sqrt they must round correctly, so everything here is made of those alone.
 *
 * Polynomials and reductions are those of FDLIBM (Sun Microsystems 1993, "Permission to use, copy, modify, and distribute this software
 * is freely granted"), with its error bounds: below 1 ulp for log, exp, sin, cos and acos.
 */

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** The bits of one number, for taking exponents apart. */
let scratch: DataView | undefined;

/** Eight bytes that are 0; no caller keeps them. */
function parts(): DataView {
  scratch ??= new DataView(new ArrayBuffer(8));
  scratch.setFloat64(0, 0);
  return scratch;
}

/** 2^k for any whole number k: exact where it is a double, 0 or Infinity beyond. */
export function powerOfTwo(k: number): number {
  if (k > 1023) return Number.POSITIVE_INFINITY;
  if (k < -1074) return 0;
  const bits = parts();
  if (k >= -1022) bits.setUint32(0, (k + 1023) << 20);
  else if (k >= -1042) bits.setUint32(0, 1 << (k + 1042));
  else bits.setUint32(4, (1 << (k + 1074)) >>> 0);
  return bits.getFloat64(0);
}

/** The whole number k with 2^k ≤ |x| < 2^(k+1), for finite x ≠ 0. */
export function exponentOf(x: number): number {
  const bits = parts();
  bits.setFloat64(0, x);
  const exponent = (bits.getUint32(0) >>> 20) & 0x7ff;
  return exponent > 0 ? exponent - 1023 : exponentOf(x * 2 ** 54) - 54;
}

/** The first 20 bits behind the point of 1.38, √2 and 1.42. */
const LEADING_OF_138 = 0x6147a;
const LEADING_OF_ROOT_2 = 0x6a09c;
const LEADING_OF_142 = 0x6b851;

/** Natural logarithm; error below 1 ulp. */
export function log(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (!(x > 0)) return Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let k = exponentOf(x);
  const shift = x * powerOfTwo(-Math.max(k, -1022));
  let m = k < -1022 ? shift * powerOfTwo(-1022 - k) : shift;
  // m in [1, 2) is known by its first 20 bits; then it is brought to [√2/2, √2).
  const leading = Math.floor((m - 1) * 2 ** 20);
  if (leading >= LEADING_OF_ROOT_2) {
    m /= 2;
    k++;
  }
  const f = m - 1;
  if (f === 0) return k * LN2_HIGH + k * LN2_LOW;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const odd = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const R = even + odd;
  // Near √2 and √2/2 half the square of f is taken out exactly as it rounds, which keeps the error below 1 ulp.
  if (leading >= LEADING_OF_138 && leading <= LEADING_OF_142) {
    const half = 0.5 * f * f;
    return k * LN2_HIGH - (half - (s * (half + R) + k * LN2_LOW) - f);
  }
  return k * LN2_HIGH - (s * (f - R) - k * LN2_LOW - f);
}

/** Exponential function; error below 1 ulp. 0 or Infinity where the result is no double. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019411) return 0;
  const size = Math.abs(x);
  if (size < 2 ** -28) return 1 + x;
  const k = size > 0.5 * Math.LN2 ? Math.trunc(Math.LOG2E * x + (x < 0 ? -0.5 : 0.5)) : 0;
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (0.00006613756321437934 + t * (-0.0000016533902205465252 + t * 4.1381367970572385e-8))));
  const y = k === 0 ? 1 - ((r * c) / (c - 2) - r) : 1 - (low - (r * c) / (2 - c) - high);
  // Two factors, so that a result that is no normal number is rounded once.
  if (k > 1023) return y * 2 * powerOfTwo(k - 1);
  return k >= -1021 ? y * powerOfTwo(k) : y * powerOfTwo(k + 1000) * powerOfTwo(-1000);
}

/** sin(r + low) for |r| ≤ π/4. */
function sinKernel(r: number, low: number): number {
  const z = r * r;
  const v = z * r;
  const p =
    0.00833333333332249 +
    z *
      (-0.0001984126982985795 +
        z * (0.0000027557313707070068 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)));
  return r - (z * (0.5 * low - v * p) - low - v * -0.16666666666666632);
}

/** cos(r + low) for |r| ≤ π/4. */
function cosKernel(r: number, low: number): number {
  const z = r * r;
  const p =
    z *
    (0.0416666666666666 +
      z *
        (-0.001388888888887411 +
          z *
            (0.00002480158728947673 +
              z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11)))));
  const half = 0.5 * z;
  const w = 1 - half;
  return w + (1 - w - half + (z * p - r * low));
}

/** Beyond it the two words of π/2 no longer suffice. */
const LARGEST_ANGLE = 2 ** 20;

/** x = quadrant · π/2 + r + low, |r| ≤ π/4; by Cody and Waite's subtraction of π/2 in three words. */
function reduceAngle(x: number): { quadrant: number; r: number; low: number } {
  const quadrant = Math.round(x * 0.6366197723675814);
  const t = x - quadrant * 1.5707963267341256;
  const w1 = quadrant * 6.077100506303966e-11;
  const first = t - w1;
  const w2 = quadrant * 2.0222662487959506e-21 - (t - first - w1);
  const r = first - w2;
  return { quadrant: quadrant & 3, r, low: first - r - w2 };
}

/** Sine, for |x| ≤ 2²⁰ (NaN beyond); error below 1 ulp. */
export function sin(x: number): number {
  if (!(Math.abs(x) <= LARGEST_ANGLE)) return Number.NaN;
  const { quadrant, r, low } = reduceAngle(x);
  const value = quadrant % 2 === 0 ? sinKernel(r, low) : cosKernel(r, low);
  return quadrant < 2 ? value : -value;
}

/** Cosine, for |x| ≤ 2²⁰ (NaN beyond); error below 1 ulp. */
export function cos(x: number): number {
  if (!(Math.abs(x) <= LARGEST_ANGLE)) return Number.NaN;
  const { quadrant, r, low } = reduceAngle(x);
  const value = quadrant % 2 === 0 ? cosKernel(r, low) : sinKernel(r, low);
  return quadrant === 0 || quadrant === 3 ? value : -value;
}

/** (asin √z − √z)/√z, for 0 ≤ z ≤ 1/4. */
function asinRatio(z: number): number {
  const p =
    z *
    (0.16666666666666666 +
      z *
        (-0.3255658186224009 +
          z *
            (0.20121253213486293 +
              z * (-0.04005553450067941 + z * (0.0007915349942898145 + z * 0.00003479331075960212)))));
  const q =
    1 + z * (-2.403394911734414 + z * (2.0209457602335057 + z * (-0.6882839716054533 + z * 0.07703815055590194)));
  return p / q;
}

const HALF_PI_HIGH = 1.5707963267948966;
const HALF_PI_LOW = 6.123233995736766e-17;

/** Inverse cosine, in [0, π]; NaN outside [−1, 1]; error below 1 ulp. */
export function acos(x: number): number {
  if (x >= 1) return x === 1 ? 0 : Number.NaN;
  if (!(x > -1)) return x === -1 ? 2 * HALF_PI_HIGH : Number.NaN;
  if (Math.abs(x) < 0.5) return HALF_PI_HIGH - (x - (HALF_PI_LOW - x * asinRatio(x * x)));
  const z = 0.5 * (1 - Math.abs(x));
  const s = Math.sqrt(z);
  const ratio = asinRatio(z);
  if (x < 0) return 2 * (HALF_PI_HIGH - (s + (ratio * s - HALF_PI_LOW)));
  // √z in two words: the upper half of its digits squares exactly.
  const bits = parts();
  bits.setFloat64(0, s);
  bits.setUint32(4, 0);
  const upper = bits.getFloat64(0);
  const correction = (z - upper * upper) / (s + upper);
  return 2 * (upper + (ratio * s + correction));
}

/** √(x² + y²) without overflow or underflow in between; error below 2 ulp. */
export function hypot(x: number, y: number): number {
  const larger = Math.max(Math.abs(x), Math.abs(y));
  const smaller = Math.min(Math.abs(x), Math.abs(y));
  if (larger === 0 || larger === Number.POSITIVE_INFINITY) return larger;
  const ratio = smaller / larger;
  return larger * Math.sqrt(1 + ratio * ratio);
}

/** x², rounded once. */
export const squareOf = (x: number): number => x * x;

/** x³, rounded twice. */
export const cubeOf = (x: number): number => x * x * x;

/** 10^k for a whole number k: the double nearest to it. */
export const powerOfTen = (k: number): number => Number(`1e${k}`);

/** x^k for a whole number k ≥ 0, by repeated squaring. */
export function integerPower(x: number, k: number): number {
  let result = 1;
  for (let rest = k, square = x; rest > 0; rest = Math.floor(rest / 2), square *= square) {
    if (rest % 2 === 1) result *= square;
  }
  return result;
}
