/** GEMM in every shape that the other kernels call it in. */
import { FULL, LOWER } from '../../src/engine/constants.js';
import { type BenchCase, benchmark, sized } from '../harness.js';
import { Operands } from './operands.js';

export async function bench(): Promise<void> {
  const operands = await Operands.create();
  const { exports } = operands;
  const work = operands.scratch(exports.gemmWorkspace());
  const most = sized(1000, 50);
  const [A, B, C, w] = [
    operands.random(most * most),
    operands.random(most * most),
    operands.zeros(most * most),
    operands.random(most),
  ];
  const product = (
    name: string,
    m: number,
    n: number,
    k: number,
    right: 'B' | 'Bᵀ',
    options: { tri?: number; w?: number } = {},
  ): BenchCase => ({
    name: `${name} ${m}×${n}×${k}`,
    flops: 2 * m * n * k * (options.tri ? 0.5 : 1),
    run: () => {
      const [brs, bcs] = right === 'B' ? [n, 1] : [1, k];
      exports.gemm(m, n, k, 1e-9, A, k, 1, B, brs, bcs, options.w ?? 0, C, n, options.tri ?? FULL, work);
    },
  });
  const sizes = sized([200, 500, 1000], [50]);
  await benchmark({
    name: 'kernels gemm',
    cases: [
      ...sizes.map((n) => product('A B', n, n, n, 'B')),
      ...sizes.map((n) => product('A Bᵀ lower', n, n, n, 'Bᵀ', { tri: LOWER })),
      ...sizes.map((n) => product('A diag(w) Bᵀ lower', n, n, 40, 'Bᵀ', { tri: LOWER, w })),
      ...sizes.map((n) => product('A B shallow', n, n, 32, 'B')),
    ],
    secondsPerCase: 1.5,
  });
}
