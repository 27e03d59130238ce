/**
 * A strictly interior start in closed form: the moments of neurons whose u is uniform on a sphere of radius √t and whose h is independent of it.
 * S. Cho, L. Saul, Kernel methods for deep learning, NeurIPS 22 (2009), for those of alpha.
 */
import { Matrix } from '../../base/matrix.js';
import type { Algebra } from '../../linalg/algebra.js';
import { transposed } from '../../linalg/views.js';
import type { Cone } from '../../problem/parts/cone.js';
import { arcCosineKernel } from '../kernels.js';
import type { Block } from './block.js';

/** t, in units where ‖X‖₂ = 1 and the loss is of size one: 1 to 10 converge alike everywhere, a thousandth stalls. */
export const START_SCALE = 3;

/** Moments of h for r = ‖u‖ = 1. */
interface HeadMoments {
  readonly mean: Float64Array;
  readonly second: Matrix;
}

/** Lambda and K; false when rounding leaves no interior (rows that are nearly parallel). */
export function startPrimal(algebra: Algebra, part: Block): boolean {
  return [0.5, 0].some((share) => {
    writeMoments(algebra, part, share);
    part.products(part.Lambda, part.K);
    return algebra.minimum(part.K) > 0 && part.factorise(part.Lambda, part.layout.square[0]);
  });
}

/** @param coneShare of the kernel (‖x‖‖y‖ + x·y)/4, that of neurons which share a half-plane, in the one of alpha: it keeps products of close rows off 0 */
function writeMoments(algebra: Algebra, { layout, cone, X, Lambda }: Block, coneShare: number): void {
  const { m, d, e, p } = layout;
  const t = START_SCALE;
  algebra.scoped(() => {
    const gram = algebra.matrix(m, m);
    const kernel = algebra.matrix(m, m);
    algebra.product(1, X, transposed(X), gram, { symmetric: true });
    arcCosineKernel(algebra, gram, kernel);
    const [L, G, A, x] = [Lambda, gram, kernel, X].map((view) => algebra.entries(view));
    const { mean, second } = headMoments(cone);
    const half = cone.radius < 0 ? 0 : meanCosine(d);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < m; j++) {
        const both = (1 - coneShare) * A[i * m + j] + (coneShare * (1 + G[i * m + j])) / 4;
        L[i * p + j] = (t / d) * (i === j ? 0.5 : both);
      }
      for (let k = 0; k < d; k++) {
        L[i * p + m + k] = (t / (2 * d)) * x[i * d + k];
        L[(m + k) * p + i] = L[i * p + m + k];
      }
      for (let k = 0; k < e; k++) {
        L[i * p + m + d + k] = t * half * mean[k];
        L[(m + d + k) * p + i] = L[i * p + m + d + k];
      }
    }
    for (let k = 0; k < d; k++) for (let l = 0; l < d; l++) L[(m + k) * p + m + l] = k === l ? t / d : 0;
    for (let k = 0; k < e; k++) for (let l = 0; l < e; l++) L[(m + d + k) * p + m + d + l] = t * second.get(k, l);
    complementary(L, x, m, d, p);
  });
}

/** A_ii = x_i·C_i to the last bit. */
function complementary(L: Float64Array, x: Float64Array, m: number, d: number, p: number): void {
  for (let i = 0; i < m; i++) {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += x[i * d + k] * L[i * p + m + k];
    L[i * p + i] = sum;
  }
}

/** E (cos)₊ of the angle between a direction and a uniform one in R^d: Γ(d/2) / (2√π Γ((d + 1)/2)), by its recurrence in d. */
function meanCosine(d: number): number {
  // Γ(d/2)/Γ((d+1)/2) for d = 1, 2 and times d/(d+1) for every two more
  let ratio = d % 2 === 1 ? Math.sqrt(Math.PI) : 2 / Math.sqrt(Math.PI);
  for (let k = d % 2 === 1 ? 1 : 2; k < d; k += 2) ratio *= k / (k + 1);
  return ratio / (2 * Math.sqrt(Math.PI));
}

/** How far the atoms of h lie from the middle of its cone. */
const SPREAD = 2;

function headMoments({ outputs, radius }: Cone): HeadMoments {
  const c = outputs.rows;
  const e = outputs.columns;
  const second = Matrix.zeros(e, e);
  const mean = new Float64Array(e);
  if (radius < 0) {
    for (let k = 0; k < e; k++) second.set(k, k, 1 / c);
    return { mean, second };
  }
  const atoms = e === 1 ? [Float64Array.of(1)] : Array.from({ length: c + 1 }, (_, k) => headAtom(outputs, k));
  for (const h of atoms) {
    for (let k = 0; k < e; k++) {
      mean[k] += h[k] / atoms.length;
      for (let l = 0; l < e; l++) second.set(k, l, second.get(k, l) + (h[k] * h[l]) / atoms.length);
    }
  }
  return { mean, second };
}

/** (w, 1) with w in the middle of the cone, for k < c towards generator k, and ‖outputs w‖ = 1. */
function headAtom(outputs: Matrix, k: number): Float64Array {
  const c = outputs.rows;
  const w = Float64Array.from({ length: c + 1 }, (_, l) => (l === c ? 0 : l === k ? 1 + SPREAD : 1));
  let squares = 0;
  for (let i = 0; i < c; i++) {
    let v = 0;
    for (let l = 0; l < c; l++) v += outputs.get(i, l) * w[l];
    squares += v * v;
  }
  const h = w.map((x) => x / Math.sqrt(squares));
  h[c] = 1;
  return h;
}
