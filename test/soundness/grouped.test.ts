/**
 * Forged grouped certificates, every part damaged, on data with degenerate rows and of every size: what is proved of a may never be less than
 * what a reaches, in exact arithmetic. FORGED_PROOFS=100000 makes it a long run.
 */
import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { timesPowerOfTwo } from '../../src/base/round-off.js';
import { CONE_KINDS, conesOf } from '../../src/problem/parts/cone.js';
import type { GroupBlock, GroupedCertificate } from '../../src/problem/parts/groups.js';
import { boundGroups } from '../../src/proof/grouped/verify-grouped.js';
import { claimIsCovered, outputSquared } from '../proof/exact-checker.js';
import { Rational } from '../proof/rational.js';
import { buildCertificate, scaleCertificate } from '../support/grouped.js';
import { groupedFixtures } from '../support/grouped-fixtures.js';
import { everyPair } from '../support/pairs.js';
import { verifyGroupedCertificate } from '../support/problem.js';
import { promisingDirections } from './directions.js';

const TRIALS = Number(process.env.FORGED_PROOFS ?? 250);
/** Tests of a long run take as long as they take. */
const LIMIT_MS = 240_000 + 200 * TRIALS;

interface Case {
  readonly X: Matrix;
  readonly Y: Matrix;
  readonly certificate: GroupedCertificate;
}

/** A certificate that is feasible for its data: one that is nearly optimal, or one made at random for degenerate rows. */
function genuine(random: Random): Case {
  if (random.uniform() < 0.4) return groupedFixtures()[random.integer(3)];
  const [n, d, c] = [1 + random.integer(6), 1 + random.integer(3), 1 + random.integer(3)];
  const X = degenerate(random, n, d);
  const Y = new Matrix(random.fillNormal(new Float64Array(n * c)), n, c);
  const count = 1 + random.integer(n);
  const places = Array.from({ length: n }, () => random.integer(count));
  const groups = Array.from({ length: count }, (_, g) => [...places.keys()].filter((i) => places[i] === g));
  const kind = CONE_KINDS[random.integer(2)];
  const options = { kind, groups, direction: Y, reg: 0.5 + random.uniform(), density: 0.3 * random.uniform() };
  return { X, Y, certificate: buildCertificate(X, random, options) };
}

/** Normal rows, some of them zero, parallel, antiparallel or equal to another, long or short. */
function degenerate(random: Random, n: number, d: number): Matrix {
  const X = new Matrix(random.fillNormal(new Float64Array(n * d)), n, d);
  for (let i = 0; i < n; i++) {
    const kind = random.integer(10);
    const other = X.row(random.integer(n)).slice();
    if (kind === 0) X.row(i).fill(0);
    if (kind === 1) X.row(i).set(other);
    if (kind === 2) X.row(i).set(other.map((x) => -x));
    if (kind === 3) X.row(i).set(other.map((x) => (x * 2) / 3));
    if (kind === 4) X.row(i).set(other.map((x) => x * (1 + 1e-12 * random.normal())));
    if (kind === 5) X.row(i).set(other.map((x) => x * 10 ** (16 * random.uniform() - 8)));
  }
  return X;
}

const changed = (M: Matrix, change: (x: number, k: number) => number): Matrix =>
  new Matrix(M.data.map(change), M.rows, M.columns);

type Damage = (given: Case, random: Random) => Case;

const certificateWith =
  (change: (certificate: GroupedCertificate, random: Random) => Partial<GroupedCertificate>): Damage =>
  (given, random) => ({ ...given, certificate: { ...given.certificate, ...change(given.certificate, random) } });

const blocksWith = (change: (block: GroupBlock, random: Random) => Partial<GroupBlock>): Damage =>
  certificateWith(({ groups }, random) => ({
    groups: groups.map(({ rows, blocks }) => ({
      rows,
      blocks: blocks.map((block) => (random.uniform() < 0.7 ? { ...block, ...change(block, random) } : block)),
    })),
  }));

const wild = (random: Random): number => random.normal() * 10 ** (8 * random.uniform() - 4);
const slightly = (random: Random): number => 1 + random.normal() * 10 ** (-15 * random.uniform());

const DAMAGES: Readonly<Record<string, Damage>> = {
  nothing: (given) => given,
  'a × t': certificateWith(({ a }, random) => {
    const t = [0.5, 0.999999, 1 + 1e-13, 1.000001, 1.1, 2, 100, -1][random.integer(8)];
    return { a: changed(a, (x) => t * x) };
  }),
  'a with noise': certificateWith(({ a }, random) => ({ a: changed(a, (x) => x * slightly(random)) })),
  'a anything': certificateWith(({ a }, random) => ({ a: changed(a, () => wild(random)) })),
  'multipliers × t': blocksWith(({ pairs, w, M }, random) => {
    const t = slightly(random) * [0.5, 1, 2][random.integer(3)];
    const scaled = (values: Float64Array): Float64Array => values.map((x) => t * x);
    return { pairs: { ...pairs, value: scaled(pairs.value) }, w: scaled(w), M: changed(M, (x) => t * x) };
  }),
  'values with noise': blocksWith(({ pairs }, random) => ({ pairs: { ...pairs, value: pairs.value.map((x) => x * slightly(random)) } })), // biome-ignore format: one line
  'values negative': blocksWith(({ pairs }) => ({ pairs: { ...pairs, value: pairs.value.map((x) => -x) } })),
  'values anything': blocksWith(({ pairs }, random) => ({ pairs: { ...pairs, value: pairs.value.map(() => Math.abs(wild(random))) } })), // biome-ignore format: one line
  'values shuffled': blocksWith(({ pairs }, random) => {
    const order = random.permutation(pairs.value.length);
    return { pairs: { ...pairs, value: pairs.value.map((_, k) => pairs.value[order[k]]) } };
  }),
  'all pairs': (given, random) =>
    certificateWith(({ groups, cone, a }) => ({
      groups: groups.map(({ rows, blocks }) => ({
        rows,
        blocks: conesOf(cone, a.columns).map(({ forms, radius }, k) => {
          const count = (radius < 0 ? 2 : 3) * rows.length + forms.rows;
          const size = Math.abs(wild(random));
          return { ...blocks[k], pairs: everyPair(count, () => size * random.normal()) };
        }),
      })),
    }))(given, random),
  'w with noise': blocksWith(({ w }, random) => ({ w: w.map((x) => x * slightly(random)) })),
  'w = 0': blocksWith(({ w }) => ({ w: w.map(() => 0) })),
  '−w': blocksWith(({ w }) => ({ w: w.map((x) => -x) })),
  'w anything': blocksWith(({ w }, random) => ({ w: w.map(() => wild(random)) })),
  'M × t': blocksWith(({ M }, random) => {
    const t = slightly(random) * [0.5, 1, 2][random.integer(3)];
    return { M: changed(M, (x) => t * x) };
  }),
  'M with noise': blocksWith(({ M }, random) => ({ M: changed(M, (x) => x * slightly(random)) })),
  'M with a larger diagonal': blocksWith(({ M }, random) => {
    const size = Math.abs(wild(random));
    return { M: changed(M, (x, k) => (k % (M.columns + 1) === 0 ? x + size : x)) };
  }),
  'M anything': blocksWith(({ M }, random) => ({ M: changed(M, () => wild(random)) })),
  'M = 0': blocksWith(({ M }) => ({ M: changed(M, () => 0) })),
  'M huge': blocksWith(({ M }, random) => ({ M: changed(M, (x) => x * 10 ** (300 * random.uniform())) })),
  balance: certificateWith(({ balance }, random) => ({ balance: balance.map((x) => x + wild(random)) })),
  'balance huge': certificateWith(({ balance }, random) => ({ balance: balance.map(() => wild(random) * 1e300) })),
  length: certificateWith(({ length }, random) => ({ length: length.map((x) => x + wild(random)) })),
  'balance and M along it': certificateWith(({ balance, groups, cone, a }, random) => {
    const cones = conesOf(cone, a.columns);
    const by = wild(random);
    const moved = (M: Matrix, k: number): Matrix =>
      changed(M, (x, at) => {
        const [i, e] = [at / (M.columns + 1), cones[k].outputs.columns];
        if (!Number.isInteger(i)) return x;
        return i < M.rows - e ? x + by : i === M.rows - e + cones[k].radius ? x - by : x;
      });
    return {
      balance: balance.map((x) => x + by * groups.length),
      groups: groups.map(({ rows, blocks }) => ({ rows, blocks: blocks.map((block, k) => ({ ...block, M: moved(block.M, k) })) })), // biome-ignore format: one line
    };
  }),
  'a group is missing': certificateWith(({ groups }, random) => ({
    groups: groups.filter(() => random.uniform() < 0.6),
  })),
  'blocks change cones': certificateWith(({ groups }) => ({ groups: groups.map(({ rows, blocks }) => ({ rows, blocks: blocks.toReversed() })) })), // biome-ignore format: one line
  'reg × t': certificateWith(({ reg }, random) => ({ reg: reg * [0.5, slightly(random), 3][random.integer(3)] })),
  'other rows': (given, random) => ({ ...given, X: degenerate(random, given.X.rows, given.X.columns) }),
  'rows moved a little': (given, random) => ({ ...given, X: changed(given.X, (x) => x * slightly(random)) }),
  'a row twice, turned round or zero': (given, random) => {
    const X = given.X.clone();
    const [from, to] = [random.integer(X.rows), random.integer(X.rows)];
    const t = [1, -1, 0, 1e-9, 1e9][random.integer(5)];
    X.row(to).set(X.row(from).map((x) => t * x));
    return { ...given, X };
  },
};

/** By powers of two, so that what was near optimal stays so; numbers that overflow are cut, those that underflow are lost. */
function rescale({ X, Y, certificate }: Case, random: Random): Case {
  const size = (): number => Math.round(random.normal() * 40 * 10 ** random.uniform());
  const [ofX, ofY] = random.uniform() < 0.5 ? [0, 0] : [size(), size()];
  const cut = (x: number): number => Math.max(-1e300, Math.min(1e300, x));
  const scaled = (M: Matrix, exponent: number): Matrix => changed(M, (x) => cut(timesPowerOfTwo(x, exponent)));
  const all = scaleCertificate(certificate, ofX, ofY);
  return {
    X: scaled(X, ofX),
    Y: scaled(Y, ofY),
    certificate: {
      ...all,
      reg: Math.max(Number.MIN_VALUE, Math.min(1e300, all.reg)),
      a: changed(all.a, cut),
      balance: all.balance.map(cut),
      length: all.length.map(cut),
      groups: all.groups.map(({ rows, blocks }) => ({
        rows,
        blocks: blocks.map(({ pairs, w, M }) => ({
          pairs: { ...pairs, value: pairs.value.map(cut) },
          w: w.map(cut),
          M: changed(M, cut),
        })),
      })),
    },
  };
}

/** Directions that are tried exactly. */
const CANDIDATES = 6;

/** Those of the promising directions with the largest outputs, before the data are rescaled. */
function bestDirections({ X, certificate: { a } }: Case): Rational[][] {
  const valued = promisingDirections(X, a).map((u) => {
    const x = u.map((entry) => entry.toNumber());
    const outputs = new Float64Array(a.columns);
    for (let i = 0; i < X.rows; i++) {
      const active = Math.max(0, X.row(i).reduce((sum, entry, k) => sum + entry * x[k], 0)); // biome-ignore format: one line
      for (let k = 0; k < a.columns; k++) outputs[k] += a.get(i, k) * active;
    }
    return { u, value: Math.hypot(...outputs) / Math.hypot(...x) };
  });
  return valued.sort((p, q) => q.value - p.value).slice(0, CANDIDATES).map(({ u }) => u); // biome-ignore format: one line
}

/** A number that ‖aᵀ(Xu)₊‖² reaches for a unit u: near its maximum for up to three columns. */
function reachedSquare({ X, certificate: { a } }: Case, directions: readonly Rational[][]): Rational {
  let largest = Rational.zero;
  for (const u of directions) {
    const square = outputSquared(X, a, u);
    if (largest.atMost(square)) largest = square;
  }
  return largest;
}

describe('forged grouped certificates claim no more than their dual point can', () => {
  const names = Object.keys(DAMAGES);

  it('whatever was done to them', { timeout: LIMIT_MS }, () => {
    let [positive, tight] = [0, 0];
    for (let seed = 0; seed < TRIALS; seed++) {
      const random = new Random(7000 + seed);
      const name = names[seed % names.length];
      const damaged = DAMAGES[name](genuine(random), random);
      const forged = rescale(damaged, random);
      const { X, Y, certificate } = forged;
      const label = `seed ${seed}, ${name}`;
      const reached = reachedSquare(forged, bestDirections(damaged));
      const { ratio } = boundGroups(X, certificate);
      if (Number.isFinite(ratio)) {
        const B = Rational.of(certificate.reg).times(Rational.of(ratio));
        expect(reached.atMost(B.square()), `ratio ${ratio}, ${label}`).toBe(true);
        if (B.times(Rational.of(0.9)).square().atMost(reached)) tight++;
      }
      const { lowerBound } = verifyGroupedCertificate(X, Y, certificate);
      expect(claimIsCovered(lowerBound, certificate.a, Y, certificate.reg, reached), `${lowerBound}, ${label}`).toBe(
        true,
      );
      if (lowerBound > 0) positive++;
    }
    expect(positive).toBeGreaterThan(TRIALS / 4);
    // certificates so good that any slip in the check would show
    expect(tight).toBeGreaterThan(TRIALS / 20);
  });
});
