/**
 * A strictly feasible start in closed form.
 *
 * Primal: u ~ N(0, diag(s²)) in whitened coordinates, K_x = Xw diag(s²) Xwᵀ. The mean of the arc-cosine kernel E[(x_i·u)₊(x_j·u)₊] and
 * of the cone kernel (r_i r_j + K_x)/4, C = ½ Xw diag(s²), D = diag(s²), has all of K > 0 and diag S = 0; it is scaled to the best f.
 * The v blocks follow by regression, with (tr V₀/c) I added to be strict.
 * Dual: w̄_i = κ/‖x_i‖², κ = 1/λ_max(Σ x_i x_iᵀ/‖x_i‖²), w = −γ w̄: since αβ = ½(α² + β² − (x·u)²), the point (a, 0, w) is feasible
 * while ‖diag(√w̄)⁻¹ a‖₂ ≤ γ. N = θμ₀/(10 K) is halved until Z ≻ 0.
 */
import type { Algebra } from './algebra.js';
import type { Objective } from './objective.js';
import type { Point } from './point.js';
import type { ScaledProblem } from './scaled-problem.js';
import type { Stack } from './stack.js';
import { block, flat, transposed, type View } from './views.js';

/** How far towards its limit a = Y is scaled: well inside, where the first steps are longest. */
const DUAL_FRACTION = 0.35;
/** Scales tried for G, as powers of ten: the optimum lies within a few orders of γ times the data's own scale. */
const SCALE_EXPONENTS = Array.from({ length: 121 }, (_, k) => -12 + k / 5);
/** N starts at this fraction of the central θμ₀/K: at the full value Z is close to its boundary, where the first steps are short. */
const MULTIPLIER_FRACTION = 0.1;
const MAX_HALVINGS = 200;

/**
 * γ⁻¹‖diag(√w̄)⁻¹ Y‖₂. At most 1 means that (a = Y, N = 0, w = −γ w̄) is dual feasible: the network zero is optimal and ½‖Y‖² is both
 * value and bound.
 */
export function dualReach(algebra: Algebra, problem: ScaledProblem): number {
  const { n, c, Y, lossCount, reg } = problem;
  const weighted = algebra.matrix(lossCount, c);
  algebra.copyMatrix(Y, weighted);
  const entries = algebra.entries(flat(weighted));
  const index = algebra.kernels.arena.ints(problem.lossIndex, lossCount);
  const scale = algebra.entries(problem.lossScale);
  const inverse = algebra.entries(problem.inverseSquares);
  for (let r = 0; r < lossCount; r++) {
    const factor = scale[r] * Math.sqrt(problem.frameBound / inverse[index[r] % n]);
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
export function startPoint(
  algebra: Algebra,
  stack: Stack,
  objective: Objective,
  theta: number,
  reach: number,
  point: Point,
): boolean {
  const { problem } = stack;
  const { exports, arena } = algebra.kernels;
  const { lossCount } = problem;
  algebra.reserveScratch(Math.max(exports.eighWorkspace(lossCount), exports.choleskyWorkspace(lossCount)));
  const mark = arena.mark();
  startGram(algebra, problem, point.Lambda);
  scaleGram(algebra, stack, objective, point);
  fillOutput(algebra, stack, objective, point);
  arena.release(mark);
  stack.predictions(point.Lambda, point.W);
  stack.pairs(point.K, point.pairs);
  algebra.copyMatrix(point.Lambda, point.primalFactor);
  if (!(exports.minimum(point.pairs.length, point.pairs.at) > 0) || !algebra.cholesky(point.primalFactor)) return false;

  startFreeMultipliers(algebra, problem, point);
  algebra.copyMatrix(problem.Y, point.a);
  algebra.scale(DUAL_FRACTION / reach, flat(point.a));
  return startMultipliers(algebra, stack, theta, point);
}

/** N = θμ₀/(10 K), μ₀ = ⟨Lambda, Z(a, 0, w)⟩/p halved until Z(a, N, w) ≻ 0. */
function startMultipliers(algebra: Algebra, stack: Stack, theta: number, point: Point): boolean {
  const { p } = stack.problem;
  algebra.fill(point.N, 0);
  stack.dualSlack(point.a, point.N, point.w, point.Z);
  let target = (MULTIPLIER_FRACTION * theta * algebra.inner(point.Lambda, point.Z)) / p;
  for (let k = 0; k < MAX_HALVINGS; k++, target /= 2) {
    algebra.fill(point.N, target);
    algebra.kernels.exports.divide(point.N.length, point.N.at, point.pairs.at, point.N.at);
    stack.dualSlack(point.a, point.N, point.w, point.Z);
    algebra.copyMatrix(point.Z, point.dualFactor);
    if (algebra.cholesky(point.dualFactor)) return true;
  }
  return false;
}

/** The unscaled G in the leading (n + d) block of Lambda. */
function startGram(algebra: Algebra, problem: ScaledProblem, Lambda: View): void {
  const { n, d, p, Xw, s2 } = problem;
  const { exports } = algebra.kernels;
  algebra.zero(Lambda);
  const Kx = algebra.matrix(n, n);
  const A = block(Lambda, 0, 0, n, n);
  algebra.product(1, Xw, transposed(Xw), Kx, { weights: s2, symmetric: true });
  exports.arcCosineKernel(n, Kx.at, n, A.at, p);
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
  exports.complementaryDiagonal(n, d, Xw.at, Lambda.at, p);
}

/** Scales G to the best f among SCALE_EXPONENTS, all evaluated in the eigenbasis of S G Sᵀ; K is lifted from the result. */
function scaleGram(algebra: Algebra, stack: Stack, objective: Objective, point: Point): void {
  const { lossCount, c, d, reg, Y } = stack.problem;
  stack.lift(point.Lambda, point.K);
  const kernel = algebra.matrix(lossCount, lossCount);
  const V = algebra.matrix(lossCount, lossCount);
  const w = algebra.vector(lossCount);
  const rotated = algebra.matrix(lossCount, c);
  objective.lossKernel(point.K, kernel);
  algebra.eigh(kernel, w, V);
  algebra.product(1, V, Y, rotated);
  const values = algebra.entries(w);
  const coefficients = algebra.entries(flat(rotated));
  let best = { value: Number.POSITIVE_INFINITY, scale: 1 };
  for (const exponent of SCALE_EXPONENTS) {
    const scale = 10 ** exponent;
    let fit = 0;
    for (let r = 0; r < lossCount; r++) {
      const row = coefficients.subarray(r * c, (r + 1) * c);
      const square = row.reduce((sum, y) => sum + y * y, 0);
      fit += square / (scale * Math.max(values[r], 0) + reg);
    }
    // tr D = Σ s_k² / s_k² = d for the unscaled start
    const value = (reg / 2) * (fit + scale * d);
    if (value < best.value) best = { value, scale };
  }
  algebra.scale(best.scale, flat(point.Lambda));
  algebra.scale(best.scale, flat(point.K));
}

/** v blocks: P = (S G Sᵀ + γI)⁻¹ Y, Lambda[(alpha,u'), v] = G Sᵀ P, Lambda[v, v] = V₀ + (tr V₀/c) I, V₀ = Pᵀ S G Sᵀ P. */
function fillOutput(algebra: Algebra, stack: Stack, objective: Objective, point: Point): void {
  const { m, p, c, lossCount, reg, Y, lossForms } = stack.problem;
  const kernel = algebra.matrix(lossCount, lossCount);
  const P = algebra.matrix(lossCount, c);
  const SP = algebra.matrix(m, c);
  objective.lossKernel(point.K, kernel);
  const shifted = algebra.matrix(lossCount, lossCount);
  algebra.copyMatrix(kernel, shifted);
  const diagonal = algebra.entries(flat(shifted));
  for (let r = 0; r < lossCount; r++) diagonal[r * (lossCount + 1)] += reg;
  algebra.cholesky(shifted);
  algebra.copyMatrix(Y, P);
  algebra.solveCholesky(shifted, P);
  algebra.product(1, transposed(lossForms), P, SP);

  const { Lambda } = point;
  const cross = block(Lambda, 0, m, m, c);
  const corner = block(Lambda, m, m, c, c);
  algebra.product(1, block(Lambda, 0, 0, m, m), SP, cross);
  algebra.kernels.exports.transpose(m, c, cross.at, p, Lambda.at + 8 * m * p, p);
  algebra.product(1, transposed(SP), cross, corner);
  const entries = algebra.entries(flat(Lambda));
  let trace = 0;
  for (let k = 0; k < c; k++) trace += entries[(m + k) * (p + 1)];
  for (let k = 0; k < c; k++) entries[(m + k) * (p + 1)] += trace / c;
  algebra.symmetrize(Lambda);
}
