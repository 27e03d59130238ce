/** The saved form of a proof: versioned JSON, its long arrays as base64, only multipliers > 0, and no weights of any network. */
import { InputError } from '../base/errors.js';
import { show } from '../base/show.js';
import { boolean, count, numbers, positive, record, text } from '../base/untrusted.js';
import type { Label } from '../problem/labels.js';
import { freeForms } from '../problem/parts/free.js';
import type { Certificate, ExactCertificate } from '../problem/problem.js';
import type { ProofColumns } from './columns.js';
import {
  decodeAscending,
  decodeDoubles,
  decodeMatrix,
  type EncodedMatrix,
  encodeAscending,
  encodeDoubles,
  encodeMatrix,
} from './encoding.js';
import { type GroupedJson, parseGrouped, serializeGrouped } from './grouped/grouped-json.js';
import { pairAt, placeCount, placeOf } from './pairs.js';
import type { ProofParts } from './proof-parts.js';

export const PROOF_FORMAT = 'convex-relu/proof';

export interface ProofJson {
  readonly format: typeof PROOF_FORMAT;
  readonly version: ProofParts['version'];
  readonly loss: string;
  readonly reg: number;
  readonly features: number;
  readonly bias: boolean;
  readonly scaling: { readonly means: readonly number[]; readonly scales: readonly number[] } | null;
  readonly classes: readonly Label[] | null;
  /** Absent where rows have none. */
  readonly weights?: string;
  readonly digest: string;
  readonly lowerBound: number;
  readonly relaxation: RelaxationJson | null;
  /** Absent where there is none. */
  readonly grouped?: GroupedJson;
  readonly exact: ExactJson | null;
  readonly checksum: string;
}

export interface RelaxationJson {
  readonly a: EncodedMatrix;
  /** Places i(i−1)/2 + j of the pairs, ascending (encodeAscending), and their multipliers. */
  readonly places: string;
  readonly values: string;
  readonly w: string;
}

export interface ExactJson {
  readonly a: EncodedMatrix;
  readonly floor: number;
  readonly tolerance: number;
}

export function serializeProof(parts: ProofParts, checksum: string): ProofJson {
  const { version, loss, reg, columns, weights, digest, lowerBound, relaxation, grouped, exact } = parts;
  const { features, bias, standardization, classes } = columns;
  return {
    format: PROOF_FORMAT,
    version,
    loss,
    reg,
    features,
    bias,
    scaling: standardization
      ? { means: Array.from(standardization.means), scales: Array.from(standardization.scales) }
      : null,
    classes: classes ? [...classes] : null,
    ...(weights && { weights: encodeDoubles(weights) }),
    digest,
    lowerBound,
    relaxation: relaxation ? serializeRelaxation(relaxation) : null,
    ...(grouped && { grouped: serializeGrouped(grouped) }),
    exact: exact ? { a: encodeMatrix(exact.a), floor: exact.floor, tolerance: exact.tolerance } : null,
    checksum,
  };
}

function serializeRelaxation({ a, pairs, w }: Certificate): RelaxationJson {
  return {
    a: encodeMatrix(a),
    places: encodeAscending(Float64Array.from(pairs.i, (i, k) => placeOf(i, pairs.j[k]))),
    values: encodeDoubles(pairs.value),
    w: encodeDoubles(w),
  };
}

/** @throws InputError naming the part that is missing or malformed */
export function parseProof(json: unknown): { readonly parts: ProofParts; readonly checksum: string } {
  const source = record(json, 'proof');
  if (source.format !== PROOF_FORMAT) {
    throw new InputError('proof', `is not a saved proof: format is ${show(source.format)}, expected '${PROOF_FORMAT}'`);
  }
  const reg = positive(source.reg, 'proof.reg');
  const { version, loss, digest, lowerBound } = source as Partial<ProofJson>;
  const columns = parseColumns(source, 'proof');
  const d = columns.features + (columns.bias ? 1 : 0);
  const parts = {
    version,
    loss,
    reg,
    columns,
    weights: source.weights === undefined ? undefined : decodeDoubles(source.weights, 'proof.weights'),
    digest,
    lowerBound,
    relaxation: source.relaxation === null ? undefined : parseRelaxation(source.relaxation, reg, 'proof.relaxation'),
    grouped: source.grouped === undefined ? undefined : parseGrouped(source.grouped, { reg, d }, 'proof.grouped'),
    exact: source.exact === null ? undefined : parseExact(source.exact, reg, 'proof.exact'),
  };
  // What is passed on unread here, the constructor of Proof checks.
  return { parts: parts as ProofParts, checksum: text(source.checksum, 'proof.checksum') };
}

/** The columns, as a saved network writes them too. @throws InputError naming the part below `path` */
export function parseColumns(source: Readonly<Record<string, unknown>>, path: string): ProofColumns {
  const features = count(source.features, `${path}.features`);
  const scaling = source.scaling === null ? undefined : record(source.scaling, `${path}.scaling`);
  return {
    features,
    bias: boolean(source.bias, `${path}.bias`),
    standardization: scaling && {
      means: numbers(scaling.means, features, `${path}.scaling.means`),
      scales: numbers(scaling.scales, features, `${path}.scaling.scales`),
    },
    classes: source.classes === null ? undefined : (source.classes as Label[]),
  };
}

function parseRelaxation(json: unknown, reg: number, path: string): Certificate {
  const source = record(json, path);
  const a = decodeMatrix(source.a, `${path}.a`);
  const value = decodeDoubles(source.values, `${path}.values`);
  const places = decodeAscending(source.places, value.length, placeCount(freeForms(a.rows)), `${path}.places`);
  const pairs = {
    i: Int32Array.from(places, (place) => pairAt(place)[0]),
    j: Int32Array.from(places, (place) => pairAt(place)[1]),
    value,
  };
  return { reg, a, pairs, w: decodeDoubles(source.w, `${path}.w`, a.rows) };
}

function parseExact(value: unknown, reg: number, path: string): ExactCertificate {
  const source = record(value, path);
  const { floor, tolerance } = source as Partial<ExactJson>;
  return { reg, a: decodeMatrix(source.a, `${path}.a`), floor, tolerance } as ExactCertificate;
}
