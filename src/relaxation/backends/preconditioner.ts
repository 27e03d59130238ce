/**
 * The Newton operator without the rows that matter little, inverted exactly in whitened coordinates:
 *
 *     z + T̃ᵀ λ T̃ + E~(l) = r,    rows(z) = λ/Delta on the active rows,    W~(z) = l on the loss rows.
 *
 * Two Woodbury steps: the loss rows first (loss-rows.ts), the active rows on what they leave (active-rows.ts).
 */
import type { Algebra } from '../../linalg/algebra.js';
import { block, flat, slice, transposed, type Vector, type View } from '../../linalg/views.js';
import { pairDots } from '../kernels.js';
import type { ScaledProblem } from '../scaled-problem.js';
import { ActiveRows } from './active-rows.js';
import { LossRows } from './loss-rows.js';
import type { WhitenedStack } from './whitened-stack.js';

export class Preconditioner {
  readonly active: ActiveRows;
  readonly #algebra: Algebra;
  readonly #problem: ScaledProblem;
  readonly #stack: WhitenedStack;
  readonly #loss: LossRows;
  readonly #dots: Vector;
  readonly #multipliers: View;
  readonly #column: View;
  readonly #lossStack: View;

  constructor(algebra: Algebra, problem: ScaledProblem, stack: WhitenedStack) {
    const { m, p, c, forms, lossCount } = problem;
    this.#algebra = algebra;
    this.#problem = problem;
    this.#stack = stack;
    this.#loss = new LossRows(algebra, problem);
    this.active = new ActiveRows(algebra, problem);
    this.#dots = algebra.vector(this.active.capacity);
    this.#multipliers = algebra.matrix(lossCount, c);
    this.#column = algebra.matrix(Math.max(p, m), c);
    this.#lossStack = algebra.matrix(forms, c);
  }

  /** Chooses the active rows and factorises; false when their complement is numerically singular. */
  *prepare(delta: Vector): Generator<void, boolean> {
    yield* this.#loss.prepare(this.#stack);
    return yield* this.active.prepare(delta, this.#stack.W, this.#loss);
  }

  /** z, λ and l from r. */
  *solve(r: View, z: View, lambda: Vector, l: View): Generator<void, void> {
    const algebra = this.#algebra;
    const { c, forms } = this.#problem;
    const { list } = this.active;
    const { W } = this.#stack;
    yield* this.#stack.rowsOf(r, list, lambda);
    // minus what the loss rows take of it
    this.#lossRowsOf(r, this.#multipliers);
    this.#loss.solve(this.#multipliers);
    algebra.product(1, transposed(this.#loss.stackRows), this.#multipliers, this.#lossStack);
    const outputs = block(W, 0, forms, forms, c);
    const dots = slice(this.#dots, 0, list.count);
    for (const pairs of [list, { ...list, i: list.j, j: list.i }]) {
      pairDots(algebra, pairs, this.#lossStack, outputs, dots);
      algebra.axpy(-0.5, dots, lambda);
    }
    yield* this.active.solve(lambda);
    algebra.copyMatrix(r, z);
    yield* this.#stack.subtractAdjoint(lambda, list, z);
    this.#removeLoss(z, l);
  }

  /**
   * Corrects the active rows of X: ρ = λ/Delta − rows(X), δ = −M⁻¹ρ, X −= (adjoint(δ) without its loss rows), λ += δ. Returns ρᵀM⁻¹ρ, an
   * upper bound on the squared change of X in whitened coordinates. `step` is scratch.
   */
  *correctRows(X: View, lambda: Vector, step: View, correction: Vector): Generator<void, number> {
    const algebra = this.#algebra;
    const { list, slack } = this.active;
    const dots = slice(this.#dots, 0, list.count);
    yield* this.#stack.rowsOf(X, list, correction);
    algebra.hadamard(slack, lambda, dots);
    algebra.axpy(-1, dots, correction);
    algebra.copy(correction, dots);
    yield* this.active.solve(correction);
    const energy = algebra.dot(dots, correction);
    algebra.zero(step);
    yield* this.#stack.subtractAdjoint(correction, list, step);
    this.#removeLoss(step, this.#multipliers);
    algebra.axpy(1, flat(step), flat(X));
    algebra.axpy(1, correction, lambda);
    return energy;
  }

  /** W~(X) = S D̂ X D̂_vᵀ. */
  #lossRowsOf(X: View, out: View): void {
    const { p } = this.#problem;
    const column = { ...this.#column, rows: p };
    this.#algebra.product(1, X, transposed(this.#outputs()), column);
    this.#algebra.product(1, this.#loss.rows, column, out);
  }

  /** A ← (I + loss rows)⁻¹ A, their multipliers in l: A − sym((S D̂)ᵀ l D̂_v), l = M⁻¹ W~(A). */
  #removeLoss(A: View, l: View): void {
    const { p } = this.#problem;
    const algebra = this.#algebra;
    this.#lossRowsOf(A, l);
    this.#loss.solve(l);
    const column = { ...this.#column, rows: p };
    algebra.product(1, transposed(this.#loss.rows), l, column);
    const outputs = this.#outputs();
    algebra.product(-0.5, column, outputs, A, { accumulate: true });
    algebra.product(-0.5, transposed(outputs), transposed(column), A, { accumulate: true });
  }

  /** D̂'s v rows. */
  #outputs(): View {
    const { c, p, forms } = this.#problem;
    return block(this.#stack.rows, forms, 0, c, p);
  }
}
