/**
 * The interior point of the grouped relaxation: Mehrotra's predictor and corrector with Nesterov–Todd scaling in every block, products of forms with the
 * weight `PAIR_WEIGHT` of a block's eigenvalue. Every iterate is strictly feasible, so a run that ends early has a bound.
 */
import { cubeOf, squareOf } from '../../base/elementary.js';
import { complete } from '../../base/run.js';
import type { Algebra } from '../../linalg/algebra.js';
import { flat, transposed, type Vector, type View } from '../../linalg/views.js';
import { dualPointAtZero } from '../../problem/losses/models.js';
import { complementarityTarget, solveLyapunov } from '../kernels.js';
import type { Block } from './block.js';
import { equalitiesOf, priceOf } from './price.js';
import type { GroupedProblem } from './problem.js';
import { startPrimal } from './start.js';
import { type Group, SharedSystem } from './system.js';

const PAIR_WEIGHT = 0.1;
const LEAST_CENTRING = 1e-6;
const STEP_FRACTION = 0.95;
const SHRINK = 0.7;
const MAX_SHRINKS = 40;
/** The first a, as a share of what the price allows. */
const START_DUAL = 0.2;

export interface StepSizes {
  readonly primal: number;
  readonly dual: number;
  readonly centring: number;
}

export class GroupedIteration {
  readonly problem: GroupedProblem;
  /** n×c. */
  readonly a: View;
  readonly W: View;
  readonly #algebra: Algebra;
  readonly #da: View;
  readonly #residual: View;
  readonly #system: SharedSystem;
  readonly #blocks: readonly Block[];
  readonly #prices: readonly View[];
  readonly #equalities: readonly (readonly View[])[];
  /** Degrees of complementarity, the pairs weighted. */
  readonly #degree: number;
  /** One scratch vector of shared entries for each cone. */
  readonly #sharedRight: readonly Vector[];

  constructor(algebra: Algebra, problem: GroupedProblem) {
    const { n, c, groups, cones, d, reg } = problem;
    this.problem = problem;
    this.#algebra = algebra;
    this.a = algebra.matrix(n, c);
    this.W = algebra.matrix(n, c);
    this.#da = algebra.matrix(n, c);
    this.#residual = algebra.matrix(n, c);
    this.#blocks = groups.flatMap(({ blocks }) => blocks);
    this.#prices = cones.map((cone) => algebra.place(priceOf(cone, d, reg)));
    this.#equalities = cones.map((cone) => equalitiesOf(cone, d).map((E) => algebra.place(E)));
    const each = groups[0].blocks.map(({ layout }) => layout.shared);
    this.#system = new SharedSystem(algebra, each[0], cones.length, this.#equalityColumns(each[0]));
    this.#degree = this.#blocks.reduce((sum, { layout }) => sum + layout.p + PAIR_WEIGHT * layout.pairs.count, 0);
    this.#sharedRight = each.map((length) => algebra.vector(length));
    const largest = this.#blocks.reduce((order, { layout }) => Math.max(order, layout.q, layout.p), 1);
    algebra.reserveFor({ cholesky: largest, smallestEigenvalue: largest });
  }

  /** The equalities' coefficients over the packed shared entries of all cones, one column each. */
  #equalityColumns(each: number): View {
    const algebra = this.#algebra;
    const count = this.#equalities.reduce((sum, list) => sum + list.length, 0);
    const columns = algebra.matrix(each * this.#equalities.length, count);
    const out = algebra.entries(columns);
    let column = 0;
    for (const [k, list] of this.#equalities.entries()) {
      for (const E of list) {
        const entries = algebra.entries(E);
        for (let i = 0, at = k * each; i < E.rows; i++) {
          for (let j = 0; j <= i; j++, at++) out[at * count + column] = (i === j ? 1 : 2) * entries[i * E.columns + j];
        }
        column++;
      }
    }
    return columns;
  }

  /** Writes the start; false when there is none that is numerically interior. */
  start(): boolean {
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
    }
    for (const { blocks } of groups) {
      for (let k = 0; k < cones.length; k++) {
        algebra.copyMatrix(this.#prices[k], blocks[k].M);
        const [, length] = this.#equalities[k];
        // half of what r² costs is laid on ‖outputs h‖², so that every direction of h has a price
        if (length) algebra.axpy(-reg / 4, flat(length), flat(blocks[k].M));
        algebra.scale(1 / groups.length, flat(blocks[k].M));
      }
    }
    this.#predictions();
    return this.#startPairs();
  }

  /** N = a share of mu / K, halved until every Z is positive definite. */
  #startPairs(): boolean {
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
    }
    let share = (PAIR_WEIGHT * gap) / order;
    for (let k = 0; k < MAX_SHRINKS; k++, share /= 2) {
      for (const part of this.#blocks) {
        algebra.fill(part.N, share);
        algebra.divide(part.N, part.K, part.N);
      }
      if (complete(this.#slacks())) return true;
    }
    return false;
  }

  /** Relaxation value and bound at the point, in the problem's units. */
  value(): number {
    const { groups, loss } = this.problem;
    let sum = loss.value(this.W);
    for (const [k, part] of groups[0].blocks.entries()) {
      const { s, m, p } = part.layout;
      const [L, C] = [this.#algebra.entries(part.Lambda), this.#algebra.entries(this.#prices[k])];
      for (let i = 0; i < s; i++) for (let j = 0; j < s; j++) sum += C[i * s + j] * L[(m + i) * p + m + j];
    }
    return sum;
  }

  bound(): number {
    return this.problem.loss.dualValue(this.a);
  }

  /** The bound after a dual step of that length. */
  #boundAfter(length: number): number {
    const algebra = this.#algebra;
    algebra.copyMatrix(this.a, this.#residual);
    algebra.axpy(length, flat(this.#da), flat(this.#residual));
    return this.problem.loss.dualValue(this.#residual);
  }

  /** Complementarity of the point. */
  mu(): number {
    return this.#gap() / this.#degree;
  }

  #gap(): number {
    const algebra = this.#algebra;
    let sum = 0;
    for (const { Lambda, Z, K, N } of this.#blocks) sum += algebra.inner(Lambda, Z) + algebra.dot(K, N);
    return sum;
  }

  /**
   * One iteration; pauses between groups, and given up at a pause it leaves the dual point as it was. Undefined when the arithmetic gives out.
   *
   * @param beforeDescent called before the dual point moves to one with a lower bound
   */
  *step(beforeDescent: () => void): Generator<void, StepSizes | undefined> {
    const { groups } = this.problem;
    const mu = this.mu();
    this.#system.begin();
    for (const group of groups) {
      if (!group.blocks.every((part) => part.rescale())) return undefined;
      if (!this.#system.eliminate(group)) return undefined;
      yield;
    }
    if (!this.#system.factorise()) return undefined;
    this.problem.loss.residual(this.W, this.a, this.#residual);
    yield* this.#direction((part) => this.#aimAtBoundary(part));
    const affine = yield* this.#lengths();
    const predicted = this.#gapAfter(Math.min(1, affine.primal), Math.min(1, affine.dual)) / this.#degree;
    const centring = Math.max(Math.min(cubeOf(Math.max(predicted, 0) / mu), 1), LEAST_CENTRING);
    yield* this.#direction((part) => this.#aimAtCentre(part, centring * mu));
    const { primal, dual } = yield* this.#lengths();
    const [primalLength, dualLength] = [primal, dual].map((length) => Math.min(1, STEP_FRACTION * length));
    if (this.#boundAfter(dualLength) < this.bound()) beforeDescent();
    const moved = {
      primal: yield* this.#movePrimal(primalLength),
      dual: yield* this.#moveDual(dualLength),
      centring,
    };
    this.#predictions();
    return moved;
  }

  /** What Z and N would move by if Lambda stayed, for a step to complementarity 0: into dLambda (in scaled coordinates) and dN. */
  #aimAtBoundary(part: Block): void {
    const algebra = this.#algebra;
    const { dLambda, dN, N, layout } = part;
    algebra.zero(dLambda);
    const sigma = algebra.entries(part.scaling.sigma);
    const entries = algebra.entries(dLambda);
    sigma.forEach((x, k) => {
      entries[k * (layout.p + 1)] = -x;
    });
    algebra.copy(N, dN);
    algebra.scale(-1, dN);
  }

  /** The same for a step to complementarity `target`, with the second-order terms of the direction that the block holds. */
  #aimAtCentre(part: Block, target: number): void {
    const algebra = this.#algebra;
    const { dLambda, K, N, dK, dN, layout, scaledLambda, scaledZ } = part;
    // target I − Σ² − sym(dLambda dZ), solved for the symmetric R with (Σ R + R Σ)/2 equal to it
    algebra.product(-1, scaledLambda, scaledZ, dLambda);
    algebra.symmetrize(dLambda);
    const sigma = algebra.entries(part.scaling.sigma);
    const entries = algebra.entries(dLambda);
    sigma.forEach((x, k) => {
      entries[k * (layout.p + 1)] += target - x * x;
    });
    solveLyapunov(algebra, part.scaling.sigma, dLambda);
    complementarityTarget(algebra, [PAIR_WEIGHT * target, Number.POSITIVE_INFINITY], [K, N], [dK, dN], dN);
  }

  /** The Newton direction towards what `aim` wrote into dLambda and dN of every block. */
  *#direction(aim: (part: Block) => void): Generator<void> {
    const algebra = this.#algebra;
    const { groups, c } = this.problem;
    this.#system.beginRight();
    for (const group of groups) {
      const residual = algebra.entries(this.#residual);
      const z = algebra.entries(group.z);
      group.rows.forEach((i, p) => {
        for (let j = 0; j < c; j++) z[p * c + j] = residual[i * c + j];
      });
      for (const [k, part] of group.blocks.entries()) {
        aim(part);
        part.rightHandSide(part.dLambda, part.dN, part.y, this.#sharedRight[k]);
      }
      this.#system.addRight(group, this.#sharedRight);
      yield;
    }
    this.#system.solve();
    for (const group of groups) {
      this.#system.substitute(group);
      for (const [k, part] of group.blocks.entries()) part.complete(this.#system.shared(k));
      const z = algebra.entries(group.z);
      const da = algebra.entries(this.#da);
      group.rows.forEach((i, p) => {
        for (let j = 0; j < c; j++) da[i * c + j] = z[p * c + j];
      });
      yield;
    }
    this.#keepPrices();
  }

  /** Takes from every dM its share of what moves the sum of M off the price and the equalities' multiples. */
  #keepPrices(): void {
    const algebra = this.#algebra;
    const { groups, cones } = this.problem;
    for (let k = 0; k < cones.length; k++) {
      const sum = new Float64Array(squareOf(this.#prices[k].rows));
      for (const { blocks } of groups) {
        const dM = algebra.entries(blocks[k].dM);
        for (let l = 0; l < sum.length; l++) sum[l] += dM[l];
      }
      removeSpan(
        sum,
        this.#equalities[k].map((E) => algebra.entries(E)),
      );
      for (const { blocks } of groups) {
        const dM = algebra.entries(blocks[k].dM);
        for (let l = 0; l < sum.length; l++) dM[l] -= sum[l] / groups.length;
      }
    }
  }

  /** Largest primal and dual steps to the boundary. */
  *#lengths(): Generator<void, { primal: number; dual: number }> {
    const algebra = this.#algebra;
    let primal = Number.POSITIVE_INFINITY;
    let dual = this.problem.loss.largestStep(this.a, this.#da);
    for (const part of this.#blocks) {
      const reach = (step: View): number => complete(part.scaling.stepToBoundary(step));
      primal = Math.min(primal, reach(part.scaledLambda), algebra.stepRatio(part.K, part.dK));
      dual = Math.min(dual, reach(part.scaledZ), algebra.stepRatio(part.N, part.dN));
      yield;
    }
    return { primal, dual };
  }

  /** Complementarity after steps of these lengths. */
  #gapAfter(t: number, s: number): number {
    const algebra = this.#algebra;
    let sum = 0;
    for (const part of this.#blocks) {
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
    return sum;
  }

  *#movePrimal(length: number): Generator<void, number> {
    const algebra = this.#algebra;
    let moved = 0;
    for (let k = 0, t = length; k < MAX_SHRINKS && t > 0; k++, t *= SHRINK) {
      let isInside = true;
      for (const part of this.#blocks) {
        part.movePrimal(t - moved);
        part.products(part.Lambda, part.K);
        isInside &&= algebra.minimum(part.K) > 0 && part.factorise(part.Lambda, part.layout.square[0]);
        yield;
      }
      moved = t;
      if (isInside) return t;
    }
    for (const part of this.#blocks) {
      part.movePrimal(-moved);
      part.products(part.Lambda, part.K);
    }
    return 0;
  }

  *#moveDual(length: number): Generator<void, number> {
    let moved = 0;
    let isSettled = false;
    const shift = (t: number): void => {
      this.#algebra.axpy(t - moved, flat(this.#da), flat(this.a));
      for (const part of this.#blocks) part.moveDual(t - moved);
      moved = t;
    };
    try {
      for (let k = 0, t = length; k < MAX_SHRINKS && t > 0; k++, t *= SHRINK) {
        shift(t);
        isSettled = yield* this.#slacks();
        if (isSettled) return t;
      }
      shift(0);
      isSettled = yield* this.#slacks();
      return 0;
    } finally {
      if (!isSettled) shift(0);
    }
  }

  /** Every Z from its multipliers; false when one is not positive definite. */
  *#slacks(): Generator<void, boolean> {
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
  #predictions(): void {
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

/** Takes the component in the span of the directions (at most two, linearly independent) out of v. */
function removeSpan(v: Float64Array, directions: readonly Float64Array[]): void {
  const basis: Float64Array[] = [];
  const project = (x: Float64Array, onto: Float64Array): void => {
    let [inner, squares] = [0, 0];
    for (let k = 0; k < x.length; k++) {
      inner += x[k] * onto[k];
      squares += onto[k] * onto[k];
    }
    for (let k = 0; k < x.length; k++) x[k] -= (inner / squares) * onto[k];
  };
  for (const direction of directions) {
    const next = direction.slice();
    for (const earlier of basis) project(next, earlier);
    basis.push(next);
    project(v, next);
  }
}
