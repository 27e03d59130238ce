/** Values that nobody should pass: every kind of JavaScript value in every awkward form. Each is made anew, by a seed. */
import { createContext, runInContext } from 'node:vm';
import type { Random } from '../../src/index.js';

/** What the callers' own code throws here (getters, proxies, callbacks): the library passes it on as it is. */
export class CallersError extends Error {
  override readonly name = 'CallersError';
}

const throwing = (): never => {
  throw new CallersError('thrown by the caller');
};

/** Objects that must not be looked into, since looking calls the caller's code. */
const opaque = new WeakSet<object>();

export const isOpaque = (value: object): boolean => opaque.has(value);

function hidden<T extends object>(value: T): T {
  opaque.add(value);
  return value;
}

const otherRealm = createContext({});

const NUMBERS = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -0,
  0,
  1,
  -1,
  0.5,
  2,
  5e-324,
  -5e-324,
  1e-310,
  1e-160,
  1e-20,
  1e20,
  1e51,
  1e160,
  1e300,
  -1e308,
  1.7976931348623157e308,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  2 ** 53 - 1,
  1e9,
];

/** Texts; the long one and those with control characters must not be repeated as they are in a message. */
const TEXTS = [
  '',
  '0',
  '1e999',
  'NaN',
  'auto',
  '__proto__',
  'constructor',
  'toString',
  '\u0000\u001b[31mred\n',
  '\ud800',
  '=1+1',
  '['.repeat(50),
  'x'.repeat(100_000),
];

const TYPED_ARRAYS = [
  Float64Array,
  Float32Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
] as const;

export function pick<T>(choices: readonly T[], random: Random): T {
  return choices[random.integer(choices.length)];
}

export const hostileNumber = (random: Random): number => pick(NUMBERS, random);
export const hostileText = (random: Random): string => pick(TEXTS, random);

/** A view of shared memory, or of memory that went to somebody else. */
function oddBuffer(random: Random): object {
  const length = random.integer(4);
  if (random.uniform() < 0.5) return new Float64Array(new SharedArrayBuffer(8 * length)).fill(1);
  const array = new Float64Array(length);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}

/** Stands before an object and throws at one of the ways in. */
export function throwingProxy(target: object, random: Random): object {
  const trap = pick(['get', 'ownKeys', 'has', 'getOwnPropertyDescriptor', 'getPrototypeOf'] as const, random);
  return hidden(new Proxy(target, { [trap]: throwing }));
}

/** Stands before an object and hands everything through. */
export const silentProxy = (target: object): object => hidden(new Proxy(target, {}));

/** The object with one property that throws when it is read. */
export function throwingGetter(target: Readonly<Record<string, unknown>>, key: string): object {
  return hidden(Object.defineProperty({ ...target }, key, { get: throwing, enumerable: true, configurable: true }));
}

function cycle(): object {
  const start: { self?: unknown; list: unknown[] } = { list: [] };
  start.self = start;
  start.list.push(start, start.list);
  return start;
}

class Foreign {
  readonly rows = 2;
  readonly columns = 1;
  readonly data = [1, 2];
}

const OBJECTS: readonly ((random: Random) => unknown)[] = [
  () => [],
  () => [[]],
  () => ({}),
  () => Object.create(null),
  () => [[Number.NaN]],
  () => [['1'], ['2']],
  () => {
    const holes: number[][] = [[1], [2], [3]];
    delete holes[1];
    return holes;
  },
  () => new Array(1e9),
  () => ({ length: 1e9 }),
  () => ({ length: -1 }),
  () => ({ rows: 1e9, columns: 1e9, data: [] }),
  () => ({ rows: 1e9, columns: 1e9, get: () => 1 }),
  () => ({ rows: 2, columns: 1, get: () => '1' }),
  () => ({ rows: 2, columns: 1, get: () => hidden(cycle()) }),
  () => hidden({ rows: 2, columns: 1, get: throwing }),
  () => ({ rows: -1, columns: -5, data: new Float64Array(5) }),
  () => ({ rows: 0, columns: 3, data: [] }),
  () => ({ rows: 2, columns: 1, data: [1n, 2n] }),
  () => ({ labels: ['a', 'b'] }),
  () => ({ labels: [1n, 2n] }),
  () => ({ labels: null }),
  () => ({ aborted: 1 }),
  () => ({ aborted: false, reason: 1 }),
  () => ({ aborted: true, throwIfAborted: 1, addEventListener: 2, removeEventListener: 3 }),
  () => AbortSignal.abort(new CallersError('aborted by the caller')),
  () => new Date(Number.NaN),
  () => new Map([[1, 2]]),
  () => new Set([1]),
  () => /x/g,
  () => new Error('an argument'),
  () => Promise.resolve(1),
  () => new WeakMap(),
  () => new Number(1),
  () => new String('auto'),
  () => new Foreign(),
  () => new ArrayBuffer(8),
  () => new DataView(new ArrayBuffer(8)),
  () => new URL('https://example.invalid/'),
  () => runInContext('[[1], [2], [3]]', otherRealm),
  () => runInContext('new Float64Array(3)', otherRealm),
  () => runInContext('({ rows: 3, columns: 1, data: new Int32Array(3) })', otherRealm),
  () => runInContext('new Error("elsewhere")', otherRealm),
  () => Object.freeze([[1], [2], [3]]),
  () => JSON.parse('{"__proto__": {"reg": 1, "rows": 2}, "constructor": 1, "hasOwnProperty": 2}'),
  () => Object.create({ reg: 0.1, rows: 2, columns: 1, data: [1, 2] }),
  () => ({ toString: null, valueOf: null, [Symbol.toPrimitive]: 1 }),
  () => hidden({ toString: throwing, valueOf: throwing, toJSON: throwing, [Symbol.toPrimitive]: throwing }),
  // biome-ignore lint/suspicious/noThenProperty: a thenable is meant
  () => ({ then: (resolve: (value: unknown) => void) => resolve(1) }),
  () => ({ [Symbol.iterator]: null, length: 2 }),
  () => ({ [Symbol.toStringTag]: 'Float64Array', length: 3 }),
  cycle,
  oddBuffer,
  (random) => throwingProxy([[1], [2]], random),
  (random) => throwingProxy({ reg: 0.1 }, random),
  () => silentProxy([[1], [2], [3]]),
  (random) => new (pick(TYPED_ARRAYS, random))(random.integer(4)),
  () => () => 1,
  () => throwing,
  () => class {},
  () => async () => 1,
];

/** Any value at all. */
export function hostileValue(random: Random): unknown {
  const kind = random.uniform();
  if (kind < 0.2) return hostileNumber(random);
  if (kind < 0.28) return hostileText(random);
  if (kind < 0.4) {
    return pick<unknown>([null, undefined, true, false, 1n, -(2n ** 70n), Symbol('s'), Symbol.iterator], random);
  }
  return pick(OBJECTS, random)(random);
}

const toNumber = (entry: unknown): number => (typeof entry === 'number' ? entry : 0);

/** The numbers as another kind of array: typed, shared, detached, of another realm, or with holes. */
export function otherArray(numbers: ArrayLike<unknown>, random: Random): unknown {
  // A detached array has no entries, and none can be asked of it.
  const plain = numbers.length > 0 ? Array.from(numbers, toNumber) : [];
  const kind = random.integer(5);
  if (kind === 0) {
    const shared = new Float64Array(new SharedArrayBuffer(8 * plain.length));
    shared.set(plain);
    return shared;
  }
  if (kind === 1) {
    const array = Float64Array.from(plain);
    structuredClone(array.buffer, { transfer: [array.buffer] });
    return array;
  }
  if (kind === 2) return runInContext(`Float64Array.from([${plain.join(',')}])`, otherRealm);
  if (kind === 3) return Float32Array.from(plain);
  return Int32Array.from(plain);
}
