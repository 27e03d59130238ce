/**
 * The rows that the preconditioner holds exactly: the equalities S_ii = 0, and the inequality entries whose barrier outweighs the
 * Nesterov–Todd term, rel = ½ Delta_ij (Ŵ_ii Ŵ_jj + Ŵ_ij²) > RELEVANT, at most ROWS_PER_POINT·n of the largest.
 * Their Schur complement M_kl = ½(Ŵ Ŵ + Ŵ Ŵ) + diag(0, 1/Delta), minus what the loss rows take, is scaled to unit diagonal and
 * factorised; the unfactored matrix stays in the upper triangle and refines each solve.
 */
import { cubeOf, squareOf } from '../../base/elementary.js';
import { Pace } from '../../base/pace.js';
import type { Algebra } from '../../linalg/algebra.js';
import { choleskySteps, mirrorSteps, pause } from '../../linalg/steps.js';
import { flat, packed, type Vector, type View } from '../../linalg/views.js';
import type { Pairs } from '../../problem/parts/part.js';
import { type PairList, pairSchur, restoreLower, scaleSymmetric, symvUpper } from '../kernels.js';
import type { ScaledProblem } from '../scaled-problem.js';
import type { ProblemSize } from '../size.js';
import type { LossRows } from './loss-rows.js';

/** Inequality rows held for each row of data: more cost (7n)³/3, fewer cost steps. */
const ROWS_PER_POINT = 6;
/** The most rows there are, the equalities included. */
const rowLimit = ({ n }: ProblemSize): number => (1 + ROWS_PER_POINT) * n;

/** Bytes of their Schur complement, flops of its factorisation. */
export const activeRowsBytes = (size: ProblemSize): number => 8 * squareOf(rowLimit(size));
export const activeRowsFlops = (size: ProblemSize): number => cubeOf(rowLimit(size)) / 3;

/** Weaker rows cost conjugate gradients few steps: of 1–64, 16 took the fewest flops. */
const RELEVANT = 16;
const FIRST_SHIFT = 1e-14;
const SHIFT_GROWTH = 30;
const LAST_SHIFT = 1e-6;
const REFINEMENTS = 1;
/** Operations in the time that a pair takes to be visited, and to be sorted. */
const VISIT_COST = 20;
const SORT_COST = 100;

export class ActiveRows {
  readonly #algebra: Algebra;
  readonly #pairs: Pairs;
  /** Most rows there can be, S_ii included. */
  readonly capacity: number;
  readonly #H: View;
  readonly #diagonal: Vector;
  readonly #scaling: Vector;
  readonly #i: number;
  readonly #j: number;
  /** 1/Delta of the active inequality entries, 0 for S_ii. */
  readonly #slack: Vector;
  readonly #scaled: Vector;
  readonly #product: Vector;
  /** Positions of the active inequality entries in the pair vector, ascending. */
  positions = new Int32Array(0);
  #count = 0;

  constructor(algebra: Algebra, problem: ScaledProblem) {
    const { pairs } = problem.part;
    this.#algebra = algebra;
    this.#pairs = pairs;
    const size = Math.min(pairs.equalities + pairs.count, rowLimit(problem));
    this.capacity = size;
    this.#H = algebra.matrix(size, size);
    this.#diagonal = algebra.vector(size);
    this.#scaling = algebra.vector(size);
    this.#slack = algebra.vector(size);
    this.#scaled = algebra.vector(size);
    this.#product = algebra.vector(size);
    this.#i = algebra.kernels.arena.allocateBytes(4 * size);
    this.#j = algebra.kernels.arena.allocateBytes(4 * size);
    algebra.reserveFor({ cholesky: size });
  }

  /** The equalities, then the active inequality entries. */
  get list(): PairList {
    return { count: this.#count, i: this.#i, j: this.#j };
  }

  /** 1/Delta per row, 0 for S_ii. */
  get slack(): Vector {
    return { at: this.#slack.at, length: this.#count };
  }

  /** Chooses the rows and factorises; false when the complement is numerically singular. @param W Ŵ over the forms */
  *prepare(delta: Vector, W: View, loss: LossRows): Generator<void, boolean> {
    yield* this.#select(delta, W);
    const algebra = this.#algebra;
    const H = this.#matrix();
    yield* pairSchur(algebra, this.list, W, H);
    yield* loss.eliminate(this.list, H);
    yield* this.#normalise(H);
    for (let shift = FIRST_SHIFT; shift < LAST_SHIFT; shift *= SHIFT_GROWTH) {
      const entries = algebra.entries(flat(H));
      for (let k = 0; k < H.rows; k++) entries[k * (H.rows + 1)] += shift;
      if (yield* choleskySteps(algebra, H)) return true;
      restoreLower(algebra, this.#diagonal, H);
    }
    return false;
  }

  /** x ← M⁻¹ x by the factor and a step of refinement. */
  *solve(x: Vector): Generator<void, void> {
    const algebra = this.#algebra;
    const H = this.#matrix();
    const { rows } = H;
    const scaled: Vector = { at: this.#scaled.at, length: rows };
    const product: Vector = { at: this.#product.at, length: rows };
    algebra.hadamard(x, this.#scaling, scaled);
    algebra.copy(scaled, x);
    yield* this.#solveFactor(H, x);
    for (let k = 0; k < REFINEMENTS; k++) {
      symvUpper(algebra, this.#diagonal, H, x, product);
      algebra.axpby(1, scaled, -1, product);
      yield* this.#solveFactor(H, product);
      algebra.axpy(1, product, x);
    }
    algebra.hadamard(x, this.#scaling, x);
  }

  /** Each triangle of a large factor is read from memory: a pause between the two. */
  *#solveFactor(H: View, x: Vector): Generator<void, void> {
    const column = packed(x.at, x.length, 1);
    this.#algebra.solveLower(H, column);
    yield* pause(this.#algebra);
    this.#algebra.solveLowerTransposed(H, column);
    yield* pause(this.#algebra);
  }

  #matrix(): View {
    return { ...this.#H, rows: this.#count, columns: this.#count, rowStride: this.#count };
  }

  /** diag(s) (H + diag(slack)) diag(s) with unit diagonal, in both triangles; the diagonal apart. */
  *#normalise(H: View): Generator<void, void> {
    const algebra = this.#algebra;
    const { rows } = H;
    const entries = algebra.entries(flat(H));
    const slack = algebra.entries(this.#slack);
    const scaling = algebra.entries(this.#scaling);
    for (let k = 0; k < rows; k++) {
      entries[k * (rows + 1)] += slack[k];
      scaling[k] = 1 / Math.sqrt(entries[k * (rows + 1)]);
    }
    scaleSymmetric(algebra, this.#scaling, H);
    yield* pause(algebra);
    yield* mirrorSteps(algebra, H);
    const diagonal = algebra.entries(this.#diagonal);
    for (let k = 0; k < rows; k++) diagonal[k] = entries[k * (rows + 1)];
  }

  *#select(delta: Vector, W: View): Generator<void, void> {
    const { equalities } = this.#pairs;
    const algebra = this.#algebra;
    const { arena } = algebra.kernels;
    const pace = new Pace();
    const relevance = this.#relevance(delta, W);
    if (pace.isDue(VISIT_COST * relevance.length)) yield;
    const threshold = largest(relevance, this.capacity - equalities);
    if (pace.isDue(SORT_COST * relevance.length)) yield;
    const positions: number[] = [];
    const [i, j] = [arena.ints(this.#i, this.capacity), arena.ints(this.#j, this.capacity)];
    const slack = algebra.entries(this.#slack);
    const values = algebra.entries(delta);
    for (let k = 0; k < equalities; k++) {
      [i[k], j[k]] = this.#pairs.equality(k);
      slack[k] = 0;
    }
    let count = equalities;
    this.#pairs.forEach((r, s, position) => {
      if (!(relevance[position] > threshold && count < this.capacity)) return;
      [i[count], j[count], slack[count]] = [r, s, 1 / values[position]];
      positions.push(position);
      count++;
    });
    this.#count = count;
    this.positions = Int32Array.from(positions);
    if (pace.isDue(VISIT_COST * relevance.length)) yield;
  }

  #relevance(delta: Vector, W: View): Float64Array {
    const w = this.#algebra.entries({ at: W.at, length: this.#pairs.forms.count * W.rowStride });
    const values = this.#algebra.entries(delta);
    const result = new Float64Array(values.length);
    const next = W.rowStride + 1;
    this.#pairs.forEach((r, s, position) => {
      const cross = w[r * W.rowStride + s];
      result[position] = 0.5 * values[position] * (w[r * next] * w[s * next] + cross * cross);
    });
    return result;
  }
}

/** The threshold above which at most `count` values lie, at least RELEVANT. */
function largest(values: Float64Array, count: number): number {
  const candidates = values.filter((value) => value > RELEVANT);
  if (candidates.length <= count) return RELEVANT;
  return candidates.sort()[candidates.length - count - 1];
}
