/**
 * Cones of neurons. Every neuron (u, v) can be rescaled so that ‖u‖ = ‖v‖ = r without a change of the function or a higher price, and its v lies
 * in one of finitely many cones v = outputs · h. What is then known of it (linear forms of h that are ≥ 0, r = ‖u‖) tightens the relaxation: one
 * part for each cone, and the network's output is the sum over the parts. docs/theory.md has the derivation.
 */
import { Matrix } from '../../base/matrix.js';

export interface Cone {
  /** c×e: v = outputs · h; h has e entries. */
  readonly outputs: Matrix;
  /** f×e: rows whose products with h are ≥ 0 on the cone. */
  readonly forms: Matrix;
  /** The entry of h that is r = ‖u‖ = ‖v‖; −1 where nothing of the kind is known. */
  readonly radius: number;
}

/** 'free': one part, v anything (the paper's). 'signed': v sorted by its direction, and balanced. */
export const CONE_KINDS = ['free', 'signed'] as const;

export type ConeKind = (typeof CONE_KINDS)[number];

/** How many cones of a kind there are, and the entries of their h, without making them. */
export function coneSizes(kind: ConeKind, c: number): { readonly cones: number; readonly entries: number } {
  if (kind === 'free') return { cones: 1, entries: c };
  return c === 1 ? { cones: 2, entries: 1 } : { cones: c + 1, entries: c + 1 };
}

/** The cones of v in R^c; together they are all of it. */
export function conesOf(kind: ConeKind, c: number): readonly Cone[] {
  if (kind === 'free') return [{ outputs: identity(c), forms: Matrix.zeros(0, c), radius: -1 }];
  if (c === 1) return [1, -1].map(signedRay);
  const generators = simplexDirections(c);
  return generators.map((_, left) => simplicialCone(generators.filter((_, k) => k !== left)));
}

/** One output: h = (r), v = ± r. */
const signedRay = (sign: number): Cone => ({
  outputs: new Matrix(Float64Array.of(sign), 1, 1),
  forms: new Matrix(Float64Array.of(1), 1, 1),
  radius: 0,
});

/** h = (w, r) with v = Σ w_k p_k, w ≥ 0: the forms w_k, r, Σ w_k − r (since ‖p_k‖ ≤ 1) and r − p_k·v. */
function simplicialCone(generators: readonly Float64Array[]): Cone {
  const c = generators.length;
  const outputs = Matrix.zeros(c, c + 1);
  generators.forEach((p, k) => {
    for (let row = 0; row < c; row++) outputs.set(row, k, p[row]);
  });
  const forms = Matrix.zeros(2 * c + 2, c + 1);
  for (let k = 0; k <= c; k++) forms.set(k, k, 1);
  for (let k = 0; k < c; k++) {
    forms.set(c + 1, k, 1);
    for (let other = 0; other < c; other++) forms.set(c + 2 + k, other, -dot(generators[k], generators[other]));
    forms.set(c + 2 + k, c, 1);
  }
  forms.set(c + 1, c, -1);
  return { outputs, forms, radius: c };
}

/**
 * Rounding must not make a generator longer than 1, nor a form r − p_k·v negative, whose products p_k·p_j round: by this much they are shorter,
 * several times what c roundings in each of c products can do, and no digit of a bound shows it. The proof (proof/grouped/cones.ts) checks it.
 */
const shorter = (c: number): number => 1 - c * c * 2 ** -46;

/**
 * The c + 1 corners of a regular simplex around 0, of length just below 1: e_1 … e_c and t · 1 with c t² − 2t − 1 = 0, which are equally far from
 * each other, taken relative to their centre. Any c of them are linearly independent and their sum is 0, so the cones that leave one out cover R^c.
 */
function simplexDirections(c: number): readonly Float64Array[] {
  const t = (1 - Math.sqrt(c + 1)) / c;
  const centre = (1 + t) / (c + 1);
  const corner = (k: number): Float64Array =>
    Float64Array.from({ length: c }, (_, j) => (k === c ? t : j === k ? 1 : 0) - centre);
  return Array.from({ length: c + 1 }, (_, k) => {
    const p = corner(k);
    const length = Math.sqrt(dot(p, p));
    return p.map((x) => (shorter(c) * x) / length);
  });
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k] * y[k];
  return sum;
}

function identity(order: number): Matrix {
  const result = Matrix.zeros(order, order);
  for (let k = 0; k < order; k++) result.set(k, k, 1);
  return result;
}
