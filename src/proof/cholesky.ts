/**
 * A proof of positive definiteness by running Cholesky's method in floating point (S. Rump, Verification of positive
 * definiteness, BIT 46 (2006) 433–452; J. Demmel, LAPACK Working Note 14). If it runs to its end on A, then A + ΔA = LLᵀ with
 *
 *     |ΔA_ij| ≤ γ_h Σ_k |L_ik L_jk| ≤ γ_h/(1 − γ_h) √(A_ii A_jj)    (Cauchy–Schwarz and ‖L_i‖² ≤ A_ii/(1 − γ_h)),
 *
 * where h counts the roundings a term goes through, so A ⪰ −n γ_h/(1 − γ_h) diag(A_ii). Blocked, right-looking: a product
 * meets at most BLOCK additions in its block and one subtraction a block, so h grows with n/BLOCK instead of n.
 * Cost n³/3 flops.
 */
import { Pace } from '../base/pace.js';
import { gamma } from '../base/round-off.js';
import { complete } from '../base/run.js';

const BLOCK = 32;

/** Larger diagonal entries are refused, so that no underflow can exceed UNDERFLOW (docs/certificate.md, step 4). */
const LARGEST_PIVOT = 2 ** 100;

/** Above the sum of all errors that underflows can cause in one row of A, for n < 2²⁰ and entries below LARGEST_PIVOT. */
export const UNDERFLOW = 2 ** -900;

/** φ such that a completed factorisation proves A + φ diag(A_ii) + UNDERFLOW·I ⪰ 0, for n×n matrices A. */
export const choleskyDefect = (n: number): number => n * gamma(BLOCK + Math.ceil(n / BLOCK) + 6);

/**
 * Runs Cholesky's method on the symmetric n×n matrix whose lower triangle is given row by row in the square array A.
 * A is overwritten. True when it ran to the end, and then the statement of `choleskyDefect` holds; false for NaN or Infinity.
 */
export const runsCholesky = (A: Float64Array, n: number): boolean => complete(choleskySteps(A, n));

/** `runsCholesky` with pauses where n is large. */
export function* choleskySteps(A: Float64Array, n: number): Generator<void, boolean> {
  const panel = new Float64Array(n * BLOCK);
  const pace = new Pace();
  for (let start = 0; start < n; start += BLOCK) {
    const end = Math.min(start + BLOCK, n);
    if (!factorPanel(A, n, start, end)) return false;
    if (end < n) subtractPanelProducts(A, n, start, end, panel);
    if (pace.isDue((n - start) * (n - start) * BLOCK)) yield;
  }
  return true;
}

/** Columns start … end − 1 of L, whose products with earlier columns are already subtracted. */
function factorPanel(A: Float64Array, n: number, start: number, end: number): boolean {
  for (let i = start; i < n; i++) {
    const row = i * n;
    for (let j = start; j < end && j <= i; j++) {
      const other = j * n;
      let sum = 0;
      for (let k = start; k < j; k++) sum += A[row + k] * A[other + k];
      const rest = A[row + j] - sum;
      if (j < i) A[row + j] = rest / A[other + j];
      else if (rest > 0 && rest < LARGEST_PIVOT) A[row + j] = Math.sqrt(rest);
      else return false;
    }
  }
  return true;
}

/** A_ij −= Σ_k L_ik L_jk over the panel's columns k, for end ≤ j ≤ i (and up to three entries right of the diagonal, unused). */
function subtractPanelProducts(A: Float64Array, n: number, start: number, end: number, panel: Float64Array): void {
  const rows = n - end;
  for (let i = 0; i < rows; i++) {
    panel.set(A.subarray((end + i) * n + start, (end + i) * n + start + BLOCK), i * BLOCK);
  }
  const pairs = rows - (rows % 2);
  for (let i = 0; i < pairs; i += 2) {
    const last = Math.min(rows - (rows % 4), ((i >> 2) << 2) + 4);
    for (let j = 0; j < last; j += 4) subtractTile(A, (end + i) * n + end + j, n, panel, i * BLOCK, j * BLOCK);
    for (let j = last; j <= i + 1; j++) {
      subtractProduct(A, (end + i) * n + end + j, panel, i * BLOCK, j * BLOCK);
      subtractProduct(A, (end + i + 1) * n + end + j, panel, (i + 1) * BLOCK, j * BLOCK);
    }
  }
  for (let i = pairs; i < rows; i++) {
    for (let j = 0; j <= i; j++) subtractProduct(A, (end + i) * n + end + j, panel, i * BLOCK, j * BLOCK);
  }
}

function subtractProduct(A: Float64Array, at: number, panel: Float64Array, i: number, j: number): void {
  let sum = 0;
  for (let k = 0; k < BLOCK; k++) sum += panel[i + k] * panel[j + k];
  A[at] -= sum;
}

/** A 2×4 tile of the update, its eight sums in registers. */
function subtractTile(A: Float64Array, at: number, n: number, panel: Float64Array, i: number, j: number): void {
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  for (let k = 0; k < BLOCK; k++) {
    const p0 = panel[i + k];
    const p1 = panel[i + BLOCK + k];
    const q0 = panel[j + k];
    const q1 = panel[j + BLOCK + k];
    const q2 = panel[j + 2 * BLOCK + k];
    const q3 = panel[j + 3 * BLOCK + k];
    s00 += p0 * q0;
    s01 += p0 * q1;
    s02 += p0 * q2;
    s03 += p0 * q3;
    s10 += p1 * q0;
    s11 += p1 * q1;
    s12 += p1 * q2;
    s13 += p1 * q3;
  }
  A[at] -= s00;
  A[at + 1] -= s01;
  A[at + 2] -= s02;
  A[at + 3] -= s03;
  A[at + n] -= s10;
  A[at + n + 1] -= s11;
  A[at + n + 2] -= s12;
  A[at + n + 3] -= s13;
}
