/** Is this network optimal? A proof from the network alone, wherever it came from. */

import { InputError } from '../base/errors.js';
import { relativeGap } from '../base/gap.js';
import { Matrix, type MatrixLike } from '../base/matrix.js';
import { type Options, type ResolvedOptions, resolveOptions } from '../base/options.js';
import { RunClock, runAsync, runSync } from '../base/run.js';
import type { Progress } from '../base/types.js';
import { createKernels, createKernelsSync, type Kernels } from '../engine/kernels.js';
import { MAX_EXPECTED_NODES } from '../growth/grow.js';
import type { Network } from '../network/network.js';
import { predictRelu } from '../network/predict.js';
import { toTargets } from '../network/targets.js';
import type { Targets } from '../problem/data.js';
import { trainingLoss } from '../problem/loss.js';
import { squaredProblem, type TrainingProblem } from '../problem/problem.js';
import { exactDualBound } from '../proof/exact/dual-bound.js';
import { NeuronOracle } from '../proof/exact/oracle.js';

/** The search may be off by this share of the tolerance, so that the bound is tight to the tolerance for an optimal network. */
const SEARCH_SHARE = 0.1;

export interface NetworkCertificate {
  /** Training loss of the network on the data. */
  readonly loss: number;
  /** Rigorous lower bound on the loss of every network of any width; undefined when the search was cut short or is out of reach. */
  readonly lowerBound: number | undefined;
  /** (loss − lowerBound) / loss; undefined with it. */
  readonly gap: number | undefined;
  /** Largest ‖Rᵀ(Xu)₊‖ / reg found over ‖u‖ = 1, R = Y − outputs: above 1, that neuron would lower the loss. Undefined when out of reach. */
  readonly violation: number | undefined;
}

/**
 * Bounds the loss of every network from below by the residual of this one: with R = Y − outputs and M = max over ‖u‖ = 1 of ‖Rᵀ(Xu)₊‖ from the
 * exact oracle, tR is dual feasible for t M ≤ reg (docs/model.md, "Duality"). Tight when the network is optimal.
 *
 * @param X n×d features, Y n×c targets or labels: the training data
 * @param options `reg` as in training; `tolerance` (of the search), limits
 * @throws InputError naming X or Y; rejects with `signal.reason` when aborted
 */
export async function certifyNetwork(
  X: MatrixLike,
  Y: Targets,
  network: Network,
  options: Options = {},
): Promise<NetworkCertificate> {
  const { problem, resolved, clock } = prepare(X, Y, network, options);
  return runAsync(certifySteps(await createKernels(), problem, network, resolved, clock), resolved);
}

/** `certifyNetwork` without a break, for workers and scripts. */
export function certifyNetworkSync(
  X: MatrixLike,
  Y: Targets,
  network: Network,
  options: Options = {},
): NetworkCertificate {
  const { problem, resolved, clock } = prepare(X, Y, network, options);
  return runSync(certifySteps(createKernelsSync(), problem, network, resolved, clock), resolved);
}

function prepare(X: MatrixLike, Y: Targets, network: Network, options: Options) {
  const resolved = resolveOptions(options);
  const clock = new RunClock(resolved);
  const problem = squaredProblem(network.features(X), toTargets(Y, network.classes), resolved.reg);
  const { rows, columns } = problem.Y;
  if (rows !== problem.X.rows || columns !== network.V.rows) {
    throw new InputError(
      'Y',
      `is ${rows} × ${columns}, but the outputs on X are ${problem.X.rows} × ${network.V.rows}`,
    );
  }
  return { problem, resolved, clock };
}

function* certifySteps(
  kernels: Kernels,
  problem: TrainingProblem,
  network: Network,
  { tolerance }: ResolvedOptions,
  clock: RunClock,
): Generator<Progress, NetworkCertificate> {
  const { X, Y, reg } = problem;
  const loss = trainingLoss(problem, network);
  const F = predictRelu(X, network);
  const R = new Matrix(
    Y.data.map((y, k) => y - F.data[k]),
    Y.rows,
    Y.columns,
  );
  const oracle = new NeuronOracle(kernels, X);
  if (oracle.expectedNodes > MAX_EXPECTED_NODES) {
    return { loss, lowerBound: undefined, gap: undefined, violation: undefined };
  }
  const { lowerBound, maximum } = yield* exactDualBound(
    oracle,
    problem,
    R,
    { tolerance: SEARCH_SHARE * tolerance },
    clock,
  );
  const violation = maximum.value / reg;
  if (!maximum.complete) return { loss, lowerBound: undefined, gap: undefined, violation };
  return { loss, lowerBound, gap: relativeGap(loss, lowerBound), violation };
}
