/**
 * A second checker of proofs, in exact arithmetic and from the definitions alone (docs/certificate.md, steps 0 and 3). It is slow, and
 * shares nothing with src but the shape of its inputs.
 */
import type { Matrix } from '../../src/base/matrix.js';
import { isPositiveSemidefinite, Rational } from './rational.js';

/** Multipliers as functions: N(i, j) over the stack (alpha; beta), and the free w(i). */
export interface Multipliers {
  readonly reg: Rational;
  readonly a: Matrix;
  readonly N: (i: number, j: number) => Rational;
  readonly w: (i: number) => Rational;
}

/**
 * E = diag(−a aᵀ/reg², ratioSquared · I) − Tᵀ(N + W)T ⪰ 0 with T = [[I, 0], [I, −X]]: then ‖aᵀ(Xu)₊‖² ≤ reg² ratioSquared ‖u‖² for
 * every u, because alpha = (Xu)₊ and beta = alpha − Xu are ≥ 0 with alpha_i beta_i = 0.
 */
export function provesConstraint(X: Matrix, { reg, a, N, w }: Multipliers, ratioSquared: Rational): boolean {
  const n = X.rows;
  const d = X.columns;
  const entries = Array.from({ length: 2 * n }, (_, i) =>
    Array.from({ length: 2 * n }, (_, j) => {
      if (Math.abs(i - j) === n) return w(Math.min(i, j));
      const value = N(Math.max(i, j), Math.min(i, j));
      return value.sign() > 0 ? value : Rational.zero;
    }),
  );
  /** Row i of T over (alpha, u), as pairs (position, value). */
  const T = Array.from({ length: 2 * n }, (_, i): [number, Rational][] =>
    i < n
      ? [[i, Rational.one]]
      : [[i - n, Rational.one], ...Array.from(X.row(i - n), (x, k): [number, Rational] => [n + k, Rational.of(-x)])],
  );
  const E = Array.from({ length: n + d }, (_, r) =>
    Array.from({ length: n + d }, (_, s) => (r === s && r >= n ? ratioSquared : Rational.zero)),
  );
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      E[i][j] = E[i][j].minus(Rational.dot(a.row(i), a.row(j)).over(reg.square()));
    }
  }
  entries.forEach((row, i) => {
    row.forEach((value, j) => {
      if (value.sign() === 0) return;
      for (const [r, x] of T[i]) for (const [s, y] of T[j]) E[r][s] = E[r][s].minus(x.times(value).times(y));
    });
  });
  return isPositiveSemidefinite(E);
}

/** Whether ‖aᵀ(Xu)₊‖² ≤ square ‖u‖² for every u, for X with one or two columns. */
export function outputsAreBelow(X: Matrix, a: Matrix, square: Rational): boolean {
  const rows = Array.from({ length: X.rows }, (_, i): Vector => {
    const x = X.row(i);
    return [Rational.of(x[0]), X.columns > 1 ? Rational.of(x[1]) : Rational.zero];
  });
  const directions = sortedDirections(rows);
  return directions.every((start, k) => {
    const end = directions[(k + 1) % directions.length];
    const inside: Vector = [start[0].plus(end[0]), start[1].plus(end[1])];
    const form = quadraticForm(rows, a, inside);
    /** square · x·y − xᵀAy. */
    const margin = (x: Vector, y: Vector): Rational => square.times(dot(x, y)).minus(dot(x, apply(form, y)));
    const [first, mixed, last] = [margin(start, start), margin(start, end), margin(end, end)];
    if (first.sign() < 0 || last.sign() < 0) return false;
    return mixed.sign() >= 0 || mixed.square().atMost(first.times(last));
  });
}

/** Whether claim ≤ max over 0 ≤ t ≤ reg/B of t⟨a, Y⟩ − ½ t²‖a‖², given B² (squares, since B may be irrational). */
export function claimIsCovered(claim: number, a: Matrix, Y: Matrix, reg: number, squareOfB: Rational): boolean {
  if (claim <= 0) return true;
  const gain = Rational.dot(a.data, Y.data);
  const square = Rational.dot(a.data, a.data);
  if (gain.sign() <= 0) return false;
  const L = Rational.of(claim);
  const r = Rational.of(reg);
  const half = Rational.of(0.5);
  const isUnconstrained = gain.square().times(squareOfB).atMost(r.square().times(square.square()));
  if (isUnconstrained) return L.times(square).atMost(half.times(gain.square()));
  // L ≤ (r/B) gain − ½ r² square/B², times B²: L B² + ½ r² square ≤ r gain B
  const left = L.times(squareOfB).plus(half.times(r.square()).times(square));
  return left.square().atMost(r.square().times(gain.square()).times(squareOfB));
}

/** ‖aᵀ(Xu)₊‖²/‖u‖², which no B² may be below. */
export function outputSquared(X: Matrix, a: Matrix, u: readonly Rational[]): Rational {
  const active = Array.from({ length: X.rows }, (_, i) => {
    const product = Rational.sum(Array.from(X.row(i), (x, k) => Rational.of(x).times(u[k])));
    return product.sign() > 0 ? product : Rational.zero;
  });
  const outputs = Array.from({ length: a.columns }, (_, k) =>
    Rational.sum(active.map((value, i) => value.times(Rational.of(a.get(i, k))))),
  );
  return Rational.sum(outputs.map((value) => value.square())).over(Rational.sum(u.map((value) => value.square())));
}

type Vector = readonly [Rational, Rational];

const dot = (x: Vector, y: Vector): Rational => x[0].times(y[0]).plus(x[1].times(y[1]));
const cross = (x: Vector, y: Vector): Rational => x[0].times(y[1]).minus(x[1].times(y[0]));

/** The half axes and the directions at which a row turns on or off, by angle, each once: neighbours are at most 90° apart. */
function sortedDirections(rows: readonly Vector[]): Vector[] {
  const { zero, one } = Rational;
  const minus = one.negative();
  const all: Vector[] = [
    [one, zero],
    [zero, one],
    [minus, zero],
    [zero, minus],
  ];
  for (const [x, y] of rows) {
    if (x.sign() !== 0 || y.sign() !== 0) all.push([y, x.negative()], [y.negative(), x]);
  }
  const isLower = ([x, y]: Vector): boolean => y.sign() < 0 || (y.sign() === 0 && x.sign() < 0);
  all.sort((p, q) => Number(isLower(p)) - Number(isLower(q)) || -cross(p, q).sign());
  return all.filter((p, k) => k === 0 || cross(all[k - 1], p).sign() !== 0 || dot(all[k - 1], p).sign() < 0);
}

/** A with ‖aᵀ(Xu)₊‖² = uᵀAu near u: its three entries. */
function quadraticForm(rows: readonly Vector[], a: Matrix, u: Vector): readonly [Rational, Rational, Rational] {
  let form: readonly [Rational, Rational, Rational] = [Rational.zero, Rational.zero, Rational.zero];
  for (let k = 0; k < a.columns; k++) {
    let [x, y] = [Rational.zero, Rational.zero];
    rows.forEach((row, i) => {
      if (dot(row, u).sign() <= 0) return;
      const weight = Rational.of(a.get(i, k));
      x = x.plus(weight.times(row[0]));
      y = y.plus(weight.times(row[1]));
    });
    form = [form[0].plus(x.square()), form[1].plus(x.times(y)), form[2].plus(y.square())];
  }
  return form;
}

const apply = ([xx, xy, yy]: readonly [Rational, Rational, Rational], v: Vector): Vector => [
  xx.times(v[0]).plus(xy.times(v[1])),
  xy.times(v[0]).plus(yy.times(v[1])),
];
