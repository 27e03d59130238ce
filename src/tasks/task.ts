/**
 * What a long function of the library is: one definition, from which its faces are made. `runTask` is the asynchronous one,
 * `runTaskSync` the one without a break; a worker runs the same definition by its name (registry.ts).
 */
import { checkOptions, type OptionChecks } from '../base/check.js';
import type { MatrixLike } from '../base/matrix.js';
import { RunClock, runAsync, runSync } from '../base/run.js';
import type { Report, RunLimits } from '../base/types.js';
import { createKernels, createKernelsSync, type Kernels } from '../engine/kernels.js';
import type { Targets } from '../problem/targets.js';
import type { Progress } from './progress.js';

/**
 * `Options` with every default filled in; `Prepared` is what `prepare` makes of data and options, `Data` what the second argument is, `Reports` what
 * `onProgress` receives.
 */
export interface Task<
  Options extends RunLimits<Reports>,
  Result,
  Prepared,
  Data = Targets,
  Reports extends Report = Progress,
> {
  /** What every option must be; there are no others. */
  readonly checks: OptionChecks<Options>;
  /** Of the options that may be left out. Flat and frozen. */
  readonly defaults: Partial<Options>;
  /** Checks and copies the data: nothing the caller changes meanwhile reaches the work. */
  prepare(X: MatrixLike, Y: Data, options: Options): Prepared;
  /** The work, which pauses at each report. */
  steps(kernels: Kernels, prepared: Prepared, clock: RunClock): Generator<Reports, Result>;
}

/**
 * Runs a task, giving the event loop a turn now and then. The clock starts once the options are checked: preparing the data counts.
 *
 * @throws (rejects with) OptionsError for an option, what `prepare` and the work throw, and `signal.reason` when aborted
 */
export async function runTask<Options extends RunLimits<Reports>, Result, Prepared, Data, Reports extends Report>(
  task: Task<Options, Result, Prepared, Data, Reports>,
  X: MatrixLike,
  Y: Data,
  options: object,
): Promise<Result> {
  const { resolved, clock, prepared } = begin(task, X, Y, options);
  return runAsync(task.steps(await createKernels(), prepared, clock), resolved);
}

/** `runTask` without a break; throws `signal.reason` when aborted from within `onProgress`. */
export function runTaskSync<Options extends RunLimits<Reports>, Result, Prepared, Data, Reports extends Report>(
  task: Task<Options, Result, Prepared, Data, Reports>,
  X: MatrixLike,
  Y: Data,
  options: object,
): Result {
  const { resolved, clock, prepared } = begin(task, X, Y, options);
  return runSync(task.steps(createKernelsSync(), prepared, clock), resolved);
}

function begin<Options extends RunLimits<Reports>, Result, Prepared, Data, Reports extends Report>(
  { checks, defaults, prepare }: Task<Options, Result, Prepared, Data, Reports>,
  X: MatrixLike,
  Y: Data,
  options: object,
): { resolved: Options; clock: RunClock; prepared: Prepared } {
  const resolved = checkOptions(options, defaults, checks);
  const clock = new RunClock(resolved);
  return { resolved, clock, prepared: prepare(X, Y, resolved) };
}
