/**
 * The check of a grouped certificate: a lower bound on the training loss of every network of any width, rigorous in floating point and true
 * whatever the certificate holds (docs/certificate.md). Cost: one Cholesky factorisation of size (rows + d + e) for each group and cone, more
 * where multipliers must be repaired; memory: a copy of X and one group.
 */
import { Matrix } from '../../base/matrix.js';
import { inflate, up } from '../../base/round-off.js';
import { complete } from '../../base/run.js';
import { type Cone, conesOf } from '../../problem/parts/cone.js';
import { groupForms } from '../../problem/parts/group-forms.js';
import type { GroupBlock, GroupedCertificate } from '../../problem/parts/groups.js';
import type { TrainingProblem } from '../../problem/problem.js';
import { dualBound } from '../dual-bound.js';
import { forEachPair } from '../pairs.js';
import { smallestShift } from '../shift.js';
import { type ConstraintBound, checkData, VALID_SLACK, type VerifiedBound } from '../verify.js';
import { checkGrouped } from './check-grouped.js';
import { lengthOfCone } from './cones.js';
import { sparseForms } from './forms.js';
import { Products } from './products.js';
import { type ScaledRows, scaleRows } from './rows.js';
import { SharedSum } from './shared-sum.js';
import { Slack } from './slack.js';
import { unitsOf } from './units.js';

/**
 * The bound that follows from a certificate. Values that are not positive and complementary pairs count as zero, of each M the lower triangle is
 * read, multipliers that are not feasible are repaired or given up at the price of the bound; non-finite ones give
 * { lowerBound: 0, slack: Infinity, valid: false }.
 *
 * @param problem its weight decay is the one that counts; X n×d as it was solved (the column of ones and the standardisation included)
 * @throws InputError when a part is missing or does not fit
 */
export const boundOfGrouped = (problem: TrainingProblem, certificate: GroupedCertificate): VerifiedBound =>
  complete(groupedBoundSteps(problem, certificate));

/** `boundOfGrouped` with a pause after every block. */
export function* groupedBoundSteps(
  problem: TrainingProblem,
  certificate: GroupedCertificate,
): Generator<void, VerifiedBound> {
  const { X, Y, reg } = problem;
  checkData(X, Y);
  const checked = checkGrouped(certificate, { n: X.rows, d: X.columns, c: Y.columns }, 'certificate');
  const a = new Matrix(Float64Array.from(checked.a.data), Y.rows, Y.columns);
  if (!(X.data.every(Number.isFinite) && holdsNumbers(checked))) {
    return { lowerBound: 0, slack: Number.POSITIVE_INFINITY, valid: false };
  }
  const { trivial, ...proved } = yield* boundGroupsSteps(X, { ...checked, reg });
  const { ratio, withoutMerging } = proved.ratio < trivial ? proved : { ratio: trivial, withoutMerging: trivial };
  const lowerBound = dualBound(problem, a, up(reg * ratio));
  const claimsNothing = a.data.every((entry) => entry === 0);
  return {
    lowerBound,
    slack: Math.max(0, ratio - 1),
    valid: withoutMerging - 1 <= VALID_SLACK && (lowerBound > 0 || claimsNothing),
  };
}

/** Rows of the largest group. */
export const largestGroup = ({ groups }: GroupedCertificate): number =>
  groups.reduce((largest, { rows }) => Math.max(largest, rows.length), 0);

function holdsNumbers({ a, balance, length, groups }: GroupedCertificate): boolean {
  const all = (values: Float64Array): boolean => values.every(Number.isFinite);
  const inBlock = ({ pairs, w, M }: GroupBlock): boolean => all(pairs.value) && all(w) && all(M.data);
  return all(a.data) && all(balance) && all(length) && groups.every(({ blocks }) => blocks.every(inBlock));
}

/** More than the share of a row's length that is lost when small entries of it underflow beside its largest. */
const LOST = 2 ** -1000;

/** ‖aᵀ(Xu)₊‖ ≤ reg · ratio for every ‖u‖ = 1. */
export interface GroupedBound extends ConstraintBound {
  /** The ratio that follows from the lengths of the rows alone. */
  readonly trivial: number;
}

/** What the multipliers prove of a: the largest ratio of those that the cones need. */
export const boundGroups = (X: Matrix, certificate: GroupedCertificate): GroupedBound =>
  complete(boundGroupsSteps(X, certificate));

function* boundGroupsSteps(X: Matrix, certificate: GroupedCertificate): Generator<void, GroupedBound> {
  const { a, reg, groups } = certificate;
  const rows = scaleRows(X, a, reg);
  const grouped = new Uint8Array(X.rows);
  for (const group of groups) for (const row of group.rows) grouped[row] = 1;
  const missing = sumOf(rows.costs.filter((_, i) => grouped[i] === 0));
  let excess = 0;
  for (const [k, cone] of conesOf(certificate.cone, a.columns).entries()) {
    excess = Math.max(excess, yield* excessOf(rows, certificate, cone, k));
  }
  return {
    ratio: inflate(1 + excess + missing + LOST * rows.total, X.rows + 3),
    withoutMerging: inflate(1 + excess, 1),
    trivial: rows.total,
  };
}

/** ⟨a, alpha vᵀ⟩ ≤ reg (1 + excess + transfer) r² on every neuron of cone k; Infinity when nothing is proved. */
function* excessOf(rows: ScaledRows, certificate: GroupedCertificate, cone: Cone, k: number): Generator<void, number> {
  const { reg, groups, balance, length } = certificate;
  const squareOfH = lengthOfCone(cone);
  if (squareOfH === undefined) return Number.POSITIVE_INFINITY;
  const units = unitsOf(reg);
  const shared = new SharedSum(rows.Z.columns + cone.outputs.columns);
  let sum = 0;
  for (const group of groups) {
    const M = symmetric(group.blocks[k].M, units);
    const fallback = inflate(
      group.rows.reduce((total, row) => total + rows.costs[row], 0),
      group.rows.length,
    );
    const cost = costOfBlock(rows, group.rows, group.blocks[k], { cone, squareOfH, M, units, fallback });
    if (cost === undefined) sum += fallback;
    else {
      sum += cost;
      shared.add(M);
    }
    yield;
  }
  return inflate(sum + shared.excess(cone, units(balance[k]), units(length[k]), squareOfH), groups.length + 1);
}

/** The matrix that M's lower triangle stands for, in units of reg. */
function symmetric(M: Matrix, units: (x: number) => number): Float64Array {
  const result = new Float64Array(M.rows * M.rows);
  for (let i = 0; i < M.rows; i++) {
    for (let j = 0; j <= i; j++) {
      const value = units(M.get(i, j));
      result[i * M.rows + j] = value;
      result[j * M.rows + i] = value;
    }
  }
  return result;
}

interface BlockContext {
  readonly cone: Cone;
  readonly squareOfH: number;
  /** In units of reg. */
  readonly M: Float64Array;
  readonly units: (x: number, exponent?: number) => number;
  /** What the group costs without any multiplier. */
  readonly fallback: number;
}

/**
 * Σ alpha_i a_i·v / reg ≤ [u h]ᵀM[u h] + cost · r², over the group's rows, on every neuron of the cone; undefined when no cost below the
 * fallback could be proved. Rows without multipliers are paid for as rows of no group are.
 */
function costOfBlock(
  rows: ScaledRows,
  group: Int32Array,
  block: GroupBlock,
  { cone, squareOfH, M, units, fallback }: BlockContext,
): number | undefined {
  const place = placeRows(rows, group, block, cone);
  const kept = group.filter((_, q) => place[q] >= 0);
  const unspoken = group.reduce((sum, row, q) => (place[q] < 0 ? sum + rows.costs[row] : sum), 0);
  const products = productsOf(rows, group, block, { cone, place, count: kept.length, units });
  const slack = new Slack({
    rows: Array.from(kept, (row) => ({ z: rows.Z.row(row), length: rows.lengths[row], a: rows.a.row(row) })),
    products,
    M,
    outputs: cone.outputs,
    d: rows.Z.columns,
  });
  if (!slack.isOrdinary) return undefined;
  const costOf = (delta: number): number => inflate(unspoken + slack.costOf(delta, squareOfH), group.length + 1);
  const delta = complete(
    smallestShift(
      (candidate) => slack.proves(candidate),
      (candidate) => costOf(candidate) < fallback,
    ),
  );
  if (delta === undefined) return undefined;
  const cost = costOf(delta);
  return cost < fallback || delta === 0 ? cost : undefined;
}

/** The coordinate alpha of each row of the group: −1 for rows of zeros and for rows without multipliers. */
function placeRows({ lengths }: ScaledRows, group: Int32Array, { pairs, w }: GroupBlock, cone: Cone): Int32Array {
  const forms = groupForms(group.length, cone);
  const speaks = Uint8Array.from(w, (value) => (value === 0 ? 0 : 1));
  forEachPair(pairs, forms, (i, j) => {
    for (const row of [forms.rowOf(i), forms.rowOf(j)]) if (row >= 0) speaks[row] = 1;
  });
  let count = 0;
  return group.map((row, q) => (speaks[q] === 1 && lengths[row] > 0 ? count++ : -1));
}

interface Placement {
  readonly cone: Cone;
  readonly place: Int32Array;
  readonly count: number;
  readonly units: (x: number, exponent?: number) => number;
}

function productsOf(
  { exponent, lengths }: ScaledRows,
  group: Int32Array,
  { pairs, w }: GroupBlock,
  { cone, place, count, units }: Placement,
): Products {
  const forms = groupForms(group.length, cone);
  const lists = sparseForms(
    place,
    count,
    Float64Array.from(group, (row) => lengths[row]),
    cone,
  );
  const products = new Products(2 * count + cone.outputs.columns);
  const exponentOf = (form: number): number => (forms.rowOf(form) < 0 ? 0 : exponent[group[forms.rowOf(form)]]);
  forEachPair(pairs, forms, (i, j, value) => {
    products.add(units(value, exponentOf(i) + exponentOf(j)), lists[i], lists[j]);
  });
  for (let q = 0; q < group.length; q++) {
    products.add(units(w[q], 2 * exponentOf(q)), lists[q], lists[group.length + q]);
  }
  return products;
}

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
