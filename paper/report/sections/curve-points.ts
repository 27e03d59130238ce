/** Points as a chart can show them. */
import type { Point } from '../charts.js';

const MAX_POINTS = 90;

/** Points with a place on logarithmic axes, thinned evenly on the first of them; the first and last are kept. */
export function usable(points: readonly Point[]): Point[] {
  const positive = points.filter(([x, y]) => x > 0 && y > 0 && Number.isFinite(y));
  if (positive.length <= MAX_POINTS) return positive;
  const [first, last] = [Math.log(positive[0][0]), Math.log(positive[positive.length - 1][0])];
  const step = (last - first) / MAX_POINTS;
  let next = first;
  return positive.filter(([x], k) => {
    if (k < positive.length - 1 && Math.log(x) < next) return false;
    next = Math.log(x) + step;
    return true;
  });
}
