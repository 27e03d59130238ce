/**
 * The master problem: the best outputs V for given directions u_j, min over V of L(H Vᵀ) + reg Σ ‖v_j‖, a convex problem (group lasso). With
 * h_j = (X u_j)₊, H = [h_j], masses η_j = ‖v_j‖, and a loss that is quadratic with centre Z and curvature 1, it is
 *
 *   min over η of  f(η) = reg/2 ( tr Zᵀ(H diag(η) Hᵀ + reg I)⁻¹ Z + Σ η_j ),   ∂f/∂η_j = z_j ≥ 0,  η_j z_j = 0,
 *
 * solved by a primal–dual interior-point method with Mehrotra's predictor and corrector (Nocedal & Wright, Numerical Optimization, 2nd ed.,
 * §14.2, for the convex f in place of a linear one), in m×m form: K = HᵀH, B = HᵀZ, S = diag(√η), A = reg I + SKS, Q = A⁻¹SB give
 * f = ½(‖Z‖² − ⟨SB, Q⟩ + reg Σ η), Vᵀ = SQ, in relative steps dη/η the gradient reg/2 (η_j − ‖Q_j‖²) and the Hessian
 * reg (I − reg A⁻¹) ∘ QQᵀ (docs/growth.md). Cost about 2.3 m³ flops a step, 10 to 30 steps; a primal barrier takes 60. Curvatures h stand
 * between the factors of K and B. Other losses are solved by a few such models (network/models.ts).
 */
import { Matrix } from '../base/matrix.js';
import { sum } from '../base/vector.js';
import type { Algebra } from '../linalg/algebra.js';
import { packed, transposed, type Vector, type View } from '../linalg/views.js';
import { solveOutputs } from '../network/models.js';
import type { TrainingObjective } from '../network/objective.js';
import { columnNorms } from '../network/weights.js';
import type { Atoms } from './atoms.js';

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
        solveModel: ({ center, curvature }, outputs) =>
          algebra.scoped(() => {
            const Z = center === placed.problem.Y ? placed.Y : algebra.place(center);
            const solved = new Master(algebra, H, Z, curvature, reg).solve(columnNorms(outputs), options);
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
  readonly #squaredCenter: number;
  /** K and B; the factor L of A and its inverse; A⁻¹, then the Hessian; SB, Q, QQᵀ, the step. */
  readonly #K: View;
  readonly #B: View;
  readonly #L: View;
  readonly #inverse: View;
  readonly #hessian: View;
  readonly #SB: View;
  readonly #Q: View;
  readonly #step: Vector;

  /** H n×m, Z n×c; curvatures 1 when absent. */
  constructor(algebra: Algebra, H: View, Z: View, curvature: Float64Array | undefined, reg: number) {
    const [m, c] = [H.columns, Z.columns];
    this.#algebra = algebra;
    this.#reg = reg;
    this.#K = algebra.matrix(m, m);
    this.#B = algebra.matrix(m, c);
    this.#L = algebra.matrix(m, m);
    this.#inverse = algebra.matrix(m, m);
    this.#hessian = algebra.matrix(m, m);
    this.#SB = algebra.matrix(m, c);
    this.#Q = algebra.matrix(m, c);
    this.#step = algebra.vector(m);
    this.#squaredCenter = curvature ? weightedSquare(algebra.entries(Z), curvature) : algebra.inner(Z, Z);
    const options = curvature && { weights: algebra.placeVector(curvature) };
    algebra.product(1, transposed(H), H, this.#K, { ...options, symmetric: true });
    algebra.product(1, transposed(H), Z, this.#B, options);
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
        return { V: this.#outputs(eta), iterations: iteration, isConverged };
      }
      const predicted = this.#direction(gradient, complementarity, undefined, 0);
      const reached = gapAfter(complementarity, predicted);
      const centring = (reached / gap) ** 3;
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

  /** f(η); leaves the factor L of A, SB and Q of this η behind. NaN when A is not numerically positive definite. */
  #evaluate(eta: Float64Array): number {
    const algebra = this.#algebra;
    const { rows: m, columns: c } = this.#B;
    const root = eta.map(Math.sqrt);
    const K = algebra.entries(this.#K);
    const A = algebra.entries(this.#L);
    const B = algebra.entries(this.#B);
    const SB = algebra.entries(this.#SB);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j <= i; j++) A[i * m + j] = K[i * m + j] * root[i] * root[j];
      A[i * m + i] += this.#reg;
      for (let k = 0; k < c; k++) SB[i * c + k] = root[i] * B[i * c + k];
    }
    if (!algebra.cholesky(this.#L)) return Number.NaN;
    algebra.copyMatrix(this.#SB, this.#Q);
    algebra.solveCholesky(this.#L, this.#Q);
    const explained = algebra.inner(this.#SB, this.#Q);
    return 0.5 * (this.#squaredCenter - explained + this.#reg * sum(eta));
  }

  /** η_j ∂f/∂η_j = reg/2 (η_j − ‖Q_j‖²). */
  #scaledGradient(eta: Float64Array): Float64Array {
    const c = this.#Q.columns;
    const Q = this.#algebra.entries(this.#Q);
    return eta.map((mass, j) => {
      let square = 0;
      for (let k = j * c; k < (j + 1) * c; k++) square += Q[k] * Q[k];
      return 0.5 * this.#reg * (mass - square);
    });
  }

  /** Factors reg (I − reg A⁻¹) ∘ QQᵀ + diag(η z), from L and Q; false when it is not numerically positive definite. */
  #factorHessian(complementarity: Float64Array): boolean {
    const algebra = this.#algebra;
    const reg = this.#reg;
    const m = complementarity.length;
    algebra.invertLower(this.#L, this.#inverse);
    algebra.product(1, transposed(this.#inverse), this.#inverse, this.#hessian, { lower: true });
    const products = this.#inverse;
    algebra.product(1, this.#Q, transposed(this.#Q), products, { lower: true });
    const hessian = algebra.entries(this.#hessian);
    const QQ = algebra.entries(products);
    let trace = 0;
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < i; j++) hessian[i * m + j] *= -reg * reg * QQ[i * m + j];
      const at = i * (m + 1);
      hessian[at] = reg * (1 - reg * hessian[at]) * QQ[at] + complementarity[i];
      trace += hessian[at];
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
  #outputs(eta: Float64Array): Matrix {
    const { rows: m, columns: c } = this.#Q;
    const Q = this.#algebra.entries(this.#Q);
    const V = Matrix.zeros(c, m);
    for (let j = 0; j < m; j++) for (let k = 0; k < c; k++) V.set(k, j, Math.sqrt(eta[j]) * Q[j * c + k]);
    return V;
  }
}

/** Σ_i h_i ‖z_i‖². */
function weightedSquare(Z: Float64Array, curvature: Float64Array): number {
  const c = Z.length / curvature.length;
  return sum(Z.map((z, k) => curvature[Math.floor(k / c)] * z * z));
}

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
