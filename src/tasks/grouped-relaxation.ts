/** The relaxation by cones and groups of rows, certified: the bound is computed anew from the multipliers by the proof module. */
import { cubeOf } from '../base/elementary.js';
import { relativeGap } from '../base/gap.js';
import { Matrix } from '../base/matrix.js';
import { type RunClock, unlessOver } from '../base/run.js';
import type { TrainingData } from '../problem/data.js';
import { valueAtZero } from '../problem/losses/models.js';
import { type ConeKind, coneSizes } from '../problem/parts/cone.js';
import type { Placed } from '../problem/placed.js';
import { boundOfGrouped, groupedBoundSteps } from '../proof/grouped/verify-grouped.js';
import { proofOf } from '../proof/proof.js';
import { emptyCertificate } from '../relaxation/grouped/certificate.js';
import { sizeOfGroups } from '../relaxation/grouped/cost.js';
import { solveGrouped } from '../relaxation/grouped/solve.js';
import type { ProblemSize } from '../relaxation/size.js';
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

/** A solve leaves the check of its multipliers the time it takes, but never less than this share for itself; the check may run over by so much. */
const SOLVE_SHARE = 0.6;
const CHECK_GRACE_MS = 200;

/** How long the check of all blocks takes: measured at orders 16 to 34, generously. */
function checkMs({ n, d, c }: ProblemSize, cone: ConeKind, groupSize: number): number {
  const { cones, entries } = coneSizes(cone, c);
  const rows = Math.min(n, groupSize);
  return ((n * cones) / rows) * (0.05 + 5e-5 * cubeOf(rows + d + entries));
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
  const proofMs = checkMs(size, cone, groupSize);
  const solveClock = clock.within(Math.max(SOLVE_SHARE * clock.remainingMs(), clock.remainingMs() - proofMs));
  const solution = yield* solveGrouped(algebra.kernels, problem, { ...options, groupSize }, solveClock);
  const { history } = solution;
  const value = Math.min(solution.value, valueAtZero(problem));
  const heartbeat = (): Progress => ({
    kind: 'heartbeat',
    phase: 'relaxation',
    iteration: 0,
    elapsedMs: clock.elapsedMs(),
    value,
  });
  const checking = groupedBoundSteps(problem, solution.certificate);
  const checked = yield* unlessOver(checking, clock, CHECK_GRACE_MS + proofMs, heartbeat);
  const certificate = checked ? solution.certificate : emptyCertificate(problem, cone);
  const { lowerBound } = checked ?? boundOfGrouped(problem, certificate);
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
