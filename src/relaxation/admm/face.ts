/**
 * The coordinates of ADMM: Lambda over the forms F = (alpha, beta, u', v, zeta, zeta'), rows divided by r (the square roots of the start's
 * diagonal), and an orthonormal basis V of the face, the range of F̄ = diag(1/r) F: with F̄ᵀF̄ = LLᵀ, V = F̄ L⁻ᵀ, order × p.
 *
 * zeta = alpha_i − t alpha_j and zeta' = beta_i − t beta_j, t = ‖x_i‖/‖x_j‖, for each row i and its nearest rows j (alpha_j and beta_j
 * exchanged when x_j points the other way). For nearly parallel rows K(alpha_i, beta_j) is at most the square of their angle, far below
 * the accuracy of a first-order method. But since alpha and beta are complementary it equals zeta beta_j ≥ 0, and t times it
 * −zeta' alpha_i ≥ 0, which on the scale of zeta are only as small as the angle; and zeta zeta' = −t (K(alpha_i, beta_j) + K(beta_i, alpha_j))
 * is of size one. So these entries keep their signs to a useful accuracy.
 */
import { squareOf } from '../../base/elementary.js';
import type { Algebra } from '../../linalg/algebra.js';
import { flat, transposed, type View } from '../../linalg/views.js';
import type { Point } from '../point.js';
import type { ScaledProblem } from '../scaled-problem.js';
import type { Difference } from './differences.js';

export class AdmmFace {
  /** Number of forms: those of the part, u', v and two for each difference. */
  readonly order: number;
  /** Where v and the differences begin. */
  readonly #v: number;
  readonly #zeta: number;
  readonly #algebra: Algebra;
  readonly #problem: ScaledProblem;
  readonly #differences: readonly Difference[];
  /** Vᵀ. */
  readonly #basis: View;
  readonly #half: View;
  readonly #G: View;
  /** r, one for each form. */
  readonly #scale: Float64Array;
  /** For each stack row its loss row, −1 without one. */
  readonly #lossOf: Int32Array;

  constructor(algebra: Algebra, problem: ScaledProblem, differences: readonly Difference[]) {
    const { d, c, p, forms, lossCount, lossIndex } = problem;
    this.#algebra = algebra;
    this.#problem = problem;
    this.#differences = differences;
    this.#v = forms + d;
    this.#zeta = forms + d + c;
    this.order = this.#zeta + 2 * differences.length;
    algebra.reserveFor({ projectPsd: p });
    this.#basis = algebra.matrix(p, this.order);
    this.#half = algebra.matrix(p, this.order);
    this.#G = algebra.matrix(p, p);
    this.#scale = new Float64Array(this.order);
    this.#lossOf = new Int32Array(forms).fill(-1);
    algebra.kernels.arena.ints(lossIndex, lossCount).forEach((index, r) => {
      this.#lossOf[index] = r;
    });
  }

  /** Sets the scales and the basis from the start Lambda (p×p) and fills B (order²) with it. */
  begin(Lambda: View, B: View): void {
    const algebra = this.#algebra;
    const { order } = this;
    const { p } = this.#problem;
    const forms = transposed(this.#basis);
    this.#fillForms();
    algebra.congruence(forms, Lambda, this.#wide(), B);
    const entries = algebra.entries(flat(B));
    for (let i = 0; i < order; i++) this.#scale[i] = Math.sqrt(entries[i * (order + 1)]);
    for (let i = 0; i < order; i++)
      for (let j = 0; j < order; j++) entries[i * order + j] /= this.#scale[i] * this.#scale[j];
    const basis = algebra.entries(flat(this.#basis));
    for (let k = 0; k < p; k++) for (let i = 0; i < order; i++) basis[k * order + i] /= this.#scale[i];
    algebra.product(1, this.#basis, forms, this.#G, { symmetric: true });
    algebra.cholesky(this.#G);
    algebra.solveLower(this.#G, this.#basis);
  }

  /** The forms over (alpha, u', v) as the columns of the basis. */
  #fillForms(): void {
    const { n, d, c, part, Xw } = this.#problem;
    const { forms } = part.pairs;
    const { order } = this;
    const x = this.#algebra.entries(flat(Xw));
    const columns = this.#algebra.entries(flat(this.#basis));
    const addStackForm = (factor: number, form: number, column: number): void => {
      const i = forms.rowOf(form);
      const uFactor = forms.uFactor(form) * factor;
      columns[i * order + column] += forms.alphaFactor(form) * factor;
      if (uFactor !== 0) for (let k = 0; k < d; k++) columns[(n + k) * order + column] += uFactor * x[i * d + k];
    };
    for (let i = 0; i < forms.count; i++) addStackForm(1, i, i);
    for (let k = 0; k < d + c; k++) columns[(n + k) * order + forms.count + k] = 1;
    this.#differences.forEach(({ row, near, factor }, k) => {
      const column = this.#zeta + 2 * k;
      addStackForm(1, forms.alpha(row), column);
      addStackForm(-factor, near, column);
      addStackForm(1, forms.beta(row), column + 1);
      addStackForm(-factor, forms.complementOf(near), column + 1);
    });
  }

  /** The scratch, p × order, read as order × p. */
  #wide(): View {
    return { ...this.#half, rows: this.order, columns: this.#problem.p, rowStride: this.#problem.p };
  }

  /** Lambda over (alpha, u', v) from A. */
  contract(A: View, Lambda: View): void {
    const { n, p, part } = this.#problem;
    const { forms } = part.pairs;
    const { order } = this;
    const from = this.#algebra.entries(flat(A));
    const to = this.#algebra.entries(flat(Lambda));
    const place = (i: number): number => (i < n ? forms.alpha(i) : forms.count + i - n);
    for (let i = 0; i < p; i++) {
      for (let j = 0; j < p; j++) {
        const [s, t] = [place(i), place(j)];
        to[i * p + j] = from[s * order + t] * this.#scale[s] * this.#scale[t];
      }
    }
  }

  /** The scale on which U settles near the size of B: a hundred times objective over squared norm, from runs on random data. */
  firstRho(value: number, B: View): number {
    return (100 * value) / this.#algebra.inner(B, B);
  }

  /** A ← V proj_psd(Vᵀ A V) Vᵀ. */
  projectPsd(A: View): void {
    const algebra = this.#algebra;
    algebra.congruence(this.#basis, A, this.#half, this.#G);
    algebra.projectPsd(this.#G);
    algebra.congruence(transposed(this.#basis), this.#G, this.#wide(), A);
  }

  /** B ← prox of the objective, the nonnegative block and the zeros at penalty ρ. */
  proximal(B: View, rho: number): void {
    const { n, d, c, part, reg, cost, model, lossScale } = this.#problem;
    const { forms } = part.pairs;
    const algebra = this.#algebra;
    const { order } = this;
    algebra.projectDnn(B, n);
    const entries = algebra.entries(flat(B));
    const clamp = (i: number, j: number, limit: (a: number, b: number) => number): void => {
      entries[i * order + j] = limit(entries[i * order + j], 0);
      entries[j * order + i] = entries[i * order + j];
    };
    this.#differences.forEach(({ row, near }, k) => {
      const zeta = this.#zeta + 2 * k;
      clamp(zeta, forms.complementOf(near), Math.max);
      clamp(zeta, forms.beta(row), Math.min);
      clamp(zeta + 1, near, Math.max);
      clamp(zeta + 1, forms.alpha(row), Math.min);
      clamp(zeta + 1, zeta, Math.min);
    });
    const weights = algebra.entries(cost);
    for (let k = 0; k < d + c; k++) {
      const i = forms.count + k;
      entries[i * (order + 1)] -= ((k < d ? weights[k] : reg / 2) * squareOf(this.#scale[i])) / rho;
    }
    const centers = algebra.entries(flat(model.center));
    const factors = algebra.entries(lossScale);
    for (let i = 0; i < forms.count; i++) {
      const r = this.#lossOf[i];
      if (r < 0) continue;
      for (let k = 0; k < c; k++) {
        const j = this.#v + k;
        // ½(fW − z)² + ρ(W − W₀)²: both triangles hold W
        const f = factors[r] * this.#scale[i] * this.#scale[j];
        const W = (f * centers[r * c + k] + 2 * rho * entries[i * order + j]) / (f * f + 2 * rho);
        entries[i * order + j] = W;
        entries[j * order + i] = W;
      }
    }
  }

  /**
   * a = z − fit of B, z the centre of the loss, N = max(0, −2ρU) and w = −2ρU at the zeros, in the solver's units; multipliers of the differences' entries go to the
   * entries of K that they are made of.
   */
  readDual(B: View, U: View, rho: number, point: Point): void {
    const { c, part, model, lossScale } = this.#problem;
    const { pairs } = part;
    const { forms } = pairs;
    const algebra = this.#algebra;
    const { order } = this;
    const b = algebra.entries(flat(B));
    const u = algebra.entries(flat(U));
    const a = algebra.entries(flat(point.a));
    const centers = algebra.entries(flat(model.center));
    const factors = algebra.entries(lossScale);
    for (let i = 0; i < forms.count; i++) {
      const r = this.#lossOf[i];
      for (let k = 0; r >= 0 && k < c; k++) {
        const j = this.#v + k;
        a[r * c + k] = centers[r * c + k] - factors[r] * this.#scale[i] * this.#scale[j] * b[i * order + j];
      }
    }
    const multiplier = (i: number, j: number): number =>
      (-2 * rho * u[i * order + j]) / (this.#scale[i] * this.#scale[j]);
    const N = algebra.entries(point.N);
    const w = algebra.entries(point.w);
    pairs.forEach((i, j, position) => {
      N[position] = Math.max(0, multiplier(i, j));
    });
    for (let k = 0; k < pairs.equalities; k++) {
      const [alpha, beta] = pairs.equality(k);
      w[k] = multiplier(beta, alpha);
    }
    this.#differences.forEach(({ row, near, other, factor }, k) => {
      const zeta = this.#zeta + 2 * k;
      const [alpha, beta, facing] = [forms.alpha(row), forms.beta(row), forms.complementOf(near)];
      const both = Math.min(0, multiplier(zeta + 1, zeta));
      const [alphaNear, alphaRow] = [Math.max(0, multiplier(zeta, facing)), Math.min(0, multiplier(zeta, beta))];
      const [betaNear, betaRow] = [Math.max(0, multiplier(zeta + 1, near)), Math.min(0, multiplier(zeta + 1, alpha))];
      N[pairs.position(alpha, facing)] += alphaNear - factor * (betaRow + both);
      N[pairs.position(near, beta)] += betaNear - factor * (alphaRow + both);
      w[other] += factor * (factor * both - alphaNear - betaNear);
      w[row] += both + alphaRow + betaRow;
    });
  }
}
