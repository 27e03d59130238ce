/**
 * Starts for many rows: fitted to a sample of them, where a step costs a fraction, and the best polished on all. The sample's weight decay is in
 * proportion, so that its optimum is near that of all rows.
 */
import { Matrix } from '../base/matrix.js';
import { Random } from '../base/random.js';
import type { RunClock } from '../base/run.js';
import type { Heartbeat } from '../base/types.js';
import { type Placed, withPlaced } from '../problem/placed.js';
import type { TrainingProblem } from '../problem/problem.js';
import { type FitOptions, fitWeights, type StartReport, type WeightsFit } from './fit.js';
import { TrainingObjective } from './objective.js';
import { type NetworkReport, polish } from './polish.js';
import { simplify } from './simplify.js';
import { widthOf } from './weights.js';

/** From so many rows on a sample of so many is fitted first. */
export const MANY_ROWS = 8192;
const SAMPLE_ROWS = 4096;
/** Share of the time for the sample. */
const SAMPLE_SHARE = 0.4;

/** As `fitWeights` without roundings; the losses reported are those of all rows. */
export function* fitSample(
  placed: Placed,
  options: FitOptions,
  clock: RunClock,
): Generator<NetworkReport | Heartbeat, WeightsFit> {
  const { algebra, problem } = placed;
  const sample = sampleOf(problem, options.seed);
  const own = clock.within(SAMPLE_SHARE * clock.remainingMs());
  const fitting = withPlaced(algebra.kernels, sample, (small) => fitWeights(small, { ...options, G: undefined }, own));
  let step = fitting.next();
  for (; !step.done; step = fitting.next()) {
    const { phase, iteration, elapsedMs } = step.value;
    yield { kind: 'heartbeat', phase, iteration, elapsedMs };
  }
  const { weights, starts } = step.value;
  return yield* algebra.scopedSteps(() => polishAll(placed, weights, starts, options.maxIterations, clock));
}

function* polishAll(
  placed: Placed,
  weights: WeightsFit['weights'],
  [zero, ...starts]: readonly StartReport[],
  maxIterations: number,
  clock: RunClock,
): Generator<NetworkReport, WeightsFit> {
  const objective = new TrainingObjective(placed);
  const none = { U: Matrix.zeros(weights.U.rows, 0), V: Matrix.zeros(weights.V.rows, 0) };
  const zeroLoss = objective.lossOf(none);
  const reports: StartReport[] = [{ ...zero, startLoss: zeroLoss, loss: zeroLoss }];
  if (widthOf(weights) === 0) return { weights, loss: zeroLoss, starts: reports, isComplete: !clock.expired() };
  const startMs = clock.elapsedMs();
  const startLoss = objective.lossOf(weights);
  const { iterations, evaluations, isComplete, ...polished } = yield* polish(objective, weights, clock, {
    maxIterations,
  });
  const simplified = simplify(objective, polished.weights);
  const elapsedMs = clock.elapsedMs();
  const { loss } = simplified;
  const effort = starts.reduce((sum, start) => sum + start.durationMs, elapsedMs - startMs);
  const width = widthOf(simplified.weights);
  reports.push({ kind: 'random', startLoss, loss, width, iterations, evaluations, elapsedMs, durationMs: effort });
  const best = loss < zeroLoss ? simplified : { weights: none, loss: zeroLoss };
  return { ...best, starts: reports, isComplete };
}

/** Rows drawn without repetition. */
function sampleOf({ X, Y, weights, reg, loss }: TrainingProblem, seed: number): TrainingProblem {
  const random = new Random(seed);
  const order = Int32Array.from({ length: X.rows }, (_, i) => i);
  for (let k = 0; k < SAMPLE_ROWS; k++) {
    const other = k + random.integer(X.rows - k);
    [order[k], order[other]] = [order[other], order[k]];
  }
  const rows = order.subarray(0, SAMPLE_ROWS).sort();
  const pick = (A: Matrix): Matrix => {
    const picked = Matrix.zeros(rows.length, A.columns);
    rows.forEach((i, k) => {
      picked.row(k).set(A.row(i));
    });
    return picked;
  };
  return {
    X: pick(X),
    Y: pick(Y),
    weights: weights && Float64Array.from(rows, (i) => weights[i]),
    reg: (reg * SAMPLE_ROWS) / X.rows,
    loss,
  };
}
