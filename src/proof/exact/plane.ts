/**
 * The exact oracle in the plane: max over ‖u‖ = 1 of f(u) = ‖Rᵀ(Zu)₊‖ for Z n×2 (or n×1), with a rigorous upper bound.
 *
 * A row is active on the half circle from z_i turned by −90° (it enters) to +90° (it leaves). Between two neighbouring such
 * points the active set is fixed, f² = uᵀAu with A = SᵀS, S = Σ_active R_i z_iᵀ, and its maximum over the arc is at the top
 * eigenvector of A or at an end. One turn of the circle updates S at every point: O(n (log n + c)), of which the sort is
 * the log. The four half axes are points too, so that no arc is longer than 90° and f² rises at the start and falls at the
 * end of an arc exactly when the eigenvector lies inside. docs/exact.md proves the bound, constant by constant.
 */

import { squareOf } from '../../base/elementary.js';
import { Matrix } from '../../base/matrix.js';
import { UNIT_ROUNDOFF } from '../../base/round-off.js';

export interface LocalMaximum {
  /** Unit vector. */
  readonly direction: Float64Array;
  /** f there, to round-off. */
  readonly value: number;
}

export interface PlaneMaximum {
  /** f(u) ≤ upperBound for every unit u. */
  readonly upperBound: number;
  /** Every local maximum of f, the largest first; f = 0 gives one, with value 0. */
  readonly maxima: LocalMaximum[];
}

/** A point of the circle where row `row` enters (+1) or leaves (−1); a half axis has row −1. */
interface Breakpoint {
  /** Monotone stand-in for the angle, in [0, 4]. */
  readonly turn: number;
  readonly row: number;
  readonly change: number;
  readonly direction: readonly [number, number];
}

/**
 * @param Z entries of size about 1, see scaleDown
 * @param R n×c, likewise
 */
export function maximizeInPlane(Z: Matrix, R: Matrix): PlaneMaximum {
  const plane = Z.columns === 2 ? Z : embed(Z);
  const points = breakpoints(plane);
  const arc = new ActiveSum(plane, R);
  const active = initiallyActive(points, plane.rows);
  for (let i = 0; i < plane.rows; i++) if (active[i] === 1) arc.add(i, 1);

  let largest = 0;
  const maxima: LocalMaximum[] = [];
  const record = (direction: readonly [number, number]): void => {
    maxima.push({ direction: Float64Array.from(direction), value: arc.norm(direction) });
  };
  let slopeBefore = Number.NaN;
  let firstSlope = Number.NaN;
  for (let k = 0; k < points.length; k++) {
    const { row, change, direction } = points[k];
    if (row >= 0) arc.add(row, change);
    const form = arc.quadraticForm();
    const next = points[(k + 1) % points.length].direction;
    const startSlope = slope(form, direction);
    const endSlope = slope(form, next);
    if (k === 0) firstSlope = startSlope;
    else if (slopeBefore >= 0 && startSlope <= 0) record(direction);
    const atStart = arc.norm(direction);
    largest = Math.max(largest, atStart, arc.norm(next));
    if (startSlope > 0 && endSlope < 0) {
      record(topEigenvector(form, direction, next));
      largest = Math.max(largest, Math.min(form.norm, growthBound(form, atStart, direction, next)));
    }
    slopeBefore = endSlope;
  }
  if (slopeBefore >= 0 && firstSlope <= 0) record(points[0].direction);
  maxima.sort((a, b) => b.value - a.value);
  return { upperBound: largest + absoluteError(plane.rows, R.columns, arc.magnitude), maxima };
}

/**
 * Everything the sweep's real-number argument leaves out, in units of u · Σ‖R_i‖‖z_i‖ (docs/exact.md, "In the plane"): 10 for
 * rows whose computed breakpoint lies on the wrong side, 32 for arcs whose ends are rounded, 9n + 3 for the running sum S,
 * 4c + 40 for the norms, the eigenvalue and slopes whose sign is wrong. Twice all that covers the roundings of the bound itself.
 */
const absoluteError = (n: number, c: number, magnitude: number): number =>
  (10 + 32 + 9 * n + 3 + 4 * c + 40) * 2 * UNIT_ROUNDOFF * magnitude + n * c * UNDERFLOW;

/** What underflow can do to one product of numbers of size about 1: a square root of 2⁻¹⁰⁷⁵, with a wide margin. */
const UNDERFLOW = 1e-150;

/** n×1 as n×2 with a zero column; the maximum over the circle is then the one over ±1. */
function embed(Z: Matrix): Matrix {
  const plane = Matrix.zeros(Z.rows, 2);
  if (Z.columns === 1) for (let i = 0; i < Z.rows; i++) plane.set(i, 0, Z.get(i, 0));
  return plane;
}

/** t(u), increasing with the angle of u from 0 to 4: within each quadrant the smaller-angle share |b| / (|a| + |b|). */
function turnOf(a: number, b: number): number {
  const length = Math.abs(a) + Math.abs(b);
  if (b >= 0) return a >= 0 ? b / length : 1 - a / length;
  return a < 0 ? 2 - b / length : 3 + a / length;
}

function breakpoints(Z: Matrix): Breakpoint[] {
  const points: Breakpoint[] = [
    { turn: 0, row: -1, change: 0, direction: [1, 0] },
    { turn: 1, row: -1, change: 0, direction: [0, 1] },
    { turn: 2, row: -1, change: 0, direction: [-1, 0] },
    { turn: 3, row: -1, change: 0, direction: [0, -1] },
  ];
  for (let i = 0; i < Z.rows; i++) {
    const x = Z.get(i, 0);
    const y = Z.get(i, 1);
    const norm = Math.sqrt(x * x + y * y);
    if (norm === 0) continue;
    points.push({ turn: turnOf(y, -x), row: i, change: 1, direction: [y / norm, -x / norm] });
    points.push({ turn: turnOf(-y, x), row: i, change: -1, direction: [-y / norm, x / norm] });
  }
  return points.sort((p, q) => p.turn - q.turn);
}

/** Rows that leave before they enter on the way from angle 0 are active there: a matter of the sorted order alone. */
function initiallyActive(points: readonly Breakpoint[], n: number): Uint8Array {
  const active = new Uint8Array(n);
  const seen = new Uint8Array(n);
  for (const { row, change } of points) {
    if (row < 0 || seen[row] === 1) continue;
    seen[row] = 1;
    if (change < 0) active[row] = 1;
  }
  return active;
}

/** uᵀAu with A = [[a, b], [b, c]] = SᵀS. */
interface QuadraticForm {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  /** √λ_max(A), the largest f on the arc if its eigenvector lies there. */
  readonly norm: number;
}

/** Half the derivative of uᵀAu in the direction u turned by 90°. */
const slope = ({ a, b, c }: QuadraticForm, [x, y]: readonly [number, number]): number =>
  (c - a) * x * y + b * (x * x - y * y);

/**
 * The largest f that a maximum inside the arc can have: there f² has slope 0, and its second derivative is at least −2 (a + c), so back to the
 * start it falls by at most (a + c) angle². It matters on arcs of no length at a minimum, where several rows enter or leave at
 * once and slopes are nothing but round-off.
 */
function growthBound(
  form: QuadraticForm,
  atStart: number,
  start: readonly [number, number],
  end: readonly [number, number],
): number {
  const chord = Math.sqrt(squareOf(end[0] - start[0]) + squareOf(end[1] - start[1]));
  const angle = ANGLE_PER_CHORD * chord;
  return Math.sqrt(squareOf(atStart) + (form.a + form.c) * squareOf(angle));
}

/** Up to 90° an angle is at most π / √8 = 1.1107… times its chord. */
const ANGLE_PER_CHORD = 1.2;

/** The unit top eigenvector on the side of the arc from `start` to `end`. */
function topEigenvector(
  { a, b, c, norm }: QuadraticForm,
  start: readonly [number, number],
  end: readonly [number, number],
): [number, number] {
  const lambda = norm * norm;
  const [x, y] = a >= c ? [lambda - c, b] : [b, lambda - a];
  const isOnSide = x * (start[0] + end[0]) + y * (start[1] + end[1]) > 0;
  const length = Math.sqrt(x * x + y * y) * (isOnSide ? 1 : -1);
  return [x / length, y / length];
}

/** S = Σ over the active rows of R_i z_iᵀ, stored by its two columns. */
class ActiveSum {
  /** Σ‖R_i‖‖z_i‖ over all rows. */
  readonly magnitude: number;
  readonly #Z: Matrix;
  readonly #R: Matrix;
  readonly #x: Float64Array;
  readonly #y: Float64Array;

  constructor(Z: Matrix, R: Matrix) {
    this.#Z = Z;
    this.#R = R;
    this.#x = new Float64Array(R.columns);
    this.#y = new Float64Array(R.columns);
    let magnitude = 0;
    for (let i = 0; i < Z.rows; i++) magnitude += length(R.row(i)) * length(Z.row(i));
    this.magnitude = magnitude;
  }

  add(i: number, sign: number): void {
    const x = sign * this.#Z.get(i, 0);
    const y = sign * this.#Z.get(i, 1);
    const row = this.#R.row(i);
    for (let k = 0; k < row.length; k++) {
      this.#x[k] += row[k] * x;
      this.#y[k] += row[k] * y;
    }
  }

  /** ‖S u‖. */
  norm([x, y]: readonly [number, number]): number {
    let square = 0;
    for (let k = 0; k < this.#x.length; k++) square += squareOf(this.#x[k] * x + this.#y[k] * y);
    return Math.sqrt(square);
  }

  quadraticForm(): QuadraticForm {
    let a = 0;
    let b = 0;
    let c = 0;
    for (let k = 0; k < this.#x.length; k++) {
      a += this.#x[k] * this.#x[k];
      b += this.#x[k] * this.#y[k];
      c += this.#y[k] * this.#y[k];
    }
    const norm = Math.sqrt((a + c + Math.sqrt(squareOf(a - c) + 4 * b * b)) / 2);
    return { a, b, c, norm };
  }
}

function length(x: Float64Array): number {
  let square = 0;
  for (let k = 0; k < x.length; k++) square += x[k] * x[k];
  return Math.sqrt(square);
}
