/**
 * The master problem: the best outputs V for given directions u_j, min over V of L(H Vᵀ) + reg Σ ‖v_j‖, a convex problem (group lasso). With
 * h_j = (X u_j)₊, H = [h_j], masses η_j = ‖v_j‖, and a loss that is quadratic with centre Z and curvature 1, it is
 *
 *   min over η of  f(η) = reg/2 ( tr Zᵀ(H diag(η) Hᵀ + reg I)⁻¹ Z + Σ η_j ),   ∂f/∂η_j = z_j ≥ 0,  η_j z_j = 0,
 *
 * solved by a primal–dual interior-point method with Mehrotra's predictor and corrector (Nocedal & Wright, Numerical Optimization, 2nd ed.,
 * §14.2, for the convex f in place of a linear one), in m×m form (master-block.ts): K = HᵀH, B = HᵀZ, S = diag(√η), A = reg I + SKS,
 * Q = A⁻¹SB give f = ½(‖Z‖² − ⟨SB, Q⟩ + reg Σ η), Vᵀ = SQ, in relative steps dη/η the gradient reg/2 (η_j − ‖Q_j‖²) and the Hessian
 * reg (I − reg A⁻¹) ∘ QQᵀ (docs/growth.md). Cost about 2.3 m³ flops a step, 10 to 30 steps; a primal barrier takes 60. With curvatures other
 * than 1 every output has a K and an A of its own. Other losses are solved by a few such models (network/models.ts).
 */
import { cubeOf } from '../base/elementary.js';
import { Matrix } from '../base/matrix.js';
import { sum } from '../base/vector.js';
import type { Algebra } from '../linalg/algebra.js';
import { packed, type Vector, type View } from '../linalg/views.js';
import { solveOutputs } from '../network/models.js';
import type { TrainingObjective } from '../network/objective.js';
import { columnNorms } from '../network/weights.js';
import type { QuadraticModel } from '../problem/losses/loss.js';
import type { Atoms } from './atoms.js';
import { MasterBlock } from './master-block.js';

export interface MasterOptions {
  /** Ends when Σ η_j z_j is at most this share of f and no ‖h_jᵀR‖² exceeds reg² by more than this share. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** Asked before every Newton step: whether to end with what there is. */
  readonly isOver: () => boolean;
}

export interface MasterSolution {
  /** c×m; ‖v_j‖ is the mass of direction j. */
  readonly V: Matrix;
  /** Newton steps taken. */
  readonly iterations: number;
  /** False when it ended before; V is still the best output for the masses that were reached. */
  readonly isConverged: boolean;
}

/** Masses start at this share of the largest or above: the method walks in the interior. */
const LEAST_START = 1e-5;
/** First complementarity η z, relative to f / m, where the gradient does not give a larger one. */
const FIRST_BARRIER = 1e-3;
/** Share of the way to the boundary; least step when A loses its definiteness to round-off. */
const TO_BOUNDARY = 0.95;
const LEAST_STEP = 1e-6;
/** Added to the Hessian's diagonal, relative to its mean: parallel directions make it singular. */
const RIDGE = 1e-14;

/** @param atoms unit directions with the outputs to start from */
export function solveMaster(objective: TrainingObjective, { U, V }: Atoms, options: MasterOptions): MasterSolution {
  const { algebra, n, reg, placed } = objective;
  if (U.columns === 0) return { V, iterations: 0, isConverged: true };
  return algebra.scoped(() => {
    const H = algebra.matrix(n, U.columns);
    objective.hidden(algebra.place(U), H);
    let iterations = 0;
    let isModelSolved = true;
    const found = solveOutputs(
      {
        term: placed.problem,
        outputs: (outputs) => objective.outputs({ U, V: outputs }),
        penalty: (outputs) => reg * sum(columnNorms(outputs)),
        solveModel: (model, outputs) =>
          algebra.scoped(() => {
            const solved = new Master(algebra, H, model, reg).solve(columnNorms(outputs), options);
            iterations += solved.iterations;
            isModelSolved = solved.isConverged;
            return solved.V;
          }),
      },
      V,
      options,
    );
    return { V: found.V, iterations, isConverged: found.isConverged && isModelSolved };
  });
}

/** Relative steps dη/η and dz/z. */
interface Direction {
  readonly eta: Float64Array;
  readonly slack: Float64Array;
}

class Master {
  readonly #algebra: Algebra;
  readonly #reg: number;
  readonly #outputs: number;
  readonly #blocks: readonly MasterBlock[];
  /** The Hessian, two matrices of its shape for blocks to work in, and the step. */
  readonly #hessian: View;
  readonly #scratch: View;
  readonly #products: View;
  readonly #step: Vector;

  /** H n×m */
  constructor(algebra: Algebra, H: View, { center, curvature }: QuadraticModel, reg: number) {
    const m = H.columns;
    this.#algebra = algebra;
    this.#reg = reg;
    this.#outputs = center.columns;
    this.#blocks = curvature
      ? Array.from({ length: center.columns }, (_, k) => {
          const h = algebra.placeVector(columnOf(curvature, k));
          return new MasterBlock(algebra, H, algebra.place(new Matrix(columnOf(center, k), center.rows, 1)), h, reg, k);
        })
      : [new MasterBlock(algebra, H, algebra.place(center), undefined, reg, 0)];
    this.#hessian = algebra.matrix(m, m);
    this.#scratch = algebra.matrix(m, m);
    this.#products = algebra.matrix(m, m);
    this.#step = algebra.vector(m);
  }

  solve(start: Float64Array, { tolerance, maxIterations, isOver }: MasterOptions): MasterSolution {
    const m = start.length;
    const reg = this.#reg;
    const largest = start.reduce((max, mass) => Math.max(max, mass), 0);
    let eta = start.map((mass) => Math.max(mass, LEAST_START * largest, Number.MIN_VALUE));
    let value = this.#evaluate(eta);
    let slack: Float64Array | undefined;
    for (let iteration = 0; ; iteration++) {
      const gradient = this.#scaledGradient(eta);
      slack ??= gradient.map((g, j) => Math.max(g, (FIRST_BARRIER * value) / m) / eta[j]);
      const complementarity = eta.map((mass, j) => mass * slack![j]);
      const gap = sum(complementarity);
      const violation = gradient.reduce((most, g, j) => Math.max(most, (-2 * g) / (reg * eta[j])), 0);
      const isConverged = gap <= tolerance * value && violation <= tolerance;
      if (isConverged || iteration >= maxIterations || isOver() || !this.#factorHessian(complementarity)) {
        return { V: this.#bestOutputs(eta), iterations: iteration, isConverged };
      }
      const predicted = this.#direction(gradient, complementarity, undefined, 0);
      const reached = gapAfter(complementarity, predicted);
      const centring = cubeOf(reached / gap);
      const { eta: dEta, slack: dSlack } = this.#direction(gradient, complementarity, predicted, (centring * gap) / m);

      let step = TO_BOUNDARY * stepLength(dEta);
      let next = eta;
      do {
        next = eta.map((mass, j) => mass * (1 + step * dEta[j]));
        value = this.#evaluate(next);
        step *= 0.5;
      } while (!(value < Number.POSITIVE_INFINITY) && step > LEAST_STEP);
      eta = next;
      const dualStep = TO_BOUNDARY * stepLength(dSlack);
      slack = slack.map((z, j) => z * (1 + dualStep * dSlack[j]));
    }
  }

  /** f(η); leaves the factors of this η behind. NaN when they do not exist numerically. */
  #evaluate(eta: Float64Array): number {
    const root = eta.map(Math.sqrt);
    let unexplained = 0;
    for (const block of this.#blocks) unexplained += block.evaluate(root);
    return 0.5 * (unexplained + this.#reg * sum(eta));
  }

  /** η_j ∂f/∂η_j = reg/2 (η_j − ‖Q_j‖²). */
  #scaledGradient(eta: Float64Array): Float64Array {
    const squares = new Float64Array(eta.length);
    for (const block of this.#blocks) block.addSquares(squares);
    return eta.map((mass, j) => 0.5 * this.#reg * (mass - squares[j]));
  }

  /** Factors the Hessian in relative steps + diag(η z); false when it is not numerically positive definite. */
  #factorHessian(complementarity: Float64Array): boolean {
    const algebra = this.#algebra;
    const m = complementarity.length;
    algebra.zero(this.#hessian);
    const hessian = algebra.entries(this.#hessian);
    for (const block of this.#blocks) block.addHessian(hessian, this.#scratch, this.#products);
    let trace = 0;
    for (let i = 0; i < m; i++) {
      hessian[i * (m + 1)] += complementarity[i];
      trace += hessian[i * (m + 1)];
    }
    for (let i = 0; i < m; i++) hessian[i * (m + 1)] += (RIDGE * trace) / m;
    return algebra.cholesky(this.#hessian);
  }

  /** The relative steps dη/η and dz/z towards η z = τ, with Mehrotra's second-order term of the predicted step. */
  #direction(
    gradient: Float64Array,
    complementarity: Float64Array,
    predicted: Direction | undefined,
    tau: number,
  ): Direction {
    const target = complementarity.map((product, j) =>
      predicted ? tau - product * predicted.eta[j] * predicted.slack[j] : tau,
    );
    const step = this.#step;
    this.#algebra.write(
      step,
      target.map((value, j) => value - gradient[j]),
    );
    this.#algebra.solveCholesky(this.#hessian, packed(step.at, step.length, 1));
    const eta = this.#algebra.read(step);
    return { eta, slack: eta.map((s, j) => target[j] / complementarity[j] - 1 - s) };
  }

  /** V = (SQ)ᵀ. */
  #bestOutputs(eta: Float64Array): Matrix {
    const V = Matrix.zeros(this.#outputs, eta.length);
    for (const { first, Q } of this.#blocks) {
      const entries = this.#algebra.entries(Q);
      for (let j = 0; j < eta.length; j++) {
        for (let k = 0; k < Q.columns; k++) V.set(first + k, j, Math.sqrt(eta[j]) * entries[j * Q.columns + k]);
      }
    }
    return V;
  }
}

const columnOf = (A: Matrix, k: number): Float64Array => Float64Array.from({ length: A.rows }, (_, i) => A.get(i, k));

/** The largest step in (0, 1 / TO_BOUNDARY] that keeps 1 + step · s positive for all s. */
const stepLength = (steps: Float64Array): number =>
  steps.reduce((length, s) => Math.min(length, -1 / Math.min(s, -TO_BOUNDARY)), 1 / TO_BOUNDARY);

/** Σ η z after the step, each side as far as it may go. */
function gapAfter(complementarity: Float64Array, { eta, slack }: Direction): number {
  const primal = Math.min(1, stepLength(eta));
  const dual = Math.min(1, stepLength(slack));
  return complementarity.reduce(
    (total, product, j) => total + product * (1 + primal * eta[j]) * (1 + dual * slack[j]),
    0,
  );
}
