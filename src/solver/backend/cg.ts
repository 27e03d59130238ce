/**
 * Preconditioned conjugate gradients in Nesterov–Todd coordinates: no q×q matrix. The system is
 *
 *     X + Dᵀ( Tᵀ(λ/2)T + E(l) + Tᵀ(½ Delta' ∘ K)T )D = R,    rows(X) = λ/Delta on the active rows,  W(X) = l,
 *
 * X = dLambda~, K = K(D X Dᵀ), Delta' = Delta without the active rows. The preconditioner drops the Delta' term and is inverted exactly
 * (Woodbury: loss-rows.ts, active-rows.ts). The multipliers λ are carried beside X as in a saddle-point method (Benzi, Golub, Liesen,
 * Acta Numerica 14 (2005), section 10), so active rows never see Delta, whose entries reach 1e16: λ/Delta multiplied back
 * would be noise. Since B z + adjoint(λ) = r for every preconditioned z, the operator costs one lift of z besides.
 *
 * The right-hand side is shifted by `removed` times Σ − DᵀZD = 0 with Z expanded, which takes |R| from 1e5 to 1e3; two
 * steps of row refinement follow the iteration.
 */
import { ACTIVE_ROWS_PER_POINT } from '../../model/memory.js';
import type { Algebra } from '../algebra.js';
import type { Stack } from '../stack.js';
import { block, flat, slice, transposed, type Vector, type View } from '../views.js';
import { ActiveRows } from './active-rows.js';
import type { Backend, Direction, DirectionSettings, NewtonPoint, RightHandSide } from './contract.js';
import { LossRows } from './loss-rows.js';

const MAX_STEPS = 80;
const ROW_REFINEMENTS = 2;

export class CgBackend implements Backend {
  readonly name = 'cg';
  readonly settings: DirectionSettings = { predictorTolerance: 0.05, correctorTolerance: 0.01, secondOrderBound: 1 };
  cgSteps = 0;
  readonly #algebra: Algebra;
  readonly #stack: Stack;
  readonly #loss: LossRows;
  readonly #active: ActiveRows;
  /** T̃ = T D and the v rows, (2n+c)×p, and Ŵ = T̃ T̃ᵀ. */
  readonly #rows: View;
  readonly #W: View;
  /** Delta with zeros at the active rows. */
  readonly #rest: Vector;
  readonly #pairs: Vector;
  readonly #K: View;
  readonly #half: View;
  readonly #R: View;
  readonly #X: View;
  readonly #z: View;
  readonly #step: View;
  readonly #image: View;
  readonly #temporary: View;
  readonly #scratch: View;
  readonly #lambda: Record<'total' | 'last' | 'step', Vector>;
  readonly #dots: Vector;
  readonly #loss1: View;
  readonly #loss2: View;
  readonly #lossColumn: View;
  readonly #lossStack: View;
  #newton: NewtonPoint | undefined;

  constructor(algebra: Algebra, stack: Stack) {
    const { n, m, p, c, pairs, lossCount } = stack.problem;
    this.#algebra = algebra;
    this.#stack = stack;
    this.#loss = new LossRows(algebra, stack.problem);
    this.#active = new ActiveRows(algebra, stack.problem, ACTIVE_ROWS_PER_POINT);
    this.#rows = algebra.matrix(2 * n + c, p);
    this.#W = algebra.matrix(2 * n + c, 2 * n + c);
    this.#rest = algebra.vector(pairs);
    this.#pairs = algebra.vector(pairs);
    this.#K = algebra.matrix(2 * n, 2 * n);
    this.#half = algebra.matrix(2 * n, p);
    this.#R = algebra.matrix(p, p);
    this.#X = algebra.matrix(p, p);
    this.#z = algebra.matrix(p, p);
    this.#step = algebra.matrix(p, p);
    this.#image = algebra.matrix(p, p);
    this.#temporary = algebra.matrix(p, p);
    this.#scratch = algebra.matrix(p, p);
    const capacity = n + Math.min(pairs, ACTIVE_ROWS_PER_POINT * n);
    this.#lambda = {
      total: algebra.vector(capacity),
      last: algebra.vector(capacity),
      step: algebra.vector(capacity),
    };
    this.#dots = algebra.vector(capacity);
    this.#loss1 = algebra.matrix(lossCount, c);
    this.#loss2 = algebra.matrix(lossCount, c);
    this.#lossColumn = algebra.matrix(Math.max(p, m), c);
    this.#lossStack = algebra.matrix(2 * n, c);
  }

  prepare(newton: NewtonPoint): boolean {
    this.#newton = newton;
    const { n, m, d, c, p, Xw } = this.#stack.problem;
    const algebra = this.#algebra;
    const { exports } = algebra.kernels;
    const { D } = newton.scaling;
    const rows = this.#rows;
    exports.copyMatrix(n, p, D.at, p, rows.at, p);
    exports.copyMatrix(n, p, D.at, p, block(rows, n, 0, n, p).at, p);
    algebra.product(-1, Xw, block(D, n, 0, d, p), block(rows, n, 0, n, p), { accumulate: true });
    exports.copyMatrix(c, p, block(D, m, 0, c, p).at, p, block(rows, 2 * n, 0, c, p).at, p);
    algebra.product(1, rows, transposed(rows), this.#W, { symmetric: true });
    this.#loss.prepare(rows, this.#W);
    if (!this.#active.prepare(newton.delta, this.#W, this.#loss)) return false;
    algebra.copy(newton.delta, this.#rest);
    const rest = algebra.entries(this.#rest);
    for (const position of this.#active.positions) rest[position] = 0;
    return true;
  }

  solve(rightHandSide: RightHandSide, direction: Direction): void {
    const newton = this.#newton;
    if (!newton) return;
    this.#setRightHandSide(rightHandSide, newton, direction);
    this.#iterate(rightHandSide.tolerance ** 2 * this.#stack.problem.p * newton.mu);
    this.#refineRows();
    this.#finish(rightHandSide, newton, direction);
  }

  /** R = R_Z + ηΣ + Dᵀ( Tᵀ½(R_N + ηN)T + E(ηa − r_W) − ηC0 )D, η = removed. */
  #setRightHandSide({ Z: Rz, N: Rn, removed }: RightHandSide, newton: NewtonPoint, direction: Direction): void {
    const algebra = this.#algebra;
    const { exports } = algebra.kernels;
    const { point, scaling, residual } = newton;
    const { n, d, p, c, cost, lossCount } = this.#stack.problem;
    // the direction's buffers are free until the end of the solve
    algebra.copy(Rn, direction.N);
    algebra.axpy(removed, point.N, direction.N);
    exports.copy(lossCount * c, residual.at, direction.a.at);
    exports.axpby(lossCount * c, removed, point.a.at, -1, direction.a.at);
    algebra.zero(this.#temporary);
    const weights = algebra.entries(cost);
    const entries = algebra.entries(flat(this.#temporary));
    for (let k = 0; k < d + c; k++) entries[(n + k) * (p + 1)] = -removed * weights[k];
    this.#stack.addAdjoint(1, direction.a, direction.N, undefined, this.#temporary);
    scaling.toDualScale(this.#temporary, this.#R);
    algebra.axpy(1, flat(Rz), flat(this.#R));
    const sigma = algebra.entries(scaling.sigma);
    const R = algebra.entries(flat(this.#R));
    for (let k = 0; k < p; k++) R[k * (p + 1)] += removed * sigma[k];
    algebra.symmetrize(this.#R);
  }

  /** Conjugate gradients until ⟨r, z⟩ and ⟨z, z⟩ are at most `target`. */
  #iterate(target: number): void {
    const algebra = this.#algebra;
    const { count } = this.#active.list;
    const total = slice(this.#lambda.total, 0, count);
    const last = slice(this.#lambda.last, 0, count);
    const step = slice(this.#lambda.step, 0, count);
    algebra.zero(this.#X);
    algebra.fill(total, 0);
    this.#precondition(last);
    let slope = algebra.inner(this.#R, this.#z);
    algebra.copyMatrix(this.#z, this.#step);
    algebra.copy(last, step);
    for (let k = 0, beta = 0; k < MAX_STEPS; k++) {
      this.cgSteps++;
      this.#applyRest(beta);
      const length = slope / algebra.inner(this.#step, this.#image);
      if (!Number.isFinite(length)) return;
      algebra.axpy(length, flat(this.#step), flat(this.#X));
      algebra.axpy(length, step, total);
      algebra.axpy(-length, flat(this.#image), flat(this.#R));
      this.#precondition(last);
      const next = algebra.inner(this.#R, this.#z);
      if (!(next > 0) || (next <= target && algebra.inner(this.#z, this.#z) <= target)) return;
      beta = next / slope;
      slope = next;
      this.#axpby(1, this.#z, beta, this.#step);
      algebra.kernels.exports.axpby(count, 1, last.at, beta, step.at);
    }
  }

  /** image ← operator(z) without its active rows + beta · image, which is r + Dᵀ(Tᵀ½ Delta' ∘ K(DzDᵀ)T)D + beta · image. */
  #applyRest(beta: number): void {
    const algebra = this.#algebra;
    const scaling = (this.#newton as NewtonPoint).scaling;
    this.#axpby(1, this.#R, beta, this.#image);
    scaling.toPrimal(this.#z, this.#temporary);
    this.#stack.lift(this.#temporary, this.#K);
    this.#stack.pairs(this.#K, this.#pairs);
    algebra.kernels.exports.hadamard(this.#pairs.length, this.#pairs.at, this.#rest.at, this.#pairs.at);
    algebra.zero(this.#temporary);
    algebra.zero(this.#loss2);
    this.#stack.addAdjoint(1, this.#loss2, this.#pairs, undefined, this.#temporary);
    scaling.toDualScale(this.#temporary, this.#scratch);
    algebra.axpy(1, flat(this.#scratch), flat(this.#image));
  }

  /** z, λ ← preconditioner⁻¹ R; the loss multipliers of z stay in loss1. */
  #precondition(lambda: Vector): void {
    const algebra = this.#algebra;
    const { exports } = algebra.kernels;
    const { n, c } = this.#stack.problem;
    const { list } = this.#active;
    this.#rowsOf(this.#R, lambda);
    // minus what the loss rows see of it
    this.#lossRowsOf(this.#R, this.#loss1);
    this.#loss.solve(this.#loss1);
    algebra.product(1, transposed(this.#loss.stackRows), this.#loss1, this.#lossStack);
    const outputs = block(this.#W, 0, 2 * n, 2 * n, c);
    for (const [first, second] of [
      [list.i, list.j],
      [list.j, list.i],
    ]) {
      exports.pairDots(
        list.count,
        first,
        second,
        c,
        this.#lossStack.at,
        c,
        outputs.at,
        outputs.rowStride,
        this.#dots.at,
      );
      algebra.axpy(-0.5, slice(this.#dots, 0, list.count), lambda);
    }
    this.#active.solve(lambda);
    algebra.copyMatrix(this.#R, this.#z);
    this.#subtractAdjoint(lambda, this.#z);
    this.#removeLoss(this.#z, this.#loss1);
  }

  /** out_k = row k of the active list on a scaled matrix. */
  #rowsOf(X: View, out: Vector): void {
    const { n, p } = this.#stack.problem;
    const { list } = this.#active;
    const stack = block(this.#rows, 0, 0, 2 * n, p);
    this.#algebra.product(1, stack, X, this.#half);
    this.#algebra.kernels.exports.pairDots(list.count, list.i, list.j, p, this.#half.at, p, stack.at, p, out.at);
    this.#algebra.flops += 2 * list.count * p;
  }

  /** A −= T̃ᵀ (Σ λ_k ½(e_i e_jᵀ + e_j e_iᵀ)) T̃. */
  #subtractAdjoint(lambda: Vector, A: View): void {
    const { n, p } = this.#stack.problem;
    const { list } = this.#active;
    const algebra = this.#algebra;
    const stack = block(this.#rows, 0, 0, 2 * n, p);
    algebra.zero(this.#half);
    algebra.kernels.exports.pairScatter(list.count, list.i, list.j, lambda.at, p, stack.at, p, this.#half.at, p);
    algebra.flops += 4 * list.count * p;
    algebra.product(-1, transposed(stack), this.#half, A, { symmetric: true, accumulate: true });
  }

  /** W~(X) = S D X D_vᵀ. */
  #lossRowsOf(X: View, out: View): void {
    const { n, p, c } = this.#stack.problem;
    const column = { ...this.#lossColumn, rows: p };
    this.#algebra.product(1, X, transposed(block(this.#rows, 2 * n, 0, c, p)), column);
    this.#algebra.product(1, this.#loss.rows, column, out);
  }

  /** A ← (I + loss rows)⁻¹ A, their multipliers in l: A − sym((SD)ᵀ l D_v), l = M⁻¹ W~(A). */
  #removeLoss(A: View, l: View): void {
    const { n, p, c } = this.#stack.problem;
    const algebra = this.#algebra;
    this.#lossRowsOf(A, l);
    this.#loss.solve(l);
    const column = { ...this.#lossColumn, rows: p };
    algebra.product(1, transposed(this.#loss.rows), l, column);
    const outputs = block(this.#rows, 2 * n, 0, c, p);
    algebra.product(-0.5, column, outputs, A, { accumulate: true });
    algebra.product(-0.5, transposed(outputs), transposed(column), A, { accumulate: true });
  }

  /** Makes the active rows hold to the last digits: ρ = λ/Delta − rows(X), δ = −M⁻¹ρ, X −= B⁻¹ adjoint(δ), λ += δ. */
  #refineRows(): void {
    const algebra = this.#algebra;
    const { list, slack } = this.#active;
    const total = slice(this.#lambda.total, 0, list.count);
    const correction = slice(this.#lambda.step, 0, list.count);
    const { exports } = algebra.kernels;
    for (let k = 0; k < ROW_REFINEMENTS; k++) {
      this.#rowsOf(this.#X, correction);
      exports.hadamard(list.count, slack.at, total.at, this.#dots.at);
      algebra.axpy(-1, slice(this.#dots, 0, list.count), correction);
      this.#active.solve(correction);
      algebra.zero(this.#step);
      this.#subtractAdjoint(correction, this.#step);
      this.#removeLoss(this.#step, this.#loss2);
      algebra.axpy(1, flat(this.#step), flat(this.#X));
      algebra.axpy(1, correction, total);
    }
  }

  /** The direction from X, the multipliers and those of the last preconditioned residual. */
  #finish({ Z: Rz, N: Rn, removed }: RightHandSide, newton: NewtonPoint, direction: Direction): void {
    const algebra = this.#algebra;
    const { exports } = algebra.kernels;
    const { n, c, lossCount } = this.#stack.problem;
    const { list, positions } = this.#active;
    const { scaling, residual, point } = newton;
    algebra.symmetrize(this.#X);
    algebra.copyMatrix(this.#X, direction.scaledLambda);
    scaling.toPrimal(this.#X, direction.Lambda);
    this.#stack.lift(direction.Lambda, this.#K);
    this.#stack.pairs(this.#K, direction.pairs);
    this.#stack.predictions(direction.Lambda, direction.W);

    const lambda = slice(this.#lambda.total, 0, list.count);
    algebra.axpy(1, slice(this.#lambda.last, 0, list.count), lambda);
    const { length } = Rn;
    exports.subtractProduct(length, Rn.at, this.#rest.at, direction.pairs.at, direction.N.at);
    const multipliers = algebra.entries(lambda);
    const dN = algebra.entries(direction.N);
    positions.forEach((position, k) => {
      dN[position] -= multipliers[n + k];
    });
    const w = algebra.entries(direction.w);
    const free = algebra.entries(point.w);
    for (let i = 0; i < n; i++) w[i] = -multipliers[i] - removed * free[i];
    exports.copy(lossCount * c, residual.at, direction.a.at);
    algebra.scale(-1, flat(direction.a));
    algebra.axpy(-1, flat(direction.W), flat(direction.a));
    algebra.axpy(-1, flat(this.#loss1), flat(direction.a));

    // the solve's own dZ: what the multipliers give differs by round-off in the rows, which restoration mends at little cost
    algebra.copyMatrix(Rz, direction.scaledZ);
    algebra.axpy(-1, flat(direction.scaledLambda), flat(direction.scaledZ));
  }

  /** B = alpha A + beta B. */
  #axpby(alpha: number, A: View, beta: number, B: View): void {
    this.#algebra.kernels.exports.axpby(A.rows * A.columns, alpha, A.at, beta, B.at);
    this.#algebra.flops += 3 * A.rows * A.columns;
  }
}
