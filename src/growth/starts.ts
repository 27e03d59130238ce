/** Where the local search for new neurons begins: near the present ones, and spread over the activation patterns of the data. */
import { Matrix } from '../base/matrix.js';
import type { Random } from '../base/random.js';
import type { RunClock } from '../base/run.js';
import type { PlacedMatrix } from '../linalg/placed-matrix.js';
import { leadingPart } from '../linalg/svd.js';

/** Noise added to a present neuron, relative to its length. */
const NEAR_NOISE = [0.03, 0.1, 0.3];
/** Whitening may take this share of the time left, at the speed of the decomposition here; without whitening, starts are rows and neighbours of neurons. */
const WHITENING_SHARE = 0.1;
const FLOPS_PER_MS = 5e5;
/** Singular values below this share of the largest are directions the data do not see. */
const RANK_CUT = 1e-10;

export class StartDirections {
  readonly #X: Matrix;
  readonly #random: Random;
  /** diag(1/s) Wᵀ of X = … diag(s) Wᵀ, by rows: a normal vector times it is uniform over the hyperplanes as the data see them. */
  readonly #whitening: Matrix;

  constructor(X: PlacedMatrix, random: Random, clock: RunClock) {
    this.#X = X.matrix;
    this.#random = random;
    if (X.svdFlops / FLOPS_PER_MS > WHITENING_SHARE * clock.remainingMs()) {
      this.#whitening = Matrix.zeros(0, this.#X.columns);
      return;
    }
    const { s, V } = leadingPart(X.svd(), RANK_CUT);
    this.#whitening = V.transpose();
    for (let k = 0; k < s.length; k++) {
      const row = this.#whitening.row(k);
      for (let j = 0; j < row.length; j++) row[j] *= s[s.length - 1] / s[k];
    }
  }

  /** `count` columns: half near the columns of `present` (unit; if there are any), the rest whitened normal vectors and ± rows of X. */
  sample(count: number, present: Matrix): Matrix {
    const d = this.#X.columns;
    const U = Matrix.zeros(d, count);
    for (let j = 0; j < count; j++) {
      const u = this.#one(j, present);
      for (let k = 0; k < d; k++) U.set(k, j, u[k]);
    }
    return U;
  }

  #one(index: number, present: Matrix): Float64Array {
    if (index % 2 === 0 && present.columns > 0) return this.#near(present);
    if (index % 4 === 1 || this.#whitening.rows === 0) return this.#row();
    return this.#whitened();
  }

  #near(present: Matrix): Float64Array {
    const u = this.#random.fillNormal(new Float64Array(present.rows));
    const j = this.#random.integer(present.columns);
    const noise = NEAR_NOISE[this.#random.integer(NEAR_NOISE.length)] / Math.sqrt(present.rows);
    return u.map((deviate, k) => present.get(k, j) + noise * deviate);
  }

  #row(): Float64Array {
    const row = this.#X.row(this.#random.integer(this.#X.rows));
    const sign = this.#random.uniform() < 0.5 ? -1 : 1;
    return row.map((x) => sign * x);
  }

  #whitened(): Float64Array {
    const u = new Float64Array(this.#X.columns);
    for (let k = 0; k < this.#whitening.rows; k++) {
      const row = this.#whitening.row(k);
      const deviate = this.#random.normal();
      for (let j = 0; j < u.length; j++) u[j] += deviate * row[j];
    }
    return u;
  }
}
