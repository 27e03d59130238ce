/** The IDX format of the MNIST database (http://yann.lecun.com/exdb/mnist): unsigned bytes in a box of any dimension. */
import { InputError } from '../base/errors.js';
import { typedArrayName } from '../base/matrix.js';
import { show } from '../base/show.js';
import { firstNot, record, title } from '../base/untrusted.js';

export interface IdxArray {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Uint8Array;
}

/** @throws InputError unless the value is bytes in a box */
export function checkIdxArray(value: unknown, path: string): IdxArray {
  const { shape, data } = record(value, path);
  if (!Array.isArray(shape) || firstNot(shape, (length) => Number.isSafeInteger(length) && Number(length) >= 0) >= 0)
    throw new InputError(`${path}.shape`, 'expected an array of whole numbers ≥ 0');
  const bytes = checkBytes(data, `${path}.data`);
  const size = sizeOf(shape);
  if (bytes.length !== size)
    throw new InputError(`${path}.data`, `holds ${bytes.length} bytes, but ${shape.join(' × ')} needs ${size}`);
  return { shape, data: bytes };
}

function checkBytes(value: unknown, argument: string): Uint8Array {
  if (typedArrayName(value) === 'Uint8Array') return value as Uint8Array;
  throw new InputError(argument, `expected a Uint8Array, got ${show(value)}`);
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** Bytes 0, 0, the code of unsigned bytes, and then the number of dimensions. */
const UNSIGNED_BYTE = 0x08;

/**
 * @param bytes the file, unpacked
 * @param source name of the file, for messages
 * @throws InputError when it is not IDX, does not hold unsigned bytes, or is cut short
 */
export function parseIdx(bytes: Uint8Array, source: string): IdxArray {
  checkBytes(bytes, 'bytes');
  title(source, 'source');
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0 || bytes[2] !== UNSIGNED_BYTE) {
    throw new InputError(source, 'is not an IDX file of unsigned bytes');
  }
  const dimensions = bytes[3];
  const start = 4 + 4 * dimensions;
  if (bytes.length < start) throw new InputError(source, 'is cut short within its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: dimensions }, (_, k) => view.getUint32(4 + 4 * k));
  const size = sizeOf(shape);
  if (bytes.length - start !== size) {
    throw new InputError(source, `holds ${bytes.length - start} bytes, but ${shape.join(' × ')} needs ${size}`);
  }
  return { shape, data: bytes.subarray(start) };
}
