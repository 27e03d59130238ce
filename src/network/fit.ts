/**
 * From the relaxation to a trained network: several seeded starts, rounded from G and random, each given its best output layer,
 * balanced and polished; the best is kept (algorithm.md, 'From the relaxation to a network').
 */
import { Matrix } from '../matrix.js';
import type { TrainingProblem } from '../model/problem.js';
import { Random } from '../random.js';
import type { RunClock } from '../run.js';
import type { Progress } from '../types.js';
import type { Kernels } from '../wasm/kernels.js';
import { balance } from './balance.js';
import { TrainingObjective } from './objective.js';
import { polish } from './polish.js';
import { randomStart } from './random-start.js';
import { withRidgeOutput } from './ridge.js';
import { roundGaussian } from './rounding/gaussian.js';
import { type Simplified, simplify } from './simplify.js';
import { type Weights, widthOf } from './weights.js';

export interface FitOptions {
  /** Relaxation solution (n+d)×(n+d) in the coordinates of the problem; without it every start is random. */
  readonly G?: Matrix | undefined;
  /** Neurons every start begins with. */
  readonly width: number;
  /** Starts of each kind, rounded and random. */
  readonly starts: number;
  readonly seed: number;
}

/** What became of one start. */
export interface StartReport {
  readonly kind: 'gaussian' | 'random' | 'zero';
  /** Loss before polishing. */
  readonly startLoss: number;
  readonly loss: number;
  readonly width: number;
  readonly iterations: number;
  readonly evaluations: number;
  /** Since the run began, when the start was done. */
  readonly elapsedMs: number;
  readonly durationMs: number;
}

export interface WeightsFit {
  readonly weights: Weights;
  readonly loss: number;
  /** One report per start, in the order they ran. */
  readonly starts: readonly StartReport[];
  /** False when the clock ran out before the last start had converged. */
  readonly isComplete: boolean;
}

/** A start: its kind, and its weights, made only when its turn comes. */
interface Start {
  readonly kind: StartReport['kind'];
  readonly weights: () => Weights;
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
    const planned = planStarts(objective, problem, options);
    const reports: StartReport[] = [];
    let best: Simplified = { weights: zeroNetwork(problem), loss: objective.lossOf(zeroNetwork(problem)) };
    reports.push({
      kind: 'zero',
      startLoss: best.loss,
      loss: best.loss,
      width: 0,
      iterations: 0,
      evaluations: 1,
      elapsedMs: clock.elapsedMs(),
      durationMs: 0,
    });
    let isComplete = true;
    for (let k = 0; k < planned.length; k++) {
      if (k > 0 && clock.expired()) {
        isComplete = false;
        break;
      }
      const startMs = clock.elapsedMs();
      const weights = planned[k].weights();
      const startLoss = objective.lossOf(weights);
      yield { phase: 'rounding', iteration: k, elapsedMs: clock.elapsedMs(), loss: Math.min(best.loss, startLoss) };

      const turn = clock.within(clock.remainingMs() / (planned.length - k));
      const work = polish(objective, weights, turn);
      let step = work.next();
      for (; !step.done; step = work.next())
        yield { ...step.value, loss: Math.min(best.loss, step.value.loss as number) };
      const polished = step.value;
      const simplified = simplify(objective, problem.X, polished.weights);
      if (simplified.loss < best.loss) best = simplified;
      isComplete &&= polished.isComplete;
      reports.push({
        kind: planned[k].kind,
        startLoss,
        loss: simplified.loss,
        width: widthOf(simplified.weights),
        iterations: polished.iterations,
        evaluations: polished.evaluations,
        elapsedMs: clock.elapsedMs(),
        durationMs: clock.elapsedMs() - startMs,
      });
    }
    return { ...best, starts: reports, isComplete };
  } finally {
    kernels.arena.release(mark);
  }
}

/** Rounded and random starts in turn, so that a short time limit sees both; each draws from its own stream. */
function planStarts(objective: TrainingObjective, problem: TrainingProblem, options: FitOptions): Start[] {
  const { G, width, starts, seed } = options;
  const seeds = new Random(seed);
  const nextStream = (): Random => new Random(seeds.integer(2 ** 32));
  const plan: Start[] = [];
  for (let k = 0; k < starts; k++) {
    const rounded = nextStream();
    const drawn = nextStream();
    if (G) {
      plan.push({
        kind: 'gaussian',
        weights: () => {
          const U = roundGaussian({ kernels: objective.kernels, problem, G }, width, rounded);
          return balance(withRidgeOutput(objective, U));
        },
      });
    }
    plan.push({ kind: 'random', weights: () => randomStart(problem, width, k, drawn) });
  }
  return plan;
}

/** The network without neurons: predicts 0. */
const zeroNetwork = (problem: TrainingProblem): Weights => ({
  U: Matrix.zeros(problem.X.columns, 0),
  V: Matrix.zeros(problem.Y.columns, 0),
});
