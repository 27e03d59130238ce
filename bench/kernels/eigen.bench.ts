/** The symmetric eigensolver: all pairs, values only, few pairs, and the scaling step of the interior point. */
import { type BenchCase, benchmark, sized } from '../harness.js';
import { Operands } from './operands.js';

export async function bench(): Promise<void> {
  for (const n of sized([80, 160, 320, 640, 1030], [20, 130])) {
    const operands = await Operands.create();
    const { exports } = operands;
    const A = operands.symmetric(n);
    const [w, V] = [operands.zeros(n), operands.zeros(n * n)];
    const work = operands.scratch(exports.eighWorkspace(n));
    const valuesWork = operands.scratch(exports.eigenvaluesWorkspace(n));
    const few = Math.ceil(n / 20);
    const cases: BenchCase[] = [
      { name: `eigh ${n}`, flops: (14 / 3) * n ** 3, run: () => exports.eigh(n, A, n, w, V, n, work) },
      { name: `eighRange ${few} of ${n}`, run: () => exports.eighRange(n, A, n, n - few, n, w, V, n, work) },
      { name: `eigenvalues ${n}`, flops: (4 / 3) * n ** 3, run: () => exports.eigenvalues(n, A, n, w, valuesWork) },
      { name: `smallestEigenvalue ${n}`, run: () => exports.smallestEigenvalue(n, A, n, valuesWork) },
    ];
    if (n <= 320) {
      const L = operands.positiveDefinite(n);
      const R = operands.positiveDefinite(n);
      const choleskyWork = operands.scratch(exports.choleskyWorkspace(n));
      for (const factor of [L, R]) exports.cholesky(n, factor, n, choleskyWork);
      const scalingWork = operands.scratch(exports.ntScalingWorkspace(n));
      cases.push({ name: `ntScaling ${n}`, run: () => exports.ntScaling(n, L, n, R, n, w, V, n, scalingWork) });
    }
    await benchmark({ name: `kernels eigen ${n}`, cases, secondsPerCase: n > 500 ? 3 : 1.5 });
  }
}
