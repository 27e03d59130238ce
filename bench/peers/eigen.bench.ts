/** eigh and cholesky of convex-relu/linalg, copies in and out included, against ml-matrix. */
import { CholeskyDecomposition, EigenvalueDecomposition, Matrix as MlMatrix } from 'ml-matrix';
import { cholesky, eigh, gram, Matrix } from '../../src/linalg/index.js';
import { benchmark, sized } from '../harness.js';
import { rowsOf, symmetricData } from './libraries.js';

export async function bench(): Promise<void> {
  for (const n of sized([80, 320, 640], [20])) {
    const data = symmetricData(n);
    const A = new Matrix(data, n, n);
    const ml = new MlMatrix(rowsOf(data, n));
    await benchmark({
      name: `peers eigh ${n}`,
      cases: [
        { name: 'convex-relu', run: () => eigh(A) },
        { name: 'ml-matrix', run: () => new EigenvalueDecomposition(ml, { assumeSymmetric: true }) },
      ],
      secondsPerCase: 3,
    });
    const definite = gram(A);
    for (let i = 0; i < n; i++) definite.set(i, i, definite.get(i, i) + n);
    const mlDefinite = new MlMatrix(definite.toArray());
    await benchmark({
      name: `peers cholesky ${n}`,
      cases: [
        { name: 'convex-relu', run: () => cholesky(definite), flops: n ** 3 / 3 },
        { name: 'ml-matrix', run: () => new CholeskyDecomposition(mlDefinite), flops: n ** 3 / 3 },
      ],
      secondsPerCase: 2,
    });
  }
}
