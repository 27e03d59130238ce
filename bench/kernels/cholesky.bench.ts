/** Cholesky and the triangular kernels; each case includes copying its operand, which costs memory speed. */
import { benchmark, sized } from '../harness.js';
import { Operands } from './operands.js';

export async function bench(): Promise<void> {
  for (const n of sized([200, 500, 1030], [50])) {
    const operands = await Operands.create();
    const { exports } = operands;
    const A = operands.positiveDefinite(n);
    const B = operands.random(n * n);
    const [L, X, scrap] = [operands.zeros(n * n), operands.zeros(n * n), operands.zeros(n * n)];
    const work = operands.scratch(Math.max(exports.choleskyWorkspace(n), exports.solveLowerWorkspace(n, n)));
    const inverseWork = operands.scratch(exports.triangularInverseWorkspace(n));
    exports.copy(n * n, A, L);
    exports.cholesky(n, L, n, work);
    await benchmark({
      name: `kernels cholesky ${n}`,
      cases: [
        {
          name: `cholesky ${n}`,
          flops: n ** 3 / 3,
          run: () => {
            exports.copy(n * n, A, scrap);
            return exports.cholesky(n, scrap, n, work);
          },
        },
        {
          name: `solveLower ${n}`,
          flops: n ** 3,
          run: () => {
            exports.copy(n * n, B, X);
            exports.solveLower(n, n, L, n, X, n, work);
          },
        },
        {
          name: `solveLowerTransposed ${n}`,
          flops: n ** 3,
          run: () => {
            exports.copy(n * n, B, X);
            exports.solveLowerTransposed(n, n, L, n, X, n, work);
          },
        },
        {
          name: `triangularInverse ${n}`,
          flops: n ** 3 / 3,
          run: () => exports.triangularInverse(n, L, n, X, n, inverseWork),
        },
      ],
      secondsPerCase: 1.5,
    });
  }
}
