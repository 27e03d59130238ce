/** Numbers in units of the weight decay. */
import { exponentBelow, timesPowerOfTwo } from '../../base/round-off.js';

/** Beyond it, a power of two is no normal double. */
const LARGEST_EXPONENT = 1022;

/**
 * x, exponent ↦ x · 2^exponent / reg for one reg, > 0 and finite. One rounding, and where that underflows an error below 2⁻¹⁰²⁰;
 * nothing on the way is larger or smaller than the result by more than a factor of 2 (for reg ≥ 2⁻¹⁰²²).
 */
export function unitsOf(reg: number): (x: number, exponent?: number) => number {
  const regExponent = exponentBelow(reg);
  const rest = timesPowerOfTwo(reg, -regExponent);
  /** Powers of two that came before: a product with one is exact, unless its result is subnormal. */
  const powers = new Map<number, number>();
  const powerOf = (exponent: number): number => {
    const known = powers.get(exponent);
    if (known !== undefined) return known;
    const power = timesPowerOfTwo(1, exponent);
    powers.set(exponent, power);
    return power;
  };
  return (x, exponent = 0) => {
    const total = exponent - regExponent;
    const scaled = Math.abs(total) > LARGEST_EXPONENT ? timesPowerOfTwo(x, total) : x * powerOf(total);
    return scaled / rest;
  };
}
