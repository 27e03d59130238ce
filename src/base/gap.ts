/** How far a bound is from a value. */

/** (value − bound)/value, 0 when both vanish. */
export function relativeGap(value: number, bound: number): number {
  const gap = Math.max(0, value - bound);
  return gap === 0 ? 0 : gap / Math.abs(value);
}
