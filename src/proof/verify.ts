/**
 * The certificate's check: a lower bound on the training loss of every network of any width from (X, Y) and the multipliers
 * alone, rigorous in floating point. It shares nothing with the solver. The proof is docs/certificate.md; cost: a few
 * Cholesky factorisations of size (representative rows) + d.
 */
import { InputError } from '../base/errors.js';
import { Matrix } from '../base/matrix.js';
import { inflate, normAbove, up } from '../base/round-off.js';
import { complete } from '../base/run.js';
import { freeForms } from '../problem/parts/free.js';
import type { Certificate, TrainingProblem } from '../problem/problem.js';
import { dualBound } from './dual-bound.js';
import { describeNeurons } from './neurons.js';
import { checkPairs, isTyped } from './pairs.js';
import { QuadraticForm } from './quadratic-form.js';
import { repair } from './repair.js';
import { compress } from './row-space.js';

/** What a certificate proves. */
export interface VerifiedBound {
  /**
   * Every network of any width has a training loss L((XU)₊Vᵀ) + reg/2 (‖U‖² + ‖V‖²) ≥ lowerBound, whatever the multipliers;
   * ≥ 0, and 0 when they prove nothing.
   */
  readonly lowerBound: number;
  /**
   * How far a is from what could be proved: ‖aᵀ(Xu)₊‖ ≤ reg (1 + slack)‖u‖, and the bound is that of a / (1 + slack) (or of a
   * better multiple). About 1e-13 is round-off; rows merged into nearly parallel ones add their distance; Infinity: no proof.
   */
  readonly slack: number;
  /**
   * The multipliers hold essentially as given and prove something. As given: without the rows that have no multipliers of their
   * own, slack is at most VALID_SLACK. Something: lowerBound > 0, or a = 0, which claims 0.
   */
  readonly valid: boolean;
}

/** Largest slack of valid multipliers: it moves the bound by about as much, far below the gap of any solve. */
export const VALID_SLACK = 1e-6;

/**
 * Checks a certificate and returns the bound that follows from it; nothing is copied but a.
 *
 * Pairs whose value is not positive count as zero and complementary ones (n+i, i) are ignored; multipliers that are not feasible are repaired
 * at the price of the bound; non-finite ones give { lowerBound: 0, slack: Infinity, valid: false }.
 *
 * @param problem as it was solved, the column of ones and the standardisation included
 * @throws InputError when a shape does not fit, `certificate.pairs` is not an ascending list of pairs i > j of the forms, or `certificate.reg` is not a positive number
 */
export const boundOfCertificate = (problem: TrainingProblem, certificate: Certificate): VerifiedBound =>
  complete(boundSteps(problem, certificate));

/** `boundOfCertificate` with pauses where there are many rows. */
export function* boundSteps(problem: TrainingProblem, certificate: Certificate): Generator<void, VerifiedBound> {
  const { X, Y, reg } = problem;
  checkShapes(X, Y, certificate);
  const { pairs, w } = certificate;
  const a = new Matrix(Float64Array.from(certificate.a.data), Y.rows, Y.columns);
  if (!(allFinite(a.data) && allFinite(pairs.value) && allFinite(w))) {
    return { lowerBound: 0, slack: Number.POSITIVE_INFINITY, valid: false };
  }
  const { ratio, withoutMerging } = yield* boundConstraint(X, { reg, a, pairs, w });
  const lowerBound = dualBound(problem, a, up(reg * ratio));
  const claimsNothing = a.data.every((entry) => entry === 0);
  return {
    lowerBound,
    slack: Math.max(0, ratio - 1),
    valid: withoutMerging - 1 <= VALID_SLACK && (lowerBound > 0 || claimsNothing),
  };
}

export interface ConstraintBound {
  /** ‖aᵀ(Xu)₊‖ / reg ≤ ratio for every ‖u‖ = 1: the smallest that could be proved. */
  readonly ratio: number;
  /** The part of it that does not come from rows without multipliers. */
  readonly withoutMerging: number;
}

/** Rows and columns from which the repair does not look for multipliers where there are none at all: it would take seconds. */
const LARGE_ORDER = 2048;

const hasNoMultipliers = ({ w, pairs }: Certificate): boolean =>
  w.every((entry) => entry === 0) && !pairs.value.some((entry) => entry > 0);

/** What the multipliers prove of a. */
export function* boundConstraint(X: Matrix, certificate: Certificate): Generator<void, ConstraintBound> {
  const trivial = trivialRatio(X, certificate);
  if (X.rows + X.columns > LARGE_ORDER && hasNoMultipliers(certificate))
    return { ratio: trivial, withoutMerging: trivial };
  const { neurons, stretch } = yield* compress(describeNeurons(X, certificate));
  if (neurons.count === 0) return { ratio: Math.min(trivial, neurons.transfer), withoutMerging: 0 };
  const form = yield* QuadraticForm.build(neurons, certificate);
  const ratioFor = (epsilon: number): number => ratioAbove(epsilon, form.defect, stretch, neurons.transfer);
  const repaired = yield* repair(form, (candidate) => ratioFor(candidate) < trivial);
  const ratio = repaired ? ratioFor(repaired.epsilon) : Number.POSITIVE_INFINITY;
  return ratio < trivial
    ? { ratio, withoutMerging: ratio - neurons.transfer }
    : { ratio: trivial, withoutMerging: trivial };
}

/** (√(1 + ε) + defect) · stretch + transfer, from above; ε and the others ≥ 0. */
export const ratioAbove = (epsilon: number, defect: number, stretch: number, transfer: number): number =>
  inflate((Math.sqrt(1 + epsilon) + defect) * stretch + transfer, 5);

/** Σ ‖a_i‖‖x_i‖ / reg: no multiplier is needed for it, and it is the smaller one for a near 0. */
function trivialRatio(X: Matrix, { a, reg }: Certificate): number {
  let sum = 0;
  for (let i = 0; i < X.rows; i++) sum += up(normAbove(a.row(i)) * normAbove(X.row(i)));
  return inflate(inflate(sum, X.rows) / reg, 1);
}

const allFinite = (values: Float64Array): boolean => values.every(Number.isFinite);

/** @throws InputError unless there are rows and columns, as many rows of either */
export function checkData(X: Matrix, Y: Matrix): void {
  const n = X.rows;
  if (n === 0 || X.columns === 0)
    throw new InputError('X', `is ${n}×${X.columns}; at least one row and one column are needed`);
  if (Y.rows !== n || Y.columns === 0) {
    throw new InputError('Y', `is ${Y.rows}×${Y.columns}, but X has ${n} rows; Y must be ${n}×c with c ≥ 1`);
  }
}

function checkShapes(X: Matrix, Y: Matrix, certificate: Certificate): void {
  checkData(X, Y);
  const n = X.rows;
  const { reg, a, pairs, w } = certificate;
  if (!(reg > 0 && reg < Number.POSITIVE_INFINITY)) {
    throw new InputError('certificate.reg', `is ${reg}; it must be the positive number the problem was solved with`);
  }
  const isMatrix = isTyped(a?.data, 'Float64Array') && a.data.length === n * Y.columns;
  if (!isMatrix || a.rows !== n || a.columns !== Y.columns) {
    throw new InputError(
      'certificate.a',
      `is ${a?.rows}×${a?.columns}, but Y is ${n}×${Y.columns}; a must have its shape`,
    );
  }
  if (!isTyped(w, 'Float64Array') || w.length !== n) {
    throw new InputError(
      'certificate.w',
      `has ${w?.length} entries, but X has ${n} rows; w must be a Float64Array of ${n}`,
    );
  }
  checkPairs(pairs, freeForms(n), 'certificate.pairs');
}
