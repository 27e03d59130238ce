/** A few digits that change with any bit of any number in a result. */
import { Sha256 } from '../../src/proof/digest.js';

/** What the clock says is no result. */
const TIMES: ReadonlySet<string> = new Set(['elapsedMs', 'durationMs', 'timings', 'meanMs']);

/** 16 hexadecimal digits of the SHA-256 of all numbers (their 64 bits), texts and keys in a result, in order. */
export function fingerprint(result: unknown): string {
  const hash = new Sha256();
  const encoder = new TextEncoder();
  const double = new DataView(new ArrayBuffer(8));
  const text = (value: string): Sha256 => hash.update(encoder.encode(`${value}\n`));
  const number = (value: number): void => {
    double.setFloat64(0, value);
    hash.update(new Uint8Array(double.buffer));
  };
  const walk = (value: unknown): void => {
    if (typeof value === 'number') number(value);
    else if (value instanceof Float64Array || value instanceof Int32Array) {
      text(`${value.length} numbers`);
      for (const entry of value) number(entry);
    } else if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value).filter(([key]) => !TIMES.has(key));
      text(`${entries.length} entries`);
      for (const [key, entry] of entries) {
        text(key);
        walk(entry);
      }
    } else text(`${typeof value} ${typeof value === 'function' ? '' : String(value)}`);
  };
  walk(result);
  return hash.hex().slice(0, 16);
}
