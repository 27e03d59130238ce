/**
 * The reduced problem in units where ‖X‖₂ = 1 and the loss is of size one, placed in WASM memory.
 *
 * With X = σ X̂, outputs F = τ F̂ and dual points a = δ â, γ̂ = γ/(σδ), the problem is the same up to exact factors: value = τδ v̂, and in
 * the whitened variables Lambda[alpha,alpha] = στ Â, N = N̂/σ², w = ŵ/σ². So thresholds in the solver need no units. The loss
 * chooses τ and δ (squared: both ‖Y‖); by default τ = 1 and δ = L(0), by which the weights are divided.
 */
import { squareOf } from '../base/elementary.js';
import { Matrix } from '../base/matrix.js';
import type { Address } from '../engine/abi.js';
import type { Algebra } from '../linalg/algebra.js';
import type { Vector, View } from '../linalg/views.js';
import type { Normalised, PlacedLoss } from '../problem/losses/loss.js';
import {
  dualPointAtZero,
  type LossTerm,
  quadraticModel,
  rowCurvatures,
  valueAtZero,
} from '../problem/losses/models.js';
import { placeLoss } from '../problem/losses/placed.js';
import { sparsePairs } from '../problem/parts/multipliers.js';
import type { Part } from '../problem/parts/part.js';
import type { ReducedDual, ReducedProblem } from '../problem/problem.js';

export interface ScaledProblem {
  readonly n: number;
  readonly d: number;
  readonly c: number;
  /** n + d: order of G over (alpha, u'). */
  readonly m: number;
  /** n + d + c: order of Lambda over (alpha, u', v). */
  readonly p: number;
  readonly part: Part;
  /** Forms of the part: order of K. */
  readonly forms: number;
  /** Inequality entries of K. */
  readonly pairs: number;
  readonly lossCount: number;
  /** γ̂. */
  readonly reg: number;
  /** n×d. */
  readonly Xw: View;
  /** Squared singular values of X̂. */
  readonly s2: Vector;
  /** γ̂/2 on the diagonal of the u' block is divided by these: the objective's weights γ̂/2 s⁻² (d) and γ̂/2 (c). */
  readonly cost: Vector;
  /** Loss rows of the stack (i32) and their factors. */
  readonly lossIndex: Address;
  readonly lossScale: Vector;
  /** The same as forms over (alpha, u'): lossCount × m. */
  readonly lossForms: View;
  /** lossCount × c. */
  readonly Y: View;
  readonly loss: PlacedLoss;
  readonly model: PlacedModel;
  /** −∇L(0), lossCount × c. */
  readonly zeroDual: Matrix;
  /** 1/‖x̂_i‖² (n): the weights of the free multipliers in the start and in restoration. */
  readonly inverseSquares: Vector;
  /** λ_max(Σ x̂_i x̂_iᵀ / ‖x̂_i‖²). */
  readonly frameBound: number;
  readonly sigma: number;
  readonly units: Units;
  /** In the scaled units: value and bound of the user's problem are values · (v + constant). */
  readonly constant: number;
}

/** The units of outputs τ, of dual points δ and of values τδ. */
export type Units = Pick<Normalised, 'outputs' | 'duals' | 'values'>;

/** A quadratic model of the loss, Σ_r ½ h_r ‖f_r − z_r‖² and a constant: the loss itself where it is quadratic, else a guess about F = 0. */
export interface PlacedModel {
  readonly isExact: boolean;
  /** √h; undefined where h = 1. */
  readonly roots: Vector | undefined;
  /** √h_r z_r, lossCount × c. */
  readonly center: View;
}

/** Copies the problem into WASM memory. Needs n ≥ 1 and −∇L(0) ≠ 0. */
export function scaleProblem(algebra: Algebra, reduced: ReducedProblem): ScaledProblem {
  const { n, d, c, part, lossScale } = reduced;
  const sigma = reduced.s[0];
  const { target, ...units } = reduced.loss.normalise?.(reduced) ?? byValueAtZero(reduced);
  const term = { loss: reduced.loss, ...target };
  const reg = reduced.reg / sigma / units.duals;
  const s2 = Float64Array.from(reduced.s, (value) => squareOf(value / sigma));
  const lossCount = reduced.lossRows.length;
  const m = n + d;

  const place = (data: ArrayLike<number>): Vector => {
    const vector = algebra.vector(data.length);
    algebra.write(vector, data);
    return vector;
  };
  const matrix = (data: ArrayLike<number>, rows: number, columns: number): View => ({
    at: place(data).at,
    rows,
    columns,
    rowStride: columns,
    columnStride: 1,
  });

  const squares = squaredRowNorms(reduced.Xw, s2);
  const inverseSquares = squares.map((value) => 1 / value);
  const lossIndex = algebra.kernels.arena.allocateBytes(4 * lossCount);
  algebra.kernels.arena.ints(lossIndex, lossCount).set(reduced.lossRows);
  const Xw = matrix(reduced.Xw.data, n, d);
  const Y = matrix(target.Y.data, lossCount, c);
  return {
    n,
    d,
    c,
    m,
    p: m + part.outputs.columns,
    part,
    forms: part.pairs.forms.count,
    pairs: part.pairs.count,
    lossCount,
    reg,
    Xw,
    s2: place(s2),
    cost: place(Float64Array.from({ length: d + c }, (_, k) => (k < d ? reg / 2 / s2[k] : reg / 2))),
    lossIndex,
    lossScale: place(lossScale),
    lossForms: matrix(lossForms(reduced), lossCount, m),
    Y,
    loss: placeLoss(algebra, reduced.loss, target, Y),
    model: placeModel(term, place, Y),
    zeroDual: dualPointAtZero(term),
    inverseSquares: place(inverseSquares),
    frameBound: frameBound(algebra, Xw, inverseSquares, s2),
    sigma,
    units,
    constant: reduced.constant / units.values,
  };
}

function byValueAtZero(term: LossTerm): Normalised {
  const values = valueAtZero(term);
  const weights = (term.weights ?? new Float64Array(term.Y.rows).fill(1)).map((weight) => weight / values);
  return { target: { Y: term.Y, weights }, outputs: 1, duals: values, values };
}

function placeModel(term: LossTerm, place: (data: ArrayLike<number>) => Vector, Y: View): PlacedModel {
  const isExact = term.loss.quadratic !== undefined;
  const model = quadraticModel(term, Matrix.zeros(Y.rows, Y.columns));
  const { center } = model;
  const curvature = rowCurvatures(model);
  if (!curvature) {
    return { isExact, roots: undefined, center: center === term.Y ? Y : { ...Y, at: place(center.data).at } };
  }
  const roots = curvature.map(Math.sqrt);
  const scaled = center.data.map((z, k) => roots[Math.floor(k / Y.columns)] * z);
  return { isExact, roots: place(roots), center: { ...Y, at: place(scaled).at } };
}

/**
 * The dual point in the reduced problem's own units. N̂ holds the multipliers of ⟨N̂, K⟩ = Σ_{i<j} N̂_ij K_ij, half of γ̂ times
 * the N of the certificate's E(a, N).
 */
export function unscaleDual(
  problem: Pick<ScaledProblem, 'part' | 'reg' | 'sigma' | 'units' | 'lossCount' | 'c'>,
  a: Float64Array,
  N: Float64Array,
  w: Float64Array,
): ReducedDual {
  const { part, reg, sigma, units, lossCount, c } = problem;
  const factor = 1 / reg / sigma / sigma;
  return {
    a: new Matrix(
      a.map((value) => units.duals * value),
      lossCount,
      c,
    ),
    pairs: sparsePairs(
      part.pairs,
      N.map((value) => factor * value),
    ),
    w: w.map((value) => factor * value),
  };
}

/** Row r is lossScale[r] times the form lossRows[r] over (alpha, u'). */
function lossForms({ n, d, part, Xw, lossRows, lossScale }: ReducedProblem): Float64Array {
  const entries = new Float64Array(lossRows.length * (n + d));
  const { forms } = part.pairs;
  lossRows.forEach((form, r) => {
    const row = entries.subarray(r * (n + d), (r + 1) * (n + d));
    const i = forms.rowOf(form);
    const uFactor = forms.uFactor(form);
    row[i] = forms.alphaFactor(form) * lossScale[r];
    if (uFactor !== 0) for (let k = 0; k < d; k++) row[n + k] = uFactor * lossScale[r] * Xw.get(i, k);
  });
  return entries;
}

function squaredRowNorms(Xw: Matrix, s2: Float64Array): Float64Array {
  return Float64Array.from({ length: Xw.rows }, (_, i) => Xw.row(i).reduce((sum, x, k) => sum + x * x * s2[k], 0));
}

function frameBound(algebra: Algebra, Xw: View, weights: Float64Array, s2: Float64Array): number {
  const d = Xw.columns;
  const frame = algebra.matrix(d, d);
  const w = algebra.vector(Xw.rows);
  algebra.write(w, weights);
  algebra.product(1, { ...Xw, rows: d, columns: Xw.rows, rowStride: 1, columnStride: d }, Xw, frame, { weights: w });
  const entries = algebra.entries({ at: frame.at, length: d * d });
  for (let k = 0; k < d; k++) for (let l = 0; l < d; l++) entries[k * d + l] *= Math.sqrt(s2[k] * s2[l]);
  return algebra.eigenvalues(frame)[d - 1];
}
