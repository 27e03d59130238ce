/** L-BFGS with backtracking (J. Nocedal, S. Wright, Numerical Optimization, Algorithm 7.4 and §3.1), plain. */

export type Objective = (x: Float64Array) => { value: number; gradient: Float64Array };

const MEMORY = 10;
/** Armijo's share of the predicted decrease, and the halvings after which the descent ends. */
const DECREASE = 1e-4;
const HALVINGS = 30;

/** A point with an objective at most that of x. */
export function descend(objective: Objective, x: Float64Array, iterations: number): Float64Array {
  let current = { x, ...objective(x) };
  const pairs: { s: Float64Array; y: Float64Array; curvature: number }[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) {
    const direction = current.gradient.map((entry) => -entry);
    const coefficients: number[] = [];
    for (const { s, y, curvature } of pairs.toReversed()) {
      const coefficient = dot(s, direction) / curvature;
      coefficients.push(coefficient);
      addMultiple(direction, -coefficient, y);
    }
    const last = pairs.at(-1);
    if (last) scale(direction, last.curvature / dot(last.y, last.y));
    for (const { s, y, curvature } of pairs) {
      addMultiple(direction, (coefficients.pop() as number) - dot(y, direction) / curvature, s);
    }

    const slope = dot(direction, current.gradient);
    let step = last ? 1 : 1 / (1 + Math.sqrt(dot(direction, direction)));
    let next: typeof current | undefined;
    for (let halving = 0; halving < HALVINGS && slope < 0; halving++, step /= 2) {
      const trial = current.x.map((value, k) => value + step * direction[k]);
      const result = objective(trial);
      if (result.value <= current.value + DECREASE * step * slope) {
        next = { x: trial, ...result };
        break;
      }
    }
    if (!next) break;
    const s = next.x.map((value, k) => value - current.x[k]);
    const y = next.gradient.map((value, k) => value - current.gradient[k]);
    const curvature = dot(s, y);
    if (curvature > 0) pairs.push({ s, y, curvature });
    if (pairs.length > MEMORY) pairs.shift();
    current = next;
  }
  return current.x;
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k] * y[k];
  return sum;
}

function addMultiple(x: Float64Array, factor: number, y: Float64Array): void {
  for (let k = 0; k < x.length; k++) x[k] += factor * y[k];
}

function scale(x: Float64Array, factor: number): void {
  for (let k = 0; k < x.length; k++) x[k] *= factor;
}
