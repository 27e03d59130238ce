/**
 * From the relaxation to the best network found: seeded starts, polished; growth from the best of them by column generation, which
 * where rank(X) allows also proves a bound; and, under a limit on width, elimination down to it.
 */

import type { Matrix } from '../base/matrix.js';
import type { RunClock } from '../base/run.js';
import type { RunStatus } from '../base/types.js';
import { type GrowthResult, grow, MAX_EXPECTED_NODES } from '../growth/grow.js';
import { type FitOptions, fitWeights, type StartKind, type StartReport, type WeightsFit } from '../network/fit.js';
import { fitSample, MANY_ROWS } from '../network/fit-sample.js';
import { TrainingObjective } from '../network/objective.js';
import { polish } from '../network/polish.js';
import { prune } from '../network/prune.js';
import type { RoundingName } from '../network/rounding/roundings.js';
import { type Simplified, simplify } from '../network/simplify.js';
import { widthOf } from '../network/weights.js';
import type { Placed } from '../problem/placed.js';
import { exactOracle, type NeuronOracle } from '../proof/exact/oracle.js';
import type { Progress } from './progress.js';

/** What the best network came from: a start of some kind, growth, or elimination after growth. */
export type NetworkSource = StartKind | 'growth' | 'elimination';

export interface NetworkPhase extends Simplified {
  readonly source: NetworkSource;
  readonly starts: readonly StartReport[];
  readonly growth: GrowthResult;
  /** 'certified' or 'converged' when growth ended by itself. */
  readonly status: RunStatus;
}

/** The options of training that concern the network. */
export interface NetworkOptions {
  readonly tolerance: number;
  readonly rounding: RoundingName | readonly RoundingName[];
  readonly maxWidth: number;
  readonly seed: number;
}

/** Where the exact oracle works, growth converges from anything: a short polish is enough. */
const WHEN_EXACT = { roundedStarts: 1, randomStarts: 0, maxIterations: 300, share: 0.2 };
/** Elsewhere the starts decide which optimum is found: the spread between seeds is larger than that between kinds. */
const WHEN_LOCAL = { roundedStarts: 1, randomStarts: 2, maxIterations: 3000, share: 0.35 };
/** Up to this rank an exact search costs O(n), and the optimum is found to this accuracy at no cost. */
const PLANE_RANK = 2;
const PLANE_TOLERANCE = 1e-9;
const MAX_ROUNDS = 200;
/** Share of the remaining time that growth may use when the network must be made smaller afterwards. */
const GROWTH_SHARE = 0.6;

export function* networkSteps(
  placed: Placed,
  G: Matrix | undefined,
  options: NetworkOptions,
  clock: RunClock,
): Generator<Progress, NetworkPhase> {
  const { maxWidth, seed } = options;
  const { X, Y } = placed.problem;
  const { isPlane, isExact } = describeOracle(exactOracle(placed.X));
  const effort = isExact ? WHEN_EXACT : WHEN_LOCAL;
  const width = Math.min(startWidth(X.rows, X.columns, Y.columns), maxWidth);
  const settings: FitOptions = { ...effort, G, roundings: [options.rounding].flat(), width, seed };
  const fitClock = clock.within(effort.share * clock.remainingMs());
  const fit = yield* X.rows < MANY_ROWS
    ? fitWeights(placed, settings, fitClock)
    : fitSample(placed, settings, fitClock);

  const tolerance = isPlane ? Math.min(PLANE_TOLERANCE, options.tolerance) : options.tolerance;
  const growthClock = clock.within((maxWidth === Number.POSITIVE_INFINITY ? 1 : GROWTH_SHARE) * clock.remainingMs());
  const growing = { tolerance, seed, maxRounds: MAX_ROUNDS, certify: 'auto' } as const;
  const growth = yield* grow(placed, fit.weights, growing, growthClock);
  const { network, source } = yield* finish(placed, fit, growth, maxWidth, clock);

  const status = clock.expired() ? clock.expiredStatus() : growth.status;
  return { ...network, source, starts: fit.starts, growth, status };
}

/** From so many products on a network is left as it was grown when the time is over. */
const LONG_SIMPLIFICATION = 5e7;

/** The better of the best start and of the grown network, made as small as costs nothing, and then as small as it must be. */
function* finish(
  placed: Placed,
  fit: WeightsFit,
  growth: GrowthResult,
  maxWidth: number,
  clock: RunClock,
): Generator<Progress, { network: Simplified; source: NetworkSource }> {
  const isCut = clock.expired();
  const started = { network: { weights: fit.weights, loss: fit.loss }, source: bestKind(fit) };
  if (isCut && growth.loss >= fit.loss) return started;
  const objective = new TrainingObjective(placed);
  const isLong = growth.U.columns * growth.U.columns * placed.problem.X.rows > LONG_SIMPLIFICATION;
  let grown: Simplified =
    isCut && isLong ? { weights: { U: growth.U, V: growth.V }, loss: growth.loss } : simplify(objective, growth);
  let source: NetworkSource = 'growth';
  if (widthOf(grown.weights) > maxWidth) {
    grown = yield* prune(objective, grown.weights, maxWidth, clock, () => {});
    source = 'elimination';
    if (widthOf(grown.weights) > maxWidth) return started;
  }
  if (!isCut) {
    const polished = yield* polish(objective, grown.weights, clock);
    const simplified = simplify(objective, polished.weights);
    if (simplified.loss < grown.loss) grown = simplified;
  }
  return grown.loss < started.network.loss ? { network: grown, source } : started;
}

const describeOracle = (oracle: NeuronOracle): { isPlane: boolean; isExact: boolean } => ({
  isPlane: oracle.isApplicable && oracle.rank <= PLANE_RANK,
  isExact: oracle.expectedNodes <= MAX_EXPECTED_NODES,
});

const bestKind = ({ starts, loss }: WeightsFit): StartKind =>
  starts.find((start) => start.loss === loss)?.kind ?? 'zero';

/** Flops that one evaluation of the loss and its gradient may take at the start, so that a short limit sees many of them. */
const EVALUATION_FLOPS = 5e8;
const LEAST_WIDTH = 16;

/**
 * Neurons of each start: nc + 1 always suffice (critical-width.ts), but far fewer carry the optimum on real data, and an evaluation
 * costs in proportion; on the paper's data 100 come as close as 300 for n ≤ 100.
 */
function startWidth(n: number, d: number, c: number): number {
  const affordable = Math.max(LEAST_WIDTH, Math.floor(EVALUATION_FLOPS / (4 * n * (d + c))));
  return Math.min(n * c + 1, affordable, Math.max(100, Math.min(400, n)));
}
