/** What arguments look like, so that a call which changed them is noticed. */
import { isOpaque } from './values.js';

const names = new WeakMap<object, number>();
let known = 0;

/** Functions, and objects that must not be looked into, by who they are. */
function identity(value: object): string {
  const name = names.get(value) ?? known++;
  names.set(value, name);
  return `#${name}`;
}

/** A text that differs when anything within the value does, down to the sign of a zero. */
export function fingerprint(value: unknown): string {
  const seen = new Map<object, number>();
  const write = (part: unknown): string => {
    if (typeof part === 'function') return identity(part);
    if (typeof part !== 'object' || part === null) return Object.is(part, -0) ? '-0' : `${typeof part} ${String(part)}`;
    if (isOpaque(part) || part instanceof AbortSignal || part instanceof Promise) return identity(part);
    const before = seen.get(part);
    if (before !== undefined) return `@${before}`;
    seen.set(part, seen.size);
    if (ArrayBuffer.isView(part)) return viewText(part);
    const kind = Object.isFrozen(part) ? 'frozen' : '';
    return `${kind}${Array.isArray(part) ? `[${part.length}]` : ''}{${entries(part, write)}}`;
  };
  return write(value);
}

function entries(part: object, write: (value: unknown) => string): string {
  return Reflect.ownKeys(part)
    .map((key) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(part, key);
      return `${String(key)}:${descriptor && 'value' in descriptor ? write(descriptor.value) : 'accessor'}`;
    })
    .join();
}

function viewText(part: ArrayBufferView): string {
  if (part.buffer.byteLength === 0) return `${Object.prototype.toString.call(part)} without memory`;
  const bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
  return `${Object.prototype.toString.call(part)}${part.byteLength}:${bytes.toString('base64')}`;
}
