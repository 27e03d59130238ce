/** Faults in what a bound rests on: the certificate, the exact oracle and the cone kernel. None may survive. */
import type { Mutant } from '../mutant.js';

const CERTIFICATE: readonly Mutant[] = [
  {
    name: 'the dual point’s step is rounded upwards',
    file: 'src/proof/dual-bound.ts',
    find: 'gain - up(up(t * square) / 2)',
    replace: 'gain + up(up(t * square) / 2)',
    tests: ['test/proof/verify.test.ts'],
  },
];

const CONE_KERNEL: readonly Mutant[] = [
  {
    name: 'surely active rows are not added to the sum',
    file: 'assembly/exact/cone.ts',
    find: 'get(search.sum, a * d + j) + get(r, a) * get(z, j)',
    replace: 'get(search.sum, a * d + j) - get(r, a) * get(z, j)',
    tests: ['test/proof/exact/oracle.test.ts'],
  },
];

export const PROOF_MUTANTS: readonly Mutant[] = [...CERTIFICATE, ...CONE_KERNEL];
