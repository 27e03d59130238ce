/**
 * A strictly feasible start in closed form.
 *
 * Primal: u ~ N(0, diag(s²)) in whitened coordinates, K_x = Xw diag(s²) Xwᵀ. The mean of the arc-cosine kernel E[(x_i·u)₊(x_j·u)₊] and
 * of the cone kernel (r_i r_j + K_x)/4, C = ½ Xw diag(s²), D = diag(s²), has all of K > 0 and diag S = 0; it is scaled to the best f.
 * The v blocks follow by regression, with (tr V₀/c) I added to be strict.
 * Dual: w̄_i = κ/‖x_i‖², κ = 1/λ_max(Σ x_i x_iᵀ/‖x_i‖²), w = −γ w̄: since αβ = ½(α² + β² − (x·u)²), the point (a, 0, w) is feasible
 * while ‖diag(√w̄)⁻¹ a‖₂ ≤ γ. N = θμ₀/K is halved until Z ≻ 0.
 */
import { exp } from '../base/elementary.js';
import type { Algebra } from '../linalg/algebra.js';
import { choleskySteps, eighSteps, productSteps } from '../linalg/steps.js';
import { block, flat, transposed, type Vector, type View } from '../linalg/views.js';
import { arcCosineKernel, setComplementaryDiagonal } from './kernels.js';
import type { Objective } from './objective.js';
import type { Point } from './point.js';
import type { ScaledProblem } from './scaled-problem.js';
import type { Stack } from './stack.js';
import { completePrimal, type PointState } from './state.js';
import { factoriseDual } from './step.js';

/** How far towards its limit −∇L(0) is scaled: well inside, where the first steps are longest. */
const DUAL_FRACTION = 0.35;
/** Scales tried for G, as powers of ten: the optimum lies within a few orders of γ times the data's own scale. */
const SCALE_EXPONENTS = Array.from({ length: 121 }, (_, k) => -12 + k / 5);
const MAX_HALVINGS = 200;

/**
 * γ⁻¹‖diag(√w̄)⁻¹ a⁰‖₂, a⁰ = −∇L(0). At most 1 means that (a⁰, N = 0, w = −γ w̄) is dual feasible: the zero network is optimal and L(0) is
 * both value and bound.
 */
export function dualReach(algebra: Algebra, problem: ScaledProblem): number {
  const { c, part, zeroDual, lossCount, reg } = problem;
  const { forms } = part.pairs;
  const weighted = algebra.matrix(lossCount, c);
  algebra.write(flat(weighted), zeroDual.data);
  const entries = algebra.entries(flat(weighted));
  const index = algebra.kernels.arena.ints(problem.lossIndex, lossCount);
  const scale = algebra.entries(problem.lossScale);
  const inverse = algebra.entries(problem.inverseSquares);
  for (let r = 0; r < lossCount; r++) {
    const factor = scale[r] * Math.sqrt(problem.frameBound / inverse[forms.rowOf(index[r])]);
    for (let k = 0; k < c; k++) entries[r * c + k] *= factor;
  }
  const square = algebra.matrix(c, c);
  algebra.product(1, transposed(weighted), weighted, square, { symmetric: true });
  return Math.sqrt(Math.max(0, algebra.eigenvalues(square)[c - 1])) / reg;
}

/** w = −γ w̄. */
export function startFreeMultipliers(algebra: Algebra, problem: ScaledProblem, point: Pick<Point, 'w'>): void {
  algebra.copy(problem.inverseSquares, point.w);
  algebra.scale(-problem.reg / problem.frameBound, point.w);
}

/** Fills the point; false when it is not numerically strictly feasible (rows that are almost parallel). */
export function* startPoint(
  algebra: Algebra,
  stack: Stack,
  objective: Objective,
  theta: number,
  reach: number,
  point: Point,
): Generator<void, boolean> {
  const { problem } = stack;
  const { arena } = algebra.kernels;
  reserveStart(algebra, problem);
  const mark = arena.mark();
  yield* startGram(algebra, problem, point.Lambda);
  yield* fitPrimal(algebra, stack, objective, point);
  arena.release(mark);
  if (!(yield* completePrimal(algebra, stack, point))) return false;
  startFreeMultipliers(algebra, problem, point);
  algebra.write(flat(point.a), problem.zeroDual.data);
  algebra.scale(DUAL_FRACTION / reach, flat(point.a));
  return yield* startMultipliers(algebra, stack, theta, point);
}

/** A strictly feasible point of the same problem at another weight decay, with its complementarity μ. */
export interface WarmStart extends PointState {
  readonly reg: number;
  readonly mu: number;
}

/**
 * The point carried over from weight decay γ₁ to γ₂. G is feasible for any γ; it is rescaled and the v blocks are fitted anew, with slack
 * 2μ/γ₂ that makes V complementary to Z_vv = γ₂/2. (a, N, w) scaled by γ₂/γ₁ scales Z by the same factor: still positive definite.
 */
export function* warmPoint(
  algebra: Algebra,
  stack: Stack,
  objective: Objective,
  warm: WarmStart,
  point: Point,
): Generator<void, boolean> {
  const { problem } = stack;
  const { arena } = algebra.kernels;
  const ratio = problem.reg / warm.reg;
  reserveStart(algebra, problem);
  const mark = arena.mark();
  algebra.write(flat(point.Lambda), warm.Lambda);
  yield* fitPrimal(algebra, stack, objective, point, (2 * warm.mu) / problem.reg);
  arena.release(mark);
  algebra.write(flat(point.a), warm.a);
  algebra.write(point.N, warm.N);
  algebra.write(point.w, warm.w);
  for (const part of [flat(point.a), point.N, point.w]) algebra.scale(ratio, part);
  const isInDomain = problem.loss.dualValue(point.a) > Number.NEGATIVE_INFINITY;
  const isPrimal = isInDomain && (yield* completePrimal(algebra, stack, point));
  return isPrimal && (yield* factoriseDual(algebra, stack, point));
}

function reserveStart(algebra: Algebra, { lossCount }: ScaledProblem): void {
  algebra.reserveFor({ eigh: lossCount, cholesky: lossCount });
}

/** Scales G in Lambda to the best f and fits the v blocks; their slack is (tr V₀/c) I unless given. */
function* fitPrimal(
  algebra: Algebra,
  stack: Stack,
  objective: Objective,
  point: Point,
  slack?: number,
): Generator<void, void> {
  yield* scaleGram(algebra, stack, objective, point);
  yield* fillOutput(algebra, stack, objective, point, slack);
}

/** N = θμ₀/K, μ₀ = ⟨Lambda, Z(a, 0, w)⟩/p halved until Z(a, N, w) ≻ 0. */
function* startMultipliers(algebra: Algebra, stack: Stack, theta: number, point: Point): Generator<void, boolean> {
  const { p } = stack.problem;
  algebra.fill(point.N, 0);
  yield* stack.dualSlack(point.a, point.N, point.w, point.Z);
  let target = (theta * algebra.inner(point.Lambda, point.Z)) / p;
  for (let k = 0; k < MAX_HALVINGS; k++, target /= 2) {
    algebra.fill(point.N, target);
    algebra.divide(point.N, point.pairs, point.N);
    yield* stack.dualSlack(point.a, point.N, point.w, point.Z);
    algebra.copyMatrix(point.Z, point.dualFactor);
    if (yield* choleskySteps(algebra, point.dualFactor)) return true;
  }
  return false;
}

/** The unscaled G in the leading (n + d) block of Lambda. */
function* startGram(algebra: Algebra, problem: ScaledProblem, Lambda: View): Generator<void, void> {
  const { n, d, p, Xw, s2 } = problem;
  algebra.zero(Lambda);
  const Kx = algebra.matrix(n, n);
  const A = block(Lambda, 0, 0, n, n);
  yield* productSteps(algebra, 1, Xw, transposed(Xw), Kx, { weights: s2, symmetric: true });
  arcCosineKernel(algebra, Kx, A);
  const kernel = algebra.entries(flat(Kx));
  const G = algebra.entries(flat(Lambda));
  const x = algebra.entries(flat(Xw));
  const squares = algebra.entries(s2);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const lengths = Math.sqrt(kernel[i * (n + 1)] * kernel[j * (n + 1)]);
      G[i * p + j] = (G[i * p + j] + (lengths + kernel[i * n + j]) / 4) / 2;
    }
    for (let k = 0; k < d; k++) {
      const entry = (x[i * d + k] * squares[k]) / 2;
      G[i * p + n + k] = entry;
      G[(n + k) * p + i] = entry;
    }
  }
  for (let k = 0; k < d; k++) G[(n + k) * (p + 1)] = squares[k];
  setComplementaryDiagonal(algebra, Xw, Lambda);
}

/** Scales G to the best f of the loss's model among SCALE_EXPONENTS, all evaluated in the eigenbasis of S G Sᵀ; K is lifted from the result. */
function* scaleGram(algebra: Algebra, stack: Stack, objective: Objective, point: Point): Generator<void, void> {
  const { n, p, lossCount, c, d, reg, model, cost } = stack.problem;
  yield* stack.lift(point.Lambda, point.K);
  const kernel = algebra.matrix(lossCount, lossCount);
  const V = algebra.matrix(lossCount, lossCount);
  const w = algebra.vector(lossCount);
  const rotated = algebra.matrix(lossCount, c);
  objective.lossKernel(point.K, kernel);
  yield* eighSteps(algebra, kernel, w, V);
  algebra.product(1, V, model.center, rotated);
  const values = algebra.entries(w);
  const coefficients = algebra.entries(flat(rotated));
  const G = algebra.entries(flat(point.Lambda));
  const weights = algebra.entries(cost);
  let price = 0;
  for (let k = 0; k < d; k++) price += weights[k] * G[(n + k) * (p + 1)];
  let best = { value: Number.POSITIVE_INFINITY, scale: 1 };
  for (const exponent of SCALE_EXPONENTS) {
    const scale = exp(Math.LN10 * exponent);
    let fit = 0;
    for (let r = 0; r < lossCount; r++) {
      const row = coefficients.subarray(r * c, (r + 1) * c);
      const square = row.reduce((sum, z) => sum + z * z, 0);
      fit += square / (scale * Math.max(values[r], 0) + reg);
    }
    const value = (reg / 2) * fit + scale * price;
    if (value < best.value) best = { value, scale };
  }
  algebra.scale(best.scale, flat(point.Lambda));
  algebra.scale(best.scale, flat(point.K));
}

/** v blocks: P = (S G Sᵀ + γI)⁻¹ z with z the centre of the loss's model, Lambda[(alpha,u'), v] = G Sᵀ P, Lambda[v, v] = V₀ + slack I, V₀ = Pᵀ S G Sᵀ P. */
function* fillOutput(
  algebra: Algebra,
  stack: Stack,
  objective: Objective,
  point: Point,
  slack?: number,
): Generator<void, void> {
  const { m, p, c, lossCount, reg, model, lossForms } = stack.problem;
  const kernel = algebra.matrix(lossCount, lossCount);
  const P = algebra.matrix(lossCount, c);
  const SP = algebra.matrix(m, c);
  objective.lossKernel(point.K, kernel);
  const shifted = algebra.matrix(lossCount, lossCount);
  algebra.copyMatrix(kernel, shifted);
  const diagonal = algebra.entries(flat(shifted));
  for (let r = 0; r < lossCount; r++) diagonal[r * (lossCount + 1)] += reg;
  yield* choleskySteps(algebra, shifted);
  algebra.copyMatrix(model.center, P);
  algebra.solveCholesky(shifted, P);
  if (model.roots) scaleRows(algebra, model.roots, P);
  algebra.product(1, transposed(lossForms), P, SP);

  const { Lambda } = point;
  const cross = block(Lambda, 0, m, m, c);
  const corner = block(Lambda, m, m, c, c);
  algebra.product(1, block(Lambda, 0, 0, m, m), SP, cross);
  algebra.transpose(cross, block(Lambda, m, 0, c, m));
  algebra.product(1, transposed(SP), cross, corner);
  const entries = algebra.entries(flat(Lambda));
  let trace = 0;
  for (let k = 0; k < c; k++) trace += entries[(m + k) * (p + 1)];
  for (let k = 0; k < c; k++) entries[(m + k) * (p + 1)] += slack ?? trace / c;
  algebra.symmetrize(Lambda);
}

/** A ← diag(factors) A. */
function scaleRows(algebra: Algebra, factors: Vector, A: View): void {
  algebra.read(factors).forEach((factor, i) => {
    algebra.scale(factor, { at: A.at + 8 * i * A.columns, length: A.columns });
  });
}
