/** One to three pieces of valid arguments replaced by what nobody should pass. The arguments are the caller's own, made anew for each call. */
import type { Random } from '../../src/index.js';
import {
  hostileNumber,
  hostileText,
  hostileValue,
  isOpaque,
  otherArray,
  pick,
  silentProxy,
  throwingGetter,
  throwingProxy,
} from './values.js';

/** A piece: where it stands. */
interface Place {
  readonly holder: Record<PropertyKey, unknown>;
  readonly key: PropertyKey;
  /** Steps from the arguments. */
  readonly depth: number;
}

/** Entries of an array that can be damaged: enough for every kind of fault. */
const LOOKED_AT = 6;
const DEEPEST = 7;
/** Arrays longer than this are all holes. */
const LARGEST = 1e5;

/** Damages the arguments in place and says what was done. */
export function damage(args: unknown[], random: Random): string[] {
  const done: string[] = [];
  const pieces = 1 + random.integer(3);
  for (let k = 0; k < pieces; k++) {
    const place = choosePlace(args, random);
    if (place === undefined) break;
    done.push(`${String(place.key)}: ${damagePlace(place, random)}`);
  }
  if (random.uniform() < 0.05) {
    freezeAll(args);
    done.push('all frozen');
  }
  return done;
}

function choosePlace(args: unknown[], random: Random): Place | undefined {
  const places: Place[] = [];
  const seen = new Set<object>();
  const visit = (holder: object, depth: number): void => {
    if (seen.has(holder) || depth > DEEPEST) return;
    seen.add(holder);
    const keys = Object.keys(holder);
    for (const key of keys.length > LOOKED_AT ? sample(keys, random) : keys) {
      const record = holder as Record<PropertyKey, unknown>;
      places.push({ holder: record, key, depth });
      const value = record[key];
      if (typeof value === 'object' && value !== null && !isClosed(value)) visit(value, depth + 1);
    }
  };
  visit(args, 0);
  if (places.length === 0) return undefined;
  // Every depth alike, for there are many more numbers deep within data than options.
  const depths = [...new Set(places.map(({ depth }) => depth))];
  const depth = pick(depths, random);
  return pick(
    places.filter((place) => place.depth === depth),
    random,
  );
}

const sample = (keys: readonly string[], random: Random): string[] =>
  Array.from({ length: LOOKED_AT }, () => pick(keys, random));

/** Whether it must be left as it is: looking into it would call somebody's code, or take forever. */
function isClosed(value: object): boolean {
  if (isOpaque(value)) return true;
  if (value instanceof AbortSignal || value instanceof Promise || value instanceof WeakMap) return true;
  return Array.isArray(value) && value.length > LARGEST;
}

function damagePlace(place: Place, random: Random): string {
  const value = place.holder[place.key];
  const subtle = random.uniform() < 0.6 ? subtleDamage(value, random) : undefined;
  if (subtle !== undefined) return write(place, subtle.value, subtle.what);
  if (random.uniform() < 0.1) {
    Reflect.deleteProperty(place.holder, place.key);
    return 'removed';
  }
  return write(place, hostileValue(random), 'replaced');
}

/** Into a typed array or a frozen object it may not go: the piece then stays. */
function write({ holder, key }: Place, value: unknown, what: string): string {
  try {
    return Reflect.set(holder, key, value) ? what : `${what} (refused)`;
  } catch {
    return `${what} (refused)`;
  }
}

interface Change {
  readonly value: unknown;
  readonly what: string;
}

/** A change that leaves the piece nearly what it was. */
function subtleDamage(value: unknown, random: Random): Change | undefined {
  if (typeof value === 'number') return { value: hostileNumber(random), what: 'another number' };
  if (typeof value === 'string') return { value: damagedText(value, random), what: 'another text' };
  if (typeof value === 'object' && value !== null && isClosed(value)) return undefined;
  if (ArrayBuffer.isView(value)) return { value: otherArray(value as never, random), what: 'another array' };
  if (Array.isArray(value)) return { value: damagedArray(value, random), what: 'array damaged' };
  if (typeof value === 'object' && value !== null) return damagedObject(value, random);
  return undefined;
}

function damagedText(value: string, random: Random): string {
  const at = random.integer(value.length + 1);
  const kind = random.integer(4);
  if (kind === 0) return value.slice(0, at);
  if (kind === 1) return value.slice(0, at) + hostileText(random) + value.slice(at);
  if (kind === 2) return value.slice(0, at) + String.fromCharCode(random.integer(0x10000)) + value.slice(at + 1);
  return hostileText(random);
}

function damagedArray(value: readonly unknown[], random: Random): unknown {
  const copy = [...value];
  switch (random.integer(7)) {
    case 0:
      delete copy[random.integer(copy.length + 1)];
      return copy;
    case 1:
      return [...copy, hostileValue(random)];
    case 2:
      return copy.slice(1);
    case 3:
      copy.length = pick([0, copy.length + 1, LARGEST + 1], random);
      return copy;
    case 4:
      return random.uniform() < 0.5 ? silentProxy(copy) : throwingProxy(copy, random);
    case 5:
      return copy.every((entry) => typeof entry === 'number') ? otherArray(copy, random) : { ...copy };
    default:
      return copy.map((entry) => (random.uniform() < 0.3 ? hostileValue(random) : entry));
  }
}

function damagedObject(value: object, random: Random): Change {
  const record = value as Record<string, unknown>;
  switch (random.integer(7)) {
    case 0:
      return { value: { ...record, [pick(KEYS, random)]: hostileValue(random) }, what: 'a key added' };
    case 1:
      return { value: Object.assign(Object.create(null), record), what: 'without prototype' };
    case 2:
      return { value: Object.create(record), what: 'keys inherited' };
    case 3:
      return { value: throwingProxy(value, random), what: 'behind a proxy that throws' };
    case 4:
      return { value: silentProxy(value), what: 'behind a proxy' };
    case 5:
      return {
        value: throwingGetter(record, pick([...Object.keys(record), 'reg'], random)),
        what: 'a getter that throws',
      };
    default:
      return { value: { ...record, [Symbol('key')]: 1 }, what: 'a symbol as key' };
  }
}

const KEYS = [
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'labels',
  'rows',
  'reg',
  'get',
  '\u001b[31m',
  'k'.repeat(10_000),
];

function freezeAll(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || isClosed(value)) return;
  if (Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const entry of Object.values(value)) freezeAll(entry);
}
