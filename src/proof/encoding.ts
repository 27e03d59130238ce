/**
 * Arrays of numbers as text, exact to the last bit: base64 (RFC 4648, §4) of their little-endian bytes, about half the length of
 * decimal numbers; and ascending whole numbers by their differences, one byte where those are below 128.
 */
import { InputError } from '../base/errors.js';
import { Matrix } from '../base/matrix.js';
import { show } from '../base/show.js';
import { count, record } from '../base/untrusted.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Bytes made into one piece of text: a multiple of 3, and few enough for the arguments of a call. */
const PIECE = 3 * 4096;

export function encodeBytes(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += PIECE) text += encodePiece(bytes.subarray(start, start + PIECE));
  return text;
}

function encodePiece(bytes: Uint8Array): string {
  const codes = new Uint8Array(4 * Math.ceil(bytes.length / 3)).fill(PADDING);
  for (let k = 0, at = 0; k < bytes.length; k += 3, at += 4) {
    const triple = (bytes[k] << 16) | ((bytes[k + 1] ?? 0) << 8) | (bytes[k + 2] ?? 0);
    codes[at] = ALPHABET.charCodeAt(triple >> 18);
    codes[at + 1] = ALPHABET.charCodeAt((triple >> 12) & 63);
    if (k + 1 < bytes.length) codes[at + 2] = ALPHABET.charCodeAt((triple >> 6) & 63);
    if (k + 2 < bytes.length) codes[at + 3] = ALPHABET.charCodeAt(triple & 63);
  }
  return String.fromCharCode(...codes);
}

const PADDING = 61;

/** @throws InputError naming `path` when the value is not base64 text */
export function decodeBytes(value: unknown, path: string): Uint8Array {
  if (typeof value !== 'string' || value.length % 4 !== 0) {
    throw new InputError(path, `expected numbers as base64 text, got ${show(value)}`);
  }
  const sextets = new Uint8Array(256).fill(NO_SEXTET);
  for (let k = 0; k < ALPHABET.length; k++) sextets[ALPHABET.charCodeAt(k)] = k;
  const sextet = (at: number): number => {
    const found = sextets[value.charCodeAt(at)] ?? NO_SEXTET;
    if (found === NO_SEXTET) throw new InputError(path, `is not base64: ${show(value[at])} at position ${at}`);
    return found;
  };
  const padding = value.endsWith('==') ? 2 : value.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((value.length / 4) * 3 - padding);
  for (let k = 0, at = 0; at < bytes.length; k += 4, at += 3) {
    bytes[at] = (sextet(k) << 2) | (sextet(k + 1) >> 4);
    if (at + 1 < bytes.length) bytes[at + 1] = (sextet(k + 1) << 4) | (sextet(k + 2) >> 2);
    if (at + 2 < bytes.length) bytes[at + 2] = (sextet(k + 2) << 6) | sextet(k + 3);
  }
  return bytes;
}

const NO_SEXTET = 255;

export function encodeDoubles(values: Float64Array): string {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  for (let k = 0; k < values.length; k++) view.setFloat64(8 * k, values[k], true);
  return encodeBytes(new Uint8Array(view.buffer));
}

/** @throws InputError naming `path` when the value is not base64 text of doubles, `length` of them where that is given */
export function decodeDoubles(value: unknown, path: string, length?: number): Float64Array {
  const { buffer, byteLength } = decodeBytes(value, path);
  const count = byteLength / 8;
  if (count !== (length ?? Math.floor(count))) {
    throw new InputError(path, `expected ${length ?? 'whole'} numbers of 8 bytes, got ${byteLength} bytes`);
  }
  const view = new DataView(buffer);
  return Float64Array.from({ length: count }, (_, k) => view.getFloat64(8 * k, true));
}

/** Whole numbers ≥ 0 below 2⁵³, each above the one before. */
export function encodeAscending(values: ArrayLike<number>): string {
  const bytes: number[] = [];
  for (let k = 0; k < values.length; k++) {
    let step = values[k] - (k > 0 ? values[k - 1] + 1 : 0);
    for (; step >= 128; step = Math.floor(step / 128)) bytes.push((step % 128) + 128);
    bytes.push(step);
  }
  return encodeBytes(Uint8Array.from(bytes));
}

/** @throws InputError naming `path` when it is not `length` numbers below `limit` */
export function decodeAscending(value: unknown, length: number, limit: number, path: string): Float64Array {
  const bytes = decodeBytes(value, path);
  if (bytes.length < length)
    throw new InputError(path, `holds fewer than the ${length} positions there are values for`);
  const result = new Float64Array(length);
  let at = 0;
  for (let k = 0; k < length; k++) {
    let step = 0;
    let unit = 1;
    for (; at < bytes.length && bytes[at] >= 128; at++, unit *= 128) step += (bytes[at] - 128) * unit;
    if (at === bytes.length) throw new InputError(path, `ends after ${k} of ${length} positions`);
    step += bytes[at++] * unit;
    result[k] = step + (k > 0 ? result[k - 1] + 1 : 0);
    if (!(result[k] < limit))
      throw new InputError(path, `position ${k} is ${result[k]}, beyond the last, ${limit - 1}`);
  }
  if (at < bytes.length) throw new InputError(path, `holds more than the ${length} positions there are values for`);
  return result;
}

export interface EncodedMatrix {
  readonly rows: number;
  readonly columns: number;
  /** Little-endian doubles row by row, base64. */
  readonly data: string;
}

export const encodeMatrix = ({ rows, columns, data }: Matrix): EncodedMatrix => ({
  rows,
  columns,
  data: encodeDoubles(data),
});

/** @throws InputError naming what is malformed below `path` */
export function decodeMatrix(value: unknown, path: string): Matrix {
  const source = record(value, path);
  const rows = count(source.rows, `${path}.rows`);
  const columns = count(source.columns, `${path}.columns`);
  return new Matrix(decodeDoubles(source.data, `${path}.data`, rows * columns), rows, columns);
}
