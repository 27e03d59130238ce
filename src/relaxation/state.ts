/** Points as plain numbers: checkpoints of a run, and warm starts for another weight decay. */
import { type Check, everyEntry } from '../base/check.js';
import { InputError } from '../base/errors.js';
import type { Algebra } from '../linalg/algebra.js';
import { choleskySteps } from '../linalg/steps.js';
import { flat, type Vector, type View } from '../linalg/views.js';
import type { Point } from './point.js';
import type { ScaledProblem } from './scaled-problem.js';
import type { Stack } from './stack.js';
import { factoriseDual } from './step.js';

/**
 * The state of a solve between two iterations, from which it continues bit for bit. Plain numbers and arrays: it survives
 * structuredClone, worker messages and v8.serialize. Units and layout are the solver's own.
 */
export interface Checkpoint {
  readonly version: 1;
  /** Sizes and weight decay of the scaled problem, to recognise it. */
  readonly size: readonly [n: number, d: number, c: number, lossRows: number];
  readonly reg: number;
  readonly iteration: number;
  readonly backend: 'dense' | 'cg';
  readonly point: PointState;
  readonly best: PointState & { readonly value: number; readonly bound: number };
  /** Relative gap of every iterate so far. */
  readonly gaps: readonly number[];
}

/** A primal–dual point of the solver. */
export interface PointState {
  readonly Lambda: Float64Array;
  readonly a: Float64Array;
  readonly N: Float64Array;
  readonly w: Float64Array;
}

const isSize = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 4 && everyEntry(value, Number.isInteger);

const isPoint = (value: unknown): boolean => {
  const { Lambda, a, N, w } = Object(value);
  return [Lambda, a, N, w].every((part) => Object.prototype.toString.call(part) === '[object Float64Array]');
};

/** Checks the option `resume` as far as that is possible without the problem. */
export const isCheckpoint: Check = (value) => {
  const { version, size, reg, iteration, backend, point, best, gaps } = Object(value);
  const isFine =
    version === 1 &&
    isSize(size) &&
    reg > 0 &&
    Number.isSafeInteger(iteration) &&
    (backend === 'dense' || backend === 'cg') &&
    isPoint(point) &&
    isPoint(best) &&
    Number.isFinite(best.value) &&
    Number.isFinite(best.bound) &&
    Array.isArray(gaps) &&
    gaps.length === iteration &&
    everyEntry(gaps, (gap) => Number.isFinite(gap) && Number(gap) >= 0);
  return isFine ? undefined : 'a checkpoint from onCheckpoint';
};

/** A copy of the point's own numbers; everything else in it follows from them. */
export function savePoint(
  algebra: Algebra,
  point: { readonly Lambda: View; readonly a: View; readonly N: Vector; readonly w: Vector },
): PointState {
  return {
    Lambda: algebra.read(flat(point.Lambda)),
    a: algebra.read(flat(point.a)),
    N: algebra.read(point.N),
    w: algebra.read(point.w),
  };
}

/**
 * Writes the numbers back and recomputes what follows from them, to the same bits; false when it is not strictly feasible. Nothing is
 * believed of the numbers: they may come from a damaged file, or from somebody who made them up.
 */
export function* loadPoint(algebra: Algebra, stack: Stack, state: PointState, point: Point): Generator<void, boolean> {
  const { problem } = stack;
  algebra.write(flat(point.Lambda), state.Lambda);
  algebra.write(flat(point.a), state.a);
  algebra.write(point.N, state.N);
  algebra.write(point.w, state.w);
  const isDual = algebra.minimum(point.N) > 0 && problem.loss.dualValue(point.a) > Number.NEGATIVE_INFINITY;
  const isSound = isDual && isComplementary(algebra, problem, state.Lambda);
  const isPrimal = isSound && (yield* completePrimal(algebra, stack, point));
  return isPrimal && (yield* factoriseDual(algebra, stack, point));
}

/** Whether Lambda is symmetric, and A_ii = x_i·C_i (alpha_i beta_i = 0) up to the round-off of that sum. */
function isComplementary(algebra: Algebra, { n, d, p, Xw }: ScaledProblem, Lambda: Float64Array): boolean {
  for (let i = 0; i < p; i++) for (let j = 0; j < i; j++) if (Lambda[i * p + j] !== Lambda[j * p + i]) return false;
  const x = algebra.entries(flat(Xw));
  for (let i = 0; i < n; i++) {
    let difference = Lambda[i * (p + 1)];
    let magnitude = Math.abs(difference);
    for (let k = 0; k < d; k++) {
      const term = x[i * d + k] * Lambda[i * p + n + k];
      difference -= term;
      magnitude += Math.abs(term);
    }
    if (!(Math.abs(difference) <= 4 * (d + 2) * Number.EPSILON * magnitude)) return false;
  }
  return true;
}

/** K, its entries, W and the factor of a given Lambda; false when it is not strictly feasible. */
export function* completePrimal(algebra: Algebra, stack: Stack, point: Point): Generator<void, boolean> {
  yield* stack.lift(point.Lambda, point.K);
  stack.pairs(point.K, point.pairs);
  stack.predictions(point.Lambda, point.W);
  algebra.copyMatrix(point.Lambda, point.primalFactor);
  return algebra.minimum(point.pairs) > 0 && (yield* choleskySteps(algebra, point.primalFactor));
}

const sizeOf = ({ n, d, c, lossCount }: ScaledProblem): Checkpoint['size'] => [n, d, c, lossCount];

export function createCheckpoint(
  algebra: Algebra,
  problem: ScaledProblem,
  state: Pick<Checkpoint, 'iteration' | 'backend' | 'gaps'> & { readonly point: Point; readonly best: PointView },
): Checkpoint {
  const { iteration, backend, gaps, point, best } = state;
  return {
    version: 1,
    size: sizeOf(problem),
    reg: problem.reg,
    iteration,
    backend,
    point: savePoint(algebra, point),
    best: { ...savePoint(algebra, best), value: best.value, bound: best.bound },
    gaps: [...gaps],
  };
}

interface PointView extends Pick<Point, 'Lambda' | 'a' | 'N' | 'w'> {
  readonly value: number;
  readonly bound: number;
}

/** @throws InputError when the checkpoint is not one of this problem */
export function checkCheckpoint(problem: ScaledProblem, checkpoint: Checkpoint): void {
  const { p, n, c, lossCount, pairs } = problem;
  const fits = ({ Lambda, a, N, w }: PointState): boolean =>
    Lambda.length === p * p && a.length === lossCount * c && N.length === pairs && w.length === n;
  const matches =
    checkpoint.version === 1 &&
    checkpoint.reg === problem.reg &&
    sizeOf(problem).every((value, k) => checkpoint.size[k] === value) &&
    fits(checkpoint.point) &&
    fits(checkpoint.best);
  if (!matches) throw foreignCheckpoint();
}

/** What its numbers do not bear out. */
export const damagedCheckpoint = (what: string): InputError =>
  new InputError('resume', `is a damaged checkpoint: ${what}; start anew without it, or from another one`);

export const foreignCheckpoint = (): InputError =>
  new InputError('resume', 'is a checkpoint of another problem; it needs the same X, Y, reg, bias and standardize');
