/**
 * The strictly feasible primal–dual interior point. Every iterate is strictly feasible on both sides, so each yields a true
 * relaxation value and a true lower bound; the loop below reads as the method does: record, scale, prepare, solve, move.
 */

import type { Heartbeat, RunStatus } from '../base/types.js';
import type { Info, StepTaken } from './info.js';
import { type Moved, Newton, type Solver } from './newton.js';
import { complementarity } from './objective.js';
import type { Point } from './point.js';
import type { IterationRecord } from './records.js';

const NO_STEP: StepTaken = { primal: 0, dual: 0, centring: 0 };

/**
 * Iterates from `start`, strictly feasible, until `info` ends the run or no step is possible. Yields one record per iterate, the start
 * included, and heartbeats where iterations are long. An iteration whose time runs out is given up: the best points so far are what counts.
 */
export function* iterate(solver: Solver, start: Point, info: Info): Generator<IterationRecord | Heartbeat, RunStatus> {
  const { algebra, stack, theta } = solver;
  let newton: Newton | undefined;
  let moved: Moved = { point: start, step: NO_STEP };
  for (let iteration = info.firstIteration; ; iteration++) {
    const { point, step } = moved;
    const mu = complementarity(algebra, stack.problem, theta, point);
    const backend = newton?.backend ?? { ...solver.backend, cgSteps: 0 };
    yield yield* info.heartbeats(info.recordIterate(iteration, point, mu, step, backend));
    info.offerWarmStart(point, mu);
    const status = info.check();
    if (status) return status;

    newton ??= new Newton(solver);
    const next = yield* info.unlessExpired(advance(newton, point, mu, info));
    if (next === undefined) return info.clock.expiredStatus();
    if (next === 'stalled') return 'stalled';
    moved = next;
  }
}

/** One iteration. */
function* advance(newton: Newton, point: Point, mu: number, info: Info): Generator<void, Moved | 'stalled'> {
  if (!(yield* newton.scale(point))) return 'stalled';
  if (!(yield* newton.prepare(point, mu, info))) return 'stalled';
  const centring = yield* newton.solve();
  return (yield* newton.move(point, centring)) ?? 'stalled';
}
