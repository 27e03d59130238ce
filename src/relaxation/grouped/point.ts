/** A primal–dual point of the grouped relaxation, strictly feasible: its blocks, the dual point a and the outputs W at all rows. */
import { squareOf } from '../../base/elementary.js';
import type { Algebra } from '../../linalg/algebra.js';
import { flat, transposed, type View } from '../../linalg/views.js';
import { dualPointAtZero } from '../../problem/losses/models.js';
import type { Block } from './block.js';
import { equalitiesOf, priceOf } from './price.js';
import type { GroupedProblem } from './problem.js';
import { startPrimal } from './start.js';
import type { Group } from './system.js';

/** Weight of a product of forms in the barrier, relative to an eigenvalue. */
export const PAIR_WEIGHT = 0.1;
/** The first a, as a share of what the price allows. */
const START_DUAL = 0.2;
const MAX_HALVINGS = 40;

export class GroupedPoint {
  readonly problem: GroupedProblem;
  readonly blocks: readonly Block[];
  /** n×c. */
  readonly a: View;
  readonly W: View;
  /** For each cone: what its shared block costs, and what is equal in it. */
  readonly prices: readonly View[];
  readonly equalities: readonly (readonly View[])[];
  readonly #algebra: Algebra;
  /** Degrees of complementarity, the pairs weighted. */
  readonly #degree: number;

  constructor(algebra: Algebra, problem: GroupedProblem) {
    const { n, c, groups, cones, d, reg } = problem;
    this.problem = problem;
    this.#algebra = algebra;
    this.a = algebra.matrix(n, c);
    this.W = algebra.matrix(n, c);
    this.blocks = groups.flatMap(({ blocks }) => blocks);
    this.prices = cones.map((cone) => algebra.place(priceOf(cone, d, reg)));
    this.equalities = cones.map((cone) => equalitiesOf(cone, d).map((E) => algebra.place(E)));
    this.#degree = this.blocks.reduce((sum, { layout }) => sum + layout.p + PAIR_WEIGHT * layout.pairs.count, 0);
  }

  /** Writes the start; false when there is none that is numerically interior. */
  *start(): Generator<void, boolean> {
    const algebra = this.#algebra;
    const { groups, reg, cones } = this.problem;
    const zeroDual = dualPointAtZero(this.problem.term);
    const a = algebra.entries(this.a);
    a.set(zeroDual.data);
    for (const group of groups) {
      if (!group.blocks.every((part) => startPrimal(algebra, part))) return false;
      const curvature = frameBound(algebra, group.blocks[0]);
      const c = zeroDual.columns;
      let squares = 0;
      group.rows.forEach((i, p) => {
        for (const x of zeroDual.row(i)) squares += squareOf(x * group.norms[p]);
      });
      const share = squares > 0 ? (START_DUAL * reg) / (groups.length * Math.sqrt(curvature * squares)) : 0;
      const entries = algebra.entries(this.a);
      for (const i of group.rows) for (let k = 0; k < c; k++) entries[i * c + k] *= share;
      for (const part of group.blocks) algebra.fill(part.w, -reg / (curvature * groups.length));
      yield;
    }
    for (const { blocks } of groups) {
      for (let k = 0; k < cones.length; k++) {
        algebra.copyMatrix(this.prices[k], blocks[k].M);
        const [, length] = this.equalities[k];
        // half of what r² costs is laid on ‖outputs h‖², so that every direction of h has a price
        if (length) algebra.axpy(-reg / 4, flat(length), flat(blocks[k].M));
        algebra.scale(1 / groups.length, flat(blocks[k].M));
      }
    }
    this.predict();
    return yield* this.#startPairs();
  }

  /** N = a share of mu / K, halved until every Z is positive definite. */
  *#startPairs(): Generator<void, boolean> {
    const algebra = this.#algebra;
    const { groups } = this.problem;
    let gap = 0;
    let order = 0;
    for (const group of groups) {
      for (const part of group.blocks) {
        algebra.fill(part.N, 0);
        part.slack(this.#load(group, part));
        gap += algebra.inner(part.Lambda, part.Z);
        order += part.layout.p;
      }
      yield;
    }
    let share = (PAIR_WEIGHT * gap) / order;
    for (let k = 0; k < MAX_HALVINGS; k++, share /= 2) {
      for (const part of this.blocks) {
        algebra.fill(part.N, share);
        algebra.divide(part.N, part.K, part.N);
      }
      if (yield* this.slacks()) return true;
    }
    return false;
  }

  /** Relaxation value and bound at the point, in the problem's units. */
  value(): number {
    const { groups, loss } = this.problem;
    let sum = loss.value(this.W);
    for (const [k, part] of groups[0].blocks.entries()) {
      const { s, m, p } = part.layout;
      const [L, C] = [this.#algebra.entries(part.Lambda), this.#algebra.entries(this.prices[k])];
      for (let i = 0; i < s; i++) for (let j = 0; j < s; j++) sum += C[i * s + j] * L[(m + i) * p + m + j];
    }
    return sum;
  }

  bound(): number {
    return this.problem.loss.dualValue(this.a);
  }

  /** Complementarity after steps of these lengths, with the direction that the blocks hold. */
  muAfter(t: number, s: number): number {
    const algebra = this.#algebra;
    let sum = 0;
    for (const part of this.blocks) {
      const sigma = algebra.entries(part.scaling.sigma);
      const [L, Z] = [algebra.entries(part.scaledLambda), algebra.entries(part.scaledZ)];
      const step = part.layout.p + 1;
      sigma.forEach((x, k) => {
        sum += x * (x + t * L[k * step] + s * Z[k * step]);
      });
      sum += t * s * algebra.inner(part.scaledLambda, part.scaledZ);
      sum += algebra.dot(part.K, part.N) + t * algebra.dot(part.dK, part.N) + s * algebra.dot(part.K, part.dN);
      sum += t * s * algebra.dot(part.dK, part.dN);
    }
    return sum / this.#degree;
  }

  /** Complementarity of the point. */
  mu(): number {
    const algebra = this.#algebra;
    let sum = 0;
    for (const { Lambda, Z, K, N } of this.blocks) sum += algebra.inner(Lambda, Z) + algebra.dot(K, N);
    return sum / this.#degree;
  }

  /** Every Z from its multipliers; false when one is not positive definite. */
  *slacks(): Generator<void, boolean> {
    for (const group of this.problem.groups) {
      for (const part of group.blocks) {
        part.slack(this.#load(group, part));
        if (!part.factorise(part.Z, part.layout.square[0])) return false;
        yield;
      }
    }
    return true;
  }

  /** ‖x_i‖ outputsᵀ a_i for the rows of the group. */
  #load({ rows, norms }: Group, { cone }: Block): Float64Array {
    const { outputs } = cone;
    const [c, e] = [outputs.rows, outputs.columns];
    const a = this.#algebra.entries(this.a);
    const load = new Float64Array(rows.length * e);
    rows.forEach((i, p) => {
      for (let k = 0; k < e; k++) {
        let sum = 0;
        for (let j = 0; j < c; j++) sum += outputs.get(j, k) * a[i * c + j];
        load[p * e + k] = norms[p] * sum;
      }
    });
    return load;
  }

  /** W = Σ over cones of the outputs at every row. */
  predict(): void {
    const algebra = this.#algebra;
    const { c, groups } = this.problem;
    const W = algebra.entries(this.W);
    W.fill(0);
    for (const { rows, norms, blocks } of groups) {
      for (const { Lambda, layout, cone } of blocks) {
        const L = algebra.entries(Lambda);
        const { m, d, e, p } = layout;
        rows.forEach((i, r) => {
          for (let j = 0; j < c; j++) {
            let sum = 0;
            for (let k = 0; k < e; k++) sum += cone.outputs.get(j, k) * L[r * p + m + d + k];
            W[i * c + j] += norms[r] * sum;
          }
        });
      }
    }
  }
}

/** λ_max(Σ x xᵀ) over the group's unit rows. */
function frameBound(algebra: Algebra, { X }: Block): number {
  return algebra.scoped(() => {
    const gram = algebra.matrix(X.rows, X.rows);
    algebra.product(1, X, transposed(X), gram, { symmetric: true });
    return algebra.eigenvalues(gram)[X.rows - 1];
  });
}
