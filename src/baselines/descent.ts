/**
 * Gradient descent on the training loss (program 1) as it is usually done: full batch, a fixed width, a random start and a
 * step rule. The driver of `sgd` and `adam`; it keeps the best weights it meets, since neither rule is monotone.
 */
import type { Resolved } from '../base/check.js';
import { Matrix } from '../base/matrix.js';
import { Random } from '../base/random.js';
import type { RunClock } from '../base/run.js';
import type { RunStatus } from '../base/types.js';
import type { Kernels } from '../engine/kernels.js';
import type { Algebra } from '../linalg/algebra.js';
import type { Vector } from '../linalg/views.js';
import { Network } from '../network/network.js';
import { TrainingObjective } from '../network/objective.js';
import type { Weights } from '../network/weights.js';
import { placeProblem } from '../problem/placed.js';
import type { TrainingProblem } from '../problem/problem.js';
import { type BaselineTask, type Begun, begin } from './begin.js';
import { type BaselineReport, DESCENT_CHECKS, type DescentOptions } from './options.js';

export interface DescentResult {
  /** 'max-iterations' when all steps were made (the rules have no other end), 'stalled' when no learning rate kept the loss finite. */
  readonly status: RunStatus;
  /** The best network met. */
  readonly network: Network;
  /** Its training loss, an upper bound on the optimum. */
  readonly loss: number;
  /** Steps made. */
  readonly iterations: number;
  /** Learning rate at the start of the run that was kept. */
  readonly learningRate: number;
  /** Loss before each step and after the last. */
  readonly history: Float64Array;
  readonly elapsedMs: number;
}

/** A way to turn gradients into steps; keeps its own state in the kernels' memory. */
export interface StepRule {
  /** Moves theta, given the loss and the gradient there; `iteration` counts from 1. */
  step(theta: Vector, gradient: Vector, loss: number, iteration: number): void;
}

/** Makes a rule with a fresh state for N weights. */
export type StepRuleFactory = (algebra: Algebra, N: number, learningRate: number, steps: number) => StepRule;

/** A loss this many times the one at the start has run away. */
const RUNAWAY = 1e4;
/** The learning rate is lowered so much, and so often at most. */
const RETREAT = 0.1;
const MAX_RETREATS = 15;
/** Steps between two reports. */
const REPORT_EVERY = 10;

/** Descent by a rule, as a task. */
export const descentTask = (
  defaults: Resolved<DescentOptions>,
  makeRule: StepRuleFactory,
): BaselineTask<Resolved<DescentOptions>, DescentResult> => ({
  checks: DESCENT_CHECKS,
  defaults,
  prepare: begin,
  steps: (kernels, begun, clock) => descend(kernels, begun, makeRule, clock),
});

function* descend(
  kernels: Kernels,
  { data, options }: Begun<Resolved<DescentOptions>>,
  makeRule: StepRuleFactory,
  clock: RunClock,
): Generator<BaselineReport, DescentResult> {
  const { problem, featureMap, classes } = data;
  const objective = new TrainingObjective(placeProblem(kernels, problem));
  const start = randomStart(problem, options.width, options.seed);
  let learningRate = options.learningRate;
  const attemptWith = (rate: number): Generator<BaselineReport, Attempt> =>
    objective.algebra.scopedSteps(() => attempt(objective, start, options, rate, makeRule, clock));
  let run = yield* attemptWith(learningRate);
  for (let retreat = 0; run.status === 'stalled' && retreat < MAX_RETREATS; retreat++) {
    learningRate *= RETREAT;
    run = yield* attemptWith(learningRate);
  }
  return {
    status: run.status,
    network: new Network({ ...run.weights, featureMap, classes }),
    loss: run.loss,
    iterations: run.history.length - 1,
    learningRate,
    history: Float64Array.from(run.history),
    elapsedMs: clock.elapsedMs(),
  };
}

interface Attempt {
  readonly status: RunStatus;
  readonly weights: Weights;
  readonly loss: number;
  readonly history: readonly number[];
}

/** One descent; 'stalled' when the loss ran away. */
function* attempt(
  objective: TrainingObjective,
  start: Weights,
  { maxIterations }: Resolved<DescentOptions>,
  learningRate: number,
  makeRule: StepRuleFactory,
  clock: RunClock,
): Generator<BaselineReport, Attempt> {
  const { algebra } = objective;
  const theta = objective.place(start);
  const best = algebra.vector(theta.length);
  const gradient = algebra.vector(theta.length);
  const rule = makeRule(algebra, theta.length, learningRate, maxIterations);
  algebra.copy(theta, best);
  let bestLoss = Number.POSITIVE_INFINITY;
  let reportedLoss = Number.POSITIVE_INFINITY;
  let status: RunStatus = 'max-iterations';
  const history: number[] = [];
  for (let iteration = 1; ; iteration++) {
    const loss = objective.evaluate(theta, gradient);
    history.push(loss);
    if (loss < bestLoss) {
      bestLoss = loss;
      algebra.copy(theta, best);
    }
    if (!(loss <= RUNAWAY * history[0])) {
      status = 'stalled';
      break;
    }
    if (iteration > maxIterations) break;
    if (clock.expired()) {
      status = clock.expiredStatus();
      break;
    }
    if (iteration % REPORT_EVERY === 1) {
      const weights = bestLoss < reportedLoss && { weights: objective.read(best) };
      reportedLoss = bestLoss;
      yield {
        kind: 'baseline',
        phase: 'baseline',
        iteration: iteration - 1,
        elapsedMs: clock.elapsedMs(),
        loss: bestLoss,
        ...weights,
      };
    }
    rule.step(theta, gradient, loss, iteration);
  }
  return { status, weights: objective.read(best), loss: bestLoss, history };
}

/** Entries uniform in ±1/√(inputs of the layer): PyTorch's default for linear layers, which the paper's SGD starts from. */
function randomStart({ X, Y }: TrainingProblem, width: number, seed: number): Weights {
  const random = new Random(seed);
  const layer = (rows: number, columns: number, inputs: number): Matrix => {
    const A = Matrix.zeros(rows, columns);
    for (let k = 0; k < A.data.length; k++) A.data[k] = (2 * random.uniform() - 1) / Math.sqrt(inputs);
    return A;
  };
  return { U: layer(X.columns, width, X.columns), V: layer(Y.columns, width, width) };
}
