/** The paper's experiments as functions: data in, plain JSON out. Files and workers are run/'s. */

export { limitsOf } from './limits.js';
export { type CellSpec, cellName, type PlanOptions, planCells, RANDOM_TRIALS } from './plan.js';
export * from './results.js';
export { type BareCell, type ExperimentData, runCell } from './run-cell.js';
