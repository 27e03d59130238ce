/** A proof is valid for the data and the problem that it is about, and for nothing else. */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/base/errors.js';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { prepareData } from '../../src/problem/data.js';
import type { Targets } from '../../src/problem/targets.js';
import { zeroCertificate } from '../../src/problem/zero-network.js';
import { Proof, proofOf } from '../../src/proof/proof.js';
import { checksumOf, type ProofParts } from '../../src/proof/proof-parts.js';
import { boundOfCertificate } from '../../src/proof/verify.js';
import { growNetworkSync } from '../../src/tasks/grow-network.js';
import { solveRelaxationSync } from '../../src/tasks/solve-relaxation.js';
import { type AnyProof, verifyProof, verifyProofSync } from '../../src/tasks/verify-proof.js';
import { randomMatrix } from '../support/matrices.js';

const REG = 0.1;
const X = randomMatrix(new Random(1), 12, 3);
X.data.forEach((x, k) => {
  X.data[k] = 5 * x + 2;
});
const Y = randomMatrix(new Random(2), 12, 2);
const labels = Array.from({ length: 12 }, (_, i) => ['red', 'green', 'blue'][i % 3]);

interface Shape {
  readonly bias: boolean;
  readonly standardize: boolean;
}

/** A genuine proof with both kinds of bound. */
function prove(targets: Targets, { bias, standardize }: Shape, kinds = { relaxation: true, exact: true }): Proof {
  const data = prepareData(X, targets, { reg: REG, bias, standardize });
  const relaxation = solveRelaxationSync(X, targets, { reg: REG, bias, standardize });
  const grown = growNetworkSync(X, targets, { reg: REG, bias, standardize, tolerance: 1e-4 });
  const bounds = [
    ...(kinds.relaxation ? [relaxation.lowerBound] : []),
    ...(kinds.exact ? [grown.lowerBound as number] : []),
  ];
  return proofOf(data, {
    lowerBound: Math.max(...bounds),
    relaxation: kinds.relaxation ? relaxation.proof.relaxation : undefined,
    exact: kinds.exact ? grown.proof?.exact : undefined,
  });
}

const SHAPES: readonly Shape[] = [
  { bias: false, standardize: false },
  { bias: true, standardize: false },
  { bias: false, standardize: true },
  { bias: true, standardize: true },
];

describe.each(SHAPES)('a proof, bias $bias, standardize $standardize', (shape) => {
  const proof = prove(Y, shape);

  it('is valid for the raw data, and again when saved and read back', () => {
    for (const copy of [proof, Proof.load(proof.save()), structuredClone({ ...proof })]) {
      const verified = verifyProofSync(X, Y, copy);
      expect(verified).toMatchObject({ valid: true, lowerBound: proof.lowerBound, loss: 'squared', reg: REG });
      expect(verified.reason).toBeUndefined();
    }
    expect(Proof.load(proof.save())).toEqual(proof);
    expect(Proof.load(proof.save()).save()).toBe(proof.save());
  });

  it('is valid for the data in every form of a matrix, and mutates none', () => {
    const rows = X.toArray();
    expect(verifyProofSync(rows, Y.toArray(), proof).valid).toBe(true);
    expect(verifyProofSync({ data: X.data, rows: 12, columns: 3 }, Y, proof).valid).toBe(true);
    expect(rows).toEqual(X.toArray());
  });

  it('is valid for no data whose columns were mapped already', () => {
    const { problem } = prepareData(X, Y, { reg: REG, ...shape });
    expect(verifyProofSync(problem.X, Y, proof).valid).toBe(!shape.bias && !shape.standardize);
  });

  it('is not valid for the same data with another bias or scaling', () => {
    for (const other of SHAPES.filter((candidate) => candidate !== shape)) {
      const { featureMap } = prepareData(X, Y, { reg: REG, ...other });
      const { bias, standardization } = featureMap;
      const altered = { ...proof, columns: { ...proof.columns, bias, standardization } };
      expect(verifyProofSync(X, Y, altered).valid).toBe(false);
    }
  });
});

describe('the parts of a proof', () => {
  it('prove what they are there for', () => {
    const shape = { bias: true, standardize: true };
    const byExact = verifyProofSync(X, Y, prove(Y, shape, { relaxation: false, exact: true }));
    expect(byExact).toMatchObject({ valid: true, from: 'exact', exact: { complete: true } });
    expect(byExact.relaxation).toBeUndefined();
    const byMultipliers = verifyProofSync(X, Y, prove(Y, shape, { relaxation: true, exact: false }));
    expect(byMultipliers).toMatchObject({ valid: true, from: 'relaxation', relaxation: { valid: true } });
    expect(byMultipliers.exact).toBeUndefined();
    expect(byMultipliers.lowerBound).toBeLessThan(byExact.lowerBound);
  });

  it('may be none, which proves 0', () => {
    const data = prepareData(X, Y, { reg: REG, bias: false, standardize: false });
    expect(verifyProofSync(X, Y, proofOf(data, { lowerBound: 0 }))).toMatchObject({ valid: true, lowerBound: 0 });
    const more = verifyProofSync(X, Y, proofOf(data, { lowerBound: 1e-3 }));
    expect(more).toMatchObject({ valid: false, lowerBound: 0 });
    expect(more.reason).toMatch(/below 0\.001, but what is proved is only 0/);
  });
});

it('a standardisation that is not that of the data is refused, though the checksum was computed anew', () => {
  const honest = proofOf(prepareData(X, Y, { reg: REG, bias: false, standardize: true }), { lowerBound: 0 });
  expect(verifyProofSync(X, Y, honest).valid).toBe(true);
  const { means, scales } = honest.columns.standardization as { means: Float64Array; scales: Float64Array };
  const standardization = { means, scales: scales.map((scale) => scale / 1000) };
  const altered = { ...honest, columns: { ...honest.columns, standardization } };
  const forged = verifyProofSync(X, Y, { ...altered, checksum: checksumOf(altered) });
  expect(forged).toMatchObject({ valid: false, lowerBound: 0 });
  expect(forged.reason).toMatch(/feature 0 is divided by/);
});

describe('labels', () => {
  const proof = prove(labels, { bias: true, standardize: true });

  it('are as good as the targets that stand for them', () => {
    const Z = prepareData(X, labels, { reg: REG, bias: true, standardize: true }).problem.Y;
    expect(verifyProofSync(X, labels, proof).valid).toBe(true);
    expect(verifyProofSync(X, Z, proof).valid).toBe(true);
    expect(verifyProofSync(X, labels, Proof.load(proof.save())).valid).toBe(true);
  });

  it('that are others are not those of the proof', () => {
    const invalid = (other: Targets): string => {
      const { valid, reason, lowerBound } = verifyProofSync(X, other, proof);
      expect({ valid, lowerBound }).toEqual({ valid: false, lowerBound: 0 });
      return reason as string;
    };
    expect(invalid(labels.with(3, 'green'))).toMatch(/not the data/);
    expect(invalid(labels.with(3, 'yellow'))).toMatch(/label 3 of Y is none of the 3 classes/);
    expect(invalid(labels.map((label) => (label === 'red' ? 'green' : label === 'green' ? 'red' : label)))).toMatch(
      /not the/,
    );
    expect(invalid(labels.slice(1))).toMatch(/X has 12 rows and Y 11/);
    expect(invalid(Y)).toMatch(/not the data/);
    expect(verifyProofSync(X, labels, prove(Y, { bias: true, standardize: true })).reason).toMatch(
      /targets that are num/,
    );
  });
});

describe('other data', () => {
  const proof = prove(Y, { bias: true, standardize: true });
  const rowsOf = (A: Matrix, order: readonly number[]): Matrix =>
    new Matrix(Float64Array.from(order.flatMap((i) => Array.from(A.row(i)))), order.length, A.columns);
  const order = [...Array(12).keys()];
  const permuted = [3, ...order.filter((i) => i !== 3)];
  const entry = (A: Matrix, i: number, j: number, value: number): Matrix => {
    const copy = A.clone();
    copy.set(i, j, value);
    return copy;
  };

  it.each<[string, Matrix, Matrix]>([
    ['rows permuted in both', rowsOf(X, permuted), rowsOf(Y, permuted)],
    ['rows of X permuted', rowsOf(X, permuted), Y],
    ['rows of Y permuted', X, rowsOf(Y, permuted)],
    ['a row less', rowsOf(X, order.slice(1)), rowsOf(Y, order.slice(1))],
    ['a row twice', rowsOf(X, [...order, 0]), rowsOf(Y, [...order, 0])],
    ['a last bit of X', entry(X, 4, 1, X.get(4, 1) * (1 + Number.EPSILON)), Y],
    ['a last bit of Y', X, entry(Y, 11, 1, Y.get(11, 1) * (1 + Number.EPSILON))],
    [
      'X times 2',
      new Matrix(
        X.data.map((x) => 2 * x),
        12,
        3,
      ),
      Y,
    ],
    [
      'Y times 2',
      X,
      new Matrix(
        Y.data.map((y) => 2 * y),
        12,
        2,
      ),
    ],
    [
      'columns of X swapped',
      new Matrix(
        X.data.map((_, k) => X.data[k - (k % 3) + ((k + 1) % 3)]),
        12,
        3,
      ),
      Y,
    ],
    [
      'Y with a column less',
      X,
      new Matrix(
        Y.data.filter((_, k) => k % 2 === 0),
        12,
        1,
      ),
    ],
    [
      'X with a column less',
      new Matrix(
        X.data.filter((_, k) => k % 3 > 0),
        12,
        2,
      ),
      Y,
    ],
    [
      'X with the column of ones',
      new Matrix(
        Float64Array.from({ length: 48 }, (_, k) => (k % 4 === 3 ? 1 : X.get(k >> 2, k & 3))),
        12,
        4,
      ),
      Y,
    ],
    ['Y for X and X for Y', Y, X],
    ['X and Y of zeros', Matrix.zeros(12, 3), Matrix.zeros(12, 2)],
  ])('is another problem: %s', (_, otherX, otherY) => {
    const { valid, reason, lowerBound } = verifyProofSync(otherX, otherY, proof);
    expect({ valid, lowerBound }).toEqual({ valid: false, lowerBound: 0 });
    expect(reason).toMatch(/X and Y are not the data that the proof is about|X has \d columns, but the proof/);
  });

  it('with −0 for 0 is the same problem', () => {
    const signed = (sign: number): Matrix => entry(X, 0, 0, sign * 0);
    const data = prepareData(signed(1), Y, { reg: REG, bias: false, standardize: false });
    expect(verifyProofSync(signed(-1), Y, proofOf(data, { lowerBound: 0 })).valid).toBe(true);
  });

  it('that is no data is an error, as everywhere', () => {
    expect(() => verifyProofSync([[1, Number.NaN, 2]], [[1]], proof)).toThrow(InputError);
    expect(() => verifyProofSync(X, 'Y' as never, proof)).toThrow(InputError);
  });
});

/** Every field of a proof, changed in ways that matter; `fresh` ones are given a checksum that fits, as a forger would. */
describe('an altered proof', () => {
  const genuine = prove(Y, { bias: true, standardize: true });
  const relaxation = genuine.relaxation as NonNullable<Proof['relaxation']>;
  const exact = genuine.exact as NonNullable<Proof['exact']>;
  const standardization = genuine.columns.standardization as { means: Float64Array; scales: Float64Array };
  const columns = (change: object): object => ({ columns: { ...genuine.columns, ...change } });
  const inRelaxation = (change: object): object => ({ relaxation: { ...relaxation, ...change } });
  const inPairs = (change: object): object => inRelaxation({ pairs: { ...relaxation.pairs, ...change } });
  const inExact = (change: object): object => ({ exact: { ...exact, ...change } });
  const scaled = (A: Matrix, factor: number): Matrix =>
    new Matrix(
      A.data.map((x) => factor * x),
      A.rows,
      A.columns,
    );

  const changes: readonly (readonly [string, object])[] = [
    ['version', { version: 2 }],
    ['no version', { version: undefined }],
    ['loss', { loss: 'logistic' }],
    ['loss as the loss itself', { loss: { name: 'squared' } }],
    ['reg 1e6', { reg: 1e6 }],
    ['reg a little more', { reg: REG * (1 + 1e-12) }],
    ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY, '0.1', null].map((reg) => [`reg ${reg}`, { reg }] as const),
    ['features', columns({ features: 2 })],
    ['bias', columns({ bias: false })],
    ['no scaling', columns({ standardization: undefined })],
    [
      'scales / 1000',
      columns({ standardization: { ...standardization, scales: standardization.scales.map((s) => s / 1000) } }),
    ],
    ['means + 1', columns({ standardization: { ...standardization, means: standardization.means.map((s) => s + 1) } })],
    ['a mean less', columns({ standardization: { ...standardization, means: standardization.means.slice(1) } })],
    ['classes', columns({ classes: ['a', 'b'] })],
    ['no columns', { columns: undefined }],
    ['digest', { digest: genuine.digest.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) }],
    ['no digest', { digest: undefined }],
    ['a higher claim', { lowerBound: genuine.lowerBound * 1.001 }],
    ['a lower claim', { lowerBound: genuine.lowerBound * 0.999 }],
    ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, null].map(
      (lowerBound) => [`the claim ${lowerBound}`, { lowerBound }] as const,
    ),
    ['no multipliers', { relaxation: undefined }],
    ['multipliers null', { relaxation: null }],
    ['multipliers for another reg', inRelaxation({ reg: 1 })],
    ['a halved', inRelaxation({ a: scaled(relaxation.a, 0.5) })],
    ['a of another shape', inRelaxation({ a: Matrix.zeros(12, 3) })],
    ['a without numbers', inRelaxation({ a: { rows: 12, columns: 2 } })],
    ['pairs doubled', inPairs({ value: relaxation.pairs.value.map((x) => 2 * x) })],
    ['values cut', inPairs({ value: relaxation.pairs.value.slice(1) })],
    ['NaN in a value', inPairs({ value: relaxation.pairs.value.with(3, Number.NaN) })],
    ['a value elsewhere', inPairs({ j: relaxation.pairs.j.with(0, relaxation.pairs.j[0] + 1) })],
    ['pairs in another order', inPairs({ i: relaxation.pairs.i.toReversed(), j: relaxation.pairs.j.toReversed() })],
    ['pairs beyond the forms', inPairs({ i: relaxation.pairs.i.with(-1, 24) })],
    ['pairs null', inRelaxation({ pairs: null })],
    ['w = 0', inRelaxation({ w: new Float64Array(12) })],
    ['w as an array', inRelaxation({ w: Array.from(relaxation.w) })],
    ['no dual point', { exact: undefined }],
    ['a dual point for another reg', inExact({ reg: 1 })],
    ['the dual point doubled', inExact({ a: scaled(exact.a, 2) })],
    ['the floor', inExact({ floor: 2 * exact.floor })],
    ['the tolerance', inExact({ tolerance: 0.5 })],
    ['a tolerance of NaN', inExact({ tolerance: Number.NaN })],
    ['checksum', { checksum: genuine.checksum.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) }],
    ['no checksum', { checksum: undefined }],
  ];

  it('is compared with one that is valid', () => {
    expect(verifyProofSync(X, Y, { ...genuine }).valid).toBe(true);
  });

  it.each(changes)('is not valid: %s', (_, change) => {
    const { valid, reason, lowerBound } = verifyProofSync(X, Y, { ...genuine, ...change } as AnyProof);
    expect({ valid, lowerBound }).toEqual({ valid: false, lowerBound: 0 });
    expect(reason).toMatch(/\w/);
  });

  it.each<[string, object]>([
    ['a higher claim', { lowerBound: genuine.lowerBound * 1.001 }],
    ['no scaling', columns({ standardization: undefined })],
    [
      'scales / 1000',
      columns({ standardization: { ...standardization, scales: standardization.scales.map((s) => s / 1000) } }),
    ],
    ['no bound that is good enough', { exact: undefined }],
    ['a dual point of another shape', inExact({ a: Matrix.zeros(12, 3) })],
    ['the dual point reversed', inExact({ a: new Matrix(exact.a.data.toReversed(), 12, 2) })],
    ['the floor', inExact({ floor: 1e9 })],
    [
      'a smaller reg',
      { reg: REG / 10, relaxation: { ...relaxation, reg: REG / 10 }, exact: { ...exact, reg: REG / 10 } },
    ],
    ['the digest of other data', { digest: genuine.digest.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) }],
  ])('with a checksum that fits is not valid either: %s', (_, change) => {
    const { valid, reason, lowerBound } = verifyProofSync(X, Y, new Proof({ ...genuine, ...change } as ProofParts));
    expect(valid).toBe(false);
    expect(reason).toMatch(/\w/);
    expect(lowerBound).toBeLessThanOrEqual(genuine.lowerBound);
  });

  it('that is no object is an error', () => {
    for (const proof of [undefined, null, 5, 'proof', []]) {
      expect(() => verifyProofSync(X, Y, proof as never)).toThrow(/^proof: expected an object/);
    }
    expect(verifyProofSync(X, Y, {} as never)).toMatchObject({ valid: false, lowerBound: 0 });
    expect(verifyProofSync(X, Y, { ...genuine, extra: () => 1 } as never).valid).toBe(false);
  });
});

describe('limits', () => {
  const proof = prove(Y, { bias: true, standardize: true });

  it('leave what the multipliers prove', async () => {
    const cut = await verifyProof(X, Y, proof, { timeLimitMs: 0 });
    expect(cut).toMatchObject({ valid: false, from: 'relaxation', exact: { complete: false, lowerBound: 0 } });
    expect(cut.lowerBound).toBe(cut.relaxation?.lowerBound);
    expect(cut.reason).toMatch(/the exact search did not end within the time limit/);
  });

  it('follow the signal', async () => {
    const reason = new Error('enough');
    await expect(verifyProof(X, Y, proof, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const stopped = await verifyProof(X, Y, proof, { stopSignal: AbortSignal.abort() });
    expect(stopped).toMatchObject({ valid: false, reason: expect.stringContaining('the exact search was stopped') });
  });

  it('do not change the answer when they are not reached; nor does the caller', async () => {
    const copy = structuredClone({ ...proof });
    const verifying = verifyProof(X, Y, copy, { timeLimitMs: 60_000 });
    (copy.exact as { a: { data: Float64Array } }).a.data.fill(0);
    expect(await verifying).toEqual(verifyProofSync(X, Y, proof));
  });
});

describe('a proof about weighted rows', () => {
  const weights = Float64Array.from({ length: 12 }, (_, i) => 0.5 + i / 8);
  const data = prepareData(X, Y, { reg: REG, bias: true, standardize: true });
  const weighted = { ...data, problem: { ...data.problem, weights } };
  const certificate = zeroCertificate(weighted.problem);
  const { lowerBound } = boundOfCertificate(weighted.problem, certificate);
  const proof = proofOf(weighted, { lowerBound, relaxation: certificate });

  it('is valid, says what the weights are, and comes back from a file', () => {
    expect(lowerBound).toBeGreaterThan(0);
    for (const copy of [proof, Proof.load(proof.save()), structuredClone({ ...proof })]) {
      expect(verifyProofSync(X, Y, copy)).toMatchObject({ valid: true, lowerBound, weights });
    }
    expect(Proof.load(proof.save())).toEqual(proof);
  });

  it('is not valid with other weights, whatever its checksum says', () => {
    const others = [undefined, weights.map((weight) => 2 * weight), weights.toReversed(), weights.subarray(1)];
    for (const other of others) {
      const forged = new Proof({ ...proof, weights: other && Float64Array.from(other) });
      expect(verifyProofSync(X, Y, forged)).toMatchObject({ valid: false, lowerBound: 0 });
      expect(verifyProofSync(X, Y, { ...proof, weights: other })).toMatchObject({ valid: false, lowerBound: 0 });
    }
  });

  it('cannot be made with weights that are none', () => {
    for (const weight of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new Proof({ ...proof, weights: weights.with(3, weight) })).toThrow(/proof\.weights\[3\]/);
    }
    expect(() => new Proof({ ...proof, weights: [1, 2] as unknown as Float64Array })).toThrow(/proof\.weights/);
  });
});
