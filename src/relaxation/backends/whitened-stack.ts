/**
 * The stack in turned Nesterov–Todd coordinates. Any D̂ with D̂ D̂ᵀ = Wn whitens as well as D = D̂ Qᵀ, Q orthogonal; the upper triangular
 * one makes every product with it cost half or less (triangular.ts). In its coordinates X^ = Qᵀ X~ Q, the rows are
 *
 *     T̃ = T D̂ = [[N, A], [N, B]],    N n×n upper triangular,  A, B n×(d+c),  B = A − Xw (D̂'s u' rows),
 *
 * since u' does not depend on the first n coordinates. T̃ is formed once, so a beta row that nearly cancels is accurate relative to its own
 * length wherever products use T̃ rather than T after D̂.
 */
import type { Algebra } from '../../linalg/algebra.js';
import { congruenceSteps, productSteps } from '../../linalg/steps.js';
import {
  addLowerOfProduct,
  addUpperProduct,
  factoriseRq,
  upperCongruence,
  upperTransposedCongruence,
} from '../../linalg/triangular.js';
import { block, rowBlock, transposed, type Vector, type View } from '../../linalg/views.js';
import { type PairList, pairDots, pairScatter } from '../kernels.js';
import type { ScaledProblem } from '../scaled-problem.js';
import type { Scaling } from '../scaling.js';

export class WhitenedStack {
  /** T̃ and the v rows, (forms + c)×p. */
  readonly rows: View;
  /** Ŵ = T̃ T̃ᵀ, of order forms + c. */
  readonly W: View;
  readonly #algebra: Algebra;
  readonly #problem: ScaledProblem;
  readonly #U: View;
  readonly #Q: View;
  readonly #half: View;
  readonly #products: View;
  readonly #work: Vector;

  constructor(algebra: Algebra, problem: ScaledProblem) {
    const { p, c, forms } = problem;
    this.#algebra = algebra;
    this.#problem = problem;
    this.rows = algebra.matrix(forms + c, p);
    this.W = algebra.matrix(forms + c, forms + c);
    this.#U = algebra.matrix(p, p);
    this.#Q = algebra.matrix(p, p);
    this.#half = algebra.matrix(p, p);
    this.#products = algebra.matrix(forms, p);
    this.#work = algebra.vector(p);
  }

  *prepare({ D }: Scaling): Generator<void, void> {
    const { n, m, d, c, forms, Xw } = this.#problem;
    const algebra = this.#algebra;
    const { rows } = this;
    const U = this.#U;
    yield* factoriseRq(algebra, D, U, this.#Q, this.#work.at);
    algebra.copyMatrix(rowBlock(U, 0, n), rowBlock(rows, 0, n));
    algebra.copyMatrix(rowBlock(U, 0, n), rowBlock(rows, n, n));
    const edge = block(rows, n, n, n, d + c);
    yield* productSteps(algebra, -1, Xw, block(U, n, n, d, d + c), edge, { accumulate: true });
    algebra.copyMatrix(rowBlock(U, m, c), rowBlock(rows, forms, c));
    yield* productSteps(algebra, 1, rows, transposed(rows), this.W, { symmetric: true });
  }

  /** X^ = Qᵀ X~ Q. */
  turn(X: View, target: View): Generator<void, void> {
    return congruenceSteps(this.#algebra, transposed(this.#Q), X, this.#half, target);
  }

  /** X~ = Q X^ Qᵀ. */
  turnBack(X: View, target: View): Generator<void, void> {
    return congruenceSteps(this.#algebra, this.#Q, X, this.#half, target);
  }

  /** target = D̂ X D̂ᵀ. */
  toPrimal(X: View, target: View): Generator<void, void> {
    return upperCongruence(this.#algebra, this.#U, X, this.#half, target);
  }

  /** target = D̂ᵀ V D̂. */
  toDual(V: View, target: View): Generator<void, void> {
    return upperTransposedCongruence(this.#algebra, this.#U, V, this.#half, target);
  }

  /** out_k = (T̃ X T̃ᵀ)_{i_k j_k}. */
  *rowsOf(X: View, list: PairList, out: Vector): Generator<void, void> {
    const { n, d, c, p, forms } = this.#problem;
    const algebra = this.#algebra;
    const { rows } = this;
    const products = this.#products;
    const [upper, lower] = [block(products, 0, 0, n, p), block(products, n, 0, n, p)];
    algebra.zero(upper);
    yield* addUpperProduct(algebra, block(rows, 0, 0, n, n), block(X, 0, 0, n, p), upper);
    algebra.copyMatrix(upper, lower);
    const rest = block(X, n, 0, d + c, p);
    yield* productSteps(algebra, 1, block(rows, 0, n, forms, d + c), rest, products, { accumulate: true });
    pairDots(algebra, list, products, rows, out);
    algebra.flops += 2 * list.count * p;
  }

  /** A −= T̃ᵀ (Σ λ_k ½(e_i e_jᵀ + e_j e_iᵀ)) T̃. */
  *subtractAdjoint(lambda: Vector, list: PairList, A: View): Generator<void, void> {
    const { n, d, c, p, forms } = this.#problem;
    const algebra = this.#algebra;
    const { rows } = this;
    const products = this.#products;
    algebra.zero(products);
    pairScatter(algebra, list, lambda, rows, products);
    algebra.flops += 4 * list.count * p;
    // lower triangle of T̃ᵀ · products = productsᵀ · T̃
    const edge = block(rows, 0, n, forms, d + c);
    yield* productSteps(algebra, -1, transposed(products), edge, block(A, 0, n, p, d + c), { accumulate: true });
    algebra.axpy(1, rowsFrom(products, n, n), rowsFrom(products, 0, n));
    yield* addLowerOfProduct(algebra, transposed(block(products, 0, 0, n, n)), block(rows, 0, 0, n, n), A, -1);
    algebra.transpose(block(A, 0, n, n, d + c), block(A, n, 0, d + c, n));
    algebra.mirror(A);
  }
}

/** `count` whole rows of a packed matrix as one vector. */
const rowsFrom = (A: View, start: number, count: number): Vector => ({
  at: A.at + 8 * start * A.rowStride,
  length: count * A.columns,
});
