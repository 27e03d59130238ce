/**
 * The loss rows of the Newton system, eliminated exactly. With Ŵ = T Wn Tᵀ over the stack and the v rows, the rows (r, k) of W
 * have the Schur complement (lossCount × c unknowns λ as a matrix)
 *
 *     M λ = λ + ½ (Ŵ_SS λ Ŵ_vv + Ŵ_Sv λᵀ Ŵ_Sv).
 *
 * In the eigenbases Ŵ_SS = Q diag(e) Qᵀ, Ŵ_vv = R diag(t) Rᵀ, with B = Qᵀ Ŵ_Sv R and E = 1 + ½ e tᵀ, it reads E ∘ λ' + ½ B λ'ᵀ B = b',
 * and Y = λ'ᵀ B solves the c²×c² system Y_ab + ½ Σ_k S^a_kb Y_ka = Σ_r (b'/E)_ra B_rb, S^a = (B / E_·a)ᵀ B.
 */
import { integerPower, squareOf } from '../../base/elementary.js';
import type { Algebra } from '../../linalg/algebra.js';
import { eighSteps, pause, productSteps } from '../../linalg/steps.js';
import { block, flat, rowOf, slice, transposed, type Vector, type View } from '../../linalg/views.js';
import { gatherSymmetric, type PairList, subtractPairLoss } from '../kernels.js';
import type { ScaledProblem } from '../scaled-problem.js';
import type { ProblemSize } from '../size.js';
import { invert } from './small-inverse.js';
import type { WhitenedStack } from './whitened-stack.js';

/**
 * Bytes and flops of the elimination beside products of the orders of Lambda and of the stack, which an iteration counts anyway: five c²×c² matrices (the
 * coupling of Y and its copy that is inverted, the last inverse, the new one and its copy in WASM memory) and the coupling of each of about 7n
 * active rows with Y, twice; the inversion (small-inverse.ts) and the product of the inverse with these couplings. They decide where there are
 * many outputs.
 */
export const lossRowsBytes = ({ n, c }: ProblemSize): number =>
  8 * (5 * integerPower(c, 4) + 2 * ACTIVE_ROWS * n * squareOf(c));
export const lossRowsFlops = ({ n, c }: ProblemSize): number =>
  INVERSION * integerPower(c, 6) + 2 * ACTIVE_ROWS * n * integerPower(c, 4);
const ACTIVE_ROWS = 7;
/** Flops of `invert`, in units of the cube of the order. */
const INVERSION = 4;

export class LossRows {
  readonly #algebra: Algebra;
  readonly #problem: ScaledProblem;
  /** Rows S D of the whitened stack, lossCount × p. */
  readonly rows: View;
  /** S Ŵ without its v columns, lossCount × forms. */
  readonly stackRows: View;
  readonly #kernel: View;
  readonly #Q: View;
  readonly #e: Vector;
  readonly #Rt: View;
  readonly #t: Vector;
  readonly #corner: View;
  /** E, B and three scratch matrices, all lossCount × c. */
  readonly #E: View;
  readonly #B: View;
  readonly #cross: View;
  readonly #rotated: View;
  readonly #scratch: View;
  /** Qᵀ S Ŵ (lossCount × forms), Rᵀ Ŵ_v (c × forms), (Qᵀ S Ŵ / E_·l)ᵀ Qᵀ S Ŵ (forms × forms). */
  readonly #P: View;
  readonly #vT: View;
  readonly #weighted: View;
  readonly #weights: Vector;
  #inverse: Float64Array = new Float64Array(0);

  constructor(algebra: Algebra, problem: ScaledProblem) {
    const { p, c, forms, lossCount } = problem;
    this.#algebra = algebra;
    this.#problem = problem;
    this.rows = algebra.matrix(lossCount, p);
    this.stackRows = algebra.matrix(lossCount, forms);
    this.#kernel = algebra.matrix(lossCount, lossCount);
    this.#Q = algebra.matrix(lossCount, lossCount);
    this.#e = algebra.vector(lossCount);
    this.#Rt = algebra.matrix(c, c);
    this.#t = algebra.vector(c);
    this.#corner = algebra.matrix(c, c);
    this.#E = algebra.matrix(lossCount, c);
    this.#B = algebra.matrix(lossCount, c);
    this.#cross = algebra.matrix(lossCount, c);
    this.#rotated = algebra.matrix(lossCount, c);
    this.#scratch = algebra.matrix(lossCount, c);
    this.#P = algebra.matrix(lossCount, forms);
    this.#vT = algebra.matrix(c, forms);
    this.#weighted = algebra.matrix(forms, forms);
    this.#weights = algebra.vector(lossCount);
    algebra.reserveFor({ eigh: Math.max(lossCount, c) });
  }

  *prepare({ rows: stack, W }: WhitenedStack): Generator<void, void> {
    const { p, c, forms, lossCount, lossIndex, lossScale } = this.#problem;
    const algebra = this.#algebra;
    const index = algebra.kernels.arena.ints(lossIndex, lossCount);
    const scale = algebra.entries(lossScale);
    for (let r = 0; r < lossCount; r++) {
      const at = index[r];
      algebra.axpby(scale[r], slice(rowOf(stack, at), 0, p), 0, rowOf(this.rows, r));
      algebra.axpby(scale[r], slice(rowOf(W, at), 0, forms), 0, rowOf(this.stackRows, r));
      algebra.axpby(scale[r], slice(rowOf(W, at), forms, c), 0, rowOf(this.#cross, r));
    }
    gatherSymmetric(algebra, lossIndex, lossScale, W, this.#kernel);
    yield* eighSteps(algebra, this.#kernel, this.#e, this.#Q);
    algebra.copyMatrix(block(W, forms, forms, c, c), this.#corner);
    algebra.eigh(this.#corner, this.#t, this.#Rt);

    const e = algebra.entries(this.#e);
    const t = algebra.entries(this.#t);
    const E = algebra.entries(flat(this.#E));
    for (let r = 0; r < lossCount; r++) {
      for (let k = 0; k < c; k++) E[r * c + k] = 1 + 0.5 * Math.max(0, e[r]) * Math.max(0, t[k]);
    }
    this.#rotate(this.#cross, this.#B);
    yield* productSteps(algebra, 1, this.#Q, this.stackRows, this.#P);
    algebra.product(1, this.#Rt, block(W, forms, 0, c, forms), this.#vT);
    yield* pause(algebra);
    this.#inverse = yield* invert(this.#couplingMatrix(), c * c);
  }

  /** λ ← M⁻¹ λ. */
  solve(lambda: View): void {
    const { lossCount, c } = this.#problem;
    const algebra = this.#algebra;
    this.#rotate(lambda, this.#rotated);
    const b = algebra.entries(flat(this.#rotated));
    const E = algebra.entries(flat(this.#E));
    const B = algebra.entries(flat(this.#B));
    const g = new Float64Array(c * c);
    for (let r = 0; r < lossCount; r++) {
      for (let k = 0; k < c; k++) {
        const weighted = b[r * c + k] / E[r * c + k];
        for (let l = 0; l < c; l++) g[k * c + l] += weighted * B[r * c + l];
      }
    }
    const Y = multiplySmall(this.#inverse, g);
    for (let r = 0; r < lossCount; r++) {
      for (let k = 0; k < c; k++) {
        let sum = b[r * c + k];
        for (let l = 0; l < c; l++) sum -= 0.5 * B[r * c + l] * Y[l * c + k];
        b[r * c + k] = sum / E[r * c + k];
      }
    }
    algebra.flops += 6 * lossCount * c * c;
    algebra.product(1, transposed(this.#Q), this.#rotated, this.#scratch);
    algebra.product(1, this.#scratch, this.#Rt, lambda);
  }

  /** H (lower) −= M_kW M⁻¹ M_Wl for the active pairs. */
  *eliminate(pairs: PairList, H: View): Generator<void, void> {
    const { c, forms, lossCount } = this.#problem;
    const algebra = this.#algebra;
    const { count } = pairs;
    const mark = algebra.kernels.arena.mark();
    const left = algebra.matrix(count, c * c);
    const right = algebra.matrix(count, c * c);
    const h = algebra.matrix(forms, c);
    for (let l = 0; l < c; l++) {
      this.#inverseWeights(l);
      const weights = this.#weights;
      yield* productSteps(algebra, 1, transposed(this.#P), this.#P, this.#weighted, { weights, symmetric: true });
      yield* subtractPairLoss(algebra, pairs, rowOf(this.#vT, l), this.#weighted, H);
      algebra.product(1, transposed(this.#P), this.#B, h, { weights: this.#weights });
      this.#fillCoupling(pairs, l, h, left);
    }
    yield* this.#applyInverse(left, right);
    // + ½ Σ_ab g_k[b, a] Y_l[a, b]
    this.#transposeSmall(left);
    yield* productSteps(algebra, 0.5, left, transposed(right), H, { lower: true, accumulate: true });
    algebra.flops += 3 * c * count * count + lossCount * forms * c;
    algebra.kernels.arena.release(mark);
  }

  /** target = Qᵀ A R. */
  #rotate(A: View, target: View): void {
    this.#algebra.product(1, this.#Q, A, this.#scratch);
    this.#algebra.product(1, this.#scratch, transposed(this.#Rt), target);
  }

  #inverseWeights(l: number): void {
    const { lossCount, c } = this.#problem;
    const weights = this.#algebra.entries(this.#weights);
    const E = this.#algebra.entries(flat(this.#E));
    for (let r = 0; r < lossCount; r++) weights[r] = 1 / E[r * c + l];
  }

  /** g_k[l, b] = ½ (vT_l[j] h[i, b] + vT_l[i] h[j, b]). */
  #fillCoupling({ count, i, j }: PairList, l: number, h: View, g: View): void {
    const { c, forms } = this.#problem;
    const algebra = this.#algebra;
    const { arena } = algebra.kernels;
    const [first, second] = [arena.ints(i, count), arena.ints(j, count)];
    const v = algebra.entries({ at: this.#vT.at + 8 * l * forms, length: forms });
    const rows = algebra.entries(flat(h));
    const out = algebra.entries(flat(g));
    for (let k = 0; k < count; k++) {
      const [s, t] = [first[k], second[k]];
      for (let b = 0; b < c; b++) out[k * c * c + l * c + b] = 0.5 * (v[t] * rows[s * c + b] + v[s] * rows[t * c + b]);
    }
  }

  /** right_k = SS⁻¹ left_k. */
  *#applyInverse(left: View, right: View): Generator<void, void> {
    const size = left.columns;
    const algebra = this.#algebra;
    const inverse = algebra.matrix(size, size);
    algebra.write(flat(inverse), this.#inverse);
    yield* productSteps(algebra, 1, left, transposed(inverse), right);
  }

  /** Transposes the c×c block of every row. */
  #transposeSmall(g: View): void {
    const { c } = this.#problem;
    const entries = this.#algebra.entries(flat(g));
    for (let start = 0; start < entries.length; start += c * c) {
      for (let a = 0; a < c; a++) {
        for (let b = 0; b < a; b++) {
          const [p, q] = [start + a * c + b, start + b * c + a];
          [entries[p], entries[q]] = [entries[q], entries[p]];
        }
      }
    }
  }

  /** I + the coupling of Y: entry ((a, b), (k, a)) += ½ S^a_kb. */
  #couplingMatrix(): Float64Array {
    const { lossCount, c } = this.#problem;
    const E = this.#algebra.entries(flat(this.#E));
    const B = this.#algebra.entries(flat(this.#B));
    const size = c * c;
    const result = new Float64Array(size * size);
    for (let a = 0; a < size; a++) result[a * (size + 1)] = 1;
    for (let a = 0; a < c; a++) {
      for (let r = 0; r < lossCount; r++) {
        for (let k = 0; k < c; k++) {
          const weighted = (0.5 * B[r * c + k]) / E[r * c + a];
          for (let b = 0; b < c; b++) result[(a * c + b) * size + k * c + a] += weighted * B[r * c + b];
        }
      }
    }
    return result;
  }
}

function multiplySmall(A: Float64Array, x: Float64Array): Float64Array {
  const n = x.length;
  return x.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += A[i * n + k] * x[k];
    return sum;
  });
}
