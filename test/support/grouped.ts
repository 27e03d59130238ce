/** Grouped certificates made without a solver: feasible by construction, from the definitions alone. */
import { Matrix } from '../../src/base/matrix.js';
import type { Random } from '../../src/base/random.js';
import { timesPowerOfTwo } from '../../src/base/round-off.js';
import { type Cone, type ConeKind, conesOf } from '../../src/problem/parts/cone.js';
import type { GroupBlock, GroupedCertificate } from '../../src/problem/parts/groups.js';
import type { PairMultipliers } from '../../src/problem/parts/multipliers.js';
import { densePairs, everyPair } from './pairs.js';

/** Rows are the forms of a group over (alpha, u, h), as parts/groups.ts numbers them. */
export function formsOf(X: Matrix, cone: Cone, length: (row: Float64Array) => number = euclidean): Matrix {
  const [m, d, e] = [X.rows, X.columns, cone.outputs.columns];
  const rows: number[][] = [];
  const form = (i: number, alpha: number, u: number, r: number): number[] => [
    ...Array.from({ length: m }, (_, j) => (j === i ? alpha : 0)),
    ...Array.from(X.row(i), (x) => u * x),
    ...Array.from({ length: e }, (_, j) => (j === cone.radius ? r : 0)),
  ];
  for (let i = 0; i < m; i++) rows.push(form(i, 1, 0, 0));
  for (let i = 0; i < m; i++) rows.push(form(i, 1, -1, 0));
  if (cone.radius >= 0) for (let i = 0; i < m; i++) rows.push(form(i, -2, 1, length(X.row(i))));
  for (let f = 0; f < cone.forms.rows; f++) rows.push([...new Array<number>(m + d).fill(0), ...cone.forms.row(f)]);
  return new Matrix(Float64Array.from(rows.flat()), rows.length, m + d + e);
}

const euclidean = (row: Float64Array): number => Math.hypot(...row);

/** The matrix of alpha, a and outputs in Z: E(a). */
export function outputsOf(a: Matrix, cone: Cone, d: number): Matrix {
  const [m, e] = [a.rows, cone.outputs.columns];
  const E = Matrix.zeros(m + d + e, m + d + e);
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < e; l++) {
      let value = 0;
      for (let k = 0; k < a.columns; k++) value += (a.get(i, k) * cone.outputs.get(k, l)) / 2;
      E.set(i, m + d + l, value);
      E.set(m + d + l, i, value);
    }
  }
  return E;
}

export const rowsOf = (X: Matrix, rows: ArrayLike<number>): Matrix =>
  new Matrix(Float64Array.from(Array.from(rows, (i) => [...X.row(i)]).flat()), rows.length, X.columns);

/** −Tᵀ 𝒩 T of a group and a cone. */
function productsOf(X: Matrix, cone: Cone, pairs: PairMultipliers, w: Float64Array): Matrix {
  const T = formsOf(X, cone);
  const N = densePairs(pairs, T.rows);
  for (let i = 0; i < X.rows; i++) {
    N.set(i, X.rows + i, w[i]);
    N.set(X.rows + i, i, w[i]);
  }
  const result = Matrix.zeros(T.columns, T.columns);
  for (let i = 0; i < T.rows; i++) {
    for (let j = 0; j < T.rows; j++) {
      const value = N.get(i, j);
      if (value === 0) continue;
      for (let p = 0; p < T.columns; p++) {
        for (let q = 0; q < T.columns; q++) result.data[p * T.columns + q] -= T.get(i, p) * value * T.get(j, q);
      }
    }
  }
  return result;
}

/**
 * The same certificate for X · 2^ofX, Y · 2^ofY and reg · 2^(ofX + ofY), exactly unless numbers become subnormal: outputs, h and r scale as u, so the
 * forms of rows scale as X and those of the cone not at all.
 */
export function scaleCertificate(certificate: GroupedCertificate, ofX: number, ofY: number): GroupedCertificate {
  const ofReg = ofX + ofY;
  const cones = conesOf(certificate.cone, certificate.a.columns);
  const scaled = (values: Float64Array, exponent: number): Float64Array =>
    values.map((x) => timesPowerOfTwo(x, exponent));
  const matrix = (M: Matrix, exponent: number): Matrix => new Matrix(scaled(M.data, exponent), M.rows, M.columns);
  return {
    ...certificate,
    reg: timesPowerOfTwo(certificate.reg, ofReg),
    a: matrix(certificate.a, ofY),
    balance: scaled(certificate.balance, ofReg),
    length: scaled(certificate.length, ofReg),
    groups: certificate.groups.map(({ rows, blocks }) => ({
      rows,
      blocks: blocks.map(({ pairs, w, M }, k) => {
        const ofRows = (cones[k].radius < 0 ? 2 : 3) * rows.length;
        const size = (form: number): number => (form < ofRows ? ofX : 0);
        const value = pairs.value.map((x, at) => timesPowerOfTwo(x, ofReg - size(pairs.i[at]) - size(pairs.j[at])));
        return { pairs: { ...pairs, value }, w: scaled(w, ofReg - 2 * ofX), M: matrix(M, ofReg) };
      }),
    })),
  };
}

export interface BuildOptions {
  readonly kind: ConeKind;
  readonly groups: readonly (readonly number[])[];
  /** n×c: a is a multiple of it. */
  readonly direction: Matrix;
  readonly reg: number;
  /** Share of the pairs that have a multiplier. */
  readonly density: number;
}

/** Random multipliers, M large enough for every Z ≻ 0, and all of it scaled until Σ M is the price. */
export function buildCertificate(X: Matrix, random: Random, options: BuildOptions): GroupedCertificate {
  const { kind, groups, direction, reg, density } = options;
  const cones = conesOf(kind, direction.columns);
  const raw = groups.map((rows) =>
    cones.map((cone) => buildBlock(rowsOf(X, rows), rowsOf(direction, rows), cone, { random, density })),
  );
  const sizes = cones.map((cone, k) => priceNeeded(sumOf(raw.map((blocks) => blocks[k].M)), cone));
  const scale = reg / 2 / Math.max(...sizes);
  const length = cones.map((cone) => (hasWeights(cone) ? -reg / 4 : 0));
  const a = Matrix.zeros(X.rows, direction.columns);
  for (const i of groups.flat()) a.row(i).set(direction.row(i).map((x) => scale * x));
  return {
    reg,
    cone: kind,
    a,
    balance: new Float64Array(cones.length),
    length: Float64Array.from(length),
    groups: groups.map((rows, g) => ({
      rows: Int32Array.from(rows),
      blocks: cones.map((cone, k) => {
        const { pairs, w, M } = raw[g][k];
        const sum = sumOf(raw.map((blocks) => blocks[k].M));
        const rest = target(cone, X.columns, reg).map((x, at) => (x - scale * sum.data[at]) / groups.length);
        return {
          pairs: { ...pairs, value: pairs.value.map((x) => scale * x) },
          w: w.map((x) => scale * x),
          M: mirrored(changedMatrix(M, (x, at) => scale * x + rest[at])),
        };
      }),
    })),
  };
}

const changedMatrix = (M: Matrix, change: (x: number, at: number) => number): Matrix =>
  new Matrix(M.data.map(change), M.rows, M.columns);

/** Symmetric to the last bit, by its lower triangle. */
export function mirrored(M: Matrix): Matrix {
  for (let i = 0; i < M.rows; i++) for (let j = 0; j < i; j++) M.set(j, i, M.get(i, j));
  return M;
}

const hasWeights = (cone: Cone): boolean => cone.radius >= 0 && cone.outputs.columns > 1;

/** reg/2 · price + length (1_r − outputsᵀ outputs) with length = −reg/4 where it has an effect. */
function target(cone: Cone, d: number, reg: number): Float64Array {
  const e = cone.outputs.columns;
  const order = d + e;
  const result = new Float64Array(order * order);
  for (let i = 0; i < d; i++) result[i * (order + 1)] = reg / 2;
  if (cone.radius >= 0) result[(d + cone.radius) * (order + 1)] = hasWeights(cone) ? reg / 4 : reg / 2;
  const share = cone.radius < 0 ? reg / 2 : hasWeights(cone) ? reg / 4 : 0;
  for (let i = 0; i < e; i++) {
    for (let j = 0; j < e; j++) {
      for (let k = 0; k < cone.outputs.rows; k++) {
        result[(d + i) * order + d + j] += share * cone.outputs.get(k, i) * cone.outputs.get(k, j);
      }
    }
  }
  return result;
}

/** s such that 2 s times the price of reg = 1 is above M: outputsᵀ outputs has eigenvalues of 1/c at least on the weights. */
function priceNeeded(M: Matrix, cone: Cone): number {
  let most = 0;
  for (let i = 0; i < M.rows; i++) most = Math.max(most, M.row(i).reduce((sum, x) => sum + Math.abs(x), 0)); // biome-ignore format: one line
  return most * (hasWeights(cone) ? 3 * cone.outputs.rows : 1);
}

function buildBlock(
  X: Matrix,
  a: Matrix,
  cone: Cone,
  { random, density }: { random: Random; density: number },
): GroupBlock {
  const m = X.rows;
  const forms = formsOf(X, cone).rows;
  const sizes = Array.from({ length: forms }, (_, i) =>
    i < forms - cone.forms.rows ? 1 / (euclidean(X.row(i % m)) || 1) : 1,
  );
  const all = everyPair(forms, (i, j) =>
    random.uniform() < density && !(i < 2 * m && i - j === m)
      ? Math.abs(random.normal()) * Math.min(sizes[i] * sizes[j], 1e300)
      : 0,
  );
  const listed = [...all.value.keys()].filter((k) => all.value[k] > 0);
  const pairs = {
    i: Int32Array.from(listed, (k) => all.i[k]),
    j: Int32Array.from(listed, (k) => all.j[k]),
    value: Float64Array.from(listed, (k) => all.value[k]),
  };
  const without = productsOf(X, cone, pairs, new Float64Array(m));
  const w = Float64Array.from({ length: m }, (_, i) => {
    let sum = sizes[i] ** 2;
    for (let j = 0; j < m; j++) sum += Math.abs(without.get(i, j));
    return -sum / 2;
  });
  const Z = productsOf(X, cone, pairs, w);
  const E = outputsOf(a, cone, X.columns);
  return { pairs, w, M: complement(new Matrix(Z.data.map((x, k) => x - E.data[k]), Z.rows, Z.columns), m) }; // biome-ignore format: one line
}

/** The least M, and a little more, with Z + diag(0, M) ⪰ 0, by elimination of the first m unknowns. */
function complement(Z: Matrix, m: number): Matrix {
  const S = Z.clone();
  for (let k = 0; k < m; k++) {
    for (let i = k + 1; i < S.rows; i++) {
      const factor = S.get(i, k) / S.get(k, k);
      for (let j = k + 1; j < S.rows; j++) S.data[i * S.rows + j] -= factor * S.get(k, j);
    }
  }
  const order = Z.rows - m;
  const M = Matrix.zeros(order, order);
  for (let i = 0; i < order; i++) {
    for (let j = 0; j < order; j++) M.set(i, j, -(S.get(m + i, m + j) + S.get(m + j, m + i)) / 2);
  }
  const more = 1e-6 * M.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  for (let i = 0; i < order; i++) M.data[i * (order + 1)] += more;
  return M;
}

function sumOf(matrices: readonly Matrix[]): Matrix {
  const result = matrices[0].clone();
  for (const { data } of matrices.slice(1)) for (let k = 0; k < data.length; k++) result.data[k] += data[k];
  return result;
}
