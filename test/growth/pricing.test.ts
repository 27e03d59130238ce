/** Pricing alone: violators are found, ranked and told apart; none is missed where all local maxima can be enumerated. */
import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { RunClock } from '../../src/base/run.js';
import { NeuronAscent } from '../../src/growth/ascent.js';
import { ExactPricer, LocalPricer, type LocalPricing, type Priced } from '../../src/growth/pricing.js';
import { StartDirections } from '../../src/growth/starts.js';
import { NeuronOracle, neuronValue } from '../../src/proof/exact/oracle.js';
import { randomMatrix } from '../support/matrices.js';
import { placeMatrix } from '../support/placed.js';
import { expectWithin } from '../support/tolerance.js';

const clock = new RunClock();
const SETTINGS: LocalPricing = { starts: 120, keep: 60, sameDirection: 1 - 1e-9 };

interface Data {
  readonly X: Matrix;
  readonly R: Matrix;
}

const dataOf = (seed: number, n: number, d: number, c: number): Data => ({
  X: randomMatrix(new Random(seed), n, d),
  R: randomMatrix(new Random(seed + 1000), n, c),
});

/** Directions are told apart by their own angle: how data on far scales see them is tested in test/tasks/far-scales.test.ts. */
const asTheyAre = (U: Matrix): Matrix => U;

function localPricer({ X, R }: Data, reg: number, settings = SETTINGS, time: RunClock = clock): LocalPricer {
  const placed = placeMatrix(X);
  const starts = new StartDirections(placed, new Random(5), time);
  return new LocalPricer(new NeuronAscent(placed, R.columns), starts, asTheyAre, reg, settings, time);
}

interface Reports {
  readonly priced: Priced;
  readonly reports: number;
}

function run(work: Generator<unknown, Priced>): Reports {
  for (let reports = 0, step = work.next(); ; reports++, step = work.next()) {
    if (step.done) return { priced: step.value, reports };
  }
}

const nobody = (d: number): Matrix => Matrix.zeros(d, 0);
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, k) => sum + value * b[k], 0);
const unit = (angle: number): Float64Array => Float64Array.of(Math.cos(angle), Math.sin(angle));

/** All local maxima of f on the circle, on a grid of 0.02 degrees. */
function localMaxima({ X, R }: Data): { direction: Float64Array; value: number }[] {
  const count = 18_000;
  const at = (k: number): Float64Array => unit((2 * Math.PI * k) / count);
  const values = Array.from({ length: count }, (_, k) => neuronValue(X, R, at(k)));
  return values.flatMap((value, k) => {
    const [before, after] = [values.at(k - 1) as number, values[(k + 1) % count]];
    return value >= before && value > after ? [{ direction: at(k), value }] : [];
  });
}

function expectRanked({ X, R }: Data, reg: number, { violators, violation }: Priced, sameDirection: number): void {
  violators.forEach(({ direction, value }, k) => {
    expectWithin(Math.hypot(...direction), 1, 1e-12);
    expectWithin(value, neuronValue(X, R, direction), 1e-10 * value);
    expect(value).toBeGreaterThan(reg);
    if (k > 0) expect(value).toBeLessThanOrEqual(violators[k - 1].value);
    for (const earlier of violators.slice(0, k)) expect(dot(earlier.direction, direction)).toBeLessThan(sameDirection);
  });
  expectWithin(violation, Math.max(1, (violators[0]?.value ?? 0) / reg), 1e-12 * violation);
}

describe('pricing by local search', () => {
  it.each([1, 2, 3, 4, 5, 6])('finds every violator in the plane, problem %i', (seed) => {
    const data = dataOf(seed, 6 + 3 * seed, 2, 1 + (seed % 3));
    const maxima = localMaxima(data);
    const reg = 0.5 * Math.max(...maxima.map(({ value }) => value));
    const { priced } = run(localPricer(data, reg).price(data.R, nobody(2)));
    expectRanked(data, reg, priced, SETTINGS.sameDirection);
    for (const { direction, value } of maxima.filter((maximum) => maximum.value > 1.001 * reg)) {
      const near = priced.violators.filter((violator) => dot(violator.direction, direction) > 0.999);
      expect(Math.max(...near.map((violator) => violator.value)), `near ${direction}`).toBeGreaterThan(0.999 * value);
    }
    expect(priced).toMatchObject({ upperBound: Number.POSITIVE_INFINITY, nodes: 0 });
    expect(priced.search).toBe(undefined);
  });

  it('finds the largest in more dimensions, as the exact oracle does', () => {
    for (const [seed, d] of [
      [7, 3],
      [8, 4],
      [9, 5],
    ]) {
      const data = dataOf(seed, 12, d, 2);
      const oracle = new NeuronOracle(placeMatrix(data.X));
      const exact = oracle.maximize(data.R, { tolerance: 1e-3 }, clock);
      let step = exact.next();
      while (!step.done) step = exact.next();
      const { priced } = run(localPricer(data, 1e-3).price(data.R, nobody(d)));
      expect(priced.violators[0].value).toBeGreaterThan(step.value.value * (1 - 1e-6));
      expect(priced.violators[0].value).toBeLessThanOrEqual(step.value.upperBound);
    }
  });

  it('keeps the worst of them, and of nearly parallel ones the worst', () => {
    const data = dataOf(10, 30, 3, 2);
    const all = run(localPricer(data, 1e-3).price(data.R, nobody(3))).priced.violators;
    const few = run(localPricer(data, 1e-3, { ...SETTINGS, keep: 3 }).price(data.R, nobody(3))).priced.violators;
    expect(all.length).toBeGreaterThan(3);
    expect(few).toEqual(all.slice(0, 3));
    const apart = run(localPricer(data, 1e-3, { ...SETTINGS, sameDirection: 0.5 }).price(data.R, nobody(3))).priced;
    expectRanked(data, 1e-3, apart, 0.5);
    expect(apart.violators[0]).toEqual(all[0]);
    for (const { direction, value } of all) {
      const keeper = apart.violators.find((kept) => dot(kept.direction, direction) >= 0.5);
      expect(keeper?.value).toBeGreaterThanOrEqual(value);
    }
  });

  it('finds none where there is none, and one just above reg', () => {
    const data = dataOf(11, 9, 2, 2);
    const largest = Math.max(...localMaxima(data).map(({ value }) => value));
    const price = (reg: number) => run(localPricer(data, reg).price(data.R, nobody(2))).priced;
    expect(price(1.001 * largest)).toMatchObject({ violators: [], violation: 1 });
    expect(price(0.999 * largest).violators.length).toBeGreaterThan(0);
  });

  it('searches as often as asked, once at least, and ends with the time', () => {
    const data = dataOf(12, 9, 3, 1);
    expect(run(localPricer(data, 0.1).search(data.R, nobody(3), 4)).reports).toBe(4);
    const over = new RunClock({ timeLimitMs: 0 });
    expect(run(localPricer(data, 0.1, SETTINGS, over).search(data.R, nobody(3), 4)).reports).toBe(1);
  });

  it('ascends from the best of four times as many starts', () => {
    const data = dataOf(13, 9, 2, 1);
    const ascended: Matrix[] = [];
    const sampled: Matrix[] = [];
    const ascent = {
      setResidual: () => {},
      values: (U: Matrix) => {
        sampled.push(U);
        return Float64Array.from({ length: U.columns }, (_, j) => (j * 7) % U.columns);
      },
      ascend: (U: Matrix) => {
        ascended.push(U);
        return { U, values: new Float64Array(U.columns) };
      },
    } as unknown as NeuronAscent;
    const starts = new StartDirections(placeMatrix(data.X), new Random(5), clock);
    run(new LocalPricer(ascent, starts, asTheyAre, 1, { ...SETTINGS, starts: 5 }, clock).price(data.R, nobody(2)));
    expect([sampled[0].columns, ascended[0].columns]).toEqual([20, 5]);
    // 7 j mod 20 is largest for j = 17, 14, 11, 8, 5
    const column = (A: Matrix, j: number) => Array.from({ length: 2 }, (_, k) => A.get(k, j));
    [17, 14, 11, 8, 5].forEach((j, k) => {
      expect(column(ascended[0], k)).toEqual(column(sampled[0], j));
    });
  });
});

describe('pricing by the exact oracle', () => {
  const exactPricer = (data: Data, reg: number, tolerance: number): ExactPricer =>
    new ExactPricer(new NeuronOracle(placeMatrix(data.X)), localPricer(data, reg), reg, tolerance, clock);

  it('in the plane is instant and proves the maximum, all local maxima being violators', () => {
    const data = dataOf(14, 15, 2, 2);
    const maxima = localMaxima(data);
    const largest = Math.max(...maxima.map(({ value }) => value));
    const reg = 0.6 * largest;
    const pricer = exactPricer(data, reg, 1e-6);
    expect(pricer.isInstant).toBe(true);
    const { priced } = run(pricer.price(data.R, nobody(2)));
    expectRanked(data, reg, priced, 1 - 1e-9);
    expect(priced.search).toEqual({ floor: reg, tolerance: 2e-7 });
    expect(priced.upperBound).toBeGreaterThanOrEqual(largest);
    expect(priced.upperBound).toBeLessThanOrEqual(largest * (1 + 1e-5));
    const violating = maxima.filter(({ value }) => value > 1.001 * reg);
    for (const { direction } of violating) {
      expect(priced.violators.some((violator) => dot(violator.direction, direction) > 0.99999)).toBe(true);
    }
  });

  it('leaves large violations to local search, but every ninth time', () => {
    const data = dataOf(15, 12, 3, 2);
    const pricer = exactPricer(data, 0.1, 1e-4);
    expect(pricer.isInstant).toBe(false);
    const asked = Array.from({ length: 18 }, () => run(pricer.price(data.R, nobody(3))).priced.search !== undefined);
    expect(asked).toEqual(Array.from({ length: 18 }, (_, k) => k % 9 === 8));
  });

  it('follows small violations down with its tolerance, above a floor of what was found', () => {
    const data = dataOf(16, 12, 3, 2);
    const largest = run(localPricer(data, 1e-3).price(data.R, nobody(3))).priced.violators[0].value;
    const reg = largest / 1.05;
    const pricer = exactPricer(data, reg, 1e-4);
    const first = run(pricer.price(data.R, nobody(3))).priced;
    const second = run(pricer.price(data.R, nobody(3))).priced;
    expect(first.search?.tolerance).toBe(3e-2);
    expectWithin(second.search?.tolerance ?? 0, 0.1 * 0.05, 1e-6);
    for (const { upperBound, search, violation, nodes } of [first, second]) {
      expectWithin(search?.floor ?? 0, largest, 1e-6 * largest);
      expect(upperBound).toBeGreaterThanOrEqual(largest);
      expect(upperBound).toBeLessThanOrEqual(largest * (1 + (search?.tolerance ?? 0)) * (1 + 1e-9));
      expectWithin(violation, 1.05, 1e-6);
      expect(nodes).toBeGreaterThan(0);
    }
    // never below a fifth of the gap that is aimed at
    const satisfied = exactPricer(data, 1.001 * largest, 1e-2);
    run(satisfied.price(data.R, nobody(3)));
    expect(run(satisfied.price(data.R, nobody(3))).priced.search?.tolerance).toBe(0.2 * 1e-2);
  });
});
