/** Bounds by groups of rows for a training run: coarse ones first, larger groups as far as the time allows, the best kept. */
import { relativeGap } from '../base/gap.js';
import type { RunClock } from '../base/run.js';
import type { TrainingData } from '../problem/data.js';
import type { ConeKind } from '../problem/parts/cone.js';
import type { Placed } from '../problem/placed.js';
import { groupSizes } from '../relaxation/grouped/cost.js';
import type { ProblemSize } from '../relaxation/size.js';
import { groupedSteps } from './grouped-relaxation.js';
import type { Progress } from './progress.js';
import type { RelaxationResult } from './relaxation-result.js';

/** Shares of the flops for a first bound and for the best one. */
const SHARES = [0.1, 0.8];

interface Settings {
  readonly tolerance: number;
  readonly maxIterations: number;
  /** What all bounds together may take. */
  readonly flops: number;
  /** Whether there is to be one even where none fits into that. */
  readonly isNeeded: boolean;
  /** Of the network found: a bound within the tolerance of it is enough. */
  readonly loss: number;
}

/** The best bound; undefined when there is none, since the data are too wide or the time was over. */
export function* groupBounds(
  placed: Placed,
  data: TrainingData,
  { tolerance, maxIterations, flops, isNeeded, loss }: Settings,
  clock: RunClock,
): Generator<Progress, RelaxationResult | undefined> {
  const { X, Y } = placed.problem;
  const size = { n: X.rows, d: X.columns, c: Y.columns };
  let best: RelaxationResult | undefined;
  for (const { cone, groupSize } of plan(size, flops, isNeeded)) {
    if (clock.expired()) break;
    const result = yield* groupedSteps(placed, data, { cone, groupSize, tolerance, maxIterations }, clock);
    if (!best || result.lowerBound > best.lowerBound) best = result;
    if (relativeGap(loss, best.lowerBound) <= tolerance) break;
  }
  return best;
}

function plan(size: ProblemSize, flops: number, isNeeded: boolean): { cone: ConeKind; groupSize: number }[] {
  const anyFlops = Number.POSITIVE_INFINITY;
  const cone = (['signed', 'free'] as const).find((kind) => groupSizes(size, kind, anyFlops).length > 0);
  if (!cone) return [];
  const affordable = SHARES.flatMap((share) => groupSizes(size, cone, share * flops).slice(-1));
  const sizes = affordable.length === 0 && isNeeded ? groupSizes(size, cone, anyFlops).slice(0, 1) : affordable;
  return [...new Set(sizes)].map((groupSize) => ({ cone, groupSize }));
}
