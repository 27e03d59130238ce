/**
 * The quadratic form of the certificate on z = ((Zu)₊, u), in the representatives' scaled coordinates,
 *
 *     E(w, ε) = diag(0, (1 + ε) I) − f fᵀ − Tᵀ(N + W)T,   T = [[I, 0], [I, −Z]],   f = Tᵀb = (bAlpha + bBeta; −Zᵀ bBeta),
 *
 * with W the multipliers w_i at (i, n+i) and (n+i, i). Blocks, with P = N_αβ + N_ββ:
 *
 *     αα: −(N_αα + N_αβ + N_βα + N_ββ) − 2 diag w,   αu: (P + diag w) Z,   uu: (1 + ε) I − Zᵀ N_ββ Z,   all − f fᵀ.
 *
 * N and w are free (N ≥ 0), so roundings made while scaling them only choose other multipliers. Every other rounding is
 * bounded: |fl(E) − E|_ij summed over j is at most γ_K times the sum over j of the absolute values of all terms of E_ij.
 */

import { Pace } from '../base/pace.js';
import { gamma, normAbove } from '../base/round-off.js';
import { freeForms } from '../problem/parts/free.js';
import type { Certificate } from '../problem/problem.js';
import { choleskyDefect, choleskySteps, UNDERFLOW } from './cholesky.js';
import { linearForm } from './linear-form.js';
import type { Neurons } from './neurons.js';
import { forEachPair } from './pairs.js';

/** Terms are summed in runs of this length, so that one meets at most RUN + n/RUN additions. */
const RUN = 32;
const sumDepth = (length: number): number => RUN + Math.ceil(length / RUN) + 1;

export class QuadraticForm {
  /** What rounding f cost, in units of reg, see linear-form.ts. */
  readonly defect: number;
  /** The given free multipliers, scaled. */
  readonly w: Float64Array;
  /** 1/‖z_i‖²: how the repair spreads over the rows. */
  readonly repairWeights: Float64Array;
  /** The linear form, (count + columns)×c. */
  readonly #f: Float64Array;
  readonly #neurons: Neurons;
  readonly #size: number;
  /** Lower triangle of E(0, −1), square. */
  readonly #base: Float64Array;
  /** Row sums of the absolute values of its terms. */
  readonly #magnitude: Float64Array;
  readonly #roundings: number;
  readonly #work: Float64Array;

  /** The form, with pauses where it is large. */
  static *build(neurons: Neurons, certificate: Certificate): Generator<void, QuadraticForm> {
    const form = new QuadraticForm(neurons, certificate);
    yield* form.#subtractMultipliers(certificate);
    form.#subtractOuterProduct();
    return form;
  }

  private constructor(neurons: Neurons, certificate: Certificate) {
    const { count, columns, scale, row } = neurons;
    this.#neurons = neurons;
    this.#size = count + columns;
    this.#base = new Float64Array(this.#size * this.#size);
    this.#magnitude = new Float64Array(this.#size);
    this.#work = new Float64Array(this.#size * this.#size);
    this.w = Float64Array.from(scale, (s, p) => certificate.w[row[p]] * s * s);
    this.repairWeights = Float64Array.from(scale, (_, p) => 1 / squareOf(this.#z(p)));
    const c = neurons.bAlpha.length / Math.max(1, count);
    this.#roundings = 2 * sumDepth(count) + c + 14;
    const { f, defect } = linearForm(neurons);
    this.defect = defect;
    this.#f = f;
  }

  #z(p: number): Float64Array {
    const { columns } = this.#neurons;
    return this.#neurons.Z.subarray(p * columns, (p + 1) * columns);
  }

  /** The blocks of N over the representatives, scaled, count×count: entry (p, q) of N_αα, N_αβ and N_ββ. */
  #multiplierBlocks({ pairs, w }: Certificate): Record<'alphaAlpha' | 'alphaBeta' | 'betaBeta', Float64Array> {
    const { count, scale, row } = this.#neurons;
    const forms = freeForms(w.length);
    const representative = new Int32Array(w.length).fill(-1);
    row.forEach((i, p) => {
      representative[i] = p;
    });
    const block = (): Float64Array => new Float64Array(count * count);
    const blocks = { alphaAlpha: block(), alphaBeta: block(), betaBeta: block() };
    forEachPair(pairs, forms, (i, j, value) => {
      const [p, q] = [representative[forms.rowOf(i)], representative[forms.rowOf(j)]];
      if (p < 0 || q < 0) return;
      const scaled = value * scale[Math.max(p, q)] * scale[Math.min(p, q)];
      const [iIsBeta, jIsBeta] = [forms.uFactor(i) !== 0, forms.uFactor(j) !== 0];
      if (iIsBeta !== jIsBeta) {
        blocks.alphaBeta[jIsBeta ? p * count + q : q * count + p] = scaled;
      } else {
        const square = iIsBeta ? blocks.betaBeta : blocks.alphaAlpha;
        square[p * count + q] = scaled;
        square[q * count + p] = scaled;
      }
    });
    return blocks;
  }

  /** Subtracts TᵀNT, its free entries (n+i, i) apart. */
  *#subtractMultipliers(certificate: Certificate): Generator<void, void> {
    const { count, columns, scale } = this.#neurons;
    const base = this.#base;
    const magnitude = this.#magnitude;
    const { alphaAlpha, alphaBeta, betaBeta } = this.#multiplierBlocks(certificate);
    /** N_αβ + N_ββ. */
    const P = new Float64Array(count * count);
    for (let p = 0; p < count; p++) {
      for (let q = 0; q <= p; q++) {
        const [pq, qp] = [p * count + q, q * count + p];
        const sum = alphaAlpha[pq] + alphaBeta[pq] + alphaBeta[qp] + betaBeta[pq];
        P[pq] = alphaBeta[pq] + betaBeta[pq];
        P[qp] = alphaBeta[qp] + betaBeta[qp];
        base[p * this.#size + q] = -sum;
        magnitude[p] += sum;
        if (p !== q) magnitude[q] += sum;
      }
    }
    const absoluteZ = this.#neurons.Z.map(Math.abs);
    const absoluteSums = Float64Array.from(scale, (_, p) => this.#z(p).reduce((sum, x) => sum + Math.abs(x), 0));
    const PZ = yield* multiplyInRuns(P, this.#neurons.Z, count, count, columns);
    const NZ = yield* multiplyInRuns(betaBeta, this.#neurons.Z, count, count, columns);
    const ZNZ = yield* multiplyInRuns(transpose(this.#neurons.Z, count, columns), NZ, columns, count, columns);
    const columnSums = yield* multiplyInRuns(new Float64Array(count).fill(1), P, 1, count, count);
    const fromRows = yield* multiplyInRuns(P, absoluteSums, count, count, 1);
    const fromColumns = yield* multiplyInRuns(columnSums, absoluteZ, 1, count, columns);
    const weighted = yield* multiplyInRuns(betaBeta, absoluteSums, count, count, 1);
    const fromSquare = yield* multiplyInRuns(weighted, absoluteZ, 1, count, columns);
    for (let p = 0; p < count; p++) magnitude[p] += fromRows[p];
    for (let k = 0; k < columns; k++) {
      const at = (count + k) * this.#size;
      for (let p = 0; p < count; p++) base[at + p] = PZ[p * columns + k];
      for (let l = 0; l <= k; l++) base[at + count + l] = -ZNZ[k * columns + l];
      magnitude[count + k] += fromColumns[k] + fromSquare[k];
    }
  }

  #subtractOuterProduct(): void {
    const size = this.#size;
    const f = this.#f;
    const c = f.length / size;
    const norms = Float64Array.from({ length: size }, (_, i) => normAbove(f.subarray(i * c, (i + 1) * c)));
    const total = norms.reduce((sum, norm) => sum + norm, 0);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) {
        let product = 0;
        for (let k = 0; k < c; k++) product += f[i * c + k] * f[j * c + k];
        this.#base[i * size + j] -= product;
      }
      this.#magnitude[i] += norms[i] * total;
    }
  }

  /** Estimate of λmax(Σ z_i z_iᵀ/‖z_i‖²), at most its trace. */
  repairPrice(): number {
    const { count, columns } = this.#neurons;
    let x = new Float64Array(columns).map((_, k) => 1 + 1 / (k + 1));
    let eigenvalue = 0;
    for (let step = 0; step < POWER_STEPS; step++) {
      const norm = Math.sqrt(squareOf(x));
      const next = new Float64Array(columns);
      for (let p = 0; p < count; p++) {
        const z = this.#z(p);
        let product = 0;
        for (let k = 0; k < columns; k++) product += z[k] * x[k];
        for (let k = 0; k < columns; k++) next[k] += (this.repairWeights[p] * product * z[k]) / norm;
      }
      eigenvalue = Math.sqrt(squareOf(next));
      if (!(eigenvalue > 0)) break;
      x = next;
    }
    return Math.min(count, 1.1 * eigenvalue) || count;
  }

  /** Whether E(w, ε) ⪰ 0 could be proved; ε ≥ 0. False says nothing. */
  *provesPositive(w: Float64Array, epsilon: number): Generator<void, boolean> {
    return yield* choleskySteps(this.lowered(w, epsilon), this.#size);
  }

  /**
   * Lower triangle of a matrix A with E(w, ε) ⪰ A + φ diag(A) + UNDERFLOW·I, φ that of choleskyDefect: fl(E) with the diagonal lowered by the
   * row sums of its errors, then by φ. Its own two roundings and the sums of magnitudes are within K and the one per cent of γ_K.
   */
  lowered(w: Float64Array, epsilon: number): Float64Array {
    const { count, columns } = this.#neurons;
    const size = this.#size;
    const A = this.#work;
    A.set(this.#base);
    const magnitude = this.#magnitude.slice();
    for (let p = 0; p < count; p++) {
      const z = this.#z(p);
      A[p * size + p] -= 2 * w[p];
      let sum = 2 * Math.abs(w[p]);
      for (let k = 0; k < columns; k++) {
        const term = w[p] * z[k];
        A[(count + k) * size + p] += term;
        magnitude[count + k] += Math.abs(term);
        sum += Math.abs(term);
      }
      magnitude[p] += sum;
    }
    for (let k = count; k < size; k++) {
      A[k * size + k] += 1 + epsilon;
      magnitude[k] += 1 + epsilon;
    }
    const shrink = 1 + choleskyDefect(size);
    for (let i = 0; i < size; i++) {
      const error = gamma(this.#roundings) * magnitude[i] + 2 * size * UNDERFLOW;
      A[i * size + i] = (A[i * size + i] - error) / shrink;
    }
    return A;
  }
}

/** Steps of the power method: its estimate is then within a few per cent, enough where only the price depends on it. */
const POWER_STEPS = 30;

function squareOf(z: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < z.length; k++) sum += z[k] * z[k];
  return sum;
}

function transpose(A: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(A.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = A[i * columns + j];
  return result;
}

/** A (rows×inner) times B (inner×columns), every entry summed in runs of RUN products. */
function* multiplyInRuns(
  A: Float64Array,
  B: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): Generator<void, Float64Array> {
  const pace = new Pace();
  const result = new Float64Array(rows * columns);
  const run = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    if (pace.isDue(inner * columns)) yield;
    for (let start = 0; start < inner; start += RUN) {
      run.fill(0);
      for (let k = start; k < Math.min(start + RUN, inner); k++) {
        const factor = A[i * inner + k];
        if (factor === 0) continue;
        for (let j = 0; j < columns; j++) run[j] += factor * B[k * columns + j];
      }
      for (let j = 0; j < columns; j++) result[i * columns + j] += run[j];
    }
  }
  return result;
}
