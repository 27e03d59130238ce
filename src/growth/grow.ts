/**
 * Growth by column generation: from any network, add the neurons that would lower the loss most, re-solve all masses (master.ts),
 * drop what died, until no neuron is left that would help: then the network is optimal at every width (docs/model.md, program 2). Where
 * the exact oracle copes, every round also proves a lower bound (docs/growth.md).
 */

import type { Matrix } from '../base/matrix.js';
import { Random } from '../base/random.js';
import type { RunClock } from '../base/run.js';
import type { Heartbeat, Report, RunStatus } from '../base/types.js';
import { mergeParallel } from '../network/merge.js';
import { TrainingObjective } from '../network/objective.js';
import { type NetworkReport, polish } from '../network/polish.js';
import { type Sight, sightOf } from '../network/sight.js';
import { type Weights, widthOf } from '../network/weights.js';
import type { Placed } from '../problem/placed.js';
import type { ExactCertificate, TrainingProblem } from '../problem/problem.js';
import { dualBound } from '../proof/dual-bound.js';
import { exactOracle, type NeuronOracle } from '../proof/exact/oracle.js';
import { NeuronAscent } from './ascent.js';
import { type Atoms, addAtoms, fitOf, keepAtoms, lossOf, massesOf, toAtoms, toNetwork } from './atoms.js';
import { atomsToKeep } from './dropping.js';
import { solveMaster } from './master.js';
import { ExactPricer, LocalPricer, type Priced, type Pricer } from './pricing.js';
import { StartDirections } from './starts.js';

export interface GrowthSettings {
  /** Relative gap to prove, or without the exact oracle the violation left, relative to reg. */
  readonly tolerance: number;
  readonly seed: number;
  readonly maxRounds: number;
  /** Whether the exact oracle is used: where its cost allows, or never. */
  readonly certify: 'auto' | 'never';
}

/** One round: what was known when its pricing was done. */
export interface GrowthRound {
  readonly round: number;
  readonly elapsedMs: number;
  readonly loss: number;
  /** Best bound so far; undefined before the first proof. */
  readonly lowerBound: number | undefined;
  readonly neurons: number;
  /** Largest ‖Rᵀ(Xu)₊‖ found, relative to reg. */
  readonly violation: number;
  /** Cones the exact oracle examined. */
  readonly nodes: number;
}

/** The end of a round. */
export interface GrowthReport extends Report {
  readonly kind: 'growth';
  readonly phase: 'growth';
  readonly loss: number;
}

export type GrowthProgress = GrowthReport | NetworkReport | Heartbeat;

export interface GrowthResult extends Weights {
  /** Training loss (program 1) of U, V. */
  readonly loss: number;
  /** Rigorous lower bound on the loss of every network of any width; undefined when nothing was proved. */
  readonly lowerBound: number | undefined;
  /** The dual point that proves it again (proof/exact/verify-exact.ts). */
  readonly exactCertificate: ExactCertificate | undefined;
  /** 'certified', or 'converged': without the exact oracle, no neuron was found that would lower the loss further. */
  readonly status: RunStatus;
  readonly history: readonly GrowthRound[];
}

/** Cones per search beyond which the exact oracle is left out: ten to twenty seconds. */
export const MAX_EXPECTED_NODES = 5e6;
/** From so many neurons on (or twice the initial ones) no more are added: a Newton step of the masses takes minutes then. */
const MAX_NEURONS = 4000;
/** Local search beside the exact oracle, and alone. */
const BESIDE_EXACT = { starts: 120, keep: 60, sameDirection: 1 - 1e-9 };
const ALONE = { starts: 240, keep: 40, sameDirection: 0.999 };
/** Starts times rows, at most, so that memory and time of a step grow with the rows alone; and the least starts there are. */
const MOST_OUTPUTS = 2.4e6;
const LEAST_STARTS = 16;
/** How many times more starts look for a violator before none is believed to exist. */
const LAST_EFFORT = 6;
/** L-BFGS steps: beside the exact oracle only while the violation is large, since the master problem then converges faster. */
const FAR = 1.2;
const STEPS_WHEN_FAR = 100;
const STEPS_ALONE = 1000;
/** 1 − cos below which neurons that L-BFGS drove together are merged. */
const MERGED = 1e-9;
/** The barrier of the master problem ends at this share of the tolerance, at most at this. */
const BARRIER_SHARE = 1e-2;
const COARSEST_BARRIER = 1e-8;
const MASTER_STEPS = 70;
/** Rounds without progress after which growth gives up. */
const STALLED_ROUNDS = 5;

/** Whether the exact oracle drives growth. */
export const isWithinReach = (oracle: NeuronOracle, { certify }: Pick<GrowthSettings, 'certify'>): boolean =>
  certify === 'auto' && oracle.expectedNodes <= MAX_EXPECTED_NODES;

/** Grows from the initial network; what it places in memory is freed when it ends. */
export function grow(
  placed: Placed,
  initial: Weights,
  settings: GrowthSettings,
  clock: RunClock,
): Generator<GrowthProgress, GrowthResult> {
  return placed.algebra.scopedSteps(() => new Growth(placed, initial, settings, clock).run());
}

class Growth {
  readonly #problem: TrainingProblem;
  readonly #settings: GrowthSettings;
  readonly #clock: RunClock;
  readonly #objective: TrainingObjective;
  readonly #ascent: NeuronAscent;
  readonly #local: LocalPricer;
  readonly #pricer: Pricer;
  /** Whether the exact oracle drives it. */
  readonly #isExact: boolean;
  readonly #maxNeurons: number;
  readonly #see: Sight;
  readonly #history: GrowthRound[] = [];
  #atoms: Atoms;
  #best: { loss: number; atoms: Atoms };
  #proof: { lowerBound: number; certificate: ExactCertificate } | undefined;

  constructor(placed: Placed, initial: Weights, settings: GrowthSettings, clock: RunClock) {
    const { problem, X } = placed;
    const { Y, reg } = problem;
    this.#problem = problem;
    this.#settings = settings;
    this.#clock = clock;
    this.#maxNeurons = Math.max(MAX_NEURONS, 2 * widthOf(initial));
    this.#objective = new TrainingObjective(placed);
    this.#ascent = new NeuronAscent(X, Y.columns);
    const oracle = exactOracle(X);
    this.#isExact = isWithinReach(oracle, settings);
    this.#see = X.once(sightOf);
    const starts = new StartDirections(X, new Random(settings.seed), clock);
    const pricing = this.#isExact ? BESIDE_EXACT : ALONE;
    const effort = {
      ...pricing,
      starts: Math.max(LEAST_STARTS, Math.min(pricing.starts, Math.floor(MOST_OUTPUTS / Y.rows))),
    };
    this.#local = new LocalPricer(this.#ascent, starts, this.#see, reg, effort, clock);
    this.#pricer = this.#isExact ? new ExactPricer(oracle, this.#local, reg, settings.tolerance, clock) : this.#local;
    this.#atoms = toAtoms(initial);
    this.#best = {
      atoms: this.#atoms,
      loss: lossOf(fitOf(this.#objective, this.#atoms), massesOf(this.#atoms), reg),
    };
  }

  *run(): Generator<GrowthProgress, GrowthResult> {
    const { X, reg } = this.#problem;
    if (!this.#clock.expired()) this.#solveMaster();
    for (let round = 0; ; round++) {
      const fit = fitOf(this.#objective, this.#atoms);
      const { R } = fit;
      const loss = lossOf(fit, massesOf(this.#atoms), reg);
      if (loss < this.#best.loss) this.#best = { loss, atoms: this.#atoms };

      if (this.#clock.expired() && !this.#pricer.isInstant) return this.#result(this.#clock.expiredStatus());
      const priced = yield* this.#price(R);
      this.#record(round, priced);
      yield this.#progress(round);
      const status = this.#statusAfter(round, priced);
      if (status) return this.#result(status);

      this.#drop(R, priced.violation);
      const room = this.#maxNeurons - widthOf(this.#atoms);
      const directions = priced.violators.slice(0, room).map(({ direction }) => direction);
      this.#atoms = addAtoms(this.#atoms, directions, X, fit, reg);
      yield* this.#polish(priced.violation);
      this.#solveMaster();
    }
  }

  *#price(R: Matrix): Generator<Heartbeat, Priced> {
    const { reg } = this.#problem;
    const priced = yield* this.#pricer.price(R, this.#atoms.U);
    if (priced.search && priced.upperBound < Number.POSITIVE_INFINITY) {
      const lowerBound = dualBound(this.#problem, R, priced.upperBound);
      if (!this.#proof || lowerBound > this.#proof.lowerBound) {
        this.#proof = { lowerBound, certificate: { reg, a: R, ...priced.search } };
      }
    }
    if (this.#isExact || priced.violation > 1 + this.#settings.tolerance) return priced;
    return yield* this.#local.search(R, this.#atoms.U, LAST_EFFORT);
  }

  /** Why to end after this round, or undefined. */
  #statusAfter(round: number, { violation }: Priced): RunStatus | undefined {
    if (this.#isCertified()) return 'certified';
    if (!this.#isExact && violation <= 1 + this.#settings.tolerance) return 'converged';
    if (this.#clock.expired()) return this.#clock.expiredStatus();
    if (round >= this.#settings.maxRounds) return 'max-iterations';
    const past = this.#history.at(-1 - STALLED_ROUNDS);
    const now = this.#history.at(-1);
    const isStalled = past && now && past.loss <= now.loss && past.lowerBound === now.lowerBound;
    return isStalled && past.violation <= violation ? 'stalled' : undefined;
  }

  #isCertified(): boolean {
    const { loss } = this.#best;
    return this.#proof !== undefined && loss - this.#proof.lowerBound <= this.#settings.tolerance * loss;
  }

  /** Masses and outputs anew. */
  #solveMaster(): void {
    const atoms = this.#atoms;
    const tolerance = Math.min(COARSEST_BARRIER, BARRIER_SHARE * this.#settings.tolerance);
    const { V } = solveMaster(this.#objective, atoms, {
      tolerance,
      maxIterations: MASTER_STEPS,
      isOver: () => this.#clock.expired(),
    });
    this.#atoms = { U: atoms.U, V };
  }

  *#polish(violation: number): Generator<NetworkReport, void> {
    if (widthOf(this.#atoms) === 0 || (this.#isExact && violation <= FAR)) return;
    const maxIterations = this.#isExact ? STEPS_WHEN_FAR : STEPS_ALONE;
    const { weights } = yield* polish(this.#objective, toNetwork(this.#atoms), this.#clock, { maxIterations });
    this.#atoms = toAtoms(mergeParallel(weights, MERGED, this.#see));
  }

  /** Atoms without mass go, unless f at them is so near reg that they are about to return. */
  #drop(R: Matrix, violation: number): void {
    const { reg } = this.#problem;
    const masses = massesOf(this.#atoms);
    if (masses.length === 0) return;
    this.#ascent.setResidual(R);
    const values = this.#ascent.values(this.#atoms.U);
    const isKept = atomsToKeep(masses, values, reg, violation);
    this.#atoms = keepAtoms(this.#atoms, (j) => isKept[j]);
  }

  #record(round: number, { violation, nodes }: Priced): void {
    this.#history.push({
      round,
      elapsedMs: this.#clock.elapsedMs(),
      loss: this.#best.loss,
      lowerBound: this.#proof?.lowerBound,
      neurons: widthOf(this.#atoms),
      violation,
      nodes,
    });
  }

  #progress(round: number): GrowthReport {
    const { loss, atoms } = this.#best;
    const elapsedMs = this.#clock.elapsedMs();
    const base = {
      kind: 'growth',
      phase: 'growth',
      iteration: round,
      elapsedMs,
      loss,
      weights: toNetwork(atoms),
    } as const;
    if (this.#proof === undefined) return base;
    const { lowerBound } = this.#proof;
    return { ...base, lowerBound, gap: loss > 0 ? (loss - lowerBound) / loss : 0 };
  }

  #result(status: RunStatus): GrowthResult {
    const weights = toNetwork(this.#best.atoms);
    return {
      ...weights,
      loss: this.#objective.lossOf(weights),
      lowerBound: this.#proof?.lowerBound,
      exactCertificate: this.#proof?.certificate,
      status,
      history: this.#history,
    };
  }
}
