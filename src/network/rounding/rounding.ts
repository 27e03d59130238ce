/** Rounding: from a feasible G of the relaxation (problem.md, program 5) to the first layer of a network. */
import type { Matrix } from '../../matrix.js';
import type { TrainingProblem } from '../../model/problem.js';
import type { Random } from '../../random.js';
import type { Kernels } from '../../wasm/kernels.js';

export interface RoundingInput {
  readonly kernels: Kernels;
  readonly problem: TrainingProblem;
  /** (n+d)×(n+d), blocks (alpha, u), in the coordinates of `problem`. */
  readonly G: Matrix;
}

/**
 * Draws U (d×m, m ≤ width) so that Σ_j u_j u_jᵀ resembles the u block of G; V is left to ridge regression. Deterministic given the
 * state of `random`.
 */
export type Rounding = (input: RoundingInput, width: number, random: Random) => Matrix;
