/** Heapsort: in place, no recursion, n log n on any input. */
import { get, put } from '../address';

function sift(x: usize, start: i32, end: i32): void {
  const value = get(x, start);
  let hole = start;
  for (let child = 2 * hole + 1; child < end; child = 2 * hole + 1) {
    if (child + 1 < end && get(x, child + 1) > get(x, child)) child++;
    if (get(x, child) <= value) break;
    put(x, hole, get(x, child));
    hole = child;
  }
  put(x, hole, value);
}

/** Sorts n finite numbers ascending. */
export function sortValues(n: i32, x: usize): void {
  for (let i = (n >> 1) - 1; i >= 0; i--) sift(x, i, n);
  for (let end = n - 1; end > 0; end--) {
    const largest = get(x, 0);
    put(x, 0, get(x, end));
    put(x, end, largest);
    sift(x, 0, end);
  }
}
