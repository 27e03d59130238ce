/** A whole solve of the grouped relaxation: groups, start, iterations, and the multipliers of the best bound in the user's units. */
import { relativeGap } from '../../base/gap.js';
import type { RunClock } from '../../base/run.js';
import type { Heartbeat, RunStatus } from '../../base/types.js';
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
import { neighbourGroups } from './neighbours.js';
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
  /** Best value of the relaxation and best bound, as the solver sees it. */
  readonly value: number;
  readonly bound: number;
  /** What proves the bound; undefined where no iterate was found. */
  readonly certificate: GroupedCertificate | undefined;
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
  const { cone, groupSize } = options;
  const partition = neighbourGroups(problem.X, groupSize);
  if (partition.length === 0 || dualPointAtZero(problem).data.every((entry) => entry === 0)) {
    const value = valueAtZero(problem);
    return { status: 'converged', value, bound: value, certificate: emptyCertificate(problem, cone), history: [] };
  }
  const largestGroup = partition.reduce((size, rows) => Math.max(size, rows.length), 0);
  const size = { n: problem.X.rows, d: problem.X.columns, c: problem.Y.columns };
  // at once: memory that grows block by block costs a collection each time
  algebra.kernels.arena.reserve(groupedCost(size, cone, largestGroup).memoryBytes);
  const placed = placeGroups(algebra, problem, conesOf(cone, problem.Y.columns), partition);
  const point = new GroupedPoint(algebra, placed);
  const history: GroupedRecord[] = [];
  const best = { value: Number.POSITIVE_INFINITY, bound: Number.NEGATIVE_INFINITY };
  const stopping = new Stopping({ ...options, clock });
  const certificate = (): GroupedCertificate => groupedCertificate(algebra, problem, cone, point);
  const { values } = placed.units;
  const solution = (status: RunStatus, proof: GroupedCertificate | undefined): GroupedSolution => ({
    status,
    value: values * best.value,
    bound: values * best.bound,
    certificate: proof,
    history,
  });
  if (!point.start()) return solution('stalled', undefined);
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
    const record: GroupedRecord = {
      kind: 'grouped',
      phase: 'relaxation',
      iteration: k,
      elapsedMs: clock.elapsedMs(),
      value: values * best.value,
      lowerBound: values * best.bound,
      gap,
      flops: algebra.flops,
      factorizations: algebra.factorizations,
      groupSize: largestGroup,
      groups: partition.length,
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
    const moved = yield* paced(iteration.step(keep), record, clock);
    if (moved === 'expired') return solution(clock.expiredStatus(), kept ?? certificate());
    if (!moved || (moved.primal === 0 && moved.dual === 0)) return solution('stalled', kept ?? certificate());
    step = moved;
  }
}

/** The work with a heartbeat now and then; given up when the time is over. */
function* paced<T>(
  work: Generator<void, T>,
  last: GroupedRecord,
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
      const { phase, iteration, value, lowerBound, gap } = last;
      yield { kind: 'heartbeat', phase, iteration, elapsedMs, value, lowerBound, gap };
    }
  } finally {
    work.return(undefined as T);
  }
}
