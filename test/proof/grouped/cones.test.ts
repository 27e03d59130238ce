/** The cones as their doubles stand: forms that are ≥ 0 on every neuron, and no direction left out, in exact arithmetic. */
import { describe, expect, it } from 'vitest';
import { Matrix } from '../../../src/base/matrix.js';
import { Random } from '../../../src/base/random.js';
import { type Cone, conesOf } from '../../../src/problem/parts/cone.js';
import { lengthOfCone } from '../../../src/proof/grouped/cones.js';
import { identity } from '../../support/matrices.js';
import { Dyadic, isPositiveDefinite } from '../dyadic.js';

const OUTPUTS = [2, 3, 4, 5, 7, 10, 16];

/** The generators of cone k. */
const generators = ({ outputs, radius }: Cone): Float64Array[] => {
  const columns = outputs.transpose();
  return Array.from({ length: columns.rows }, (_, k) => columns.row(k)).filter((_, k) => k !== radius);
};

/** PᵀP − share · I, exactly. */
const gram = (P: readonly Float64Array[], share: number): Dyadic[][] =>
  P.map((p, i) => P.map((q, j) => (i === j ? Dyadic.dot(p, q).minus(Dyadic.of(share)) : Dyadic.dot(p, q))));

describe.each(OUTPUTS)('the cones of %i outputs', (c) => {
  const cones = conesOf('signed', c);
  const all = [...generators(cones[0]), generators(cones[1])[0]];

  it('are c + 1, each of all generators but one', () => {
    expect(cones.length).toBe(c + 1);
    expect(all.length).toBe(c + 1);
    // cone 0 leaves out the first of them
    const ordered = [all[c], ...all.slice(0, c)];
    expect(cones.map(generators)).toEqual(cones.map((_, k) => ordered.filter((_, at) => at !== k)));
  });

  it('have generators no longer than 1', () => {
    for (const p of all) expect(Dyadic.dot(p, p).atMost(Dyadic.of(1))).toBe(true);
  });

  it('leave no direction out: any c generators span, and the last is a negative combination of the others', () => {
    const theta = 1 / (2 * c);
    for (const cone of cones) expect(isPositiveDefinite(gram(generators(cone), theta))).toBe(true);
    // Σ p_k = s: then p_last = −Σ (1 − μ_k) p_k with ‖μ‖ ≤ ‖s‖/√θ, so that all factors are < 0 when ‖s‖² < θ.
    const s = Array.from({ length: c }, (_, row) => all.reduce((sum, p) => sum.plus(Dyadic.of(p[row])), Dyadic.zero));
    const square = s.reduce((sum, x) => sum.plus(x.times(x)), Dyadic.zero);
    expect(square.atMost(Dyadic.of(theta / 2))).toBe(true);
  });

  it('have forms whose signs are proved, and h of a length that is', () => {
    for (const cone of cones) {
      const length = lengthOfCone(cone) ?? Number.NaN;
      expect(length).toBeGreaterThan(1 + 2 * c - 1e-9);
      expect(length).toBeLessThan(1 + 2 * c + 1e-9);
    }
  });

  it('have forms that are ≥ 0 on random neurons', () => {
    const random = new Random(c);
    for (const cone of cones) {
      const P = generators(cone);
      for (let trial = 0; trial < 20; trial++) {
        const w = P.map(() => (random.uniform() < 0.4 ? 0 : random.uniform()));
        const v = Array.from({ length: c }, (_, row) => P.reduce((sum, p, k) => sum + w[k] * p[row], 0));
        const r = Math.hypot(...v);
        for (let f = 0; f < cone.forms.rows; f++) {
          const row = cone.forms.row(f);
          const value = row.reduce(
            (sum, x, k) => sum + x * (k === cone.radius ? r : w[k - (k > cone.radius ? 1 : 0)]),
            0,
          );
          expect(value).toBeGreaterThanOrEqual(-1e-14);
        }
      }
    }
  });
});

it('the cones of one output are v = r and v = −r, r ≥ 0; the free cone is everything', () => {
  const cones = conesOf('signed', 1);
  expect(cones.map(({ outputs, forms, radius }) => [...outputs.data, ...forms.data, radius])).toEqual([
    [1, 1, 0],
    [-1, 1, 0],
  ]);
  for (const cone of [...cones, ...conesOf('free', 1), ...conesOf('free', 3)]) expect(lengthOfCone(cone)).toBe(1);
});

describe('nothing is proved of a cone', () => {
  const genuine = conesOf('signed', 3)[1];
  const change = (matrix: Matrix, change: (data: Float64Array) => void): Matrix => {
    const result = matrix.clone();
    change(result.data);
    return result;
  };

  it.each<[string, Cone]>([
    [
      'that is free but not all of R^c',
      { ...conesOf('free', 2)[0], outputs: new Matrix(Float64Array.of(1, 0, 0, 2), 2, 2) },
    ],
    ['that is free and has forms', { ...conesOf('free', 1)[0], forms: new Matrix(Float64Array.of(1), 1, 1) }],
    ['of one output that is no sign', { ...conesOf('signed', 1)[0], outputs: new Matrix(Float64Array.of(2), 1, 1) }],
    ['of one output with r ≤ 0', { ...conesOf('signed', 1)[0], forms: new Matrix(Float64Array.of(-1), 1, 1) }],
    ['whose v depends on r', { ...genuine, outputs: change(genuine.outputs, (x) => x.fill(0.1, 3, 4)) }],
    [
      'with generators that are nearly dependent',
      {
        ...genuine,
        outputs: change(genuine.outputs, (x) =>
          x.set([0, 4, 8].map((at) => x[at]).flatMap((y, k) => [y, y, x[4 * k + 2], 0])),
        ),
        forms: identity(4),
      },
    ],
    ['with −w ≥ 0', { ...genuine, forms: change(genuine.forms, (x) => x.fill(-1, 0, 1)) }],
    ['with a generator longer than 1, Σ w − r', { ...genuine, outputs: change(genuine.outputs, (x) => x.forEach((_, k) => { x[k] *= 1 + 1e-12; })) }], // biome-ignore format: one line
    ['with 0.99 Σ w − r', { ...genuine, forms: change(genuine.forms, (x) => x.fill(0.99, 16, 19)) }],
    ['with r − 1.01 p·v', { ...genuine, forms: change(genuine.forms, (x) => x.forEach((_, k) => { if (k >= 20 && k % 4 < 3) x[k] *= 1.01; })) }], // biome-ignore format: one line
    ['with 0·r − p·v', { ...genuine, forms: change(genuine.forms, (x) => x.fill(0, 23, 24)) }],
    ['with forms of another length', { ...genuine, forms: Matrix.zeros(2, 3) }],
  ])('%s', (_, cone) => {
    expect(lengthOfCone(genuine)).toBeGreaterThan(1);
    expect(lengthOfCone(cone)).toBeUndefined();
  });
});
