/** The public entry: re-exports only. */

export {
  ConvexReluError,
  type ErrorCode,
  InputError,
  MemoryError,
  NumericalError,
  OptionsError,
  WasmError,
  WorkerError,
} from './base/errors.js';
export { Matrix, type MatrixAccess, type MatrixData, type MatrixLike, toMatrix } from './base/matrix.js';
export { Random } from './base/random.js';
export type { Report, RunLimits, RunStatus } from './base/types.js';
export type { InitOptions } from './engine/init-options.js';
export { embeddedBytes, init } from './engine/load.js';
export type { GrowthRound } from './growth/grow.js';
export type { CpFactorization } from './network/cp-search.js';
export { criticalWidthBound } from './network/critical-width.js';
export type { StartKind, StartReport } from './network/fit.js';
export type { MatrixJson, NetworkJson } from './network/json.js';
export { AtomicMeasure } from './network/measure.js';
export { Network } from './network/network.js';
export type { NetworkParts } from './network/parts.js';
export type { RoundingErrors } from './network/rounding/rounding.js';
export { ROUNDINGS, type RoundingName } from './network/rounding/roundings.js';
export { type DataOptions, prepareData, type TrainingData } from './problem/data.js';
export type { FeatureMap } from './problem/features.js';
export type { Label } from './problem/labels.js';
export type { PairMultipliers } from './problem/parts/multipliers.js';
export type { Certificate, ExactCertificate, TrainingProblem } from './problem/problem.js';
export { type Labels, readTargets, type Targets } from './problem/targets.js';
export type { LayerWeights } from './problem/training-loss.js';
export type { ProofColumns } from './proof/columns.js';
export type { NeuronMaximum } from './proof/exact/oracle.js';
export type { LocalMaximum } from './proof/exact/plane.js';
export type { NeuronSearchOptions } from './proof/exact/search-options.js';
export type { ExactlyVerifiedBound } from './proof/exact/verify-exact.js';
export { type OldClaim, readOldProof } from './proof/older.js';
export { Proof } from './proof/proof.js';
export type { ProofJson } from './proof/proof-json.js';
export type { ProofParts } from './proof/proof-parts.js';
export type { VerifiedBound } from './proof/verify.js';
export type { BoundSource, VerifiedProof } from './proof/verify-proof.js';
export { type CostEstimate, estimateCost } from './relaxation/cost.js';
export { METHODS, type Method } from './relaxation/methods.js';
export type { AdmmRecord, IterationRecord, RelaxationRecord } from './relaxation/records.js';
export type { ProblemSize } from './relaxation/size.js';
export type { Checkpoint } from './relaxation/state.js';
export type { PhaseTimings, SolverPhase } from './relaxation/timings.js';
export type { Bound } from './tasks/bound.js';
export {
  type CertifyOptions,
  certifyNetwork,
  certifyNetworkSync,
  type NetworkCertificate,
} from './tasks/certify-network.js';
export {
  type Examined,
  type ExamineOptions,
  examineRelaxation,
  examineRelaxationSync,
  type RelaxationReport,
} from './tasks/examine.js';
export { type Explained, type Explanation, explain } from './tasks/explain.js';
export { type GrownNetwork, type GrowthOptions, growNetwork, growNetworkSync } from './tasks/grow-network.js';
export { type MaximizeNeuronOptions, maximizeNeuron, maximizeNeuronSync } from './tasks/maximize-neuron.js';
export type { NetworkSource } from './tasks/network-phase.js';
export { type PathOptions, type PathPoint, trainPath, trainPathSync } from './tasks/path.js';
export type { Progress } from './tasks/progress.js';
export { DEFAULT_OPTIONS } from './tasks/registry.js';
export {
  type RelaxationOptions,
  type RelaxationResult,
  solveRelaxation,
  solveRelaxationSync,
} from './tasks/solve-relaxation.js';
export { type TrainOptions, type TrainResult, train, trainSync } from './tasks/train.js';
export { type AnyProof, verifyProof, verifyProofSync } from './tasks/verify-proof.js';
export {
  type WidthPoint,
  type WidthSweep,
  type WidthSweepOptions,
  widthSweep,
  widthSweepSync,
} from './tasks/width-sweep.js';
