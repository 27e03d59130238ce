import { beforeAll, describe, expect, it } from 'vitest';
import { createKernels } from '../../src/engine/kernels.js';
import { Algebra } from '../../src/linalg/algebra.js';
import type { Vector } from '../../src/linalg/views.js';
import { DEFAULT_LBFGS_OPTIONS, type LbfgsResult, minimizeLbfgs } from '../../src/network/lbfgs.js';
import { expectAllWithin, expectWithin } from '../support/tolerance.js';

let algebra: Algebra;
beforeAll(async () => {
  algebra = new Algebra(await createKernels());
});

type Gradient = (x: Float64Array, gradient: Float64Array) => number;

/** Minimises a function given on plain arrays; returns the minimiser, the outcome and the values after each step. */
function minimize(start: readonly number[], f: Gradient, options = {}) {
  const x = algebra.placeVector(start);
  const evaluate = (point: Vector, gradient: Vector): number => {
    const g = new Float64Array(x.length);
    const value = f(algebra.read(point), g);
    algebra.write(gradient, g);
    return value;
  };
  const work = minimizeLbfgs(algebra, x, evaluate, { ...DEFAULT_LBFGS_OPTIONS, ...options });
  const values: number[] = [];
  let step = work.next();
  for (; !step.done; step = work.next()) values.push(step.value.value);
  return { x: algebra.read(x), result: step.value as LbfgsResult, values };
}

const rosenbrock: Gradient = (x, g) => {
  let f = 0;
  for (let k = 0; k + 1 < x.length; k++) {
    const a = x[k + 1] - x[k] ** 2;
    f += 100 * a * a + (1 - x[k]) ** 2;
    g[k] += -400 * a * x[k] - 2 * (1 - x[k]);
    g[k + 1] += 200 * a;
  }
  return f;
};

const isDescending = (values: readonly number[]) => values.every((value, k) => k === 0 || value <= values[k - 1]);

describe('L-BFGS', () => {
  it.each([2, 7, 30])('minimises Rosenbrock in %i variables', (N) => {
    const start = Array.from({ length: N }, (_, k) => (k % 2 === 0 ? -1.2 : 1));
    const { x, result, values } = minimize(start, rosenbrock, { decreaseTolerance: 0 });
    expect(result.stop).toBe('gradient');
    expectAllWithin(x, new Float64Array(N).fill(1), 1e-7);
    expect(isDescending(values)).toBe(true);
  });

  it('takes no step that raises the function, however little', () => {
    // the first step tried is 1, where it is 5e-5 higher
    const { values } = minimize([0], ([x], g) => {
      g[0] = 2.0001 * x - 1;
      return 10 + 1.00005 * x * x - x;
    });
    expect(values[0]).toBeLessThan(10);
  });

  it('finds the minimum of a quadratic with condition number 1e4', () => {
    const N = 20;
    const weight = (k: number) => 10 ** ((4 * k) / (N - 1));
    const quadratic: Gradient = (x, g) => {
      let f = 0;
      for (let k = 0; k < N; k++) {
        f += 0.5 * weight(k) * (x[k] - k) ** 2;
        g[k] = weight(k) * (x[k] - k);
      }
      return f;
    };
    const { x, result } = minimize(new Array(N).fill(0), quadratic, { decreaseTolerance: 0, gradientTolerance: 1e-7 });
    expect(result.stop).toBe('gradient');
    expectAllWithin(
      x,
      Array.from({ length: N }, (_, k) => k),
      1e-7,
    );
  });

  it('descends a nonsmooth convex function to its minimum at a kink', () => {
    const absolute: Gradient = (x, g) => {
      g[0] = 10 * Math.sign(x[0]) + x[0];
      g[1] = Math.sign(x[1] - 1) + x[1] - 1;
      return 10 * Math.abs(x[0]) + 0.5 * x[0] ** 2 + Math.abs(x[1] - 1) + 0.5 * (x[1] - 1) ** 2;
    };
    const { result, values } = minimize([3, -4], absolute);
    expectWithin(result.value, 0, 1e-8);
    expect(isDescending(values)).toBe(true);
  });

  it('backs off from points where the function is not finite', () => {
    const barrier: Gradient = (x, g) => {
      g[0] = 1 - 1e-3 / x[0];
      return x[0] > 0 ? x[0] - 1e-3 * Math.log(x[0]) : Number.NaN;
    };
    const { x } = minimize([5], barrier);
    expectWithin(x[0], 1e-3, 1e-8);
  });

  it('ends at once where the gradient is zero, and when the function is NaN everywhere', () => {
    expect(minimize([0, 0], (x) => x[0] ** 2 + x[1] ** 2).result).toMatchObject({ stop: 'gradient', iteration: 0 });
    expect(minimize([1], () => Number.NaN).result).toMatchObject({ stop: 'line-search', iteration: 0 });
  });

  it('stops at the iteration cap and on a small decrease', () => {
    expect(minimize([-1.2, 1], rosenbrock, { maxIterations: 3 }).result).toMatchObject({
      stop: 'max-iterations',
      iteration: 3,
    });
    const { result } = minimize([-1.2, 1], rosenbrock, { decreaseTolerance: 0.999, gradientTolerance: 0 });
    expect(result.stop).toBe('decrease');
  });

  it('gives the same bits twice', () => {
    const start = [-1.2, 1, 0.3, -0.7];
    expect(minimize(start, rosenbrock).x).toEqual(minimize(start, rosenbrock).x);
  });

  it('gives its memory back, also when left early', () => {
    const { arena } = algebra.kernels;
    const x = algebra.vector(3);
    const mark = arena.mark();
    const work = minimizeLbfgs(algebra, x, (_, gradient) => {
      algebra.fill(gradient, 1);
      return 1;
    });
    work.next();
    work.return(undefined as never);
    expect(arena.mark()).toEqual(mark);
  });
});
