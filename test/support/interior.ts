/** The solver's collaborators on one problem, and random strictly interior points of it: what tests of the relaxation's parts begin with. */

import { Matrix } from '../../src/base/matrix.js';
import type { Random } from '../../src/base/random.js';
import { complete } from '../../src/base/run.js';
import { createKernelsSync } from '../../src/engine/kernels.js';
import { Algebra } from '../../src/linalg/algebra.js';
import { flat, type Vector, type View } from '../../src/linalg/views.js';
import type { ReducedProblem, TrainingProblem } from '../../src/problem/problem.js';
import { Objective } from '../../src/relaxation/objective.js';
import { createPoint, type Point } from '../../src/relaxation/point.js';
import { reduceProblem } from '../../src/relaxation/reduce.js';
import { type ScaledProblem, scaleProblem } from '../../src/relaxation/scaled-problem.js';
import { Stack } from '../../src/relaxation/stack.js';
import { dualReach, startPoint } from '../../src/relaxation/start.js';
import { completePrimal } from '../../src/relaxation/state.js';
import { factoriseDual } from '../../src/relaxation/step.js';
import { combine, multiply, randomMatrix } from './matrices.js';

export interface Setting {
  readonly reduced: ReducedProblem;
  readonly algebra: Algebra;
  readonly problem: ScaledProblem;
  readonly stack: Stack;
  readonly objective: Objective;
}

/** The problem reduced, scaled and placed as a solve does it. */
export function settingOf(training: TrainingProblem): Setting {
  const { reduced } = reduceProblem(training);
  const algebra = new Algebra(createKernelsSync());
  const problem = scaleProblem(algebra, reduced);
  return {
    reduced,
    algebra,
    problem,
    stack: new Stack(algebra, problem),
    objective: new Objective(algebra, problem),
  };
}

/** A copy of a packed matrix. */
export const readMatrix = ({ algebra }: Setting, A: View): Matrix =>
  new Matrix(algebra.read(flat(A)), A.rows, A.columns);

export const writeMatrix = ({ algebra }: Setting, A: View, values: Matrix): void => algebra.write(flat(A), values.data);

export const readVector = ({ algebra }: Setting, v: Vector): Float64Array => algebra.read(v);

/** The closed-form start. @throws Error where there is none */
export function startOf({ algebra, stack, objective, problem }: Setting, theta = 0.1): Point {
  const point = createPoint(algebra, problem);
  if (!complete(startPoint(algebra, stack, objective, theta, dualReach(algebra, problem), point))) {
    throw new Error('no strictly feasible start');
  }
  return point;
}

/**
 * A strictly feasible point far from the central path: on the primal side random neurons (alpha, u, v) and `depth` times the start, on the
 * dual side the start moved in a random direction as long as Z ≻ 0 and N > 0. The smaller the depth, the nearer to the boundary.
 */
export function randomInteriorPoint(setting: Setting, random: Random, depth = 1): Point {
  const { algebra, stack, problem } = setting;
  const { n, d, c, m, p } = problem;
  const point = startOf(setting);
  const Xw = readMatrix(setting, problem.Xw);
  const neurons = Matrix.zeros(p, 5);
  for (let j = 0; j < 5; j++) {
    const u = randomMatrix(random, d, 1);
    multiply(Xw, u).data.forEach((h, i) => {
      neurons.set(i, j, Math.max(0, h));
    });
    for (let k = 0; k < d; k++) neurons.set(n + k, j, u.data[k]);
    for (let k = 0; k < c; k++) neurons.set(m + k, j, random.normal());
  }
  const Lambda = combine(readMatrix(setting, point.Lambda), multiply(neurons, neurons.transpose()), depth, 0.1);
  writeMatrix(setting, point.Lambda, Lambda);
  if (!complete(completePrimal(algebra, stack, point))) throw new Error('the random primal point is not interior');

  const [a, N, w] = [flat(point.a), point.N, point.w].map((part) => readVector(setting, part));
  // N keeps its size, which may be tiny; a and w move by a part of theirs
  const direction = [a, N, w].map((part) =>
    part.map((value) => random.normal() * (Math.abs(value) + (part === N ? 0 : 1e-3))),
  );
  for (let t = 1; t > 1e-9; t /= 2) {
    const moved = [a, N, w].map((part, k) => part.map((value, i) => value + t * direction[k][i]));
    algebra.write(flat(point.a), moved[0]);
    algebra.write(point.N, moved[1]);
    algebra.write(point.w, moved[2]);
    if (moved[1].every((value) => value > 0) && complete(factoriseDual(algebra, stack, point))) return point;
  }
  throw new Error('the random dual point is not interior');
}
