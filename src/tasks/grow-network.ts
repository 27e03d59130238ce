/** Growth as a function of its own: from any network, or none, to the best one found and the best bound proved. */
import { InputError, OptionsError } from '../base/errors.js';
import { Matrix } from '../base/matrix.js';
import { RunClock, runAsync, runSync } from '../base/run.js';
import type { Progress, RunLimits } from '../base/types.js';
import { createKernels, createKernelsSync, type Kernels } from '../engine/kernels.js';
import { Growth, type GrowthResult, type GrowthSettings } from '../growth/grow.js';
import { fitWeights } from '../network/fit.js';
import { type Weights, widthOf } from '../network/weights.js';
import type { TrainingProblem } from '../problem/problem.js';

export interface GrowthOptions extends RunLimits {
  /**
   * Relative gap between loss and lower bound at which growth ends; without the exact oracle, the excess over reg that
   * ‖Rᵀ(Xu)₊‖ may still have. Default 1e-6.
   */
  readonly tolerance?: number | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
  /** Default 200. */
  readonly maxRounds?: number | undefined;
  /** `'auto'` (default): prove optimality by the exact oracle where its cost allows; `'never'`: local search only. */
  readonly certify?: GrowthSettings['certify'] | undefined;
}

export const DEFAULT_GROWTH_SETTINGS: GrowthSettings = Object.freeze({
  tolerance: 1e-6,
  seed: 0,
  maxRounds: 200,
  certify: 'auto',
});

/** Where the exact oracle does not reach and no network is given: the best of some wide random starts, polished. */
const STARTS = { roundings: [], roundedStarts: 0, randomStarts: 3, maxIterations: 5000 };
const STARTS_WIDTH = 400;
/** Share of the time limit they may take. */
const STARTS_SHARE = 0.5;

/**
 * Grows a network by column generation.
 *
 * @param problem X n×d, Y n×c, reg > 0
 * @param initial U d×m, V c×m to start from; none by default
 * @throws InputError for a network that does not fit X and Y, OptionsError for an option; rejects with `signal.reason` when aborted
 */
export async function growNetwork(
  problem: TrainingProblem,
  initial?: Weights,
  options: GrowthOptions = {},
): Promise<GrowthResult> {
  const run = prepare(problem, initial, options);
  return runAsync(growthSteps(await createKernels(), problem, ...run), options);
}

/** `growNetwork` without a break, for workers and scripts; throws `signal.reason` when aborted from within `onProgress`. */
export function growNetworkSync(
  problem: TrainingProblem,
  initial?: Weights,
  options: GrowthOptions = {},
): GrowthResult {
  const run = prepare(problem, initial, options);
  return runSync(growthSteps(createKernelsSync(), problem, ...run), options);
}

function* growthSteps(
  kernels: Kernels,
  problem: TrainingProblem,
  initial: Weights,
  settings: GrowthSettings,
  clock: RunClock,
): Generator<Progress, GrowthResult> {
  const growth = new Growth(kernels, problem, initial, settings, clock);
  if (growth.isExact || widthOf(initial) > 0) return yield* growth.run();
  const width = Math.min(STARTS_WIDTH, problem.X.rows * problem.Y.columns + 1);
  const share = clock.within(STARTS_SHARE * clock.remainingMs());
  const { weights } = yield* fitWeights(kernels, problem, { ...STARTS, width, seed: settings.seed }, share);
  return yield* new Growth(kernels, problem, weights, settings, clock).run();
}

function prepare(
  { X, Y, reg }: TrainingProblem,
  initial: Weights | undefined,
  options: GrowthOptions,
): [Weights, GrowthSettings, RunClock] {
  if (!(reg > 0 && reg < Number.POSITIVE_INFINITY)) {
    throw new OptionsError('reg', `expected a finite number > 0, for example 0.1, got ${reg}`);
  }
  if (Y.rows !== X.rows) throw new InputError('Y', `has ${Y.rows} rows, but X has ${X.rows}; they must be equal`);
  const weights = initial ?? { U: Matrix.zeros(X.columns, 0), V: Matrix.zeros(Y.columns, 0) };
  checkShape('U', weights.U, X.columns, weights.U.columns);
  checkShape('V', weights.V, Y.columns, weights.U.columns);
  const settings: GrowthSettings = {
    tolerance: options.tolerance ?? DEFAULT_GROWTH_SETTINGS.tolerance,
    seed: options.seed ?? DEFAULT_GROWTH_SETTINGS.seed,
    maxRounds: options.maxRounds ?? DEFAULT_GROWTH_SETTINGS.maxRounds,
    certify: options.certify ?? DEFAULT_GROWTH_SETTINGS.certify,
  };
  if (!(settings.tolerance > 0 && settings.tolerance < 1)) {
    throw new OptionsError(
      'tolerance',
      `expected a number between 0 and 1, for example 1e-6, got ${settings.tolerance}`,
    );
  }
  if (!(Number.isSafeInteger(settings.maxRounds) && settings.maxRounds >= 0)) {
    throw new OptionsError('maxRounds', `expected a whole number ≥ 0, for example 200, got ${settings.maxRounds}`);
  }
  return [weights, settings, new RunClock(options)];
}

function checkShape(name: string, A: Matrix, rows: number, columns: number): void {
  if (A.rows !== rows || A.columns !== columns) {
    throw new InputError(name, `is ${A.rows}×${A.columns}, but this problem and U need ${rows}×${columns}`);
  }
}
