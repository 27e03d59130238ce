/** Is this network optimal? A proof from the network alone, wherever it came from. */

import { fraction, LIMIT_CHECKS, NO_LIMITS, type OptionChecks, positive, type Resolved } from '../base/check.js';
import { NumericalError } from '../base/errors.js';
import { relativeGap } from '../base/gap.js';
import { type MatrixLike, toMatrix } from '../base/matrix.js';
import type { RunClock } from '../base/run.js';
import type { RunLimits } from '../base/types.js';
import type { Kernels } from '../engine/kernels.js';
import { MAX_EXPECTED_NODES } from '../growth/grow.js';
import { Algebra } from '../linalg/algebra.js';
import { PlacedMatrix } from '../linalg/placed-matrix.js';
import { isNetwork, type Network } from '../network/network.js';
import { predictRelu } from '../network/predict.js';
import { problemOf } from '../network/targets.js';
import type { TrainingData } from '../problem/data.js';
import { dualPointAt } from '../problem/losses/models.js';
import { DEFAULT_LOSS } from '../problem/losses/named.js';
import type { Targets } from '../problem/targets.js';
import { trainingLoss } from '../problem/training-loss.js';
import { standardizationFault } from '../proof/columns.js';
import { exactDualBound } from '../proof/exact/dual-bound.js';
import { exactOracle } from '../proof/exact/oracle.js';
import { type Proof, proofOf } from '../proof/proof.js';
import { PROBLEM_DEFAULTS } from './options.js';
import type { Progress } from './progress.js';
import { runTask, runTaskSync, type Task } from './task.js';

/** The search may be off by this share of the tolerance, so that the bound is tight to the tolerance for an optimal network. */
const SEARCH_SHARE = 0.1;

export interface NetworkCertificate {
  /** Training loss of the network on the data. */
  readonly loss: number;
  /** Rigorous lower bound on the loss of every network of any width; undefined when the search was cut short or is out of reach. */
  readonly lowerBound: number | undefined;
  /** (loss − lowerBound) / loss; undefined with it. */
  readonly gap: number | undefined;
  /** Largest ‖aᵀ(Xu)₊‖ / reg found over ‖u‖ = 1, a = −∇L(outputs): above 1, that neuron would lower the loss. Undefined when out of reach. */
  readonly violation: number | undefined;
  /**
   * What proves lowerBound again: verifyProof(X, Y, proof). Undefined with it, and where the network standardises by means and scales that are
   * not those of X: a proof is about the data's own.
   */
  readonly proof: Proof | undefined;
}

export interface CertifyOptions extends RunLimits<Progress> {
  /** The network, which knows whether the features are standardised and a column of ones is appended. */
  readonly network: Network;
  /** Weight decay of the training loss; > 0. */
  readonly reg?: number | undefined;
  /** Relative gap to which the bound of an optimal network is tight; in (0, 1). */
  readonly tolerance?: number | undefined;
}

/** Where nothing is proved. */
const NOTHING = Object.freeze({ lowerBound: undefined, gap: undefined, proof: undefined });

type ResolvedCertify = Resolved<CertifyOptions>;

interface Prepared {
  readonly data: TrainingData;
  readonly network: Network;
  readonly tolerance: number;
}

export const certifyNetworkTask: Task<ResolvedCertify, NetworkCertificate, Prepared> = {
  checks: {
    network: isNetwork,
    reg: positive,
    tolerance: fraction,
    ...LIMIT_CHECKS,
  } satisfies OptionChecks<CertifyOptions>,
  defaults: Object.freeze({ reg: PROBLEM_DEFAULTS.reg, tolerance: 1e-3, ...NO_LIMITS }),
  prepare(X, Y, { network, reg, tolerance }) {
    const features = toMatrix(X, 'X');
    const problem = problemOf(network, network.features(features), Y, { reg, loss: DEFAULT_LOSS });
    return {
      data: { problem, features, featureMap: network.featureMap, classes: network.classes },
      network,
      tolerance,
    };
  },
  steps: certifySteps,
};

/**
 * Bounds the loss of every network from below by the dual point of this one: with a = −∇L(outputs), which for the squared loss is
 * Y − outputs, and M = max over ‖u‖ = 1 of ‖aᵀ(Xu)₊‖ from the exact oracle, ta is dual feasible for t M ≤ reg (docs/model.md, "Duality").
 * Tight when the network is optimal.
 *
 * @param X n×d features, Y n×c targets or labels: the training data
 * @throws InputError naming X or Y, OptionsError for an option; rejects with `signal.reason` when aborted
 */
export function certifyNetwork(X: MatrixLike, Y: Targets, options: CertifyOptions): Promise<NetworkCertificate> {
  return runTask(certifyNetworkTask, X, Y, options);
}

/** `certifyNetwork` without a break, for workers and scripts. */
export function certifyNetworkSync(X: MatrixLike, Y: Targets, options: CertifyOptions): NetworkCertificate {
  return runTaskSync(certifyNetworkTask, X, Y, options);
}

function* certifySteps(
  kernels: Kernels,
  { data, network, tolerance }: Prepared,
  clock: RunClock,
): Generator<Progress, NetworkCertificate> {
  const { problem } = data;
  const { X, reg } = problem;
  const loss = trainingLoss(problem, network);
  if (!Number.isFinite(loss))
    throw new NumericalError(
      "the network's loss on these data is too large for a double, or its outputs cancel in overflow",
    );
  const a = dualPointAt(problem, predictRelu(X, network));
  const oracle = exactOracle(new PlacedMatrix(new Algebra(kernels), X));
  if (oracle.expectedNodes > MAX_EXPECTED_NODES) {
    return { loss, ...NOTHING, violation: undefined };
  }
  const search = { floor: reg, tolerance: SEARCH_SHARE * tolerance };
  const { lowerBound, maximum } = yield* exactDualBound(oracle, problem, a, search, clock);
  const violation = maximum.value / reg;
  if (!maximum.complete) return { loss, ...NOTHING, violation };
  const proof = isOfTheseData(data) ? proofOf(data, { lowerBound, exact: { reg, a, ...search } }) : undefined;
  return { loss, lowerBound, gap: relativeGap(loss, lowerBound), violation, proof };
}

const isOfTheseData = ({ features, featureMap }: TrainingData): boolean =>
  standardizationFault(features, { ...featureMap, features: featureMap.columns }) === undefined;
