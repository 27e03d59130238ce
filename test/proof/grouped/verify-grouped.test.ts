import { beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../../src/base/errors.js';
import { Matrix } from '../../../src/base/matrix.js';
import { Random } from '../../../src/base/random.js';
import { timesPowerOfTwo } from '../../../src/base/round-off.js';
import { init } from '../../../src/engine/load.js';
import type { GroupBlock, GroupedCertificate } from '../../../src/problem/parts/groups.js';
import { noPairs } from '../../../src/problem/parts/multipliers.js';
import { boundGroups, largestGroup } from '../../../src/proof/grouped/verify-grouped.js';
import { growNetworkSync } from '../../../src/tasks/grow-network.js';
import { solveRelaxationSync } from '../../../src/tasks/solve-relaxation.js';
import { buildCertificate, scaleCertificate } from '../../support/grouped.js';
import { type GroupedFixture, groupedFixtures } from '../../support/grouped-fixtures.js';
import { diagonal, randomMatrix } from '../../support/matrices.js';
import { verifyCertificate, verifyGroupedCertificate } from '../../support/problem.js';
import { expectWithin } from '../../support/tolerance.js';

beforeAll(() => init());

const bound = ({ X, Y }: GroupedFixture, certificate: GroupedCertificate) =>
  verifyGroupedCertificate(X, Y, certificate);

/** The certificate with one block replaced. */
function withBlock(
  certificate: GroupedCertificate,
  g: number,
  k: number,
  block: Partial<GroupBlock>,
): GroupedCertificate {
  const groups = certificate.groups.map(({ rows, blocks }, at) => ({
    rows,
    blocks: blocks.map((own, cone) => (at === g && cone === k ? { ...own, ...block } : own)),
  }));
  return { ...certificate, groups };
}

describe.each(groupedFixtures())('a certificate found by another implementation, $name', (fixture) => {
  const { X, Y, certificate, lower, upper } = fixture;

  it('proves the bound that was stated, to round-off', () => {
    const { lowerBound, slack, valid } = bound(fixture, certificate);
    expect(valid).toBe(true);
    expect(slack).toBeLessThan(1e-12);
    expectWithin(lowerBound, lower, 1e-11 * lower);
    expect(lowerBound).toBeLessThanOrEqual(upper);
  });

  it('proves no more than the best network reaches, and nearly as much', () => {
    const { loss } = growNetworkSync(X, Y, { reg: certificate.reg });
    const { lowerBound } = bound(fixture, certificate);
    expect(lowerBound).toBeLessThanOrEqual(loss);
    expect(lowerBound).toBeGreaterThan(0.98 * loss);
  });

  it('proves the same at any scale of the data', () => {
    const { lowerBound, slack } = bound(fixture, certificate);
    const scaled = (M: Matrix, exponent: number): Matrix =>
      new Matrix(
        M.data.map((x) => timesPowerOfTwo(x, exponent)),
        M.rows,
        M.columns,
      );
    for (const [ofX, ofY] of [
      [40, 0],
      [0, -30],
      [-400, 100],
      [450, 400],
      [-450, -400],
      [300, -500],
    ]) {
      // biome-ignore format: one line
      const other = verifyGroupedCertificate(scaled(X, ofX), scaled(Y, ofY), scaleCertificate(certificate, ofX, ofY));
      expect(other.slack).toBe(slack);
      const expected = timesPowerOfTwo(lowerBound, 2 * ofY);
      if (expected > 1e-290) expect(other.lowerBound).toBe(expected);
    }
  });

  it('claims a little less for each digit that is taken from it', () => {
    const { lowerBound } = bound(fixture, certificate);
    for (const digits of [4, 6, 8]) {
      const rounded = (values: Float64Array): Float64Array => values.map((x) => Number(x.toPrecision(digits)));
      const [{ pairs, w, M }] = certificate.groups[0].blocks;
      const changed = withBlock(certificate, 0, 0, {
        pairs: { ...pairs, value: rounded(pairs.value) },
        w: rounded(w),
        M: new Matrix(rounded(M.data), M.rows, M.columns),
      });
      const { lowerBound: less, slack } = bound(fixture, changed);
      expect(slack).toBeLessThan(10 ** (2 - digits));
      expect(less).toBeGreaterThan((1 - 10 ** (2 - digits)) * lowerBound);
    }
  });

  it('is needed in each of its parts', () => {
    const { slack } = boundSlack(fixture, certificate);
    const [{ pairs, w, M }] = certificate.groups[0].blocks;
    const worse: [string, GroupedCertificate][] = [
      ['pairs', withBlock(certificate, 0, 0, { pairs: noPairs() })],
      ['values', withBlock(certificate, 0, 0, { pairs: { ...pairs, value: pairs.value.map((x) => -x) } })],
      ['w', withBlock(certificate, 0, 0, { w: w.map((x) => x / 2) })],
      [
        'M',
        withBlock(certificate, 0, 0, {
          M: new Matrix(
            M.data.map((x) => 0.9 * x),
            M.rows,
            M.columns,
          ),
        }),
      ],
      ['Σ M', withBlock(certificate, 0, 1, { M: new Matrix(M.data.map((x, k) => (k === 0 ? x + 0.1 : x)), M.rows, M.columns) })], // biome-ignore format: one line
      ['balance', { ...certificate, balance: certificate.balance.map((x) => x + 0.1) }],
      [
        'a',
        {
          ...certificate,
          a: new Matrix(
            certificate.a.data.map((x) => 1.01 * x),
            X.rows,
            1,
          ),
        },
      ],
    ];
    for (const [part, damaged] of worse) {
      expect(boundSlack(fixture, damaged).slack, part).toBeGreaterThan(slack + 1e-5);
    }
  });
});

/** Without the bound by the rows' lengths. */
function boundSlack({ X }: GroupedFixture, certificate: GroupedCertificate): { slack: number } {
  return { slack: boundGroups(X, certificate).ratio - 1 };
}

describe('certificates made without a solver', () => {
  const random = new Random(51);
  const cases = Array.from({ length: 24 }, (_, trial) => {
    const [n, d, c] = [2 + random.integer(7), 1 + random.integer(4), 1 + random.integer(3)];
    const [X, Y] = [randomMatrix(random, n, d), randomMatrix(random, n, c)];
    const count = 1 + random.integer(3);
    const places = Array.from({ length: n }, () => random.integer(count));
    const groups = Array.from({ length: count }, (_, g) => [...places.keys()].filter((i) => places[i] === g));
    const kind = trial % 2 === 0 ? ('signed' as const) : ('free' as const);
    const certificate = buildCertificate(X, random, { kind, groups, direction: Y, reg: 0.1, density: 0.1 });
    return { name: `${n} rows, ${d} columns, ${c} outputs, ${count} groups, ${kind}`, X, Y, certificate };
  });

  it.each(cases)('prove that a is feasible: $name', ({ X, Y, certificate }) => {
    expect(boundGroups(X, certificate).ratio).toBeLessThan(1 + 1e-12);
    const { lowerBound, slack, valid } = verifyGroupedCertificate(X, Y, certificate);
    expect(slack).toBeLessThan(1e-12);
    expect(valid).toBe(true);
    expect(lowerBound).toBeLessThanOrEqual(growNetworkSync(X, Y, { reg: certificate.reg }).loss);
  });
});

describe('the free cone in one group', () => {
  it.each([
    [6, 2, 1],
    [8, 3, 2],
    [10, 4, 3],
    [7, 3, 1],
  ])('agrees with the present certificate: %i×%i, %i outputs', (n, d, c) => {
    // biome-ignore format: one line
    const random = new Random(n);
    const [X, Y] = [randomMatrix(random, n, d), randomMatrix(random, n, c)];
    const reg = 0.3;
    const { proof, lowerBound } = solveRelaxationSync(X, Y, { reg, tolerance: 1e-6 });
    const certificate = proof.relaxation!;
    const half = (values: Float64Array): Float64Array => values.map((x) => (reg / 2) * x);
    const M = Matrix.zeros(d + c, d + c);
    for (let k = 0; k < d + c; k++) M.set(k, k, reg / 2);
    const { a, pairs, w } = certificate;
    const block = { pairs: { ...pairs, value: half(pairs.value) }, w: half(w), M };
    const groups = [{ rows: Int32Array.from({ length: n }, (_, i) => i), blocks: [block] }];
    const one = new Float64Array(1);
    const grouped = verifyGroupedCertificate(X, Y, { reg, cone: 'free', a, balance: one, length: one, groups });
    const present = verifyCertificate(X, Y, certificate);
    expect(lowerBound).toBe(present.lowerBound);
    expect(grouped.valid).toBe(true);
    expectWithin(grouped.lowerBound, present.lowerBound, 1e-9 * present.lowerBound);
  });
});

describe('what proves nothing counts as zero', () => {
  const [fixture] = groupedFixtures();
  const { certificate } = fixture;
  const { lowerBound } = bound(fixture, certificate);
  const [{ pairs }] = certificate.groups[0].blocks;

  /** The pairs with one more. */
  function and(i: number, j: number, value: number) {
    const all = [...pairs.value.keys()].map((k) => [pairs.i[k], pairs.j[k], pairs.value[k]]);
    all.push([i, j, value]);
    all.sort((p, q) => p[0] - q[0] || p[1] - q[1]);
    return {
      i: Int32Array.from(all, ([p]) => p),
      j: Int32Array.from(all, ([, q]) => q),
      value: Float64Array.from(all, ([, , x]) => x),
    };
  }

  it('complementary pairs and values that are not positive', () => {
    expect(bound(fixture, withBlock(certificate, 0, 0, { pairs: and(9, 1, 1e6) })).lowerBound).toBe(lowerBound);
    for (const value of [0, -0, -1, -1e300]) {
      expect(bound(fixture, withBlock(certificate, 0, 0, { pairs: and(20, 18, value) })).lowerBound).toBe(lowerBound);
    }
    expect(bound(fixture, withBlock(certificate, 0, 0, { pairs: and(20, 18, 1e6) })).lowerBound).toBeLessThan(
      lowerBound,
    );
  });

  it('what stands above the diagonal of M', () => {
    const [{ M }] = certificate.groups[0].blocks;
    const changed = new Matrix(
      M.data.map((x, k) => (k === 1 ? 1e6 : x)),
      M.rows,
      M.columns,
    );
    expect(bound(fixture, withBlock(certificate, 0, 0, { M: changed })).lowerBound).toBe(lowerBound);
  });

  it('multipliers of equalities where there are none', () => {
    const X = new Matrix(Float64Array.of(1, 2), 2, 1);
    const free = buildCertificate(X, new Random(1), { kind: 'free', groups: [[0, 1]], direction: X, reg: 1, density: 0.2 }); // biome-ignore format: one line
    const ratio = (certificate: GroupedCertificate): number => boundGroups(X, certificate).ratio;
    expect(ratio({ ...free, balance: Float64Array.of(7), length: Float64Array.of(-7) })).toBe(ratio(free));
    expect(ratio({ ...certificate, ...free })).toBe(ratio(free));
  });

  it('everything, where one number is none', () => {
    const { X, Y } = fixture;
    const bad = (values: Float64Array, value: number): Float64Array => values.with(values.length - 1, value);
    const [{ w, M }] = certificate.groups[0].blocks;
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (const damaged of [
        { ...certificate, a: new Matrix(bad(certificate.a.data, value), X.rows, 1) },
        { ...certificate, balance: bad(certificate.balance, value) },
        { ...certificate, length: bad(certificate.length, value) },
        withBlock(certificate, 0, 1, { w: bad(w, value) }),
        withBlock(certificate, 0, 1, { M: new Matrix(bad(M.data, value), M.rows, M.columns) }),
        withBlock(certificate, 0, 0, { pairs: { ...pairs, value: bad(pairs.value, value) } }),
      ]) {
        expect(verifyGroupedCertificate(X, Y, damaged)).toEqual({ lowerBound: 0, slack: Number.POSITIVE_INFINITY, valid: false }); // biome-ignore format: one line
      }
    }
  });
});

describe('rows that no multiplier speaks for', () => {
  it('pay their lengths, whether in no group or in one without multipliers', () => {
    const [, fixture] = groupedFixtures();
    const { X, certificate } = fixture;
    const before = boundGroups(X, certificate);
    const [first, second] = certificate.groups;
    const cost = (rows: Iterable<number>): number =>
      [...rows].reduce((sum, i) => sum + Math.abs(certificate.a.get(i, 0)) * Math.hypot(...X.row(i)), 0) / certificate.reg; // biome-ignore format: one line
    const missing = boundGroups(X, { ...certificate, groups: [first] });
    expect(missing.ratio - missing.withoutMerging).toBeGreaterThanOrEqual(cost(second.rows));
    expectWithin(missing.ratio - missing.withoutMerging, cost(second.rows), 1e-12);
    const order = X.columns + 1;
    const silent = { pairs: noPairs(), w: new Float64Array(4) };
    const group = (M: Matrix) => ({ ...second, blocks: second.blocks.map(() => ({ ...silent, M })) });
    const ratioWith = (M: Matrix): number => boundGroups(X, { ...certificate, groups: [first, group(M)] }).ratio;
    expectWithin(ratioWith(Matrix.zeros(order, order)), missing.ratio, 1e-12);
    const shared = diagonal(new Array(order).fill(0.01 * certificate.reg));
    expect(ratioWith(shared)).toBeGreaterThanOrEqual(before.ratio + cost(second.rows));
  });

  it('cost nothing when they are zero, in a group or not', () => {
    const [fixture] = groupedFixtures();
    const { X, certificate } = fixture;
    const { ratio } = boundGroups(X, certificate);
    const more = (M: Matrix, value: number): Matrix =>
      new Matrix(Float64Array.of(...M.data, ...new Array<number>(M.columns).fill(value)), M.rows + 1, M.columns);
    const wider = { ...certificate, a: more(certificate.a, 100) };
    expectWithin(boundGroups(more(X, 0), wider).ratio, ratio, 1e-14);
    const own = { rows: Int32Array.of(8), blocks: certificate.groups[0].blocks.map(({ M }) => ({ pairs: { i: Int32Array.of(2), j: Int32Array.of(0), value: Float64Array.of(3) }, w: Float64Array.of(-5), M: Matrix.zeros(M.rows, M.rows) })) }; // biome-ignore format: one line
    expectWithin(boundGroups(more(X, 0), { ...wider, groups: [...certificate.groups, own] }).ratio, ratio, 1e-14);
  });

  it('nothing at all proves the bound by lengths, and a = 0 its claim of 0', () => {
    const [{ X, Y, certificate }] = groupedFixtures();
    const small = {
      ...certificate,
      a: new Matrix(
        Y.data.map((y) => 1e-2 * y),
        X.rows,
        1,
      ),
      groups: [],
    };
    const { lowerBound, valid } = verifyGroupedCertificate(X, Y, small);
    expect(lowerBound).toBeGreaterThan(0);
    expect(valid).toBe(true);
    const zero = { ...small, a: Matrix.zeros(X.rows, 1) };
    expect(verifyGroupedCertificate(X, Y, zero)).toEqual({ lowerBound: 0, slack: 0, valid: true });
  });
});

describe('a certificate that cannot be read is refused', () => {
  const [{ X, Y, certificate }, two] = groupedFixtures();
  const [group] = certificate.groups;
  const [block] = group.blocks;
  const change = (part: object): unknown => ({ ...certificate, ...part });
  const inGroup = (part: object): unknown => change({ groups: [{ ...group, ...part }] });
  const inBlock = (part: object): unknown => inGroup({ blocks: [{ ...block, ...part }, block] });

  it.each<[string, string, unknown]>([
    ['nothing', 'certificate', null],
    ['no reg', 'certificate.reg', change({ reg: 0 })],
    ['reg no number', 'certificate.reg', change({ reg: '1' })],
    ['a cone unknown', 'certificate.cone', change({ cone: 'toString' })],
    ['a of another shape', 'certificate.a', change({ a: Matrix.zeros(8, 2) })],
    ['a no matrix', 'certificate.a.data', change({ a: { rows: 8, columns: 1, data: new Array(8).fill(0) } })],
    ['balance of another length', 'certificate.balance', change({ balance: new Float64Array(1) })],
    ['length missing', 'certificate.length', change({ length: undefined })],
    ['groups no list', 'certificate.groups', change({ groups: {} })],
    ['a group that is none', 'certificate.groups[0]', change({ groups: [1] })],
    ['rows no array', 'certificate.groups[0].rows', inGroup({ rows: [0, 1] })],
    ['a row beyond the last', 'certificate.groups[0].rows', inGroup({ rows: group.rows.with(7, 8) })],
    ['a negative row', 'certificate.groups[0].rows', inGroup({ rows: group.rows.with(0, -1) })],
    ['rows that descend', 'certificate.groups[0].rows', inGroup({ rows: group.rows.toReversed() })],
    ['a row twice in a group', 'certificate.groups[0].rows', inGroup({ rows: group.rows.with(1, 0) })],
    ['a row in two groups', 'certificate.groups[1].rows', change({ groups: [group, two.certificate.groups[0]] })],
    ['blocks missing', 'certificate.groups[0].blocks', inGroup({ blocks: undefined })],
    ['a block too few', 'certificate.groups[0].blocks', inGroup({ blocks: [block] })],
    ['a block that is none', 'certificate.groups[0].blocks[1]', inGroup({ blocks: [block, 1] })],
    ['pairs missing', 'certificate.groups[0].blocks[0].pairs', inBlock({ pairs: undefined })],
    ['a pair beyond the last form', 'certificate.groups[0].blocks[0].pairs', inBlock({ pairs: { i: Int32Array.of(25), j: Int32Array.of(0), value: Float64Array.of(1) } })], // biome-ignore format: one line
    ['a pair twice', 'certificate.groups[0].blocks[0].pairs', inBlock({ pairs: { i: Int32Array.of(3, 3), j: Int32Array.of(0, 0), value: Float64Array.of(1, 1) } })], // biome-ignore format: one line
    ['w of another length', 'certificate.groups[0].blocks[0].w', inBlock({ w: new Float64Array(9) })],
    ['M of another order', 'certificate.groups[0].blocks[0].M', inBlock({ M: Matrix.zeros(4, 4) })],
  ])('%s', (_, argument, damaged) => {
    expect(() => verifyGroupedCertificate(X, Y, certificate)).not.toThrow();
    const check = () => verifyGroupedCertificate(X, Y, damaged as GroupedCertificate);
    expect(check).toThrow(InputError);
    expect(check).toThrow(expect.objectContaining({ argument }));
  });

  it('as are data of no shape', () => {
    expect(() => verifyGroupedCertificate([], [], certificate)).toThrow(InputError);
    expect(() => verifyGroupedCertificate(X, Matrix.zeros(7, 1), certificate)).toThrow(InputError);
  });
});

it('the largest group is told', () => {
  expect(groupedFixtures().map(({ certificate }) => largestGroup(certificate))).toEqual([8, 4, 4]);
});
