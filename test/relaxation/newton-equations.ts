/** The Newton system of contract.ts in plain TypeScript: what is left of each equation for a direction that a back end returned. */
import { Matrix } from '../../src/base/matrix.js';
import type { Direction, NewtonPoint, RightHandSide } from '../../src/relaxation/backends/contract.js';
import { readMatrix, readVector, type Setting } from '../support/interior.js';
import { combine, multiply } from '../support/matrices.js';

/** T = [[I, 0], [I, −Xw]] and S over (alpha, u', v), 2n×p and lossCount×p. */
export function formsOf(setting: Setting): { readonly T: Matrix; readonly S: Matrix } {
  const { n, d, m, p, lossCount } = setting.problem;
  const Xw = readMatrix(setting, setting.problem.Xw);
  const T = Matrix.zeros(2 * n, p);
  for (let i = 0; i < n; i++) {
    T.set(i, i, 1);
    T.set(n + i, i, 1);
    for (let k = 0; k < d; k++) T.set(n + i, n + k, -Xw.get(i, k));
  }
  const { lossRows, lossScale } = setting.reduced;
  const S = Matrix.zeros(lossCount, p);
  for (let r = 0; r < lossCount; r++) for (let k = 0; k < m; k++) S.set(r, k, lossScale[r] * T.get(lossRows[r], k));
  return { T, S };
}

/** Positions (i, j < i) of the inequality entries, in the order of the vector. */
export function pairPositions(n: number): (readonly [number, number])[] {
  const positions: (readonly [number, number])[] = [];
  for (let i = 0; i < 2 * n; i++) for (let j = 0; j < i; j++) if (j !== i - n) positions.push([i, j]);
  return positions;
}

/** The inequality entries, and K_{i,n+i}. */
export function rowsOf({ T }: ReturnType<typeof formsOf>, Lambda: Matrix): { pairs: Float64Array; S: Float64Array } {
  const n = T.rows / 2;
  const K = multiply(multiply(T, Lambda), T.transpose());
  return {
    pairs: Float64Array.from(pairPositions(n), ([i, j]) => K.get(i, j)),
    S: Float64Array.from({ length: n }, (_, i) => K.get(i, n + i)),
  };
}

/** W = S Lambda[:, v]. */
export function predictionsOf({ S }: ReturnType<typeof formsOf>, Lambda: Matrix, c: number): Matrix {
  const product = multiply(S, Lambda);
  const W = Matrix.zeros(S.rows, c);
  for (let r = 0; r < W.rows; r++) for (let k = 0; k < c; k++) W.set(r, k, product.get(r, Lambda.rows - c + k));
  return W;
}

/** E(a) + Tᵀ(½N + w)T on p×p. */
export function adjointOf({ T, S }: ReturnType<typeof formsOf>, a: Matrix, N: Float64Array, w: Float64Array): Matrix {
  const n = w.length;
  const [p, c] = [T.columns, a.columns];
  const M = Matrix.zeros(2 * n, 2 * n);
  const set = (i: number, j: number, value: number): void => {
    M.set(i, j, value / 2);
    M.set(j, i, value / 2);
  };
  pairPositions(n).forEach(([i, j], k) => {
    set(i, j, N[k]);
  });
  for (let i = 0; i < n; i++) set(i, n + i, w[i]);
  const result = multiply(multiply(T.transpose(), M), T);
  const Sa = multiply(S.transpose(), a);
  for (let x = 0; x < p; x++) {
    for (let k = 0; k < c; k++) {
      result.set(x, p - c + k, result.get(x, p - c + k) + Sa.get(x, k) / 2);
      result.set(p - c + k, x, result.get(p - c + k, x) + Sa.get(x, k) / 2);
    }
  }
  return result;
}

interface Rows {
  readonly N: Float64Array;
  readonly W: Matrix;
  readonly S: Float64Array;
}

export interface NewtonResiduals {
  /** R_Z − dLambda~ − dZ~, dZ from the multipliers: p×p. */
  readonly Z: Matrix;
  /** dN + Delta ∘ K(X) − R_N, H (W(X) + r_W) + da and S_ii(X) at X = dLambda. */
  readonly rows: Rows;
  /** The same at dLambda + D Z Dᵀ, with which the first equation holds exactly. */
  readonly completed: Rows;
}

export function newtonResiduals(
  setting: Setting,
  newton: NewtonPoint,
  right: RightHandSide,
  direction: Direction,
): NewtonResiduals {
  const forms = formsOf(setting);
  const matrix = (A: Parameters<typeof readMatrix>[1]): Matrix => readMatrix(setting, A);
  const [dN, Rn, delta] = [direction.N, right.N, newton.delta].map((v) => readVector(setting, v));
  const D = matrix(newton.scaling.D);
  const dZ = adjointOf(forms, matrix(direction.a), dN, readVector(setting, direction.w));
  // dZ = −E(da) − Tᵀ(½dN + dw)T
  const scaledZ = multiply(multiply(D.transpose(), dZ), D);
  const Z = combine(combine(matrix(right.Z), matrix(direction.scaledLambda), 1, -1), scaledZ);
  const rowsAt = (X: Matrix): Rows => {
    const { pairs, S } = rowsOf(forms, X);
    const W = predictionsOf(forms, X, setting.problem.c);
    return {
      N: pairs.map((value, k) => dN[k] + delta[k] * value - Rn[k]),
      W: combine(
        weighed(combine(W, matrix(newton.residual)), newton.curvature && matrix(newton.curvature)),
        matrix(direction.a),
      ),
      S,
    };
  };
  const Lambda = matrix(direction.Lambda);
  return { Z, rows: rowsAt(Lambda), completed: rowsAt(combine(Lambda, multiply(multiply(D, Z), D.transpose()))) };
}

/** H A, row by row; A where H = I. */
function weighed(A: Matrix, H: Matrix | undefined): Matrix {
  if (!H) return A;
  const result = Matrix.zeros(A.rows, A.columns);
  for (let r = 0; r < A.rows; r++) {
    for (let k = 0; k < A.columns; k++) {
      for (let l = 0; l < A.columns; l++) {
        result.set(r, k, result.get(r, k) + H.get(r, k * A.columns + l) * A.get(r, l));
      }
    }
  }
  return result;
}

/** Z = C0 − E(a) − Tᵀ(½N + w)T with C0 = γ/2 diag(0, s⁻², I), from the reduced problem and its units alone. */
export function dualSlackOf(setting: Setting, a: Matrix, N: Float64Array, w: Float64Array): Matrix {
  const { s } = setting.reduced;
  const { n, m, p, sigma, units } = setting.problem;
  const half = setting.reduced.reg / sigma / units.duals / 2;
  const Z = combine(adjointOf(formsOf(setting), a, N, w), Matrix.zeros(p, p), -1, 0);
  for (let k = n; k < p; k++) Z.set(k, k, Z.get(k, k) + (k < m ? half * (sigma / s[k - n]) ** 2 : half));
  return Z;
}
