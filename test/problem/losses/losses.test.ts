/** What a loss must satisfy, whichever it is: identities between its members, weights as repeated rows, rounding in one direction. */
import { describe, expect, it } from 'vitest';
import { Matrix } from '../../../src/base/matrix.js';
import { Random } from '../../../src/base/random.js';
import { createKernelsSync } from '../../../src/engine/kernels.js';
import { Algebra } from '../../../src/linalg/algebra.js';
import { flat } from '../../../src/linalg/views.js';
import type { Loss, Target } from '../../../src/problem/losses/loss.js';
import { dualPointAt, dualPointAtZero, quadraticModel, valueAtZero } from '../../../src/problem/losses/models.js';
import { LOSSES, lossNamed } from '../../../src/problem/losses/named.js';
import { asMatrix, placeLoss } from '../../../src/problem/losses/placed.js';
import { squared } from '../../../src/problem/losses/squared.js';
import { Dyadic } from '../../proof/dyadic.js';
import { mapMatrix } from '../../proof/reference.js';
import { logistic, signsOf } from '../../support/logistic.js';
import { inner, randomMatrix } from '../../support/matrices.js';
import { expectWithin, roundOff } from '../../support/tolerance.js';

const TARGETS = new Map<Loss, (random: Random, n: number, c: number) => Matrix>([
  [squared, randomMatrix],
  [logistic, (random, n, c) => signsOf(randomMatrix(random, n, c))],
]);

interface Case {
  readonly target: Target;
  readonly F: Matrix;
  readonly n: number;
  readonly c: number;
  readonly random: Random;
}

/** Small problems with and without weights. */
function* cases(loss: Loss): Generator<Case> {
  for (let seed = 0; seed < 24; seed++) {
    const random = new Random(seed);
    const [n, c] = [1 + random.integer(6), 1 + random.integer(3)];
    const Y = (TARGETS.get(loss) as typeof randomMatrix)(random, n, c);
    const weights =
      seed % 3 === 0 ? undefined : Float64Array.from({ length: n }, () => 10 ** (2 * random.uniform() - 1));
    yield { target: { Y, weights }, F: randomMatrix(random, n, c), n, c, random };
  }
}

const shifted = (A: Matrix, t: number, B: Matrix): Matrix => mapMatrix(A, (entry, k) => entry + t * B.data[k]);

describe.each([...TARGETS.keys()].map((loss) => [loss.name, loss] as const))('%s', (_, loss) => {
  it('is ≥ 0 and convex along any line', () => {
    for (const { target, F, n, c, random } of cases(loss)) {
      const G = randomMatrix(random, n, c);
      const [left, middle, right] = [0, 0.5, 1].map((t) => loss.value(shifted(F, t, G), target));
      expect(Math.min(left, middle, right)).toBeGreaterThanOrEqual(0);
      expect(middle).toBeLessThanOrEqual((left + right) / 2 + roundOff(n * c, left + right));
    }
  });

  it('has the gradient that differences show', () => {
    for (const { target, F, n, c, random } of cases(loss)) {
      const g = Matrix.zeros(n, c);
      loss.gradient(F, target, g);
      const D = randomMatrix(random, n, c);
      const h = 1e-5;
      const slope = (loss.value(shifted(F, h, D), target) - loss.value(shifted(F, -h, D), target)) / (2 * h);
      expectWithin(inner(g, D), slope, 1e-8 * (1 + loss.value(F, target)));
    }
  });

  it('obeys Fenchel and Young, with equality at a = −∇L', () => {
    for (const { target, F, n, c, random } of cases(loss)) {
      const value = loss.value(F, target);
      const a = dualPointAt({ ...target, loss }, F);
      const scale = roundOff(n * c, value + Math.abs(inner(a, F)) + Math.abs(loss.conjugate(a, target)));
      expectWithin(value + loss.conjugate(a, target), -inner(a, F), scale);
      const other = dualPointAt({ ...target, loss }, randomMatrix(random, n, c));
      expect(value + loss.conjugate(other, target)).toBeGreaterThanOrEqual(-inner(other, F) - scale);
    }
  });

  it('finds the outputs again from their dual point, and the curvature there', () => {
    for (const { target, F, n, c, random } of cases(loss)) {
      const term = { ...target, loss };
      const a = dualPointAt(term, F);
      const W = Matrix.zeros(n, c);
      loss.predictionAt(a, target, W);
      const H = Matrix.zeros(n, c * c);
      loss.curvatureAt(a, target, H);
      const D = randomMatrix(random, n, c);
      const h = 1e-5;
      const [up, down] = [dualPointAt(term, shifted(F, h, D)), dualPointAt(term, shifted(F, -h, D))];
      for (let i = 0; i < n; i++) {
        const weight = target.weights?.[i] ?? 1;
        for (let k = 0; k < c; k++) {
          expectWithin(W.get(i, k), F.get(i, k), 1e-12 * (1 + Math.abs(F.get(i, k))));
          let change = 0;
          for (let l = 0; l < c; l++) change += H.get(i, k * c + l) * D.get(i, l);
          expectWithin(change, (down.get(i, k) - up.get(i, k)) / (2 * h), 1e-8 * weight);
        }
      }
    }
  });

  it('takes a weight of m for m equal rows', () => {
    const random = new Random(77);
    const counts = [3, 1, 4];
    const Y = (TARGETS.get(loss) as typeof randomMatrix)(random, 3, 2);
    const F = randomMatrix(random, 3, 2);
    const repeat = (A: Matrix): Matrix =>
      new Matrix(
        Float64Array.from(
          counts.flatMap((m, i) =>
            Array(m)
              .fill([...A.row(i)])
              .flat(),
          ),
        ),
        8,
        A.columns,
      );
    const weighted = { Y, weights: Float64Array.from(counts) };
    const repeated = { Y: repeat(Y) };
    const a = dualPointAt({ ...weighted, loss }, F);
    const shares = repeat(
      new Matrix(
        a.data.map((entry, k) => entry / counts[Math.floor(k / 2)]),
        3,
        2,
      ),
    );
    const [one, all] = [loss.value(F, weighted), loss.value(repeat(F), repeated)];
    expectWithin(one, all, roundOff(16, all));
    const [conjugate, sum] = [loss.conjugate(a, weighted), loss.conjugate(shares, repeated)];
    expectWithin(conjugate, sum, roundOff(16, 1 + all + Math.abs(sum)));
    expect(loss.conjugateAbove(a, weighted, 1)).toBeGreaterThanOrEqual(
      conjugate - roundOff(16, 1 + all + Math.abs(sum)),
    );
  });

  it('rounds its conjugate upwards, and hardly', () => {
    for (const { target, F, n, c, random } of cases(loss)) {
      const a = dualPointAt({ ...target, loss }, F);
      const t = random.uniform();
      const plain = loss.conjugate(
        mapMatrix(a, (entry) => t * entry),
        target,
      );
      const above = loss.conjugateAbove(a, target, t);
      const size = Math.abs(plain) + loss.value(F, target) + valueAtZero({ ...target, loss });
      expect(above).toBeGreaterThanOrEqual(plain - roundOff(n * c, size));
      expect(above).toBeLessThanOrEqual(plain + roundOff(n * c, size, 64));
    }
  });

  it('knows where its domain ends', () => {
    for (const { target, F, n, c, random } of cases(loss)) {
      const a = dualPointAt({ ...target, loss }, F);
      const da = randomMatrix(random, n, c);
      const t = loss.largestStep(a, da, target);
      expect(t).toBeGreaterThan(0);
      const inside = Math.min(0.999 * t, 10);
      expect(loss.conjugate(shifted(a, inside, da), target)).toBeLessThan(Number.POSITIVE_INFINITY);
      if (t < 10) expect(loss.conjugate(shifted(a, 1.001 * t, da), target)).toBe(Number.POSITIVE_INFINITY);
    }
  });

  it('has models that touch it at their outputs', () => {
    for (const { target, F, n, c } of cases(loss)) {
      const term = { ...target, loss };
      const { center, curvature } = quadraticModel(term, F);
      const a = dualPointAt(term, F);
      for (let i = 0; i < n; i++) {
        for (let k = 0; k < c; k++) {
          const slope = (curvature?.get(i, k) ?? 1) * (F.get(i, k) - center.get(i, k));
          expectWithin(slope, -a.get(i, k), roundOff(4, Math.abs(a.get(i, k)) + Math.abs(F.get(i, k))));
        }
      }
    }
  });

  it('is the same in WASM memory', () => {
    const kernels = createKernelsSync();
    for (const { target, F, n, c, random } of cases(loss)) {
      const algebra = new Algebra(kernels);
      const place = (A: Matrix) => {
        const view = algebra.matrix(A.rows, A.columns);
        algebra.write(flat(view), A.data);
        return view;
      };
      const a = dualPointAt({ ...target, loss }, F);
      const G = randomMatrix(random, n, c);
      const placed = placeLoss(algebra, loss, target, place(target.Y));
      const [W, dual, out] = [place(G), place(a), place(Matrix.zeros(n, c))];
      const size = loss.value(G, target) + loss.value(F, target) + Math.abs(loss.conjugate(a, target)) + 1;
      expectWithin(placed.value(W), loss.value(G, target), roundOff(n * c, size));
      expectWithin(placed.dualValue(dual), -loss.conjugate(a, target), roundOff(n * c, size));
      placed.residual(W, dual, out);
      asMatrix(algebra, out).data.forEach((entry, k) => {
        expectWithin(entry, G.data[k] - F.data[k], 1e-12 * (1 + Math.abs(G.data[k]) + Math.abs(F.data[k])));
      });
      expect(placed.largestStep(dual, place(G))).toBe(loss.largestStep(a, G, target));
    }
  });
});

describe('the squared loss', () => {
  it('is found by its name', () => {
    for (const loss of LOSSES) expect(lossNamed(loss.toJSON())).toBe(loss);
    expect(lossNamed('toString')).toBeUndefined();
  });

  /** whether `claim` ≥ t²/2 Σ ‖a_i‖²/ω_i − t⟨a, Y⟩, both sides times the product of the weights: whole-number arithmetic. */
  const isAbove = (claim: number, a: Matrix, { Y, weights }: Target, t: number): boolean => {
    const all = Array.from({ length: Y.rows }, (_, i) => Dyadic.of(weights?.[i] ?? 1));
    const product = (skipped: number) => all.reduce((p, w, i) => (i === skipped ? p : p.times(w)), Dyadic.of(1));
    let exact = Dyadic.zero;
    for (let i = 0; i < Y.rows; i++) {
      const square = Dyadic.dot(a.row(i), a.row(i)).times(product(i)).times(Dyadic.of(0.5)).times(Dyadic.of(t));
      exact = exact.plus(square.minus(Dyadic.dot(a.row(i), Y.row(i)).times(product(-1))).times(Dyadic.of(t)));
    }
    return exact.atMost(Dyadic.of(claim).times(product(-1)));
  };

  it('bounds its conjugate from above in exact arithmetic, where the plain number is often below', () => {
    let below = 0;
    for (let seed = 0; seed < 300; seed++) {
      const random = new Random(seed);
      const [n, c] = [1 + random.integer(4), 1 + random.integer(40)];
      const scale = 10 ** (40 * random.uniform() - 20);
      const target = {
        Y: mapMatrix(randomMatrix(random, n, c), (y) => scale * y),
        weights: seed % 2 === 0 ? undefined : Float64Array.from({ length: n }, () => 10 ** (6 * random.uniform() - 3)),
      };
      const a = mapMatrix(target.Y, (y) => y * (1 + random.normal()));
      const t = random.uniform();
      expect(isAbove(squared.conjugateAbove(a, target, t), a, target, t), `seed ${seed}`).toBe(true);
      if (
        !isAbove(
          squared.conjugate(
            mapMatrix(a, (entry) => t * entry),
            target,
          ),
          a,
          target,
          t,
        )
      )
        below++;
    }
    expect(below).toBeGreaterThan(30);
  });

  it('knows the best multiple of a dual point', () => {
    for (const { target, F, random } of cases(squared)) {
      const a = dualPointAt({ ...target, loss: squared }, F);
      const limit = 2 * random.uniform();
      const best = squared.bestMultiple?.(a, target, limit) ?? Number.NaN;
      const at = (t: number): number =>
        squared.conjugate(
          mapMatrix(a, (entry) => t * entry),
          target,
        );
      for (let k = 0; k <= 40; k++) {
        expect(at(best)).toBeLessThanOrEqual(at((k / 40) * limit) + roundOff(20, 1 + at(limit) ** 2));
      }
    }
  });

  it('merges terms on multiples of one output into one', () => {
    for (const { target, n, c, random } of cases(squared)) {
      const lengths = Float64Array.from({ length: n }, () => 0.1 + random.uniform());
      const merged = squared.merge?.(lengths, target);
      if (!merged) throw new Error('merges rows');
      const constants = [0, 1, 2].map(() => {
        const g = randomMatrix(random, 1, c);
        const F = Matrix.zeros(n, c);
        for (let i = 0; i < n; i++) F.row(i).set(g.data.map((entry) => lengths[i] * entry));
        const one = mapMatrix(g, (entry) => merged.length * entry);
        return squared.value(F, target) - squared.value(one, { Y: new Matrix(merged.y, 1, c) });
      });
      const size = squared.value(Matrix.zeros(n, c), target) + 10;
      expectWithin(constants[1], constants[0], roundOff(n * c, size * 100));
      expectWithin(constants[2], constants[0], roundOff(n * c, size * 100));
    }
  });

  it('is the same in its own units', () => {
    for (const { target, F, n, c } of cases(squared)) {
      const normalised = squared.normalise?.(target);
      if (!normalised) throw new Error('has units of its own');
      const { outputs, duals, values } = normalised;
      const scaled = mapMatrix(F, (entry) => entry / outputs);
      const value = squared.value(F, target);
      expectWithin(values * squared.value(scaled, normalised.target), value, roundOff(n * c, value));
      const a = dualPointAt({ ...target, loss: squared }, F);
      dualPointAt({ ...normalised.target, loss: squared }, scaled).data.forEach((entry, k) => {
        expectWithin(duals * entry, a.data[k], roundOff(4, Math.abs(a.data[k]) + Math.abs(F.data[k]) + 10));
      });
      expectWithin(values, outputs * duals, roundOff(1, values));
    }
  });

  it('has its targets as the dual point of the zero network, and half their squares as its value', () => {
    for (const { target } of cases(squared)) {
      if (target.weights) continue;
      expect(dualPointAtZero({ ...target, loss: squared })).toEqual(target.Y);
      const square = target.Y.data.reduce((sum, y) => sum + y * y, 0);
      expect(valueAtZero({ ...target, loss: squared })).toBe(square / 2);
    }
  });
});
