/**
 * Results across the border: typed arrays are transferred, not copied, and the library's own classes are tagged on one
 * side and rebuilt on the other.
 */
import { Matrix, type MatrixAccess, toMatrix } from '../base/matrix.js';
import { InputError, Network, Proof } from '../index.js';
import type { Loss } from '../problem/losses/loss.js';
import { lossNamed } from '../problem/losses/named.js';

const TAG = 'convex-relu:class';

/**
 * Plain data for `postMessage`. Arrays that own their buffer are handed over and unusable afterwards; a view of part of a
 * buffer (such as WebAssembly memory) is copied first.
 *
 * @param transfer collects the buffers to hand over
 * @param around the objects that the value lies in
 * @throws InputError for an object that holds itself
 */
export function encode(value: unknown, transfer: Set<ArrayBuffer>, around: readonly object[] = []): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (around.includes(value)) throw new InputError('options', 'hold an object that holds itself');
  if (value instanceof Matrix) {
    return { [TAG]: 'Matrix', data: encode(value.data, transfer), rows: value.rows, columns: value.columns };
  }
  if (value instanceof Network) return { [TAG]: 'Network', parts: encode({ ...value }, transfer) };
  if (value instanceof Proof) {
    return { [TAG]: 'Proof', parts: encode({ ...value }, transfer), checksum: value.checksum };
  }
  if (isLoss(value)) return { [TAG]: 'Loss', name: value.name };
  if (value instanceof Float64Array || value instanceof Float32Array || value instanceof Int32Array) {
    const whole = value.byteLength === value.buffer.byteLength ? value : value.slice();
    transfer.add(whole.buffer as ArrayBuffer);
    return whole;
  }
  if (isMatrixAccess(value)) return encode(toMatrix(value, 'options'), transfer);
  const within = [...around, value];
  if (Array.isArray(value)) return value.map((entry) => encode(entry, transfer, within));
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, encode(entry, transfer, within)]));
}

/** A matrix of another library, whose methods would not survive the journey. */
const isMatrixAccess = (value: object): value is MatrixAccess =>
  'get' in value && typeof value.get === 'function' && 'rows' in value && 'columns' in value;

const isLoss = (value: object): value is Loss => 'name' in value && value === lossNamed(value.name);

/** The inverse of `encode`. */
export function decode(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(decode);
  const record = value as Record<string, unknown>;
  if (record[TAG] === 'Matrix') {
    return new Matrix(record.data as Float64Array, record.rows as number, record.columns as number);
  }
  if (record[TAG] === 'Network') return new Network(decode(record.parts) as ConstructorParameters<typeof Network>[0]);
  if (record[TAG] === 'Proof')
    return new Proof(decode(record.parts) as ConstructorParameters<typeof Proof>[0], record.checksum as string);
  if (record[TAG] === 'Loss') return lossNamed(record.name);
  return Object.fromEntries(Object.entries(record).map(([key, entry]) => [key, decode(entry)]));
}
