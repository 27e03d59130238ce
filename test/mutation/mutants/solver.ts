/** Faults outside the proof: they make results worse, never a bound false. At most a tenth may survive. */
import type { Mutant } from '../mutant.js';
import { GROWTH_MUTANTS } from './growth.js';
import { KERNEL_MUTANTS } from './kernels.js';
import { NETWORK_MUTANTS } from './network.js';
import { PROBLEM_MUTANTS } from './problem.js';
import { RELAXATION_MUTANTS } from './relaxation.js';

export const SOLVER_MUTANTS: readonly Mutant[] = [
  ...RELAXATION_MUTANTS,
  ...NETWORK_MUTANTS,
  ...GROWTH_MUTANTS,
  ...PROBLEM_MUTANTS,
  ...KERNEL_MUTANTS,
];
