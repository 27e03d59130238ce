/** Grouped certificates within proofs: saved, read, checked against the data. */
import { beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../../src/base/errors.js';
import { Matrix } from '../../../src/base/matrix.js';
import { Random } from '../../../src/base/random.js';
import { init } from '../../../src/engine/load.js';
import { prepareData } from '../../../src/problem/data.js';
import type { GroupedCertificate } from '../../../src/problem/parts/groups.js';
import { noPairs } from '../../../src/problem/parts/multipliers.js';
import { Proof, proofOf } from '../../../src/proof/proof.js';
import { boundOrigin } from '../../../src/proof/verify-proof.js';
import { verifyProofSync } from '../../../src/tasks/verify-proof.js';
import { buildCertificate } from '../../support/grouped.js';
import { groupedFixtures } from '../../support/grouped-fixtures.js';
import { randomMatrix } from '../../support/matrices.js';
import { verifyGroupedCertificate } from '../../support/problem.js';

beforeAll(() => init());

const [, { X, Y, certificate: grouped }] = groupedFixtures();
const { reg } = grouped;
const { lowerBound } = verifyGroupedCertificate(X, Y, grouped);
const claim = (part: GroupedCertificate, claimed = lowerBound): Proof =>
  proofOf(prepareData(X, Y, { reg, bias: false, standardize: false }), { lowerBound: claimed, grouped: part });
const proof = claim(grouped);

/** Of several outputs, groups of one row and of none. */
function several(): { X: Matrix; Y: Matrix; proof: Proof } {
  const random = new Random(9);
  const [X, Y] = [randomMatrix(random, 7, 3), randomMatrix(random, 7, 2)];
  const groups = [[0, 4, 6], [], [2], [1, 3]];
  const certificate = buildCertificate(X, random, { kind: 'signed', groups, direction: Y, reg: 0.4, density: 0.2 });
  const { lowerBound } = verifyGroupedCertificate(X, Y, certificate);
  const data = prepareData(X, Y, { reg: 0.4, bias: false, standardize: false });
  return { X, Y, proof: proofOf(data, { lowerBound, grouped: certificate }) };
}

describe('a saved proof with groups', () => {
  it('comes back to the last bit', () => {
    for (const original of [proof, several().proof]) {
      const copy = Proof.load(original.save());
      expect(copy).toEqual(original);
      expect(copy.save()).toBe(original.save());
    }
  });

  it('holds of M what is read of it', () => {
    const [first, ...rest] = grouped.groups;
    const odd = first.blocks.map(({ M, ...block }) => ({
      ...block,
      M: new Matrix(M.data.with(1, 77), M.rows, M.rows),
    }));
    const asymmetric = claim({ ...grouped, groups: [{ ...first, blocks: odd }, ...rest] });
    expect(asymmetric.checksum).toBe(proof.checksum);
    expect(Proof.load(asymmetric.save())).toEqual(proof);
  });

  it('of groups of four takes a few numbers a row', () => {
    const numbers = grouped.groups.flatMap(({ blocks }) => blocks.map(({ pairs, w, M }) => pairs.value.length + w.length + (M.rows * (M.rows + 1)) / 2)); // biome-ignore format: one line
    expect(proof.save().length).toBeLessThan(13 * numbers.reduce((sum, count) => sum + count, 0) + 1500);
  });

  const good = JSON.parse(proof.save());
  const change = (part: object) => ({ ...good, grouped: { ...good.grouped, ...part } });
  const cone = good.grouped.cones[0];
  const inCone = (part: object) => change({ cones: [{ ...cone, ...part }, good.grouped.cones[1]] });

  it.each<[string, unknown, RegExp]>([
    ['groups that are none', { ...good, grouped: null }, /proof\.grouped: expected an object/],
    ['a cone unknown', change({ cone: 'round' }), /grouped\.cone: is 'round'/],
    ['a fraction of groups', change({ groups: 1.5 }), /grouped\.groups: expected a whole number/],
    ['more groups than matrices', change({ groups: 1e15 }), /cones\[0\]\.M: expected/],
    ['a cone less', change({ cones: [cone] }), /grouped\.cones: has 1 entries/],
    ['cones that are no list', change({ cones: 2 }), /grouped\.cones: expected an array/],
    ['a of another length', change({ a: { ...good.grouped.a, rows: 7 } }), /grouped\.a\.data/],
    ['balance of another length', change({ balance: '' }), /balance: expected 2 numbers/],
    ['length no text', change({ length: [0, 0] }), /grouped\.length/],
    ['rows beyond the last', change({ rows: `////${good.grouped.rows.slice(4)}` }), /grouped\.rows/],
    ['w less by a row', inCone({ w: cone.w.slice(32) }), /grouped\.rows: holds more/],
    ['M less', inCone({ M: cone.M.slice(32) }), /cones\[0\]\.M: expected/],
    ['a value less', inCone({ values: cone.values.slice(32) }), /places: holds more/],
    ['places beyond the last', inCone({ places: `////${cone.places.slice(4)}` }), /places/],
  ])('is refused with %s', (_, json, message) => {
    expect(Proof.fromJSON(good)).toEqual(proof);
    expect(() => Proof.fromJSON(json)).toThrow(InputError);
    expect(() => Proof.fromJSON(json)).toThrow(message);
  });

  it('is refused with another weight decay, or with groups that do not fit', () => {
    expect(() => claim({ ...grouped, reg: 2 * reg })).toThrow(/proof\.grouped\.reg/);
    expect(() => claim({ ...grouped, groups: [grouped.groups[0], grouped.groups[0]] })).toThrow(/groups\[1\]\.rows/);
  });
});

describe('verifyProof', () => {
  it('proves the bound, says from where, in copies too', () => {
    for (const one of [proof, Proof.load(proof.save()), structuredClone({ ...proof })]) {
      expect(verifyProofSync(X, Y, one as Proof)).toMatchObject({
        valid: true,
        lowerBound,
        from: 'relaxation',
        cone: 'signed',
        groupSize: 4,
        grouped: { valid: true, lowerBound },
      });
    }
    const other = several();
    const { valid, cone, groupSize } = verifyProofSync(other.X, other.Y, other.proof);
    expect([valid, cone, groupSize]).toEqual([true, 'signed', 3]);
  });

  it('on mapped columns', () => {
    const random = new Random(10);
    const [raw, Y] = [randomMatrix(random, 6, 2), randomMatrix(random, 6, 1)];
    const data = prepareData(raw, Y, { reg: 0.4, bias: true, standardize: true });
    const options = { kind: 'signed' as const, groups: [[0, 2, 4], [1, 3, 5]], direction: Y, reg: 0.4, density: 0.1 }; // biome-ignore format: one line
    const certificate = buildCertificate(data.problem.X, random, options);
    const { lowerBound } = verifyGroupedCertificate(data.problem.X, Y, certificate);
    expect(lowerBound).toBeGreaterThan(0);
    const { valid, lowerBound: proved } = verifyProofSync(raw, Y, proofOf(data, { lowerBound, grouped: certificate }));
    expect([valid, proved]).toEqual([true, lowerBound]);
  });

  it('notices what was altered, and a claim that is too high', () => {
    const json = JSON.parse(proof.save());
    json.grouped.cones[1].w = json.grouped.cones[0].w;
    expect(verifyProofSync(X, Y, Proof.fromJSON(json))).toMatchObject({
      valid: false,
      lowerBound: 0,
      reason: /altered/,
    });
    const higher = verifyProofSync(X, Y, claim(grouped, 1.01 * lowerBound));
    expect(higher).toMatchObject({ valid: false, lowerBound, from: 'relaxation', cone: 'signed' });
    expect(verifyProofSync(X, Y, claim({ ...grouped, cone: 'signed', groups: [] })).valid).toBe(false);
  });

  it('finds every number of the certificate under the checksum', () => {
    const { checksum } = proof;
    const [group] = grouped.groups;
    const [block] = group.blocks;
    const other = (part: object): GroupedCertificate => ({ ...grouped, ...part });
    const inGroup = (part: object) => other({ groups: [{ ...group, ...part }, grouped.groups[1]] });
    const inBlock = (part: object) => inGroup({ blocks: [{ ...block, ...part }, group.blocks[1]] });
    const { pairs } = block;
    const changes = [
      other({ a: new Matrix(grouped.a.data.with(0, 1), 8, 1) }),
      other({ balance: grouped.balance.with(1, 1) }),
      other({ length: grouped.length.with(1, 1) }),
      other({ groups: [group] }),
      inBlock({ w: block.w.with(3, 1) }),
      inBlock({ M: new Matrix(block.M.data.with(3, 1), 3, 3) }),
      inBlock({ pairs: { ...pairs, value: pairs.value.with(0, 1) } }),
      inBlock({ pairs: noPairs() }),
    ];
    for (const change of changes) expect(claim(change).checksum).not.toBe(checksum);
  });

  it('says a grouped certificate whose rows do not fit the data in words', () => {
    const smaller = { ...grouped, a: Matrix.zeros(9, 1) };
    const { valid, reason } = verifyProofSync(X, Y, claim(smaller));
    expect(valid).toBe(false);
    expect(reason).toMatch(/certificate\.a: is 9×1/);
  });
});

describe('the origin of the best bound', () => {
  const parts = { relaxation: { reg, a: grouped.a, pairs: noPairs(), w: new Float64Array(8) }, grouped, exact: { reg, a: grouped.a, floor: 1, tolerance: 1 } }; // biome-ignore format: one line
  const origin = (relaxation: number, own: number, exact: number) =>
    boundOrigin(parts, { relaxation, grouped: own, exact });

  it('is the part that proves most', () => {
    expect(origin(1, 2, 3)).toEqual({ from: 'exact' });
    expect(origin(1, 3, 3)).toEqual({ from: 'relaxation', cone: 'signed', groupSize: 4 });
    expect(origin(3, 3, 2)).toEqual({ from: 'norms' });
    expect(boundOrigin({ grouped }, { relaxation: 0, grouped: 1, exact: 2 })).toMatchObject({ cone: 'signed' });
  });

  it('is the lengths of the rows where groups have no multipliers', () => {
    const bare = grouped.groups.map(({ rows, blocks }) => ({ rows, blocks: blocks.map((block) => ({ ...block, pairs: noPairs() })) })); // biome-ignore format: one line
    expect(boundOrigin({ grouped: { ...grouped, groups: bare } }, { relaxation: 0, grouped: 1, exact: 0 })).toEqual({ from: 'norms' }); // biome-ignore format: one line
  });
});
