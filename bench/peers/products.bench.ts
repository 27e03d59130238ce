/** matmul of convex-relu/linalg, copies in and out included, against the products of other libraries. */
import { Matrix as MlMatrix } from 'ml-matrix';
import { Matrix, matmul } from '../../src/linalg/index.js';
import { type BenchCase, benchmark, sized } from '../harness.js';
import { type Dgemm, type Ndarray, type NdarrayGemm, type Numeric, optional, randomData, rowsOf } from './libraries.js';

export async function bench(): Promise<void> {
  const numeric = await optional<Numeric>('numeric');
  const dgemm = await optional<Dgemm>('@stdlib/blas-base-dgemm');
  const ndarray = await optional<Ndarray>('ndarray');
  const ndarrayGemm = await optional<NdarrayGemm>('ndarray-gemm');
  for (const n of sized([100, 300], [20])) {
    const data = randomData(n);
    const rows = rowsOf(data, n);
    const A = new Matrix(data, n, n);
    const ml = new MlMatrix(rows);
    const cases: BenchCase[] = [
      { name: 'convex-relu', run: () => matmul(A, A) },
      { name: 'ml-matrix', run: () => ml.mmul(ml) },
    ];
    if (numeric) cases.push({ name: 'numeric', run: () => numeric.dot(rows, rows) });
    if (dgemm) {
      const C = new Float64Array(n * n);
      cases.push({
        name: '@stdlib/blas',
        run: () => dgemm('row-major', 'no-transpose', 'no-transpose', n, n, n, 1, data, n, data, n, 0, C, n),
      });
    }
    if (ndarray && ndarrayGemm) {
      const [a, c] = [ndarray(data, [n, n]), ndarray(new Float64Array(n * n), [n, n])];
      cases.push({ name: 'ndarray-gemm', run: () => ndarrayGemm(c, a, a) });
    }
    await benchmark({
      name: `peers product ${n}`,
      cases: cases.map((entry) => ({ ...entry, flops: 2 * n ** 3 })),
      secondsPerCase: 2,
    });
  }
}
