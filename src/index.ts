/** The public entry: re-exports only. */

export {
  ConvexReluError,
  InputError,
  MemoryError,
  NumericalError,
  OptionsError,
  WasmError,
  WorkerError,
} from './base/errors.js';
export { Matrix, type MatrixLike, toMatrix } from './base/matrix.js';
export { Random } from './base/random.js';
export type { Report, RunLimits, RunStatus } from './base/types.js';
export type { InitOptions } from './engine/init-options.js';
export { init } from './engine/load.js';
export { criticalWidthBound } from './network/critical-width.js';
export { Network } from './network/network.js';
export type { FeatureMap } from './problem/features.js';
export type { Label } from './problem/labels.js';
export type { Certificate, ExactCertificate, TrainingProblem } from './problem/problem.js';
export type { Targets } from './problem/targets.js';
export type { NeuronMaximum } from './proof/exact/oracle.js';
export { readOldProof } from './proof/older.js';
export { Proof } from './proof/proof.js';
export type { VerifiedProof } from './proof/verify-proof.js';
export { type CostEstimate, estimateCost } from './relaxation/cost.js';
export type { Checkpoint } from './relaxation/state.js';
export type { Bound } from './tasks/bound.js';
export {
  type CertifyOptions,
  certifyNetwork,
  certifyNetworkSync,
  type NetworkCertificate,
} from './tasks/certify-network.js';
export {
  type ExamineOptions,
  examineRelaxation,
  examineRelaxationSync,
  type RelaxationReport,
} from './tasks/examine.js';
export { type Explanation, explain } from './tasks/explain.js';
export { type GrownNetwork, type GrowthOptions, growNetwork, growNetworkSync } from './tasks/grow-network.js';
export { type MaximizeNeuronOptions, maximizeNeuron, maximizeNeuronSync } from './tasks/maximize-neuron.js';
export { type PathOptions, type PathPoint, trainPath, trainPathSync } from './tasks/path.js';
export { prepareData } from './tasks/prepare-data.js';
export type { Progress } from './tasks/progress.js';
export { DEFAULT_OPTIONS } from './tasks/registry.js';
export type { RelaxationResult } from './tasks/relaxation-result.js';
export {
  type RoundedNetwork,
  type RoundingOptions,
  roundRelaxation,
  roundRelaxationSync,
} from './tasks/round-relaxation.js';
export {
  type RelaxationOptions,
  solveRelaxation,
  solveRelaxationSync,
} from './tasks/solve-relaxation.js';
export { type TrainOptions, type TrainResult, train, trainSync } from './tasks/train.js';
export { verifyProof, verifyProofSync } from './tasks/verify-proof.js';
export {
  type WidthSweep,
  type WidthSweepOptions,
  widthSweep,
  widthSweepSync,
} from './tasks/width-sweep.js';
