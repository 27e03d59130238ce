/** What a proof consists of, checked part by part wherever it comes from. */
import { InputError } from '../base/errors.js';
import { Matrix } from '../base/matrix.js';
import { show } from '../base/show.js';
import { boolean, count, finite, firstNot, positive, record, text } from '../base/untrusted.js';
import { isLabel, type Label } from '../problem/labels.js';
import { lossNamed } from '../problem/losses/named.js';
import { freeForms } from '../problem/parts/free.js';
import type { GroupedCertificate } from '../problem/parts/groups.js';
import type { Certificate, ExactCertificate } from '../problem/problem.js';
import type { ProofColumns } from './columns.js';
import { Digest } from './digest.js';
import { checkGrouped } from './grouped/check-grouped.js';
import { lowerTriangle } from './grouped/grouped-json.js';
import { checkPairs } from './pairs.js';

/** Raised when a reader of the old version would misread the new one. */
export const PROOF_VERSION = 1;

export interface ProofParts {
  readonly version: typeof PROOF_VERSION;
  /** Name of the loss between outputs and targets. */
  readonly loss: string;
  readonly reg: number;
  readonly columns: ProofColumns;
  /** Of the rows, in the loss; 1 each when there are none. */
  readonly weights?: Float64Array | undefined;
  /** SHA-256 of X and Y as the user has them, labels one-hot encoded, and of the weights. */
  readonly digest: string;
  /** What is claimed: no network of any width has a smaller training loss. */
  readonly lowerBound: number;
  readonly relaxation?: Certificate | undefined;
  readonly grouped?: GroupedCertificate | undefined;
  readonly exact?: ExactCertificate | undefined;
}

/** The parts, without anything else. @throws InputError naming the part that is missing, malformed or unlike the others */
export function checkProofParts(value: unknown): ProofParts {
  const source = record(value, 'proof');
  if (source.version !== PROOF_VERSION) {
    throw new InputError('proof', `has version ${show(source.version)}, but this release reads ${PROOF_VERSION}`);
  }
  const loss = lossNamed(source.loss);
  if (loss === undefined) throw new InputError('proof.loss', `is ${show(source.loss)}, no loss that is known here`);
  const reg = positive(source.reg, 'proof.reg');
  const columns = checkColumns(source.columns, 'proof.columns');
  return {
    version: PROOF_VERSION,
    loss: loss.toJSON(),
    reg,
    columns,
    weights: checkWeights(source.weights, 'proof.weights'),
    digest: text(source.digest, 'proof.digest'),
    lowerBound: finite(source.lowerBound, 'proof.lowerBound'),
    relaxation: checkRelaxation(source.relaxation, reg, 'proof.relaxation'),
    grouped: checkGroupedPart(source.grouped, reg, columns, 'proof.grouped'),
    exact: checkExact(source.exact, reg, 'proof.exact'),
  };
}

/** SHA-256 of all parts. */
export function checksumOf(parts: ProofParts): string {
  const { version, loss, reg, columns, weights, digest, lowerBound, relaxation, grouped, exact } = parts;
  const { features, bias, standardization, classes } = columns;
  const all = new Digest().text(`convex-relu proof ${version}`).text(loss).text(digest);
  all.numbers([reg, lowerBound, features, bias ? 1 : 0]);
  if (standardization) all.text('standardization').numbers(standardization.means).numbers(standardization.scales);
  if (classes) for (const label of classes) all.text(`${typeof label} ${label}`);
  if (weights) all.text('weights').numbers(weights);
  if (relaxation) {
    const { a, pairs, w } = relaxation;
    all.text('relaxation').matrix(a).numbers(pairs.i).numbers(pairs.j).numbers(pairs.value).numbers(w);
  }
  if (grouped) addGrouped(all, grouped);
  if (exact) all.text('exact').matrix(exact.a).numbers([exact.floor, exact.tolerance]);
  return all.hex();
}

/** Of each M the lower triangle, since no more is read. */
function addGrouped(all: Digest, { cone, a, balance, length, groups }: GroupedCertificate): void {
  all.text(`grouped ${cone}`).matrix(a).numbers(balance).numbers(length).numbers([groups.length]);
  for (const { rows, blocks } of groups) {
    all.numbers(rows);
    for (const { pairs, w, M } of blocks) {
      all.numbers(pairs.i).numbers(pairs.j).numbers(pairs.value).numbers(w).numbers(lowerTriangle(M));
    }
  }
}

function checkColumns(value: unknown, path: string): ProofColumns {
  const source = record(value, path);
  const features = count(source.features, `${path}.features`);
  const scaling = source.standardization;
  const standardization = scaling === undefined ? undefined : record(scaling, `${path}.standardization`);
  return {
    features,
    bias: boolean(source.bias, `${path}.bias`),
    standardization: standardization && {
      means: doubles(standardization.means, features, `${path}.standardization.means`),
      scales: doubles(standardization.scales, features, `${path}.standardization.scales`),
    },
    classes: source.classes === undefined ? undefined : labels(source.classes, `${path}.classes`),
  };
}

function checkWeights(value: unknown, path: string): Float64Array | undefined {
  if (value === undefined) return undefined;
  const weights = doubles(value, value instanceof Float64Array ? Math.max(1, value.length) : 1, path);
  const wrong = weights.findIndex((weight) => !(weight > 0 && weight < Number.POSITIVE_INFINITY));
  if (wrong < 0) return weights;
  throw new InputError(`${path}[${wrong}]`, `expected a finite number > 0, got ${weights[wrong]}`);
}

function checkRelaxation(value: unknown, reg: number, path: string): Certificate | undefined {
  if (value === undefined) return undefined;
  const source = record(value, path);
  const a = matrix(source.a, `${path}.a`);
  const { pairs } = source;
  checkPairs(pairs, freeForms(a.rows), `${path}.pairs`);
  return { reg: sameReg(source.reg, reg, path), a, pairs, w: doubles(source.w, a.rows, `${path}.w`) };
}

function checkGroupedPart(
  value: unknown,
  reg: number,
  { features, bias }: ProofColumns,
  path: string,
): GroupedCertificate | undefined {
  if (value === undefined) return undefined;
  const source = record(value, path);
  const a = matrix(source.a, `${path}.a`);
  sameReg(source.reg, reg, path);
  return checkGrouped({ ...source, a }, { n: a.rows, d: features + (bias ? 1 : 0), c: a.columns }, path);
}

function checkExact(value: unknown, reg: number, path: string): ExactCertificate | undefined {
  if (value === undefined) return undefined;
  const source = record(value, path);
  return {
    reg: sameReg(source.reg, reg, path),
    a: matrix(source.a, `${path}.a`),
    floor: positive(source.floor, `${path}.floor`),
    tolerance: positive(source.tolerance, `${path}.tolerance`),
  };
}

function sameReg(value: unknown, reg: number, path: string): number {
  if (value === reg) return reg;
  throw new InputError(`${path}.reg`, `is ${show(value)}, but the proof is about reg = ${reg}`);
}

function matrix(value: unknown, path: string): Matrix {
  const source = record(value, path);
  const rows = count(source.rows, `${path}.rows`);
  const columns = count(source.columns, `${path}.columns`);
  return new Matrix(doubles(source.data, rows * columns, `${path}.data`), rows, columns);
}

function doubles(value: unknown, length: number, path: string): Float64Array {
  if (!(value instanceof Float64Array)) throw new InputError(path, `expected a Float64Array, got ${show(value)}`);
  if (value.length !== length) throw new InputError(path, `expected ${length} numbers, got ${value.length}`);
  return value;
}

function labels(value: unknown, path: string): readonly Label[] {
  if (!Array.isArray(value)) throw new InputError(path, `expected an array of labels, got ${show(value)}`);
  const wrong = firstNot(value, isLabel);
  if (wrong < 0) return value;
  throw new InputError(`${path}[${wrong}]`, `expected a text, a boolean or a whole number, got ${show(value[wrong])}`);
}
