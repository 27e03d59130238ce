/** Which cells a run consists of, and what each is told: everything that a result depends on besides the data. */
import { type DataLimits, LARGE_REG, limitsOf } from './limits.js';
import { type CellKey, type DataName, DESCENT_WIDTHS } from './results.js';

export interface PlanOptions {
  readonly data: readonly DataName[];
  readonly regs: readonly number[];
  /** Random splits besides the paper's. */
  readonly seeds: number;
  /** Multiplies every time limit. */
  readonly effort: number;
  /** Trials of `random` there are; RANDOM_TRIALS when left out. */
  readonly trials?: number | undefined;
}

export interface ObjectiveSettings {
  readonly seed: number;
  readonly tolerance: number;
  readonly relaxationMs: number;
  readonly networkMs: number;
  readonly networkTolerance: number;
  readonly roundingMs: number;
  readonly roundingSeeds: number;
  readonly roundingWidth: number;
  readonly roundingSteps: number;
  readonly widthsMs: number;
}

export interface DescentSettings {
  readonly seeds: readonly number[];
  readonly learningRates: readonly number[];
  /** Share of the time that choosing the rate may take. */
  readonly rateTrialShare: number;
  readonly sgdSteps: number;
  readonly adamSteps: number;
  readonly limitMs: number;
}

export interface ProgramsSettings {
  readonly seed: number;
  readonly patterns: number;
  readonly tolerance: number;
  readonly limitMs: number;
  /** Whether the copositive relaxation is solved, which is for few features. */
  readonly copositive: boolean;
}

export interface AccuracySettings {
  readonly seed: number;
  readonly oursMs: number;
  readonly descentMs: number;
  readonly programMs: number;
  readonly descentWidth: number;
  /** SGD takes the one with the least training loss in a trial. */
  readonly learningRates: readonly number[];
  readonly rateTrialShare: number;
}

interface SpecOf<E, Settings> {
  readonly experiment: E;
  readonly key: CellKey & { readonly experiment: E };
  readonly settings: Settings;
  /** A guess, for the order of the cells and the time left. */
  readonly expectedMs: number;
}

export type CellSpec =
  | SpecOf<'objective', ObjectiveSettings>
  | SpecOf<'descent', DescentSettings>
  | SpecOf<'programs', ProgramsSettings>
  | SpecOf<'accuracy', AccuracySettings>;

export const RANDOM_TRIALS = 100;
/** Trials of `random` on which the competitors and the width sweep run too: all hundred would tell nothing more. */
export const COMPARED_TRIALS = 10;

/** The paper's 1e-2 and 1e-3, and smaller ones for raw features as large as Pima's. */
const SGD_RATES = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7];
const RATE_TRIAL_SHARE = 0.3;

/** Sets with classes and rows to test on. */
const CLASSIFICATION: readonly DataName[] = ['iris', 'ionosphere', 'pima', 'banknotes', 'mnist20'];
/** Up to 8 features. */
const COPOSITIVE: readonly DataName[] = ['random', 'spiral', 'iris', 'pima', 'banknotes'];

/** All cells, heaviest first. */
export function planCells({ data, regs, seeds, effort, trials = RANDOM_TRIALS }: PlanOptions): CellSpec[] {
  const cells = data.flatMap((name) => {
    const limits = limitsOf(name, effort);
    return regs.flatMap((reg) => [
      ...range(name === 'random' ? trials : 1).map((index) => objective(name, reg, index, limits)),
      ...range(name === 'random' ? Math.min(trials, COMPARED_TRIALS) : 1).flatMap((index) => [
        ...DESCENT_WIDTHS.map((width) => descent(name, reg, index, width, limits)),
        programs(name, reg, index, limits),
      ]),
      ...(CLASSIFICATION.includes(name)
        ? range(seeds + 1).flatMap((index) => [false, true].map((bias) => accuracy(name, reg, index, bias, limits)))
        : []),
    ]);
  });
  return cells.sort((first, second) => second.expectedMs - first.expectedMs);
}

function objective(data: DataName, reg: number, index: number, limits: DataLimits): CellSpec {
  const { tolerance, networkMs, roundingMs } = limits;
  const widthsMs = index < COMPARED_TRIALS ? limits.widthsMs : 0;
  const relaxationMs = reg >= LARGE_REG ? limits.relaxationMs : limits.smallRegRelaxationMs;
  const settings = {
    seed: 1,
    tolerance,
    relaxationMs,
    networkMs,
    networkTolerance: 1e-4,
    roundingMs,
    roundingSeeds: 3,
    roundingWidth: 100,
    roundingSteps: 1000,
    widthsMs,
  };
  const isSmall = data === 'random' || data === 'spiral';
  const expectedMs = isSmall ? SMALL_OBJECTIVE_MS : relaxationMs + networkMs + ROUNDINGS_RUN * roundingMs + widthsMs;
  return {
    experiment: 'objective',
    key: { experiment: 'objective', data, reg, index, bias: false },
    settings,
    expectedMs,
  };
}

function descent(data: DataName, reg: number, index: number, width: number, { descentMs }: DataLimits): CellSpec {
  const settings = {
    seeds: [1, 2, 3, 4, 5],
    learningRates: SGD_RATES,
    rateTrialShare: RATE_TRIAL_SHARE,
    sgdSteps: 8000,
    adamSteps: 6000,
    limitMs: descentMs,
  };
  const isSmall = data === 'random' || data === 'spiral' || data === 'iris';
  const expectedMs = isSmall ? (SMALL_DESCENT_MS * width) / 100 : Math.min(2, width / 100) * descentMs;
  return {
    experiment: 'descent',
    key: { experiment: 'descent', data, reg, index, bias: false, width },
    settings,
    expectedMs,
  };
}

function programs(data: DataName, reg: number, index: number, { programMs }: DataLimits): CellSpec {
  const copositive = COPOSITIVE.includes(data);
  const settings = { seed: 1, patterns: 100, tolerance: 1e-3, limitMs: programMs, copositive };
  const expectedMs = data === 'random' ? SMALL_OBJECTIVE_MS : (copositive ? 3 : 2) * programMs;
  return {
    experiment: 'programs',
    key: { experiment: 'programs', data, reg, index, bias: false },
    settings,
    expectedMs,
  };
}

function accuracy(data: DataName, reg: number, index: number, bias: boolean, limits: DataLimits): CellSpec {
  const { oursMs, splitDescentMs: descentMs, splitProgramMs: programMs } = limits;
  const settings = {
    seed: 1,
    oursMs,
    descentMs,
    programMs,
    descentWidth: 100,
    learningRates: SGD_RATES,
    rateTrialShare: RATE_TRIAL_SHARE,
  };
  return {
    experiment: 'accuracy',
    key: { experiment: 'accuracy', data, reg, index, bias },
    settings,
    expectedMs: oursMs + descentMs + 2 * programMs,
  };
}

/** Guesses on a machine of 2024, in milliseconds. */
const SMALL_OBJECTIVE_MS = 2000;
const SMALL_DESCENT_MS = 2000;
/** Kinds of rounding, and random starts beside them. */
const ROUNDINGS_RUN = 5;

const range = (count: number): number[] => Array.from({ length: count }, (_, k) => k);

/** A name for the cell's file, readable and without its settings. */
export function cellName({ experiment, data, reg, index, bias, width }: CellKey): string {
  return [
    experiment,
    data,
    String(index),
    `reg${reg}`,
    ...(width === undefined ? [] : [`width${width}`]),
    ...(bias ? ['bias'] : []),
  ].join('-');
}
