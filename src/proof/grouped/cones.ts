/**
 * What is proved of a cone of neurons before anything is built on it: that its forms are ≥ 0 on each of its neurons, as the doubles stand
 * there, and how long h can be. A neuron of the cone with ‖u‖ = ‖v‖ = r has v = outputs · h; where the cone has a radius, h = (w, r) in some
 * order with w ≥ 0 and v = P w, P the columns of `outputs` without that of r, which is 0 (a single column is ±1 and h = r).
 */
import type { Matrix } from '../../base/matrix.js';
import { gamma, inflate, normAbove, up } from '../../base/round-off.js';
import type { Cone } from '../../problem/parts/cone.js';
import { choleskyDefect, runsCholesky, UNDERFLOW } from '../cholesky.js';

/** The most that ‖h‖² / r² can be on the cone; undefined where the statement above could not be proved. */
export function lengthOfCone(cone: Cone): number | undefined {
  const { outputs, forms, radius } = cone;
  if (radius < 0) return isIdentity(outputs) && forms.rows === 0 ? 1 : undefined;
  if (forms.columns !== outputs.columns) return undefined;
  if (outputs.columns === 1) {
    const isRay = outputs.rows === 1 && Math.abs(outputs.data[0]) === 1;
    return isRay && forms.data.every((entry) => entry >= 0) ? 1 : undefined;
  }
  const generators = generatorsOf(cone);
  const squares = generators && squareOfWeights(generators);
  if (generators === undefined || squares === undefined) return undefined;
  for (let f = 0; f < forms.rows; f++) {
    const row = forms.row(f);
    const ofWeights = row.filter((_, k) => k !== radius);
    if (!isNonNegative(ofWeights, row[radius], generators, squares)) return undefined;
  }
  return up(1 + squares);
}

/** The columns of P. */
interface Generators {
  readonly order: number;
  /** Their lengths from above. */
  readonly lengths: Float64Array;
  /** Lower triangle of PᵀP, square, each entry off by at most gamma(terms) times the lengths of its two columns. */
  readonly gram: Float64Array;
  readonly terms: number;
}

/** Undefined when the column of r is not 0. */
function generatorsOf({ outputs, radius }: Cone): Generators | undefined {
  const columns = outputs.transpose();
  if (columns.row(radius).some((entry) => entry !== 0)) return undefined;
  const P = Array.from({ length: columns.rows }, (_, k) => columns.row(k)).filter((_, k) => k !== radius);
  const order = P.length;
  const gram = new Float64Array(order * order);
  for (let i = 0; i < order; i++) for (let j = 0; j <= i; j++) gram[i * order + j] = dot(P[i], P[j]);
  return { order, lengths: Float64Array.from(P, normAbove), gram, terms: outputs.rows + 1 };
}

/**
 * κ² with ‖w‖² ≤ κ²‖P w‖² for every w: 1/θ where PᵀP − θ I ⪰ 0 is proved. The directions of a regular simplex have θ = 1/c, of which half is
 * asked for.
 */
function squareOfWeights({ order, lengths, gram, terms }: Generators): number | undefined {
  const theta = 1 / (2 * order);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const A = gram.slice();
  for (let i = 0; i < order; i++) {
    // The errors of row i of PᵀP, and three roundings made here.
    const error = gamma(terms + 3) * (lengths[i] * total + theta) + 2 * order * UNDERFLOW;
    A[i * order + i] = (A[i * order + i] - theta - error) / (1 + choleskyDefect(order));
  }
  return runsCholesky(A, order) ? inflate(1 / theta, 2) : undefined;
}

/**
 * Whether ψ·w + ρ r ≥ 0 wherever w ≥ 0 and r = ‖P w‖, by one of three reasons: no entry is negative; ρ < 0 and ψ_k ≥ |ρ|‖p_k‖, since
 * ‖P w‖ ≤ Σ w_k ‖p_k‖; or ψ is nearly −ρ Pᵀs for a generator s, ‖s‖ < 1, since then ρ r + ψ·w ≥ (ρ − ρ‖s‖ − ‖ψ + ρ Pᵀs‖ κ) r.
 */
function isNonNegative(
  psi: Float64Array,
  rho: number,
  { order, lengths, gram, terms }: Generators,
  squares: number,
): boolean {
  if (rho < 0) return psi.every((entry, k) => entry >= up(-rho * lengths[k]));
  if (psi.every((entry) => entry >= 0)) return true;
  const s = psi.reduce((at, entry, k) => (entry < psi[at] ? k : at), 0);
  const rest = psi.map((entry, k) => {
    const error = gamma(terms + 2) * (Math.abs(entry) + rho * lengths[s] * lengths[k]) + UNDERFLOW;
    return Math.abs(entry + rho * gram[Math.max(s, k) * order + Math.min(s, k)]) + error;
  });
  const lost = inflate(normAbove(rest) * Math.sqrt(squares), 2);
  return up(inflate(rho * lengths[s], 1) + lost) <= rho;
}

function isIdentity({ rows, columns, data }: Matrix): boolean {
  return rows === columns && data.every((entry, k) => entry === (k % (columns + 1) === 0 ? 1 : 0));
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k] * y[k];
  return sum;
}
