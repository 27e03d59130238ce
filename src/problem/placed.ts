/**
 * The training problem in the kernels' memory: X with its decomposition and its exact oracle (proof/exact/oracle.ts) and Y, placed once
 * and used by all: reductions, roundings, polishing, growth, pricing.
 */
import type { Kernels } from '../engine/kernels.js';
import { Algebra } from '../linalg/algebra.js';
import { PlacedMatrix } from '../linalg/placed-matrix.js';
import type { View } from '../linalg/views.js';
import type { TrainingProblem } from './problem.js';

export class Placed {
  readonly problem: TrainingProblem;
  readonly algebra: Algebra;
  /** n×d. */
  readonly X: PlacedMatrix;
  /** n×c; not to be written to. */
  readonly Y: View;

  constructor(problem: TrainingProblem, X: PlacedMatrix, Y: View) {
    this.problem = problem;
    this.algebra = X.algebra;
    this.X = X;
    this.Y = Y;
  }

  /** The same data at another weight decay: nothing is copied or decomposed anew. */
  withReg(reg: number): Placed {
    return new Placed({ ...this.problem, reg }, this.X, this.Y);
  }
}

/** Copies the problem into the memory of the kernels, where it stays until the caller releases it. */
export function placeProblem(kernels: Kernels, problem: TrainingProblem): Placed {
  const algebra = new Algebra(kernels);
  return new Placed(problem, new PlacedMatrix(algebra, problem.X), algebra.place(problem.Y));
}

/** Places the problem for as long as `work` runs. */
export function* withPlaced<Pause, T>(
  kernels: Kernels,
  problem: TrainingProblem,
  work: (placed: Placed) => Generator<Pause, T>,
): Generator<Pause, T> {
  const mark = kernels.arena.mark();
  try {
    return yield* work(placeProblem(kernels, problem));
  } finally {
    kernels.arena.release(mark);
  }
}
