/**
 * How much time each part of an experiment may take: the one table. Chosen so that all seven data sets take two cores about an hour; every
 * result says what it was given.
 */
import type { DataName } from './results.js';

/** Milliseconds, except for the tolerance. */
export interface DataLimits {
  /** The relaxation at reg ≥ LARGE_REG, and below, where it takes more iterations to get anywhere. */
  readonly relaxationMs: number;
  readonly smallRegRelaxationMs: number;
  /** Relative gap at which the relaxation is done. */
  readonly tolerance: number;
  /** The search for the network. */
  readonly networkMs: number;
  /** Each kind of rounding, polishing included. */
  readonly roundingMs: number;
  /** The width sweep; 0 where it is left out because it is not cheap. */
  readonly widthsMs: number;
  /** As many seeds of SGD at one width as fit, and as long again for Adam. */
  readonly descentMs: number;
  /** Each of the convex programs over sampled patterns. */
  readonly programMs: number;
  /** `train` on one split. */
  readonly oursMs: number;
  /** SGD on one split, and as long again for Adam. */
  readonly splitDescentMs: number;
  /** Each convex program over sampled patterns on one split. */
  readonly splitProgramMs: number;
}

export const LARGE_REG = 0.05;

const SECOND = 1000;

const PLANE: DataLimits = {
  relaxationMs: 30 * SECOND,
  smallRegRelaxationMs: 30 * SECOND,
  tolerance: 1e-6,
  networkMs: 10 * SECOND,
  roundingMs: 2 * SECOND,
  widthsMs: 10 * SECOND,
  descentMs: 15 * SECOND,
  programMs: 10 * SECOND,
  oursMs: 5 * SECOND,
  splitDescentMs: 4 * SECOND,
  splitProgramMs: 1.5 * SECOND,
};

export const LIMITS: Readonly<Record<DataName, DataLimits>> = Object.freeze({
  random: PLANE,
  spiral: { ...PLANE, relaxationMs: 60 * SECOND, smallRegRelaxationMs: 60 * SECOND, widthsMs: 30 * SECOND },
  iris: {
    ...PLANE,
    relaxationMs: 60 * SECOND,
    smallRegRelaxationMs: 60 * SECOND,
    tolerance: 1e-5,
    networkMs: 40 * SECOND,
    roundingMs: 5 * SECOND,
    widthsMs: 40 * SECOND,
  },
  ionosphere: {
    ...PLANE,
    relaxationMs: 90 * SECOND,
    smallRegRelaxationMs: 90 * SECOND,
    tolerance: 1e-4,
    networkMs: 30 * SECOND,
    roundingMs: 5 * SECOND,
    widthsMs: 0,
  },
  pima: {
    ...PLANE,
    relaxationMs: 120 * SECOND,
    smallRegRelaxationMs: 120 * SECOND,
    tolerance: 1e-4,
    networkMs: 30 * SECOND,
    roundingMs: 8 * SECOND,
    widthsMs: 0,
  },
  banknotes: {
    ...PLANE,
    relaxationMs: 750 * SECOND,
    smallRegRelaxationMs: 600 * SECOND,
    tolerance: 1e-3,
    networkMs: 30 * SECOND,
    roundingMs: 8 * SECOND,
    widthsMs: 0,
  },
  mnist20: {
    ...PLANE,
    relaxationMs: 1500 * SECOND,
    smallRegRelaxationMs: 840 * SECOND,
    tolerance: 1e-2,
    networkMs: 30 * SECOND,
    roundingMs: 12 * SECOND,
    widthsMs: 0,
    descentMs: 20 * SECOND,
    programMs: 20 * SECOND,
    oursMs: 8 * SECOND,
    splitDescentMs: 5 * SECOND,
    splitProgramMs: 2 * SECOND,
  },
});

/** The limits of a data set, its times multiplied by the effort. */
export function limitsOf(data: DataName, effort: number): DataLimits {
  const entries = Object.entries(LIMITS[data]).map(([name, value]) => [
    name,
    name.endsWith('Ms') ? Math.round(effort * value) : value,
  ]);
  return Object.fromEntries(entries) as unknown as DataLimits;
}
