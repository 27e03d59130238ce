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

import { cubeOf, squareOf } from '../../base/elementary.js';
import { complete } from '../../base/run.js';
import type { Heartbeat, RunStatus } from '../../base/types.js';
import type { Algebra } from '../../linalg/algebra.js';
import { pause } from '../../linalg/steps.js';
import { flat, type View } from '../../linalg/views.js';
import type { Info } from '../info.js';
import type { Objective } from '../objective.js';
import type { Point } from '../point.js';
import type { AdmmRecord } from '../records.js';
import { copiesBytes, liftedOrder, type ProblemSize } from '../size.js';
import type { Stack } from '../stack.js';
import { copyDual } from '../step.js';
import { extendedFormCount, nearestDifferences } from './differences.js';
import { AdmmFace } from './face.js';
import { AdmmRepair } from './repair.js';

/** Over-relaxation κ: 1.5–1.8 is usual (Boyd et al., section 3.4.3). */
const RELAXATION = 1.6;
/** Iterations between two looks at value and bound, and at ρ. */
const CHECK_EVERY = 25;
/** Looks without progress after which it counts as stalled: the tail of a first-order method is long. */
export const ADMM_STALL_WINDOW = 200;
/** ρ is doubled or halved when one residual exceeds the other by this factor. */
const IMBALANCE = 2;
const RHO_FACTOR = 2;
/** ρ is adapted ever less often, after this share of the iterations so far: a changing ρ need not converge. */
const ADAPTATION_SPACING = 0.3;

/** Matrices over the extended forms, u' and v; and working memory beside them. */
const EXTENDED_COPIES = 4;
const COPIES = { lifted: 24, forms: 8 } as const;

/** Order of the copies at most: the forms with the differences of nearby rows, u' and v. */
const copyOrder = (size: ProblemSize): number => extendedFormCount(size) + size.d + size.c;

/** Bytes of a solve, and flops of an iteration: two congruences by the basis and a projection. */
export function admmBytes(size: ProblemSize): number {
  const order = copyOrder(size);
  return 8 * (EXTENDED_COPIES * squareOf(order) + 2 * liftedOrder(size) * order) + copiesBytes(size, COPIES);
}
export function admmFlops(size: ProblemSize): number {
  const [p, order] = [liftedOrder(size), copyOrder(size)];
  return 3 * order * p * (order + p) + 11 * cubeOf(p);
}

export interface AdmmRun {
  readonly algebra: Algebra;
  readonly stack: Stack;
  readonly objective: Objective;
}

/** @param start strictly feasible; @param trial scratch of the same shape */
export function* admm(
  run: AdmmRun,
  start: Point,
  trial: Point,
  info: Info,
): Generator<AdmmRecord | Heartbeat, RunStatus> {
  const copies = new Copies(run, start);
  let nextAdaptation = CHECK_EVERY;
  for (let iteration = 0; ; iteration++) {
    if (iteration % CHECK_EVERY === 0 || info.isLast(iteration)) {
      const point = iteration === 0 ? start : copies.repair(start, trial);
      yield yield* info.heartbeats(info.recordAdmm(iteration, point, copies.rho));
      const status = info.check();
      if (status) return status;
    }
    copies.iterate();
    yield* info.heartbeats(pause(run.algebra));
    if (iteration + 1 === nextAdaptation) {
      copies.adapt();
      nextAdaptation += Math.max(CHECK_EVERY, Math.floor(ADAPTATION_SPACING * nextAdaptation));
    }
  }
}

/** The two copies of Lambda, their multiplier U (ρ⁻¹ times it) and the penalty ρ. */
class Copies {
  rho: number;
  readonly #algebra: Algebra;
  readonly #face: AdmmFace;
  readonly #repair: AdmmRepair;
  readonly #A: View;
  readonly #B: View;
  readonly #U: View;
  readonly #previous: View;

  constructor({ algebra, stack, objective }: AdmmRun, start: Point) {
    const differences = nearestDifferences(algebra, stack.problem);
    const face = new AdmmFace(algebra, stack.problem, differences);
    this.#algebra = algebra;
    this.#face = face;
    this.#repair = new AdmmRepair(algebra, stack, face, differences);
    const copy = (): View => algebra.matrix(face.order, face.order);
    [this.#B, this.#U, this.#A, this.#previous] = [copy(), copy(), copy(), copy()];
    face.begin(start.Lambda, this.#B);
    this.rho = face.firstRho(complete(objective.value(start)), this.#B);
  }

  /** The true point nearest to the copies, in `trial`. */
  repair(start: Point, trial: Point): Point {
    if (!this.#repair.dual(this.#B, this.#U, this.rho, trial)) copyDual(this.#algebra, start, trial);
    this.#repair.primal(this.#A, start, trial);
    return trial;
  }

  iterate(): void {
    const [A, B, U] = [this.#A, this.#B, this.#U];
    this.#algebra.copyMatrix(B, this.#previous);
    this.#combine(1, B, 0, A);
    this.#combine(-1, U, 1, A);
    this.#face.projectPsd(A);
    // B ← Ã + U, then its prox; U ← (Ã + U) − B
    this.#combine(RELAXATION, A, 1 - RELAXATION, B);
    this.#combine(1, U, 1, B);
    this.#algebra.copyMatrix(B, U);
    this.#face.proximal(B, this.rho);
    this.#combine(-1, B, 1, U);
  }

  /** Balances the primal residual ‖A − B‖ and the dual one ρ‖B − B_previous‖. */
  adapt(): void {
    const algebra = this.#algebra;
    const [A, B, U] = [this.#A, this.#B, this.#U];
    const distance = (C: View, D: View): number =>
      Math.sqrt(Math.max(0, algebra.inner(C, C) - 2 * algebra.inner(C, D) + algebra.inner(D, D)));
    const primal = distance(A, B) / Math.sqrt(algebra.inner(B, B));
    const dual = distance(B, this.#previous) / Math.sqrt(algebra.inner(U, U));
    let factor = 1;
    if (primal > IMBALANCE * dual) factor = RHO_FACTOR;
    else if (dual > IMBALANCE * primal) factor = 1 / RHO_FACTOR;
    algebra.scale(1 / factor, flat(U));
    this.rho *= factor;
  }

  /** C = alpha A + beta C. */
  #combine(alpha: number, A: View, beta: number, C: View): void {
    this.#algebra.axpby(alpha, flat(A), beta, flat(C));
  }
}
