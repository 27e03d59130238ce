/** A whole solve of the grouped relaxation: groups, start, iterations, and the multipliers of the best bound in the user's units. */
import { relativeGap } from '../../base/gap.js';
import type { RunClock } from '../../base/run.js';
import type { Heartbeat, Report, RunStatus } from '../../base/types.js';
import type { Kernels } from '../../engine/kernels.js';
import { Algebra } from '../../linalg/algebra.js';
import { dualPointAtZero, valueAtZero } from '../../problem/losses/models.js';
import { type ConeKind, conesOf } from '../../problem/parts/cone.js';
import type { GroupedCertificate } from '../../problem/parts/groups.js';
import type { TrainingProblem } from '../../problem/problem.js';
import type { GroupedRecord } from '../records.js';
import { Stopping } from '../stopping.js';
import { emptyCertificate, groupedCertificate } from './certificate.js';
import { groupedCost } from './cost.js';
import { GroupedIteration, type StepSizes } from './iteration.js';
import { neighbourGroupSteps } from './neighbours.js';
import { GroupedPoint } from './point.js';
import { placeGroups } from './problem.js';

export interface GroupedOptions {
  readonly cone: ConeKind;
  /** Rows a group, at most. */
  readonly groupSize: number;
  readonly tolerance: number;
  readonly maxIterations: number;
}

export interface GroupedSolution {
  readonly status: RunStatus;
  /** Best value of the relaxation. */
  readonly value: number;
  /** What proves the bound. */
  readonly certificate: GroupedCertificate;
  readonly history: readonly GroupedRecord[];
}

const NO_STEP: StepSizes = { primal: 0, dual: 0, centring: 0 };

/** Milliseconds between two reports. */
const REPORT_MS = 25;

/** The kernels' arena is as before when it ends. Yields one record per iterate and heartbeats in between. */
export function* solveGrouped(
  kernels: Kernels,
  problem: TrainingProblem,
  options: GroupedOptions,
  clock: RunClock,
): Generator<GroupedRecord | Heartbeat, GroupedSolution> {
  const mark = kernels.arena.mark();
  try {
    return yield* iterate(new Algebra(kernels), problem, options, clock);
  } finally {
    kernels.arena.release(mark);
  }
}

function* iterate(
  algebra: Algebra,
  problem: TrainingProblem,
  options: GroupedOptions,
  clock: RunClock,
): Generator<GroupedRecord | Heartbeat, GroupedSolution> {
  const { cone } = options;
  if (dualPointAtZero(problem).data.every((entry) => entry === 0)) return known(problem, cone, 'converged');
  const ready = yield* paced(setUp(algebra, problem, options), { phase: 'relaxation', iteration: 0 }, clock);
  if (ready === 'expired') return known(problem, cone, clock.expiredStatus());
  if (ready === 'no rows') return known(problem, cone, 'converged');
  if (ready === 'no start') return known(problem, cone, 'stalled');
  const { point, groups, largestGroup } = ready;
  const history: GroupedRecord[] = [];
  const best = { value: Number.POSITIVE_INFINITY, bound: Number.NEGATIVE_INFINITY };
  const stopping = new Stopping({ ...options, clock });
  const certificate = (): GroupedCertificate => groupedCertificate(algebra, problem, cone, point);
  const { values } = point.problem.units;
  const solution = (status: RunStatus, proof: GroupedCertificate): GroupedSolution => ({
    status,
    value: values * best.value,
    certificate: proof,
    history,
  });
  const iteration = new GroupedIteration(algebra, point);
  let step = NO_STEP;
  /** The multipliers of the best bound, once a step leads to a lower one. */
  let kept: GroupedCertificate | undefined;
  for (let k = 0; ; k++) {
    const bound = point.bound();
    if (bound > best.bound) kept = undefined;
    best.value = Math.min(best.value, point.value());
    best.bound = Math.max(best.bound, bound);
    const gap = relativeGap(best.value, best.bound);
    const standing = {
      phase: 'relaxation',
      iteration: k,
      value: values * best.value,
      lowerBound: values * best.bound,
      gap,
    } as const;
    const record: GroupedRecord = {
      kind: 'grouped',
      ...standing,
      elapsedMs: clock.elapsedMs(),
      flops: algebra.flops,
      factorizations: algebra.factorizations,
      groupSize: largestGroup,
      groups,
      mu: point.mu(),
      primalStep: step.primal,
      dualStep: step.dual,
      centring: step.centring,
    };
    history.push(record);
    yield record;
    const status = stopping.check(k, gap);
    if (status) return solution(status, kept ?? certificate());
    const keep = (): void => {
      if (bound === best.bound) kept = certificate();
    };
    const moved = yield* paced(iteration.step(keep), standing, clock);
    if (moved === 'expired') return solution(clock.expiredStatus(), kept ?? certificate());
    if (!moved || (moved.primal === 0 && moved.dual === 0)) return solution('stalled', kept ?? certificate());
    step = moved;
  }
}

interface Ready {
  readonly point: GroupedPoint;
  readonly groups: number;
  readonly largestGroup: number;
}

/** Groups, blocks and the first point. */
function* setUp(
  algebra: Algebra,
  problem: TrainingProblem,
  { cone, groupSize }: GroupedOptions,
): Generator<void, Ready | 'no rows' | 'no start'> {
  const { X, Y } = problem;
  const partition = yield* neighbourGroupSteps(X, groupSize);
  if (partition.length === 0) return 'no rows';
  const largestGroup = partition.reduce((size, rows) => Math.max(size, rows.length), 0);
  // at once: memory that grows block by block costs a collection each time
  const size = { n: X.rows, d: X.columns, c: Y.columns };
  algebra.kernels.arena.reserve(groupedCost(size, cone, largestGroup).memoryBytes);
  const placed = yield* placeGroups(algebra, problem, conesOf(cone, Y.columns), partition);
  const point = new GroupedPoint(algebra, placed);
  return (yield* point.start()) ? { point, groups: partition.length, largestGroup } : 'no start';
}

/** What is known without an iterate: the zero network, and the bound from the lengths of the rows, exact where they are 0. */
function known(problem: TrainingProblem, cone: ConeKind, status: RunStatus): GroupedSolution {
  const value = valueAtZero(problem);
  return { status, value, certificate: emptyCertificate(problem, cone), history: [] };
}

/** The work with a heartbeat now and then; given up when the time is over. */
function* paced<T>(
  work: Generator<void, T>,
  last: Omit<Report, 'kind' | 'elapsedMs'>,
  clock: RunClock,
): Generator<Heartbeat, T | 'expired'> {
  let reportedMs = clock.elapsedMs();
  try {
    for (let step = work.next(); ; step = work.next()) {
      if (step.done) return step.value;
      const elapsedMs = clock.elapsedMs();
      if (elapsedMs - reportedMs < REPORT_MS) continue;
      reportedMs = elapsedMs;
      if (clock.expired()) return 'expired';
      yield { ...last, kind: 'heartbeat', elapsedMs };
    }
  } finally {
    work.return(undefined as T);
  }
}
