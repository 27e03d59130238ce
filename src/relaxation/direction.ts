/**
 * Mehrotra's predictor–corrector in Nesterov–Todd coordinates, with rows weighted by θ: targets Lambda Z = μ I and N K = θμ.
 *
 * Predictor R_Z = −Σ, R_N = −N. Centring σ = (μ_aff/μ)^e. Corrector
 * R_Z = 2C_ij/(Σ_i + Σ_j), C = σμI − Σ² − sym(dLambda~ dZ~), R_N = (θσμ − dK ∘ dN)/K − N. Where directions are inexact the
 * second-order terms are clipped to a multiple of what they correct (θμ for a row, √p μ for the matrix). No row is sent below
 * ROW_FLOOR of its target θσμ: one that comes near the boundary with a small multiplier would stay there and block every step.
 */
import { integerPower } from '../base/elementary.js';
import type { Algebra } from '../linalg/algebra.js';
import { productSteps } from '../linalg/steps.js';
import { flat, type Vector, type View } from '../linalg/views.js';
import type { Backend, Direction, NewtonPoint } from './backends/contract.js';
import { complementarityTarget, solveLyapunov } from './kernels.js';
import type { Point } from './point.js';
import type { Stack } from './stack.js';
import { stepLengths } from './step.js';

const MIN_CENTRING = 1e-6;
/**
 * e. Rows of small weight make predictor steps short (a fifth of the way even from well-centred points), so conjugate gradients, whose θ
 * is small, need the larger one: of 1–8, 5 took the fewest flops on most data sets; dense, of 2–5, 3 the fewest iterations.
 */
const CENTRING_EXPONENT: Readonly<Record<Backend['name'], number>> = { dense: 3, cg: 5 };
/** Least target of a row's N K in units of θσμ. */
const ROW_FLOOR = 0.5;

export class PredictorCorrector {
  readonly direction: Direction;
  readonly #algebra: Algebra;
  readonly #stack: Stack;
  readonly #theta: number;
  readonly #Rz: View;
  readonly #Rn: Vector;

  constructor(algebra: Algebra, stack: Stack, theta: number) {
    const { n, p, c, pairs, lossCount } = stack.problem;
    this.#algebra = algebra;
    this.#stack = stack;
    this.#theta = theta;
    this.#Rz = algebra.matrix(p, p);
    this.#Rn = algebra.vector(pairs);
    this.direction = {
      scaledLambda: algebra.matrix(p, p),
      Lambda: algebra.matrix(p, p),
      scaledZ: algebra.matrix(p, p),
      pairs: algebra.vector(pairs),
      W: algebra.matrix(lossCount, c),
      a: algebra.matrix(lossCount, c),
      N: algebra.vector(pairs),
      w: algebra.vector(n),
    };
  }

  /** Fills `direction`; returns σ. The back end must be prepared for this point; pauses where it does. */
  *compute(newton: NewtonPoint, backend: Backend): Generator<void, number> {
    const { settings } = backend;
    const { mu, point, scaling } = newton;
    this.#setPredictor(newton);
    yield* this.#solve(backend, 1, settings.predictorTolerance);
    const { primal, dual } = yield* stepLengths(
      this.#algebra,
      scaling,
      point,
      this.direction,
      this.#stack.problem.loss,
    );
    const alphaP = Math.min(1, primal);
    const alphaD = Math.min(1, dual);
    const ratio = Math.max(0, this.#affineMu(newton, alphaP, alphaD)) / mu;
    const centring = Math.min(1, Math.max(MIN_CENTRING, integerPower(ratio, CENTRING_EXPONENT[backend.name])));
    yield* this.#setCorrector(newton, centring, settings.secondOrderBound);
    yield* this.#solve(backend, 1 - centring, settings.correctorTolerance);
    return centring;
  }

  #solve(backend: Backend, removed: number, tolerance: number): Generator<void, void> {
    const { direction } = this;
    return backend.solve({ Z: this.#Rz, N: this.#Rn, removed, tolerance }, direction);
  }

  #setPredictor({ point, scaling }: NewtonPoint): void {
    const algebra = this.#algebra;
    const p = this.#Rz.rows;
    algebra.zero(this.#Rz);
    const entries = algebra.entries(flat(this.#Rz));
    algebra.entries(scaling.sigma).forEach((value, k) => {
      entries[k * (p + 1)] = -value;
    });
    algebra.copy(point.N, this.#Rn);
    algebra.scale(-1, this.#Rn);
  }

  *#setCorrector({ point, scaling, mu }: NewtonPoint, centring: number, clip: number): Generator<void, void> {
    const algebra = this.#algebra;
    const { scaledLambda, scaledZ, pairs, N } = this.direction;
    const p = this.#Rz.rows;
    yield* productSteps(algebra, -1, scaledLambda, scaledZ, this.#Rz);
    algebra.symmetrize(this.#Rz);
    const size = Math.sqrt(algebra.inner(this.#Rz, this.#Rz));
    const bound = clip * mu * Math.sqrt(p);
    if (size > bound) algebra.scale(bound / size, flat(this.#Rz));
    const entries = algebra.entries(flat(this.#Rz));
    algebra.entries(scaling.sigma).forEach((value, k) => {
      entries[k * (p + 1)] += centring * mu - value * value;
    });
    solveLyapunov(algebra, scaling.sigma, this.#Rz);
    const weighted = this.#theta * mu;
    const targets = [centring * weighted, clip * weighted] as const;
    complementarityTarget(algebra, targets, [point.pairs, point.N], [pairs, N], this.#Rn);
    this.#raiseRows(point, ROW_FLOOR * centring * weighted);
  }

  /** R_N ← max(R_N, target/K − N). */
  #raiseRows({ pairs, N }: Point, target: number): void {
    const algebra = this.#algebra;
    const K = algebra.entries(pairs);
    const multipliers = algebra.entries(N);
    const Rn = algebra.entries(this.#Rn);
    for (let k = 0; k < K.length; k++) Rn[k] = Math.max(Rn[k], target / K[k] - multipliers[k]);
  }

  /** μ after the predictor step, from inner products alone. */
  #affineMu({ point, scaling }: NewtonPoint, alphaP: number, alphaD: number): number {
    const algebra = this.#algebra;
    const { scaledLambda, scaledZ, pairs, N } = this.direction;
    const { p } = this.#stack.problem;
    const sigma = algebra.entries(scaling.sigma);
    const X = algebra.entries(flat(scaledLambda));
    const S = algebra.entries(flat(scaledZ));
    let total = alphaP * alphaD * algebra.inner(scaledLambda, scaledZ);
    for (let k = 0; k < p; k++) {
      const at = k * (p + 1);
      total += sigma[k] * (sigma[k] + alphaP * X[at] + alphaD * S[at]);
    }
    total += algebra.dot(point.pairs, point.N) + alphaP * algebra.dot(pairs, point.N);
    total += alphaD * algebra.dot(point.pairs, N) + alphaP * alphaD * algebra.dot(pairs, N);
    return total / (p + this.#theta * pairs.length);
  }
}
