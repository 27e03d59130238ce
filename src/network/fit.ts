/**
 * From the relaxation to a trained network: several seeded starts, rounded from G and random, each given its best output layer,
 * balanced and polished; the best is kept (algorithm.md, 'From the relaxation to a network').
 */
import { Matrix } from '../matrix.js';
import type { TrainingProblem } from '../model/problem.js';
import type { RoundingName } from '../options.js';
import { Random } from '../random.js';
import type { RunClock } from '../run.js';
import type { Progress } from '../types.js';
import type { Kernels } from '../wasm/kernels.js';
import { balance } from './balance.js';
import { TrainingObjective } from './objective.js';
import { polish } from './polish.js';
import { randomStart } from './random-start.js';
import { withRidgeOutput } from './ridge.js';
import type { RoundingErrors } from './rounding/rounding.js';
import { ROUNDING_BY_NAME } from './rounding/roundings.js';
import { type Simplified, simplify } from './simplify.js';
import { type Weights, widthOf } from './weights.js';

export interface FitOptions {
  /** Relaxation solution (n+d)×(n+d) in the coordinates of the problem; without it every start is random. */
  readonly G?: Matrix | undefined;
  readonly roundings: readonly RoundingName[];
  /** Neurons every start begins with. */
  readonly width: number;
  /** Starts of each kind: of every rounding, and random. */
  readonly starts: number;
  readonly seed: number;
}

export type StartKind = RoundingName | 'random' | 'zero';

/** What became of one start. */
export interface StartReport {
  readonly kind: StartKind;
  /** Loss before polishing. */
  readonly startLoss: number;
  readonly loss: number;
  readonly width: number;
  readonly iterations: number;
  readonly evaluations: number;
  /** Since the run began, when the start was done. */
  readonly elapsedMs: number;
  readonly durationMs: number;
  /** How far the rounding's columns were from neurons, where it says. */
  readonly roundingErrors?: RoundingErrors;
}

export interface WeightsFit {
  readonly weights: Weights;
  readonly loss: number;
  /** One report per start, in the order they ran. */
  readonly starts: readonly StartReport[];
  /** False when the clock ran out before the last start had converged. */
  readonly isComplete: boolean;
}

/** Weights to start from, made only when their turn comes. */
interface Start {
  readonly kind: StartKind;
  readonly make: (clock: RunClock) => Generator<void, { weights: Weights; errors?: RoundingErrors | undefined }>;
}

export function* fitWeights(
  kernels: Kernels,
  problem: TrainingProblem,
  options: FitOptions,
  clock: RunClock,
): Generator<Progress, WeightsFit> {
  const mark = kernels.arena.mark();
  try {
    const objective = new TrainingObjective(kernels, problem, options.width);
    let best: Simplified = { weights: zeroNetwork(problem), loss: objective.lossOf(zeroNetwork(problem)) };
    const reports: StartReport[] = [reportZero(best.loss, clock)];
    const planned = planStarts(objective, problem, options);
    let isComplete = true;
    for (let k = 0; k < planned.length; k++) {
      if (k > 0 && clock.expired()) {
        isComplete = false;
        break;
      }
      const turn = clock.within(clock.remainingMs() / (planned.length - k));
      const { simplified, report, isConverged } = yield* runStart(objective, problem, planned[k], k, best.loss, turn);
      if (simplified.loss < best.loss) best = simplified;
      isComplete &&= isConverged;
      reports.push(report);
    }
    return { ...best, starts: reports, isComplete };
  } finally {
    kernels.arena.release(mark);
  }
}

function* runStart(
  objective: TrainingObjective,
  problem: TrainingProblem,
  { kind, make }: Start,
  iteration: number,
  bestLoss: number,
  clock: RunClock,
): Generator<Progress, { simplified: Simplified; report: StartReport; isConverged: boolean }> {
  const startMs = clock.elapsedMs();
  const making = make(clock);
  let made = making.next();
  for (; !made.done; made = making.next()) {
    yield { phase: 'rounding', iteration, elapsedMs: clock.elapsedMs(), loss: bestLoss };
  }
  const { weights, errors } = made.value;
  const startLoss = objective.lossOf(weights);
  yield { phase: 'rounding', iteration, elapsedMs: clock.elapsedMs(), loss: Math.min(bestLoss, startLoss) };

  const polishing = polish(objective, weights, clock);
  let step = polishing.next();
  for (; !step.done; step = polishing.next()) {
    yield { ...step.value, loss: Math.min(bestLoss, step.value.loss as number) };
  }
  const { iterations, evaluations, isComplete } = step.value;
  const simplified = simplify(objective, problem.X, step.value.weights);
  const elapsedMs = clock.elapsedMs();
  const report = {
    kind,
    startLoss,
    loss: simplified.loss,
    width: widthOf(simplified.weights),
    iterations,
    evaluations,
    elapsedMs,
    durationMs: elapsedMs - startMs,
    ...(errors && { roundingErrors: errors }),
  };
  return { simplified, report, isConverged: isComplete };
}

/** All kinds in turn, so that a short time limit sees each; every start draws from its own stream. */
function planStarts(objective: TrainingObjective, problem: TrainingProblem, options: FitOptions): Start[] {
  const { G, roundings, width, starts, seed } = options;
  const seeds = new Random(seed);
  const plan: Start[] = [];
  for (let k = 0; k < starts; k++) {
    for (const kind of G ? roundings : []) {
      const random = new Random(seeds.integer(2 ** 32));
      const isRepeat = k > 0 && !DRAWS.has(kind);
      if (!isRepeat)
        plan.push({ kind, make: (clock) => rounded(objective, problem, G as Matrix, kind, width, random, clock) });
    }
    const random = new Random(seeds.integer(2 ** 32));
    plan.push({ kind: 'random', make: () => drawn(problem, width, k, random) });
  }
  return plan;
}

/** Roundings that depend on the seed: the others need no second start. */
const DRAWS: ReadonlySet<RoundingName> = new Set(['gaussian', 'nearest-cone']);

function* rounded(
  objective: TrainingObjective,
  problem: TrainingProblem,
  G: Matrix,
  kind: RoundingName,
  width: number,
  random: Random,
  clock: RunClock,
): Generator<void, { weights: Weights; errors?: RoundingErrors | undefined }> {
  const { kernels } = objective;
  const { U, errors } = yield* ROUNDING_BY_NAME[kind]({ kernels, problem, G }, width, random, clock);
  return { weights: balance(withRidgeOutput(objective, U)), errors };
}

// biome-ignore lint/correctness/useYield: the same shape as a rounding, but nothing long to interrupt
function* drawn(
  problem: TrainingProblem,
  width: number,
  index: number,
  random: Random,
): Generator<void, { weights: Weights }> {
  return { weights: randomStart(problem, width, index, random) };
}

/** The network without neurons: predicts 0. */
const zeroNetwork = (problem: TrainingProblem): Weights => ({
  U: Matrix.zeros(problem.X.columns, 0),
  V: Matrix.zeros(problem.Y.columns, 0),
});

const reportZero = (loss: number, clock: RunClock): StartReport => ({
  kind: 'zero',
  startLoss: loss,
  loss,
  width: 0,
  iterations: 0,
  evaluations: 1,
  elapsedMs: clock.elapsedMs(),
  durationMs: 0,
});
