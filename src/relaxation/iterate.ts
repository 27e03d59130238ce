/**
 * The strictly feasible primal–dual interior point. Every iterate is strictly feasible on both sides, so each yields a true
 * relaxation value and a true lower bound; the loop below reads as the method does: record, scale, prepare, solve, move.
 */

import { cubeOf } from '../base/elementary.js';
import type { Heartbeat, RunStatus } from '../base/types.js';
import { isLong } from './backends/contract.js';
import type { Info, StepTaken } from './info.js';
import { Newton, type Solver } from './newton.js';
import { complementarity } from './objective.js';
import type { Point } from './point.js';
import type { IterationRecord } from './records.js';

const NO_STEP: StepTaken = { primal: 0, dual: 0, centring: 0 };

/**
 * Iterates from `start`, strictly feasible, until `info` ends the run or no step is possible. Yields one record per iterate, the start
 * included, and heartbeats where iterations are long.
 */
export function* iterate(solver: Solver, start: Point, info: Info): Generator<IterationRecord | Heartbeat, RunStatus> {
  const { algebra, stack, theta } = solver;
  const { problem } = stack;
  const pauses = isLong(8 * cubeOf(problem.p));
  let newton: Newton | undefined;
  let [point, step] = [start, NO_STEP];
  for (let iteration = info.firstIteration; ; iteration++) {
    const mu = complementarity(algebra, problem, theta, point);
    yield info.recordIterate(iteration, point, mu, step, newton?.backend ?? { ...solver.backend, cgSteps: 0 });
    info.offerWarmStart(point, mu);
    const status = info.check();
    if (status) return status;

    newton ??= new Newton(solver);
    if (!newton.scale(point)) return 'stalled';
    if (pauses) yield info.heartbeat();
    if (!newton.prepare(point, mu, info)) return 'stalled';
    if (pauses) yield info.heartbeat();
    const centring = yield* info.heartbeats(newton.solve());
    const moved = newton.move(point, centring);
    if (!moved) return 'stalled';
    ({ point, step } = moved);
  }
}
