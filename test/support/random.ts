/** Seeded random training problems, the degenerate ones included. */
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import type { TrainingProblem } from '../../src/problem/problem.js';
import { multiply, randomMatrix } from './matrices.js';
import { squaredProblem } from './problem.js';

export const DEGENERACIES = [
  'none',
  'zero rows',
  'duplicate rows',
  'parallel rows',
  'antiparallel rows',
  'all at once',
  'rank-deficient',
  'more columns than rows',
  'one row',
  'constant column',
  'zero X',
  'zero Y',
] as const;
export type Degeneracy = (typeof DEGENERACIES)[number];

export interface RandomProblem extends TrainingProblem {
  readonly name: string;
  readonly degeneracy: Degeneracy;
}

/** Rows copied with a factor from an earlier row, for the degeneracies that are about pairs of rows. */
const ROW_FACTORS: Partial<Record<Degeneracy, readonly number[]>> = {
  'zero rows': [0],
  'duplicate rows': [1],
  'parallel rows': [0.5, 3, 1.1],
  'antiparallel rows': [-1, -0.3, -2],
  'all at once': [0, 1, 0.7, -1, -1.9],
};

/** n 1–20, d 1–6, c 1–3 unless given; the degeneracy follows from the seed unless given. */
export function randomProblem(
  seed: number,
  fixed: { n?: number; d?: number; c?: number; reg?: number; degeneracy?: Degeneracy } = {},
): RandomProblem {
  const random = new Random(seed);
  const degeneracy = fixed.degeneracy ?? DEGENERACIES[seed % DEGENERACIES.length];
  let n = fixed.n ?? 1 + random.integer(20);
  let d = fixed.d ?? 1 + random.integer(6);
  const c = fixed.c ?? 1 + random.integer(3);
  if (degeneracy === 'one row') n = 1;
  if (degeneracy === 'more columns than rows') d = n + 1 + random.integer(3);
  const reg = fixed.reg ?? 10 ** (random.uniform() * 3 - 2);
  let X = randomMatrix(random, n, d);
  const Y = degeneracy === 'zero Y' ? Matrix.zeros(n, c) : randomMatrix(random, n, c);
  const factors = ROW_FACTORS[degeneracy];
  if (factors) {
    for (let i = 1; i < n; i++) {
      if (random.uniform() < 0.5) continue;
      const source = random.integer(i);
      const factor = factors[random.integer(factors.length)];
      for (let j = 0; j < d; j++) X.set(i, j, factor * X.get(source, j));
    }
  }
  if (degeneracy === 'rank-deficient') {
    const rank = Math.max(1, d - 1 - random.integer(2));
    X = multiply(randomMatrix(random, n, rank), randomMatrix(random, rank, d));
  }
  if (degeneracy === 'constant column') for (let i = 0; i < n; i++) X.set(i, d - 1, 1);
  if (degeneracy === 'zero X') X = Matrix.zeros(n, d);
  return {
    ...squaredProblem(X, Y, reg),
    degeneracy,
    name: `seed ${seed}: n ${n}, d ${d}, c ${c}, reg ${reg.toPrecision(2)}, ${degeneracy}`,
  };
}

/** U d×m and V c×m with standard normal entries. */
export function randomNetwork(random: Random, d: number, c: number, width: number): { U: Matrix; V: Matrix } {
  return { U: randomMatrix(random, d, width), V: randomMatrix(random, c, width) };
}
