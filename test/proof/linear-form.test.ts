/** linearForm in exact arithmetic: in one dimension ‖δfᵀz‖ ≤ Σ|δf_p||z_p| + |δf_u| is reached, so the sum is what `defect` must cover. */
import { expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import { linearForm } from '../../src/proof/linear-form.js';
import type { Neurons } from '../../src/proof/neurons.js';
import { Rational } from './rational.js';

const neurons = (Z: number[], bAlpha: number[], bBeta: number[]): Neurons => ({
  count: Z.length,
  columns: 1,
  row: Int32Array.from(Z.keys()),
  scale: new Float64Array(Z.length).fill(1),
  Z: Float64Array.from(Z),
  bAlpha: Float64Array.from(bAlpha),
  bBeta: Float64Array.from(bBeta),
  transfer: 0,
});

/** One column, one target: then all norms are absolute values. */
function covers(given: Neurons): boolean {
  const { count, Z, bAlpha, bBeta } = given;
  const { f, defect } = linearForm(given);
  const alphaErrors = Array.from({ length: count }, (_, p) =>
    Rational.of(bAlpha[p])
      .plus(Rational.of(bBeta[p]))
      .minus(Rational.of(f[p]))
      .abs()
      .times(Rational.of(Math.abs(Z[p]))),
  );
  const uError = Rational.dot(Z, bBeta).plus(Rational.of(f[count])).abs();
  return Rational.sum([...alphaErrors, uError]).atMost(Rational.of(defect));
}

const times = (count: number, value: number): number[] => new Array<number>(count).fill(value);
const LOST = 0.999 * 2 ** -53;

it.each([
  ['a coefficient lost beside another', neurons([1], [1], [LOST])],
  ['products lost one by one', neurons(times(61, 1), [-1, ...times(60, -LOST)], [1, ...times(60, LOST)])],
  ['products that underflow', neurons(times(60, 1.25), times(60, 0), times(60, 2 * Number.MIN_VALUE))],
])('the defect of the form covers %s', (_, given) => {
  expect(covers(given)).toBe(true);
});

it('covers what random numbers lose', () => {
  const random = new Random(6);
  for (let trial = 0; trial < 300; trial++) {
    const count = 1 + random.integer(40);
    const any = (): number => random.normal() * 2 ** (20 * random.uniform() - 10);
    const numbers = (): number[] => Array.from({ length: count }, any);
    expect(covers(neurons(numbers(), numbers(), numbers()))).toBe(true);
  }
});
