/** The best points seen: G by value, (a, N, w) by bound. */
import type { Algebra } from '../linalg/algebra.js';
import type { Vector, View } from '../linalg/views.js';
import type { Objective } from './objective.js';
import type { Point } from './point.js';

export interface Incumbent {
  value: number;
  bound: number;
  readonly Lambda: View;
  readonly a: View;
  readonly N: Vector;
  readonly w: Vector;
}

export function createIncumbent(algebra: Algebra, point: Point): Incumbent {
  const copy = (A: View): View => algebra.matrix(A.rows, A.columns);
  return {
    value: Number.POSITIVE_INFINITY,
    bound: Number.NEGATIVE_INFINITY,
    Lambda: copy(point.Lambda),
    a: copy(point.a),
    N: algebra.vector(point.N.length),
    w: algebra.vector(point.w.length),
  };
}

/** Keeps the point's value and bound when they are the best so far. */
export function* keepBest(
  algebra: Algebra,
  objective: Objective,
  point: Point,
  best: Incumbent,
): Generator<void, void> {
  const value = yield* objective.value(point);
  if (value < best.value) {
    best.value = value;
    algebra.copyMatrix(point.Lambda, best.Lambda);
  }
  const bound = objective.bound(point.a);
  if (bound > best.bound) {
    best.bound = bound;
    algebra.copyMatrix(point.a, best.a);
    algebra.copy(point.N, best.N);
    algebra.copy(point.w, best.w);
  }
}
