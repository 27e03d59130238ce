/** Faults outside the proof: they make results worse, never a bound false. At most a tenth may survive. */
import type { Mutant } from '../mutant.js';

const RELAXATION: readonly Mutant[] = [
  {
    name: 'the residual of conjugate gradients with its sign flipped',
    file: 'src/relaxation/backends/cg.ts',
    find: 'algebra.axpy(-length, flat(this.#image), flat(this.#R));',
    replace: 'algebra.axpy(length, flat(this.#image), flat(this.#R));',
    tests: ['test/relaxation/methods.test.ts'],
  },
  {
    name: 'the residual after a correction of the rows with its sign flipped',
    file: 'src/relaxation/backends/cg.ts',
    find: 'algebra.axpy(-1, flat(this.#X), flat(this.#R));',
    replace: 'algebra.axpy(1, flat(this.#X), flat(this.#R));',
    tests: ['test/relaxation/methods.test.ts'],
  },
  {
    name: 'the point with the smallest bound is kept instead of the largest',
    file: 'src/relaxation/incumbent.ts',
    find: 'if (bound > best.bound)',
    replace: 'if (bound < best.bound)',
    tests: ['test/relaxation/relaxation.test.ts'],
  },
];

const NETWORKS: readonly Mutant[] = [
  {
    name: 'elimination keeps the worst attempt',
    file: 'src/network/prune.ts',
    find: 'candidate.loss < best.loss',
    replace: 'candidate.loss > best.loss',
    tests: ['test/network/rounding.test.ts', 'test/tasks/width-sweep.test.ts'],
  },
];

const GROWTH: readonly Mutant[] = [
  {
    name: 'growth drops the neurons with mass and keeps the dead ones',
    file: 'src/growth/grow.ts',
    find: 'masses[j] > least ||',
    replace: 'masses[j] < least ||',
    tests: ['test/growth/grow.test.ts'],
  },
];

export const SOLVER_MUTANTS: readonly Mutant[] = [...RELAXATION, ...NETWORKS, ...GROWTH];
