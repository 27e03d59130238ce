/** Matrices and problems in the memory of one kernel instance, which is never freed: tests are short. */
import type { Matrix } from '../../src/base/matrix.js';
import { createKernelsSync, type Kernels } from '../../src/engine/kernels.js';
import { Algebra } from '../../src/linalg/algebra.js';
import { PlacedMatrix } from '../../src/linalg/placed-matrix.js';
import { type Placed, placeProblem as place } from '../../src/problem/placed.js';
import type { TrainingProblem } from '../../src/problem/problem.js';

let kernels: Kernels | undefined;

const instance = (): Kernels => {
  kernels ??= createKernelsSync();
  return kernels;
};

export const placeMatrix = (X: Matrix): PlacedMatrix => new PlacedMatrix(new Algebra(instance()), X);

export const placeProblem = (problem: TrainingProblem): Placed => place(instance(), problem);
