/**
 * The interior point of the grouped relaxation: Mehrotra's predictor and corrector with Nesterov–Todd scaling in every block, products of forms with the
 * weight `PAIR_WEIGHT` of a block's eigenvalue. Every iterate is strictly feasible, so a run that ends early has a bound.
 */
import { cubeOf, squareOf } from '../../base/elementary.js';
import { complete } from '../../base/run.js';
import type { Algebra } from '../../linalg/algebra.js';
import { flat, type Vector, type View } from '../../linalg/views.js';
import { complementarityTarget, solveLyapunov } from '../kernels.js';
import type { Block } from './block.js';
import { type GroupedPoint, PAIR_WEIGHT } from './point.js';
import { SharedSystem } from './system.js';

const LEAST_CENTRING = 1e-6;
const STEP_FRACTION = 0.95;
const SHRINK = 0.7;
const MAX_SHRINKS = 40;

export interface StepSizes {
  readonly primal: number;
  readonly dual: number;
  readonly centring: number;
}

export class GroupedIteration {
  readonly #point: GroupedPoint;
  readonly #algebra: Algebra;
  readonly #da: View;
  readonly #residual: View;
  readonly #system: SharedSystem;
  /** One scratch vector of shared entries for each cone. */
  readonly #sharedRight: readonly Vector[];

  constructor(algebra: Algebra, point: GroupedPoint) {
    const { n, c, groups } = point.problem;
    this.#point = point;
    this.#algebra = algebra;
    this.#da = algebra.matrix(n, c);
    this.#residual = algebra.matrix(n, c);
    const each = groups[0].blocks.map(({ layout }) => layout.shared);
    this.#system = new SharedSystem(algebra, each[0], point.equalities);
    this.#sharedRight = each.map((length) => algebra.vector(length));
    const largest = point.blocks.reduce((order, { layout }) => Math.max(order, layout.q, layout.p), 1);
    algebra.reserveFor({ cholesky: largest, smallestEigenvalue: largest });
  }

  /** The bound after a dual step of that length. */
  #boundAfter(length: number): number {
    const algebra = this.#algebra;
    algebra.copyMatrix(this.#point.a, this.#residual);
    algebra.axpy(length, flat(this.#da), flat(this.#residual));
    return this.#point.problem.loss.dualValue(this.#residual);
  }

  /**
   * One iteration; pauses between groups, and given up at a pause it leaves the dual point as it was. Undefined when the arithmetic gives out.
   *
   * @param beforeDescent called before the dual point moves to one with a lower bound
   */
  *step(beforeDescent: () => void): Generator<void, StepSizes | undefined> {
    const { groups } = this.#point.problem;
    const mu = this.#point.mu();
    this.#system.begin();
    for (const group of groups) {
      if (!group.blocks.every((part) => part.rescale())) return undefined;
      if (!this.#system.eliminate(group)) return undefined;
      yield;
    }
    if (!this.#system.factorise()) return undefined;
    this.#point.problem.loss.residual(this.#point.W, this.#point.a, this.#residual);
    yield* this.#direction((part) => this.#aimAtBoundary(part));
    const affine = yield* this.#lengths();
    const predicted = this.#point.muAfter(Math.min(1, affine.primal), Math.min(1, affine.dual));
    const centring = Math.max(Math.min(cubeOf(Math.max(predicted, 0) / mu), 1), LEAST_CENTRING);
    yield* this.#direction((part) => this.#aimAtCentre(part, centring * mu));
    const { primal, dual } = yield* this.#lengths();
    const [primalLength, dualLength] = [primal, dual].map((length) => Math.min(1, STEP_FRACTION * length));
    if (this.#boundAfter(dualLength) < this.#point.bound()) beforeDescent();
    const moved = {
      primal: yield* this.#movePrimal(primalLength),
      dual: yield* this.#moveDual(dualLength),
      centring,
    };
    this.#point.predict();
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
    const { groups, c } = this.#point.problem;
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
    const { groups, cones } = this.#point.problem;
    for (let k = 0; k < cones.length; k++) {
      const sum = new Float64Array(squareOf(this.#point.prices[k].rows));
      for (const { blocks } of groups) {
        const dM = algebra.entries(blocks[k].dM);
        for (let l = 0; l < sum.length; l++) sum[l] += dM[l];
      }
      removeSpan(
        sum,
        this.#point.equalities[k].map((E) => algebra.entries(E)),
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
    let dual = this.#point.problem.loss.largestStep(this.#point.a, this.#da);
    for (const part of this.#point.blocks) {
      const reach = (step: View): number => complete(part.scaling.stepToBoundary(step));
      primal = Math.min(primal, reach(part.scaledLambda), algebra.stepRatio(part.K, part.dK));
      dual = Math.min(dual, reach(part.scaledZ), algebra.stepRatio(part.N, part.dN));
      yield;
    }
    return { primal, dual };
  }

  *#movePrimal(length: number): Generator<void, number> {
    const algebra = this.#algebra;
    let moved = 0;
    for (let k = 0, t = length; k < MAX_SHRINKS && t > 0; k++, t *= SHRINK) {
      let isInside = true;
      for (const part of this.#point.blocks) {
        part.movePrimal(t - moved);
        part.products(part.Lambda, part.K);
        isInside &&= algebra.minimum(part.K) > 0 && part.factorise(part.Lambda, part.layout.square[0]);
        yield;
      }
      moved = t;
      if (isInside) return t;
    }
    for (const part of this.#point.blocks) {
      part.movePrimal(-moved);
      part.products(part.Lambda, part.K);
    }
    return 0;
  }

  *#moveDual(length: number): Generator<void, number> {
    let moved = 0;
    let isSettled = false;
    const shift = (t: number): void => {
      this.#algebra.axpy(t - moved, flat(this.#da), flat(this.#point.a));
      for (const part of this.#point.blocks) part.moveDual(t - moved);
      moved = t;
    };
    try {
      for (let k = 0, t = length; k < MAX_SHRINKS && t > 0; k++, t *= SHRINK) {
        shift(t);
        isSettled = yield* this.#point.slacks();
        if (isSettled) return t;
      }
      shift(0);
      isSettled = yield* this.#point.slacks();
      return 0;
    } finally {
      if (!isSettled) shift(0);
    }
  }
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
