/** The IDX format of the MNIST database (http://yann.lecun.com/exdb/mnist): unsigned bytes in a box of any dimension. */
import { InputError } from '../base/errors.js';

export interface IdxArray {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Uint8Array;
}

/** Bytes 0, 0, the code of unsigned bytes, and then the number of dimensions. */
const UNSIGNED_BYTE = 0x08;

/**
 * @param bytes the file, unpacked
 * @param source name of the file, for messages
 * @throws InputError when it is not IDX, does not hold unsigned bytes, or is cut short
 */
export function parseIdx(bytes: Uint8Array, source: string): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0 || bytes[2] !== UNSIGNED_BYTE) {
    throw new InputError(source, 'is not an IDX file of unsigned bytes');
  }
  const dimensions = bytes[3];
  const start = 4 + 4 * dimensions;
  if (bytes.length < start) throw new InputError(source, 'is cut short within its header');
  const shape = Array.from({ length: dimensions }, (_, k) => view.getUint32(4 + 4 * k));
  const size = shape.reduce((product, length) => product * length, 1);
  if (bytes.length - start !== size) {
    throw new InputError(source, `holds ${bytes.length - start} bytes, but ${shape.join(' × ')} needs ${size}`);
  }
  return { shape, data: bytes.subarray(start) };
}
