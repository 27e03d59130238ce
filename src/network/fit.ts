/**
 * From the relaxation to a trained network: several seeded starts, rounded from G and random, each given its best output layer,
 * balanced and polished; the best is kept (docs/training.md).
 */
import { Matrix } from '../base/matrix.js';
import { Random } from '../base/random.js';
import { type RunClock, unlessOver } from '../base/run.js';
import type { Placed } from '../problem/placed.js';
import type { TrainingProblem } from '../problem/problem.js';
import { balance } from './balance.js';
import { TrainingObjective } from './objective.js';
import { type NetworkReport, polish } from './polish.js';
import { randomStart } from './random-start.js';
import { withRidgeOutput } from './ridge.js';
import type { RoundingErrors } from './rounding/rounding.js';
import { ROUNDING_BY_NAME, type RoundingName } from './rounding/roundings.js';
import { type Simplified, simplify } from './simplify.js';
import { type Weights, widthOf } from './weights.js';

export interface FitOptions {
  /** Relaxation solution (n+d)×(n+d) in the coordinates of the problem; without it every start is random. */
  readonly G?: Matrix | undefined;
  readonly roundings: readonly RoundingName[];
  /** Starts from each rounding; one from a rounding that does not depend on the seed. */
  readonly roundedStarts: number;
  readonly randomStarts: number;
  /** Neurons every start begins with. */
  readonly width: number;
  /** L-BFGS steps of each start. */
  readonly maxIterations: number;
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

export function fitWeights(placed: Placed, options: FitOptions, clock: RunClock): Generator<NetworkReport, WeightsFit> {
  return placed.algebra.scopedSteps(() => fitSteps(placed, options, clock));
}

function* fitSteps(placed: Placed, options: FitOptions, clock: RunClock): Generator<NetworkReport, WeightsFit> {
  const { problem } = placed;
  const objective = new TrainingObjective(placed);
  let best: Simplified = { weights: zeroNetwork(problem), loss: objective.lossOf(zeroNetwork(problem)) };
  const reports: StartReport[] = [reportZero(best.loss, clock)];
  const planned = planStarts(objective, options);
  let isComplete = true;
  for (let k = 0; k < planned.length; k++) {
    if (k > 0 && clock.expired()) {
      isComplete = false;
      break;
    }
    const turn = clock.within(clock.remainingMs() / (planned.length - k));
    const run = yield* runStart(objective, planned[k], {
      iteration: k,
      bestLoss: best.loss,
      maxIterations: options.maxIterations,
      clock: turn,
    });
    if (!run) {
      isComplete = false;
      break;
    }
    if (run.simplified.loss < best.loss) best = run.simplified;
    isComplete &&= run.isConverged;
    reports.push(run.report);
  }
  return { ...best, starts: reports, isComplete };
}

/** A start that is not made so long after its time is given up. */
const GRACE_MS = 100;

/** Undefined when it was given up. */
function* runStart(
  objective: TrainingObjective,
  { kind, make }: Start,
  run: { iteration: number; bestLoss: number; maxIterations: number; clock: RunClock },
): Generator<NetworkReport, { simplified: Simplified; report: StartReport; isConverged: boolean } | undefined> {
  const { iteration, bestLoss, maxIterations, clock } = run;
  const startMs = clock.elapsedMs();
  const made = yield* unlessOver(make(clock), clock, GRACE_MS, () => ({
    kind: 'network',
    phase: 'rounding',
    iteration,
    elapsedMs: clock.elapsedMs(),
    loss: bestLoss,
  }));
  if (!made) return undefined;
  const { weights, errors } = made;
  const startLoss = objective.lossOf(weights);
  const madeMs = clock.elapsedMs();
  yield bestOf(
    { kind: 'network', phase: 'rounding', iteration, elapsedMs: madeMs, loss: startLoss, weights },
    bestLoss,
  );

  const polishing = polish(objective, weights, clock, { maxIterations });
  let step = polishing.next();
  for (; !step.done; step = polishing.next()) {
    yield bestOf(step.value, bestLoss);
  }
  const { iterations, evaluations, isComplete } = step.value;
  const simplified = simplify(objective, step.value.weights);
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

/** A start's report as it stands among all: only a network that is better than the best brings its weights. */
function bestOf({ weights, ...report }: NetworkReport, bestLoss: number): NetworkReport {
  return report.loss < bestLoss && weights ? { ...report, weights } : { ...report, loss: bestLoss };
}

/** All kinds in turn, so that a short time limit sees each; every start draws from its own stream. */
function planStarts(objective: TrainingObjective, options: FitOptions): Start[] {
  const { G, roundings, roundedStarts, randomStarts, width, seed } = options;
  const seeds = new Random(seed);
  const plan: Start[] = [];
  for (let k = 0; k < Math.max(roundedStarts, randomStarts); k++) {
    for (const kind of roundings) {
      const random = new Random(seeds.integer(2 ** 32));
      const isRepeat = k > 0 && !DRAWS.has(kind);
      if (!G || k >= roundedStarts || isRepeat) continue;
      plan.push({ kind, make: (clock) => rounded(objective, { G, kind, width, random }, clock) });
    }
    const random = new Random(seeds.integer(2 ** 32));
    if (k < randomStarts) plan.push({ kind: 'random', make: () => drawn(objective.placed.problem, width, k, random) });
  }
  return plan;
}

/** Roundings that depend on the seed: the others need no second start. */
const DRAWS: ReadonlySet<RoundingName> = new Set(['gaussian', 'nearest-cone']);

function* rounded(
  objective: TrainingObjective,
  task: { G: Matrix; kind: RoundingName; width: number; random: Random },
  clock: RunClock,
): Generator<void, { weights: Weights; errors?: RoundingErrors | undefined }> {
  const { G, kind, width, random } = task;
  const input = { placed: objective.placed, G };
  const { U, errors } = yield* ROUNDING_BY_NAME[kind](input, width, random, clock);
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
