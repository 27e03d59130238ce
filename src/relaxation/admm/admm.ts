/**
 * The alternating direction method of multipliers on program 4 (S. Boyd et al., Found. Trends Mach. Learn. 3 (2011), sections 3.1, 3.4),
 * the simple first-order method against which the interior point is tested. One eigendecomposition of order p an iteration, no
 * linear system, memory O(n²); slow to high accuracy.
 *
 * Lambda over (alpha, beta, u', v) and some differences of nearby rows, all scaled to unit size, is split in two copies: A = V G Vᵀ with
 * G ⪰ 0 in an orthonormal basis V of the face −alpha + beta + X u' = 0 (admm-face.ts), and B with the signs, the complementarity zeros and
 * the objective:
 *
 *     G ← proj_psd(Vᵀ(B − U)V),   Ã ← κVGVᵀ + (1 − κ)B,   B ← prox_{g/ρ}(Ã + U),   U ← U + Ã − B.
 *
 * Neither copy is feasible on the way, so values and bounds come from repaired points (admm-repair.ts). Both are as true as the interior point's.
 */

import { relativeGap } from '../../base/gap.js';
import type { RunStatus } from '../../base/types.js';
import type { Algebra } from '../../linalg/algebra.js';
import { flat, type View } from '../../linalg/views.js';
import { type Incumbent, type IterationRecord, keepBest } from '../iterate.js';
import type { Objective } from '../objective.js';
import type { Point } from '../point.js';
import type { Stack } from '../stack.js';
import { copyDual } from '../step.js';
import { Stopping, type StoppingRule } from '../stopping.js';
import { nearestDifferences } from './differences.js';
import { AdmmFace } from './face.js';
import { AdmmRepair } from './repair.js';

/** Over-relaxation κ: 1.5–1.8 is usual (Boyd et al., section 3.4.3). */
const RELAXATION = 1.6;
/** Iterations between two looks at value and bound, and at ρ. */
const CHECK_EVERY = 25;
/** Looks without progress after which it counts as stalled: the tail of a first-order method is long. */
const STALL_WINDOW = 200;
/** ρ is doubled or halved when one residual exceeds the other by this factor. */
const IMBALANCE = 2;
const RHO_FACTOR = 2;
/** ρ is adapted ever less often, after this share of the iterations so far: a changing ρ need not converge. */
const ADAPTATION_SPACING = 0.3;

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
  const differences = nearestDifferences(algebra, stack.problem);
  const face = new AdmmFace(algebra, stack.problem, differences);
  const repair = new AdmmRepair(algebra, stack, face, differences);
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
      else {
        if (!repair.dual(B, U, rho, trial)) copyDual(algebra, start, trial);
        repair.primal(A, start, trial);
        keepBest(algebra, objective, trial, best);
      }
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
      nextAdaptation += Math.max(CHECK_EVERY, Math.floor(ADAPTATION_SPACING * nextAdaptation));
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
