/** Projections: the semidefinite one by how many eigenpairs it needs, the nonnegative one beside a plain copy. */
import { benchmark, sized } from '../harness.js';
import { Operands } from './operands.js';

export async function bench(): Promise<void> {
  for (const n of sized([320, 1030], [130])) {
    const operands = await Operands.create();
    const { exports } = operands;
    const P = operands.zeros(n * n);
    const work = operands.scratch(exports.projectPsdWorkspace(n));
    const wanted = [n >> 1, ...sized([60, 20], [20])];
    await benchmark({
      name: `kernels projectPsd ${n}`,
      cases: wanted.map((k) => {
        const A = operands.withPositive(n, k);
        return { name: `${k} positive of ${n}`, run: () => exports.projectPsd(n, A, n, P, n, work) };
      }),
      secondsPerCase: n > 500 ? 4 : 1.5,
    });
  }

  const n = sized(1000, 50);
  const operands = await Operands.create();
  const { exports } = operands;
  const A = operands.symmetric(n);
  const P = operands.zeros(n * n);
  const [from, to] = [operands.kernels.arena.read(A, n * n), new Float64Array(n * n)];
  await benchmark({
    name: `kernels projectDnn ${n}`,
    cases: [
      { name: 'copy', run: () => exports.copy(n * n, A, P) },
      { name: 'projectDnn', run: () => exports.projectDnn(n, n >> 1, A, n, P, n) },
      {
        name: 'JavaScript loop',
        run: () => {
          for (let k = 0; k < from.length; k++) to[k] = Math.max(0, from[k]);
          return to;
        },
      },
    ],
    secondsPerCase: 1,
  });
}
