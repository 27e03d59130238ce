/**
 * `convex-relu/baselines`: what the relaxation is compared with. Kernel and linear regression are closed forms and synchronous;
 * the others take `onProgress`, `signal` and `timeLimitMs`, and have a `…Sync` twin (docs/baselines.md).
 */
export { adam, adamSync } from './adam.js';
export type { InfiniteKernel } from './arc-cosine.js';
export {
  COMPARED_METHODS,
  type ComparedMethod,
  type CompareOptions,
  type CompareProgress,
  type Comparison,
  type ComparisonRow,
  compare,
} from './compare.js';
export {
  type CopositiveRecord,
  type CopositiveResult,
  copositiveRelaxation,
  copositiveRelaxationSync,
} from './copositive.js';
export type { DescentResult } from './descent.js';
export { FittedModel } from './fitted-model.js';
export {
  type FrankWolfeOptions,
  type FrankWolfeRecord,
  type FrankWolfeResult,
  frankWolfe,
  frankWolfeSync,
} from './frank-wolfe.js';
export { GatedNetwork } from './gated-network.js';
export { type GatedReluResult, gatedRelu, gatedReluSync } from './gated-relu.js';
export type { LassoRecord } from './group-lasso.js';
export { KernelRegression, nngp, ntk } from './kernel-regression.js';
export type { DataFitOptions, DescentOptions, IterativeOptions, PatternOptions } from './options.js';
export { LinearModel, ridge } from './ridge.js';
export { sgd, sgdSync } from './sgd.js';
