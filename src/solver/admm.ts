/**
 * The alternating direction method of multipliers on program 4 (S. Boyd et al., Found. Trends Mach. Learn. 3 (2011), sections 3.1, 3.4),
 * the simple first-order method against which the interior point is tested. One eigendecomposition of order p an iteration, no
 * linear system, memory O(n²); slow to high accuracy.
 *
 * Lambda over (alpha, beta, u', v), rows scaled to unit size (order 2n + d + c), is split in two copies: A = V G Vᵀ with G ⪰ 0 in an
 * orthonormal basis V of the face −alpha + beta + X u' = 0 (admm-face.ts), and B with the nonnegative block, the complementarity zeros
 * and the objective:
 *
 *     G ← proj_psd(Vᵀ(B − U)V),   Ã ← κVGVᵀ + (1 − κ)B,   B ← prox_{g/ρ}(Ã + U),   U ← U + Ã − B.
 *
 * Neither copy is feasible on the way, so values and bounds come from repaired points: G mixed with the strictly feasible start, and
 * (a, N, w) read off U and restored (step.ts). Both are therefore as true as the interior point's.
 */
import type { RunStatus } from '../types.js';
import { nearestDifferences } from './admm-differences.js';
import { AdmmFace } from './admm-face.js';
import type { Algebra } from './algebra.js';
import { type Incumbent, type IterationRecord, keepBest } from './iterate.js';
import type { Objective } from './objective.js';
import type { Point } from './point.js';
import type { Stack } from './stack.js';
import { completePrimal } from './state.js';
import { factoriseDual, restoreDual } from './step.js';
import { relativeGap, Stopping, type StoppingRule } from './stopping.js';
import { flat, type View } from './views.js';

/** Over-relaxation κ: 1.5–1.8 is usual (Boyd et al., section 3.4.3). */
const RELAXATION = 1.6;
/** Iterations between two looks at value and bound, and at ρ. */
const CHECK_EVERY = 25;
/** Looks without progress after which it counts as stalled: the tail of a first-order method is long. */
const STALL_WINDOW = 200;
/** ρ is doubled or halved when one residual exceeds the other by this factor. */
const IMBALANCE = 4;
const RHO_FACTOR = 2;
const ADAPT = Number(process.env.ADAPT ?? 0.2);
/** Restorations of the dual point: δ up to 1e6 γ/λ̂, so that even the first iterate gives a bound. */
const RESTORATIONS = 30;
/** The primal repair mixes in at least this share of the strictly feasible start, and more by this factor until Cholesky succeeds. */
const LEAST_MIX = 1e-8;
const MIX_GROWTH = 1.5;

export interface AdmmRun {
  readonly algebra: Algebra;
  readonly stack: Stack;
  readonly objective: Objective;
  readonly rule: StoppingRule;
}

/** @param start strictly feasible; @param trial scratch of the same shape; @param best receives the best repaired points */
export function* admm(
  run: AdmmRun,
  start: Point,
  trial: Point,
  best: Incumbent,
): Generator<IterationRecord, RunStatus> {
  const { algebra, stack, objective, rule } = run;
  const { tau, constant } = stack.problem;
  const face = new AdmmFace(algebra, stack.problem, nearestDifferences(algebra, stack.problem));
  const { order } = face;
  const [B, U, A, previous] = [0, 1, 2, 3].map(() => algebra.matrix(order, order)) as [View, View, View, View];
  const { exports } = algebra.kernels;
  const size = order * order;
  /** C = alpha A + beta C. */
  const combine = (alpha: number, from: View, beta: number, to: View) =>
    exports.axpby(size, alpha, from.at, beta, to.at);
  const stopping = new Stopping({ ...rule, stallWindow: STALL_WINDOW });
  face.begin(start.Lambda, B);
  let rho = face.firstRho(objective.value(start.Lambda, start.K), B);

  let nextAdaptation = CHECK_EVERY;
  for (let iteration = 0; ; iteration++) {
    if (iteration % CHECK_EVERY === 0 || iteration >= rule.maxIterations || rule.clock.expired()) {
      if (iteration === 0) keepBest(algebra, objective, start, best);
      else repair(run, face, { A, B, U, rho }, start, trial, best);
      const [value, bound] = [best.value + constant, best.bound + constant];
      const gap = relativeGap(value, bound);
      yield {
        phase: 'relaxation',
        iteration,
        elapsedMs: rule.clock.elapsedMs(),
        value: tau ** 2 * value,
        lowerBound: tau ** 2 * bound,
        gap,
        mu: 0,
        primalStep: 1,
        dualStep: 1,
        centring: 0,
        backend: 'admm',
        flops: algebra.flops,
        factorizations: algebra.factorizations,
        cgSteps: 0,
      };
      const status = stopping.check(iteration, gap);
      if (status) return status;
    }
    algebra.copyMatrix(B, previous);
    combine(1, B, 0, A);
    combine(-1, U, 1, A);
    face.projectPsd(A);
    // B ← Ã + U, then its prox; U ← (Ã + U) − B
    combine(RELAXATION, A, 1 - RELAXATION, B);
    combine(1, U, 1, B);
    algebra.copyMatrix(B, U);
    face.proximal(B, rho);
    combine(-1, B, 1, U);
    if (iteration + 1 === nextAdaptation) {
      rho = adapt(algebra, { A, B, U, previous }, rho);
      nextAdaptation += Math.max(CHECK_EVERY, Math.floor(ADAPT * nextAdaptation));
    }
  }
}

/** Balances the primal residual ‖A − B‖ and the dual one ρ‖B − B_previous‖; U is ρ⁻¹ times the multiplier. */
function adapt(
  algebra: Algebra,
  { A, B, U, previous }: Record<'A' | 'B' | 'U' | 'previous', View>,
  rho: number,
): number {
  const distance = (C: View, D: View): number =>
    Math.sqrt(Math.max(0, algebra.inner(C, C) - 2 * algebra.inner(C, D) + algebra.inner(D, D)));
  const primal = distance(A, B) / Math.sqrt(algebra.inner(B, B));
  const dual = distance(B, previous) / Math.sqrt(algebra.inner(U, U));
  let factor = 1;
  if (primal > IMBALANCE * dual) factor = RHO_FACTOR;
  else if (dual > IMBALANCE * primal) factor = 1 / RHO_FACTOR;
  algebra.scale(1 / factor, flat(U));
  return rho * factor;
}

interface AdmmState {
  readonly A: View;
  readonly B: View;
  readonly U: View;
  readonly rho: number;
}

/** A true value and a true bound from the present copies, kept when they are the best. */
function repair(run: AdmmRun, face: AdmmFace, state: AdmmState, start: Point, trial: Point, best: Incumbent): void {
  const { algebra, stack, objective } = run;
  face.readDual(state.B, state.U, state.rho, trial);
  const isDual = factoriseDual(algebra, stack, trial) || restoreDual(algebra, stack, trial, RESTORATIONS);
  if (!isDual) {
    algebra.copyMatrix(start.a, trial.a);
    algebra.copy(start.N, trial.N);
    algebra.copy(start.w, trial.w);
  }
  repairPrimal(algebra, stack, face, state.A, start, trial);
  keepBest(algebra, objective, trial, best);
}

/**
 * Lambda = (1 − t) of the iterate + t of the start, with the first t of MIXES that makes it strictly feasible. The iterate is first made
 * complementary by a congruence, which keeps it positive semidefinite: with alpha, beta = h ± x·u/2, h_i is scaled to E h_i² = E (x_i·u)²/4.
 */
function repairPrimal(algebra: Algebra, stack: Stack, face: AdmmFace, A: View, start: Point, trial: Point): void {
  const { n, d, p, Xw } = stack.problem;
  const { exports, arena } = algebra.kernels;
  const mark = arena.mark();
  const complementary = algebra.matrix(p, p);
  const map = algebra.matrix(p, p);
  face.contract(A, trial.Lambda);
  const x = algebra.entries(flat(Xw));
  const Lambda = algebra.entries(flat(trial.Lambda));
  const M = algebra.entries(flat(map));
  for (let i = 0; i < p; i++) M[i * (p + 1)] = 1;
  for (let i = 0; i < n; i++) {
    let [cross, square] = [0, 0];
    for (let k = 0; k < d; k++) {
      cross += x[i * d + k] * Lambda[i * p + n + k];
      for (let l = 0; l < d; l++) square += x[i * d + k] * x[i * d + l] * Lambda[(n + k) * p + n + l];
    }
    const own = Lambda[i * (p + 1)] - cross + square / 4;
    const s = own > 0 && square > 0 ? Math.sqrt(square / 4 / own) : 1;
    M[i * (p + 1)] = s;
    for (let k = 0; k < d; k++) M[i * p + n + k] = ((1 - s) / 2) * x[i * d + k];
  }
  algebra.congruence(map, trial.Lambda, trial.primalFactor, complementary);
  algebra.copyMatrix(complementary, trial.Lambda);
  let t = Math.max(LEAST_MIX, mixForRows(algebra, stack, start, trial));
  for (; t < 1; t *= MIX_GROWTH) {
    algebra.copyMatrix(complementary, trial.Lambda);
    exports.axpby(p * p, t, start.Lambda.at, 1 - t, trial.Lambda.at);
    exports.complementaryDiagonal(n, d, Xw.at, trial.Lambda.at, p);
    if (completePrimal(algebra, stack, trial)) break;
  }
  if (t >= 1) {
    algebra.copyMatrix(start.Lambda, trial.Lambda);
    completePrimal(algebra, stack, trial);
  }
  arena.release(mark);
}

/** Smallest share of the start, a little more than it, that makes all K_ij of trial.Lambda positive. */
function mixForRows(algebra: Algebra, stack: Stack, start: Point, trial: Point): number {
  stack.lift(trial.Lambda, trial.K);
  stack.pairs(trial.K, trial.pairs);
  const values = algebra.entries(trial.pairs);
  const interior = algebra.entries(start.pairs);
  let worst = 0;
  for (let k = 0; k < values.length; k++) worst = Math.max(worst, -values[k] / interior[k]);
  return ((1 + LEAST_MIX) * worst) / (1 + worst);
}
