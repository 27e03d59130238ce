/** `convex-relu/linalg`. */
import * as linalg from '../../../src/linalg/index.js';
import { call, type Entry, matrixLike, symmetric } from './entry.js';

export const LINALG: readonly Entry[] = [
  {
    name: 'matmul',
    args: (random) => [matrixLike(2, 3, random), matrixLike(3, 2, random), { transposeA: false, transposeB: false }],
    call: call(linalg.matmul),
  },
  { name: 'gram', args: (random) => [matrixLike(3, 2, random)], call: call(linalg.gram) },
  {
    name: 'eigh',
    args: (random) => [
      symmetric(4, random),
      random.uniform() < 0.5 ? { subset: { index: [0, 2] } } : { subset: { value: [-1, 1] } },
    ],
    call: call(linalg.eigh),
  },
  { name: 'eigvalsh', args: (random) => [symmetric(4, random)], call: call(linalg.eigvalsh) },
  { name: 'smallestEigenvalue', args: (random) => [symmetric(4, random)], call: call(linalg.smallestEigenvalue) },
  {
    name: 'cholesky',
    args: (random) => [symmetric(3, random).map((row, i) => row.map((x, j) => (i === j ? 9 + x : x)))],
    call: call(linalg.cholesky),
  },
  { name: 'projectPsd', args: (random) => [symmetric(4, random)], call: call(linalg.projectPsd) },
  { name: 'projectDnn', args: (random) => [symmetric(4, random), 2], call: call(linalg.projectDnn) },
];
