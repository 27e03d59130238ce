/**
 * How close is Lambda to completely positive? A numerical search for Σ_j p_j z_j z_jᵀ ≈ K, p ≥ 0, over the activations
 * z(u) = ((Xu)₊, (−Xu)₊) of unit neurons, K = T G Tᵀ the leading block of Lambda. Since u and v of Lambda are linear in (alpha, beta), K has
 * such a factorisation exactly when Lambda has one over neurons (alpha, beta, u, v), and then the relaxation is exact.
 *
 * Column generation: E = K − Σ p_j z_j z_jᵀ, neurons that maximise z(u)ᵀ E z(u) by normalised gradient ascent from many starts are added,
 * and the weights re-fitted by non-negative least squares (coordinate descent on pᵀMp/2 − bᵀp, M_ij = (z_iᵀz_j)², b_j = z_jᵀK z_j); at the
 * end L-BFGS moves all √p_j u_j together, with the same gradient Xᵀ([h > 0] ∘ (Ez)_alpha − [h < 0] ∘ (Ez)_beta). The error it ends with is an upper estimate of the distance to the completely positive cone, no proof that the distance is positive.
 */
import { squareOf } from '../base/elementary.js';
import { Matrix } from '../base/matrix.js';
import type { Random } from '../base/random.js';
import type { RunClock } from '../base/run.js';
import { type CpFactorization, CpSearch } from './cp-search.js';
import type { RoundingInput } from './rounding/rounding.js';
import { normalizeColumns, selectColumns } from './weights.js';

const ROUNDS = 40;
const STARTS = 64;
const ADDED = 16;
/** The search ends at this error, or when a round improves it by less than this share. */
const SMALLEST_ERROR = 1e-9;
const LEAST_PROGRESS = 1e-3;
/** Neurons closer than this (1 − cos) to a better one found in the same round are not added. */
const DISTINCT = 1e-6;
/** Size of the noise put on present neurons to start from near them. */
const NOISE = 0.1;

/** Yields after each step of the ascent; ends early, with what it has, when the clock has expired. */
export function* factorizeCp(
  input: RoundingInput,
  initial: Matrix,
  random: Random,
  clock: RunClock,
): Generator<void, CpFactorization> {
  return yield* input.placed.algebra.scopedSteps(function* () {
    const search = new CpSearch(input);
    search.add(normalizeColumns(initial));
    for (let round = 0; round < ROUNDS && search.error > SMALLEST_ERROR && !clock.expired(); round++) {
      const before = search.error;
      const { U, values } = yield* search.ascend(starts(search.U, input.placed.problem.X.columns, random), clock);
      search.add(best(U, values));
      if (search.error > (1 - LEAST_PROGRESS) * before) break;
    }
    yield* search.polish(clock);
    return search.result();
  });
}

/** Half random directions, half near present neurons. */
function starts(U: Matrix, d: number, random: Random): Matrix {
  const result = new Matrix(random.fillNormal(new Float64Array(d * STARTS)), d, STARTS);
  if (U.columns === 0) return result;
  for (let s = 0; s < STARTS / 2; s++) {
    const j = random.integer(U.columns);
    for (let i = 0; i < d; i++) result.set(i, s, U.get(i, j) + NOISE * result.get(i, s));
  }
  return result;
}

/** The columns of the largest positive values, distinct from one another. */
function best(U: Matrix, values: Float64Array): Matrix {
  const chosen: number[] = [];
  const order = Array.from(values.keys()).sort((i, j) => values[j] - values[i] || i - j);
  const distance = (i: number, j: number): number => {
    let sum = 0;
    for (let k = 0; k < U.rows; k++) sum += squareOf(U.get(k, i) - U.get(k, j));
    return sum / 2;
  };
  for (const j of order) {
    if (chosen.length >= ADDED || !(values[j] > 0)) break;
    if (chosen.every((other) => distance(j, other) > DISTINCT)) chosen.push(j);
  }
  return selectColumns(U, chosen);
}
