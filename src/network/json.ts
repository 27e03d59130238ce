/** The saved form of a network: versioned, plain JSON, checked part by part when read back. */
import { InputError } from '../base/errors.js';
import { Matrix } from '../base/matrix.js';
import type { Label } from '../problem/labels.js';
import { freePairs } from '../problem/parts/free.js';
import { type PairMultipliers, sparsePairs } from '../problem/parts/multipliers.js';
import type { Certificate, ExactCertificate } from '../problem/problem.js';
import type { NetworkParts } from './parts.js';

export const NETWORK_FORMAT = 'convex-relu/network';
/** Raised when a reader of the old version would misread the new one, or miss a proof. */
export const NETWORK_VERSION = 3;
/** Version 1 had no exactCertificate, and up to version 2 the multipliers were a packed matrix N. */
const READABLE_VERSIONS: readonly unknown[] = [1, 2, NETWORK_VERSION];

export interface MatrixJson {
  readonly rows: number;
  readonly columns: number;
  /** Row by row. */
  readonly data: readonly number[];
}

export interface CertificateJson {
  readonly reg: number;
  readonly a: MatrixJson;
  readonly pairs: { readonly i: readonly number[]; readonly j: readonly number[]; readonly value: readonly number[] };
  readonly w: readonly number[];
}

export interface ExactCertificateJson {
  readonly reg: number;
  readonly a: MatrixJson;
  readonly floor: number;
  readonly tolerance: number;
}

export interface NetworkJson {
  readonly format: typeof NETWORK_FORMAT;
  readonly version: typeof NETWORK_VERSION;
  readonly features: number;
  readonly bias: boolean;
  readonly scaling: { readonly means: readonly number[]; readonly scales: readonly number[] } | null;
  readonly classes: readonly Label[] | null;
  readonly U: MatrixJson;
  readonly V: MatrixJson;
  readonly certificate: CertificateJson | null;
  readonly exactCertificate: ExactCertificateJson | null;
}

export function serializeNetwork(parts: NetworkParts): NetworkJson {
  const { U, V, featureMap, classes, certificate, exactCertificate } = parts;
  const { columns, bias, standardization } = featureMap;
  return {
    format: NETWORK_FORMAT,
    version: NETWORK_VERSION,
    features: columns,
    bias,
    scaling: standardization
      ? { means: Array.from(standardization.means), scales: Array.from(standardization.scales) }
      : null,
    classes: classes ? [...classes] : null,
    U: serializeMatrix(U),
    V: serializeMatrix(V),
    certificate: certificate
      ? {
          reg: certificate.reg,
          a: serializeMatrix(certificate.a),
          pairs: {
            i: Array.from(certificate.pairs.i),
            j: Array.from(certificate.pairs.j),
            value: Array.from(certificate.pairs.value),
          },
          w: Array.from(certificate.w),
        }
      : null,
    exactCertificate: exactCertificate ? { ...exactCertificate, a: serializeMatrix(exactCertificate.a) } : null,
  };
}

const serializeMatrix = ({ rows, columns, data }: Matrix): MatrixJson => ({ rows, columns, data: Array.from(data) });

/** @throws InputError naming the part that is missing or malformed, e.g. `json.U.data` */
export function parseNetwork(json: unknown): NetworkParts {
  const source = record(json, 'json');
  if (source.format !== NETWORK_FORMAT) {
    throw new InputError(
      'json',
      `is not a saved network: format is ${show(source.format)}, expected '${NETWORK_FORMAT}'`,
    );
  }
  if (!READABLE_VERSIONS.includes(source.version)) {
    throw new InputError(
      'json',
      `has version ${show(source.version)}, but this release reads versions ${READABLE_VERSIONS.join(', ')}`,
    );
  }
  const exact = source.version === 1 ? null : source.exactCertificate;
  const U = matrix(source.U, 'json.U');
  const V = matrix(source.V, 'json.V');
  const columns = count(source.features, 'json.features');
  const bias = boolean(source.bias, 'json.bias');
  const scaling = source.scaling === null ? undefined : record(source.scaling, 'json.scaling');
  const standardization = scaling && {
    means: numbers(scaling.means, columns, 'json.scaling.means'),
    scales: numbers(scaling.scales, columns, 'json.scaling.scales'),
  };
  if (standardization?.scales.includes(0))
    throw new InputError('json.scaling.scales', 'holds 0, but features are divided by it');
  return {
    U,
    V,
    featureMap: { columns, bias, ...(standardization && { standardization }) },
    classes: source.classes === null ? undefined : labels(source.classes, 'json.classes'),
    certificate: source.certificate === null ? undefined : certificate(source, 'json.certificate'),
    exactCertificate: exact === null ? undefined : exactCertificate(exact, 'json.exactCertificate'),
  };
}

function certificate(network: Readonly<Record<string, unknown>>, path: string): Certificate {
  const source = record(network.certificate, path);
  const reg = positive(source.reg, `${path}.reg`);
  const a = matrix(source.a, `${path}.a`);
  const n = a.rows;
  return {
    reg,
    a,
    pairs:
      network.version === NETWORK_VERSION
        ? pairMultipliers(source.pairs, `${path}.pairs`)
        : packedPairs(source.N, n, `${path}.N`),
    w: numbers(source.w, n, `${path}.w`),
  };
}

function pairMultipliers(value: unknown, path: string): PairMultipliers {
  const source = record(value, path);
  const length = Array.isArray(source.value) ? source.value.length : 0;
  return {
    i: Int32Array.from(numbers(source.i, length, `${path}.i`)),
    j: Int32Array.from(numbers(source.j, length, `${path}.j`)),
    value: numbers(source.value, length, `${path}.value`),
  };
}

/** From the packed lower triangle of older files: entry (i, j ≤ i) at i(i+1)/2 + j. */
function packedPairs(value: unknown, rows: number, path: string): PairMultipliers {
  const pairs = freePairs(rows);
  const { count } = pairs.forms;
  const N = numbers(value, (count * (count + 1)) / 2, path);
  const vector = new Float64Array(pairs.count);
  pairs.forEach((i, j, position) => {
    vector[position] = N[(i * (i + 1)) / 2 + j];
  });
  return sparsePairs(pairs, vector);
}

function exactCertificate(value: unknown, path: string): ExactCertificate {
  const source = record(value, path);
  return {
    reg: positive(source.reg, `${path}.reg`),
    a: matrix(source.a, `${path}.a`),
    floor: positive(source.floor, `${path}.floor`),
    tolerance: positive(source.tolerance, `${path}.tolerance`),
  };
}

function matrix(value: unknown, path: string): Matrix {
  const source = record(value, path);
  const rows = count(source.rows, `${path}.rows`);
  const columns = count(source.columns, `${path}.columns`);
  return new Matrix(numbers(source.data, rows * columns, `${path}.data`), rows, columns);
}

function numbers(value: unknown, length: number, path: string): Float64Array {
  if (!Array.isArray(value)) throw new InputError(path, `expected an array of ${length} numbers, got ${show(value)}`);
  if (value.length !== length) throw new InputError(path, `expected ${length} numbers, got ${value.length}`);
  return Float64Array.from(value, (entry: unknown, k) => finite(entry, `${path}[${k}]`));
}

function labels(value: unknown, path: string): Label[] {
  if (!Array.isArray(value)) throw new InputError(path, `expected an array of labels, got ${show(value)}`);
  return value.map((label: unknown, k) => {
    if (typeof label === 'string' || Number.isSafeInteger(label)) return label as Label;
    throw new InputError(`${path}[${k}]`, `expected a string or a whole number, got ${show(label)}`);
  });
}

function record(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new InputError(path, `expected an object, got ${show(value)}`);
}

function boolean(value: unknown, path: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new InputError(path, `expected true or false, got ${show(value)}`);
}

function count(value: unknown, path: string): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new InputError(path, `expected a whole number ≥ 0, got ${show(value)}`);
}

function positive(value: unknown, path: string): number {
  const number = finite(value, path);
  if (number > 0) return number;
  throw new InputError(path, `expected a number > 0, got ${number}`);
}

function finite(value: unknown, path: string): number {
  if (Number.isFinite(value)) return value as number;
  throw new InputError(path, `expected a finite number, got ${show(value)}`);
}

function show(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return `an array of length ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
