/**
 * Thin singular value decomposition A = U diag(s) Vᵀ in plain TypeScript, accurate also for badly scaled rows and columns.
 *
 * Rows sorted by size, Householder QR with column pivoting, then one-sided Jacobi on the rows of R. Sorting and pivoting make
 * QR backward stable row by row (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., §19.4); Jacobi on Rᵀ then
 * needs few sweeps and finds small singular values to high relative accuracy (Drmač and Veselić, SIAM J. Matrix Anal. Appl. 29
 * (2008) 1322–1342). Cost about 3mr² + 12r³ per Jacobi sweep (4 to 8 sweeps, 12 at r = 500), m ≥ n the larger side, r the rank.
 */
import { cubeOf, exponentOf, hypot, powerOfTwo, squareOf } from '../base/elementary.js';
import { NumericalError } from '../base/errors.js';
import { Matrix } from '../base/matrix.js';
import { complete } from '../base/run.js';
import { dot, maxNorm } from '../base/vector.js';

export interface ThinSvd {
  /** m×r, orthonormal columns. */
  readonly U: Matrix;
  /** r singular values, descending, > 0. */
  readonly s: Float64Array;
  /** n×r, orthonormal columns. */
  readonly V: Matrix;
}

/** Quadratic convergence sets in after 4 to 12 sweeps on everything met; 40 is a guard. */
const MAX_SWEEPS = 40;

/** Flops between two pauses of `svdSteps`: a few hundredths of a second. */
const PAUSE_FLOPS = 2e7;

/** What `thinSvd` takes, with six Jacobi sweeps. */
export function svdFlops({ rows, columns }: Pick<Matrix, 'rows' | 'columns'>): number {
  const [m, r] = [Math.max(rows, columns), Math.min(rows, columns)];
  return 3 * m * squareOf(r) + 6 * 12 * cubeOf(r);
}

/**
 * @param relativeCut singular values at most relativeCut · s₁ count as zero and are left out; keep it above about 1e-14
 * @throws NumericalError when Jacobi does not converge (not seen)
 */
export function thinSvd(A: Matrix, relativeCut: number): ThinSvd {
  return complete(svdSteps(A, relativeCut));
}

/** The part with singular values above relativeCut · s₁: what `thinSvd` gives for that cut, to the last bit. */
export function leadingPart({ U, s, V }: ThinSvd, relativeCut: number): ThinSvd {
  const rank = s.reduce((count, value) => count + (value > relativeCut * s[0] ? 1 : 0), 0);
  if (rank === s.length) return { U, s, V };
  const leading = (A: Matrix): Matrix => {
    const result = Matrix.zeros(A.rows, rank);
    for (let i = 0; i < A.rows; i++) result.row(i).set(A.row(i).subarray(0, rank));
    return result;
  };
  return { U: leading(U), s: s.slice(0, rank), V: leading(V) };
}

/** `thinSvd` in pieces: pauses every few hundredths of a second, so never where A is small. */
export function* svdSteps(A: Matrix, relativeCut: number): Generator<void, ThinSvd> {
  if (A.rows < A.columns) {
    const { U, s, V } = yield* svdSteps(A.transpose(), relativeCut);
    return { U: V, s, V: U };
  }
  const scale = powerOfTwoScale(A);
  if (scale === 0) return { U: Matrix.zeros(A.rows, 0), s: new Float64Array(0), V: Matrix.zeros(A.columns, 0) };

  const rowOrder = sortedByDecreasing(Array.from({ length: A.rows }, (_, i) => maxNorm(A.row(i))));
  const columns = Array.from({ length: A.columns }, (_, j) => Float64Array.from(rowOrder, (i) => A.get(i, j) * scale));
  const { R, reflectors, columnOrder } = yield* pivotedQr(columns);
  const { norms, J } = yield* orthogonalise(R);

  const order = sortedByDecreasing(norms);
  const kept = order.filter((k) => norms[k] > relativeCut * norms[order[0]]);
  const result = {
    U: Matrix.zeros(A.rows, kept.length),
    s: Float64Array.from(kept, (k) => norms[k] / scale),
    V: Matrix.zeros(A.columns, kept.length),
  };
  const column = new Float64Array(A.rows);
  kept.forEach((k, position) => {
    column.fill(0);
    column.set(J[k]);
    for (let r = reflectors.length - 1; r >= 0; r--) reflect(reflectors[r], column, r);
    rowOrder.forEach((i, sorted) => {
      result.U.set(i, position, column[sorted]);
    });
    columnOrder.forEach((j, pivoted) => {
      result.V.set(j, position, R[k][pivoted] / norms[k]);
    });
  });
  return result;
}

/**
 * Householder QR with column pivoting of the given columns (overwritten). Stops when what is left is below round-off.
 * `R[k]` is row k of R over the pivoted columns; reflector k acts on entries k and below.
 */
function* pivotedQr(
  columns: Float64Array[],
): Generator<void, { R: Float64Array[]; reflectors: Float64Array[]; columnOrder: number[] }> {
  const n = columns.length;
  const columnOrder = columns.map((_, j) => j);
  const reflectors: Float64Array[] = [];
  let first = 0;
  let flops = 0;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    let largest = -1;
    for (let j = k; j < n; j++) {
      const tail = columns[j].subarray(k);
      const square = dot(tail, tail);
      if (square > largest) {
        largest = square;
        pivot = j;
      }
    }
    const norm = Math.sqrt(largest);
    if (k === 0) first = norm;
    if (norm <= Number.EPSILON * first) break;
    [columns[k], columns[pivot]] = [columns[pivot], columns[k]];
    [columnOrder[k], columnOrder[pivot]] = [columnOrder[pivot], columnOrder[k]];
    const reflector = columns[k].slice(k);
    const pivoted = reflector[0] > 0 ? -norm : norm;
    reflector[0] -= pivoted;
    const length = Math.sqrt(dot(reflector, reflector));
    for (let i = 0; i < reflector.length; i++) reflector[i] *= Math.SQRT2 / length;
    reflectors.push(reflector);
    columns[k].fill(0, k);
    columns[k][k] = pivoted;
    for (let j = k + 1; j < n; j++) reflect(reflector, columns[j], k);
    flops += 6 * reflector.length * (n - k);
    if (flops > PAUSE_FLOPS) {
      yield;
      flops = 0;
    }
  }
  const R = reflectors.map((_, k) => Float64Array.from(columns, (column) => column[k]));
  return { R, reflectors, columnOrder };
}

/** x ← (I − h hᵀ) x on the entries from `start`, with ‖h‖² = 2. */
function reflect(h: Float64Array, x: Float64Array, start: number): void {
  let sum = 0;
  for (let i = 0; i < h.length; i++) sum += h[i] * x[start + i];
  for (let i = 0; i < h.length; i++) x[start + i] -= sum * h[i];
}

/**
 * One-sided Jacobi (Golub and Van Loan, 4th ed., §8.6.3) on the vectors `R`, rotated in place until pairwise orthogonal.
 * J[k] is column k of the accumulated rotations: new R[k] = Σ_l J[k][l] · old R[l].
 */
function* orthogonalise(R: Float64Array[]): Generator<void, { norms: Float64Array; J: Float64Array[] }> {
  const r = R.length;
  const J = R.map((_, k) => {
    const column = new Float64Array(r);
    column[k] = 1;
    return column;
  });
  const squares = new Float64Array(r);
  const tolerance = Number.EPSILON * Math.sqrt(R.length === 0 ? 1 : R[0].length);
  let flops = 0;
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    for (let k = 0; k < r; k++) squares[k] = dot(R[k], R[k]);
    let rotations = 0;
    for (let p = 0; p < r - 1; p++) {
      for (let q = p + 1; q < r; q++) {
        const product = dot(R[p], R[q]);
        if (Math.abs(product) <= tolerance * Math.sqrt(squares[p] * squares[q])) continue;
        rotations++;
        const cotangent = (squares[q] - squares[p]) / (2 * product);
        const tangent = Math.sign(cotangent || 1) / (Math.abs(cotangent) + hypot(1, cotangent));
        const cosine = 1 / hypot(1, tangent);
        rotate(R[p], R[q], cosine, cosine * tangent);
        rotate(J[p], J[q], cosine, cosine * tangent);
        squares[p] = Math.max(0, squares[p] - tangent * product);
        squares[q] += tangent * product;
      }
      flops += 14 * r * (r - p);
      if (flops > PAUSE_FLOPS) {
        yield;
        flops = 0;
      }
    }
    if (rotations === 0) return { norms: squares.map(Math.sqrt), J };
  }
  throw new NumericalError(`the singular value decomposition did not converge in ${MAX_SWEEPS} Jacobi sweeps`);
}

function rotate(x: Float64Array, y: Float64Array, cosine: number, sine: number): void {
  for (let i = 0; i < x.length; i++) {
    const kept = x[i];
    x[i] = cosine * kept - sine * y[i];
    y[i] = sine * kept + cosine * y[i];
  }
}

/** Denormal entries are brought to 2⁻⁵² at least, which is near enough to 1. */
const LARGEST_EXPONENT = 1022;

/** Power of two that brings the largest entry near 1, so that no square over- or underflows; 0 for a zero matrix. */
function powerOfTwoScale(A: Matrix): number {
  const largest = maxNorm(A.data);
  return largest === 0 ? 0 : powerOfTwo(Math.min(LARGEST_EXPONENT, -exponentOf(largest)));
}

/** Indices in decreasing order of value, ties in order of index. */
const sortedByDecreasing = (values: ArrayLike<number>): number[] =>
  Array.from({ length: values.length }, (_, k) => k).sort((i, j) => values[j] - values[i] || i - j);
