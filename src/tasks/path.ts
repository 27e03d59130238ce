/**
 * Regularisation paths: the same data at several weight decays, from large to small, each relaxation started from an interior point of
 * the one before (relaxation/start.ts), which saves the iterations that lead to the central path.
 */
import { OptionsError } from '../base/errors.js';
import type { MatrixLike } from '../base/matrix.js';
import { type ResolvedOptions, resolveOptions } from '../base/options.js';
import { RunClock, runAsync } from '../base/run.js';
import type { Progress } from '../base/types.js';
import { createKernels, type Kernels } from '../engine/kernels.js';
import { prepareData, type Targets } from '../problem/data.js';
import { type PathState, type RelaxationResult, relaxationSteps } from './solve-relaxation.js';
import { type TrainOptions, type TrainResult, trainSteps } from './train.js';

/** One point of a path. */
export interface PathPoint<Result> {
  readonly reg: number;
  readonly result: Result;
}

export type PathOptions = Omit<TrainOptions, 'reg' | 'resume'>;

/**
 * Trains at every weight decay of `regs`; returned in the order given. A time limit holds for the whole path, shared evenly by what is left.
 *
 * @throws as `train` does; OptionsError naming `regs` when it is empty or holds anything but numbers > 0
 */
export function trainPath(
  X: MatrixLike,
  Y: Targets,
  regs: readonly number[],
  options: PathOptions = {},
): Promise<PathPoint<TrainResult>[]> {
  return runPath(X, Y, regs, options, trainSteps);
}

/** `trainPath` for the relaxations alone. */
export function solveRelaxationPath(
  X: MatrixLike,
  Y: Targets,
  regs: readonly number[],
  options: PathOptions = {},
): Promise<PathPoint<RelaxationResult>[]> {
  return runPath(X, Y, regs, options, (kernels, { problem }, resolved, clock, path) =>
    relaxationSteps(kernels, problem, resolved, clock, path),
  );
}

type Steps<Result> = (
  kernels: Kernels,
  data: ReturnType<typeof prepareData>,
  options: ResolvedOptions,
  clock: RunClock,
  path: PathState,
) => Generator<Progress, Result>;

async function runPath<Result>(
  X: MatrixLike,
  Y: Targets,
  regs: readonly number[],
  options: PathOptions,
  steps: Steps<Result>,
): Promise<PathPoint<Result>[]> {
  checkRegs(regs);
  const resolved = resolveOptions(options);
  const clock = new RunClock(resolved);
  const descending = [...new Set(regs)].sort((first, second) => second - first);
  const prepared = descending.map((reg) => {
    const own = resolveOptions({ ...options, reg });
    return { reg, own, data: prepareData(X, Y, own) };
  });
  const kernels = await createKernels();

  function* walk(): Generator<Progress, Map<number, Result>> {
    const path: PathState = {};
    const results = new Map<number, Result>();
    for (const [k, { reg, own, data }] of prepared.entries()) {
      const share = clock.within(clock.remainingMs() / (prepared.length - k));
      results.set(reg, yield* steps(kernels, data, own, share, path));
    }
    return results;
  }
  const results = await runAsync(walk(), resolved);
  return regs.map((reg) => ({ reg, result: results.get(reg) as Result }));
}

function checkRegs(regs: readonly number[]): void {
  const isUsable = Array.isArray(regs) && regs.length > 0 && regs.every((reg) => Number.isFinite(reg) && reg > 0);
  if (!isUsable)
    throw new OptionsError('regs', `expected an array of numbers > 0, for example [1, 0.1, 0.01], got ${regs}`);
}
