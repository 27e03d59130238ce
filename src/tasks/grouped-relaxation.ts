/** The relaxation by cones and groups of rows, certified: the bound is computed anew from the multipliers by the proof module. */
import { relativeGap } from '../base/gap.js';
import { Matrix } from '../base/matrix.js';
import type { RunClock } from '../base/run.js';
import type { TrainingData } from '../problem/data.js';
import { valueAtZero } from '../problem/losses/models.js';
import type { ConeKind } from '../problem/parts/cone.js';
import type { Placed } from '../problem/placed.js';
import { boundOfGrouped } from '../proof/grouped/verify-grouped.js';
import { proofOf } from '../proof/proof.js';
import { sizeOfGroups } from '../relaxation/grouped/cost.js';
import { solveGrouped } from '../relaxation/grouped/solve.js';
import { NO_TIME } from '../relaxation/timings.js';
import type { Progress } from './progress.js';
import type { RelaxationResult } from './relaxation-result.js';
import { judge } from './status.js';

/** Rows a group: as given, or the most that a solve of a few minutes allows. */
export type GroupSize = number | 'auto';

export interface GroupedSolveOptions {
  readonly cone: ConeKind;
  readonly groupSize: GroupSize;
  readonly tolerance: number;
  readonly maxIterations: number;
}

/** @param given where the placed problem comes from; its reg may be another */
export function* groupedSteps(
  { problem, algebra }: Placed,
  given: TrainingData,
  options: GroupedSolveOptions,
  clock: RunClock,
): Generator<Progress, RelaxationResult> {
  const data = { ...given, problem };
  const { cone, tolerance } = options;
  const { X, Y } = problem;
  const size = { n: X.rows, d: X.columns, c: Y.columns };
  const groupSize = sizeOfGroups(size, options);
  const solution = yield* solveGrouped(algebra.kernels, problem, { ...options, groupSize }, clock);
  const { certificate, history } = solution;
  const value = Math.min(solution.value, valueAtZero(problem));
  const lowerBound = certificate ? boundOfGrouped(problem, certificate).lowerBound : 0;
  const gap = relativeGap(value, lowerBound);
  const last = history.at(-1);
  return {
    status: judge(gap, tolerance, solution.status),
    value,
    lowerBound,
    gap,
    iterations: last?.iteration ?? 0,
    flops: last?.flops ?? 0,
    factorizations: last?.factorizations ?? 0,
    timings: NO_TIME,
    history,
    cone,
    groupSize: last?.groupSize ?? 0,
    G: Matrix.zeros(0, 0),
    proof: proofOf(data, { lowerBound, grouped: certificate }),
  };
}
