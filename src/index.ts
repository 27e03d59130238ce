/** The public entry: re-exports only. */
export { VALID_SLACK, type VerifiedBound, verifyCertificate } from './certificate/verify.js';
export {
  ConvexReluError,
  type ErrorCode,
  InputError,
  MemoryError,
  NumericalError,
  OptionsError,
  WasmError,
  WorkerError,
} from './errors.js';
export { maximizeNeuron } from './exact/maximize-neuron.js';
export type { NeuronMaximum, NeuronSearchOptions } from './exact/oracle.js';
export type { LocalMaximum } from './exact/plane.js';
export { type ExactlyVerifiedBound, verifyExactCertificate, verifyExactCertificateSync } from './exact/verify-exact.js';
export type { GrowthResult, GrowthRound, GrowthSettings } from './growth/grow.js';
export { type GrowthOptions, growNetwork, growNetworkSync } from './growth/grow-network.js';
export { Matrix, type MatrixAccess, type MatrixData, type MatrixLike, toMatrix } from './matrix.js';
export { type DataOptions, isFlat as isLabels, prepareData, type Targets, type TrainingData } from './model/data.js';
export type { FeatureMap } from './model/features.js';
export type { Label, Labels } from './model/labels.js';
export type { LayerWeights } from './model/loss.js';
export { type CostEstimate, estimateCost, type ProblemSize } from './model/memory.js';
export type { Certificate, ExactCertificate, TrainingProblem } from './model/problem.js';
export type { CpFactorization } from './network/cp-search.js';
export { criticalWidthBound } from './network/critical-width.js';
export type { StartKind, StartReport } from './network/fit.js';
export type { CertificateJson, ExactCertificateJson, MatrixJson, NetworkJson } from './network/json.js';
export { AtomicMeasure } from './network/measure.js';
export { Network } from './network/network.js';
export type { NetworkParts } from './network/parts.js';
export type { RoundingErrors } from './network/rounding/rounding.js';
export {
  DEFAULT_OPTIONS,
  METHODS,
  type Method,
  type Options,
  type Options as RelaxationOptions,
  type ResolvedOptions,
  ROUNDINGS,
  type RoundingName,
} from './options.js';
export { type PathOptions, type PathPoint, solveRelaxationPath, trainPath } from './path.js';
export { Random } from './random.js';
export { type RelaxationResult, solveRelaxation, solveRelaxationSync } from './relaxation.js';
export type { IterationRecord } from './solver/iterate.js';
export type { PhaseTimings, SolverPhase } from './solver/timings.js';
export { certifyNetwork, certifyNetworkSync, type NetworkCertificate } from './train/certify-network.js';
export { type Examined, examineRelaxation, examineRelaxationSync, type RelaxationReport } from './train/examine.js';
export { type Explained, type Explanation, explain } from './train/explain.js';
export type { NetworkSource } from './train/network-phase.js';
export {
  type WidthPoint,
  type WidthSweep,
  type WidthSweepOptions,
  widthSweep,
  widthSweepSync,
} from './train/width-sweep.js';
export { type TrainOptions, type TrainResult, train, trainSync } from './train.js';
export type { Checkpoint, Phase, PointState, Progress, RunLimits, RunStatus } from './types.js';
export { embeddedBytes, type InitOptions, init } from './wasm/load.js';
