/** The multipliers of an iterate in the user's units, as the proof takes them. */
import { Matrix } from '../../base/matrix.js';
import { euclideanNorm } from '../../base/vector.js';
import type { Algebra } from '../../linalg/algebra.js';
import { dualPointAtZero } from '../../problem/losses/models.js';
import { type Cone, type ConeKind, coneSizes } from '../../problem/parts/cone.js';
import type { GroupBlock, GroupedCertificate } from '../../problem/parts/groups.js';
import type { TrainingProblem } from '../../problem/problem.js';
import type { Block } from './block.js';
import type { GroupedPoint } from './point.js';
import { equalitiesOf, priceOf } from './price.js';

export function groupedCertificate(
  algebra: Algebra,
  { X, reg }: TrainingProblem,
  cone: ConeKind,
  { problem, a }: GroupedPoint,
): GroupedCertificate {
  const { groups, cones, units, sigma, n, c } = problem;
  /** What a multiplier of Z is worth in the user's units. */
  const unit = units.duals * sigma;
  const blocks = groups.map(({ rows, blocks: own }) => {
    const norms = Float64Array.from(rows, (i) => euclideanNorm(X.row(i)));
    return { rows, blocks: own.map((part) => blockOf(algebra, part, norms, unit, X.columns)) };
  });
  const multiples = cones.map((part, k) => {
    const matrices = blocks.map((group) => group.blocks[k].M);
    return multiplesOf(part, X.columns, reg, matrices);
  });
  return {
    reg,
    cone,
    a: new Matrix(
      algebra.read(a).map((x) => units.duals * x),
      n,
      c,
    ),
    balance: Float64Array.from(multiples, ([balance]) => balance),
    length: Float64Array.from(multiples, ([, length]) => length),
    groups: blocks,
  };
}

/** The block's multipliers; it has unit rows, so a form of row i carries 1/‖x_i‖. N_fg stands for both entries of the symmetric 𝒩. */
function blockOf(algebra: Algebra, part: Block, norms: Float64Array, unit: number, columns: number): GroupBlock {
  const { pairs, m, d, s, forms } = part.layout;
  const { arena } = algebra.kernels;
  const [first, second] = [arena.ints(pairs.i, pairs.count).slice(), arena.ints(pairs.j, pairs.count).slice()];
  const rowForms = forms - part.cone.forms.rows;
  const perForm = Float64Array.from({ length: forms }, (_, form) => (form < rowForms ? 1 / norms[form % m] : 1));
  const N = algebra.entries(part.N);
  const value = N.map((x, k) => (unit / 2) * x * perForm[first[k]] * perForm[second[k]]);
  const w = algebra.read(part.w).map((x, i) => ((unit / 2) * x) / norms[i] / norms[i]);
  // the columns of zeros that X̂ may have go
  const kept = Array.from({ length: s }, (_, k) => k).filter((k) => k < columns || k >= d);
  const all = algebra.entries(part.M);
  const M = Matrix.zeros(kept.length, kept.length);
  for (const [row, k] of kept.entries())
    for (const [column, l] of kept.entries()) M.set(row, column, unit * all[k * s + l]);
  return { pairs: { i: first, j: second, value }, w, M };
}

/** The multiples of the cone's equalities in Σ M − price, by least squares: they fit to round-off. */
function multiplesOf(
  cone: Cone,
  d: number,
  reg: number,
  matrices: readonly Matrix[],
): readonly [balance: number, length: number] {
  const equalities = equalitiesOf(cone, d);
  if (equalities.length === 0) return [0, 0];
  const rest = priceOf(cone, d, reg).data.map((x) => -x);
  for (const { data } of matrices) for (let k = 0; k < rest.length; k++) rest[k] += data[k];
  const inner = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, k) => sum + value * y[k], 0);
  const [balance, length] = equalities.map(({ data }) => data);
  if (!length) return [inner(rest, balance) / inner(balance, balance), 0];
  const [bb, bl, ll] = [inner(balance, balance), inner(balance, length), inner(length, length)];
  const [rb, rl] = [inner(rest, balance), inner(rest, length)];
  const determinant = bb * ll - bl * bl;
  return [(rb * ll - rl * bl) / determinant, (rl * bb - rb * bl) / determinant];
}

/** What is known where no row has a direction, or no output a target: a = −∇L(0), and no group. */
export function emptyCertificate(problem: TrainingProblem, cone: ConeKind): GroupedCertificate {
  const { cones } = coneSizes(cone, problem.Y.columns);
  return {
    reg: problem.reg,
    cone,
    a: dualPointAtZero(problem),
    balance: new Float64Array(cones),
    length: new Float64Array(cones),
    groups: [],
  };
}
