/** What a solve by groups costs, composed of what its blocks are; and the size of groups that a budget allows. */
import { cubeOf } from '../../base/elementary.js';
import { OptionsError } from '../../base/errors.js';
import { type ConeKind, coneSizes, conesOf } from '../../problem/parts/cone.js';
import { ADDRESSABLE_BYTES } from '../cost.js';
import type { ProblemSize } from '../size.js';

export interface GroupedCost {
  readonly memoryBytes: number;
  readonly flopsPerIteration: number;
}

const BYTES_PER_GIB = 1024 * 1024 * 1024;

/** Iterations are about so many, whatever the size. */
const ITERATIONS = 18;

/** Group sizes that 'auto' chooses from, ascending, and the flops a solve may take: about a minute. */
const SIZES = [4, 8, 16, 24, 32, 48];
const BUDGET_FLOPS = 3e11;
/** Memory that 'auto' fills at most. */
const BUDGET_BYTES = 1.5 * BYTES_PER_GIB;

/** The cost of groups of m rows; the factor and the coupling of every block are kept, one set of scratch for all. */
export function groupedCost({ n, d, c }: ProblemSize, cone: ConeKind, m: number): GroupedCost {
  const cones = conesOf(cone, c);
  const rows = Math.min(m, n);
  const groups = Math.ceil(n / rows);
  let [memory, flops, entries] = [0, 0, 0];
  for (const { outputs, forms, radius } of cones) {
    const s = d + outputs.columns;
    const p = rows + s;
    const shared = (s * (s + 1)) / 2;
    const q = (rows * (rows - 1)) / 2 + rows * s;
    const count = (radius < 0 ? 2 : 3) * rows + forms.rows;
    const pairs = radius < 0 ? 2 * rows * (rows - 1) : 4 * rows * rows + forms.rows * count;
    const columns = shared + rows * c;
    memory += groups * (q * q + q * columns + 9 * p * p + 4 * pairs + count * p + 2 * s * s);
    flops +=
      groups *
      (cubeOf(q) / 3 +
        q * q * columns +
        q * shared * (shared + rows * c) +
        pairs * (3 * s * s + 2 * s * shared + shared * shared) +
        60 * cubeOf(p));
    entries += shared;
  }
  memory += groups * (rows * c) * (rows * c + entries) + 2 * entries * entries;
  flops += groups * rows * c * entries * entries + cubeOf(entries) / 3;
  return { memoryBytes: 8 * memory, flopsPerIteration: flops };
}

/** Shared entries of all cones together, at most: their system is dense. */
const MOST_SHARED = 6000;

/** The sizes of groups, ascending, whose solve takes at most so many flops and a share of memory; none where the data are too wide for any. */
export function groupSizes(size: ProblemSize, cone: ConeKind, flops: number): number[] {
  const { cones, entries } = coneSizes(cone, size.c);
  const s = size.d + entries;
  if ((cones * s * (s + 1)) / 2 > MOST_SHARED) return [];
  return SIZES.filter((m) => {
    const { flopsPerIteration, memoryBytes } = groupedCost(size, cone, m);
    return ITERATIONS * flopsPerIteration <= flops && memoryBytes <= BUDGET_BYTES;
  });
}

/**
 * Rows a group.
 *
 * @throws OptionsError where groups of the size given need more memory than WebAssembly has
 */
export function sizeOfGroups(
  size: ProblemSize,
  { cone, groupSize }: { readonly cone: ConeKind; readonly groupSize: number | 'auto' },
): number {
  const cost = (m: number): GroupedCost => groupedCost(size, cone, m);
  if (groupSize === 'auto') return groupSizes(size, cone, BUDGET_FLOPS).at(-1) ?? SIZES[0];
  if (cost(groupSize).memoryBytes <= ADDRESSABLE_BYTES) return groupSize;
  let fits = Math.min(groupSize, size.n);
  while (fits > 1 && cost(fits).memoryBytes > ADDRESSABLE_BYTES) fits = Math.floor(fits / 2) || 1;
  throw new OptionsError(
    'groupSize',
    `groups of ${Math.min(groupSize, size.n)} rows need about ${(cost(groupSize).memoryBytes / BYTES_PER_GIB).toPrecision(2)} GiB; ${fits} would fit, 'auto' chooses`,
  );
}
