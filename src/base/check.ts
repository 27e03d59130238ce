/** Options checked one by one: what each must be, and an error that names the option, what came and what would work. */
import { OptionsError } from './errors.js';
import { quote, show } from './show.js';
import { nearest } from './spelling.js';
import type { RunLimits } from './types.js';
import { firstNot } from './untrusted.js';

/** Says what an option must be; undefined when the value is fine. */
export type Check = (value: unknown) => string | undefined;

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** For what is checked where it is used. */
export const anything: Check = () => undefined;
export const boolean: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false');
export const positive: Check = (value) =>
  isNumber(value) && value > 0 && Number.isFinite(value) ? undefined : 'a finite number > 0, for example 0.1';
export const nonNegative: Check = (value) =>
  isNumber(value) && value >= 0 && Number.isFinite(value) ? undefined : 'a finite number ≥ 0';
export const fraction: Check = (value) =>
  isNumber(value) && value > 0 && value < 1 ? undefined : 'a number between 0 and 1, for example 1e-3';
export const count: Check = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : 'a whole number ≥ 0';
export const width: Check = (value) =>
  value === Number.POSITIVE_INFINITY || (Number.isSafeInteger(value) && Number(value) >= 1)
    ? undefined
    : 'a whole number ≥ 1, or Infinity';
const duration: Check = (value) => (isNumber(value) && value >= 0 ? undefined : 'a number of milliseconds ≥ 0');
export const callback: Check = (value) => (typeof value === 'function' ? undefined : 'a function');
const abortSignal: Check = (value) => {
  const { aborted, throwIfAborted, addEventListener, removeEventListener } = Object(value);
  const methods: readonly unknown[] = [throwIfAborted, addEventListener, removeEventListener];
  const isSignal = typeof aborted === 'boolean' && methods.every((method) => typeof method === 'function');
  return isSignal ? undefined : "an AbortSignal, for example AbortSignal.timeout(1000) or an AbortController's signal";
};
export const oneOf =
  (choices: readonly string[]): Check =>
  (value) =>
    choices.some((choice) => choice === value) ? undefined : `one of ${choices.map(quote).join(', ')}`;

/** Whether all entries pass, a hole counting as undefined: `every` passes over holes, and takes its time with a thousand million of them. */
export const everyEntry = (entries: readonly unknown[], passes: (entry: unknown) => boolean): boolean =>
  firstNot(entries, passes) < 0;

export const someOf =
  (choices: readonly string[]): Check =>
  (value) => {
    const given: readonly unknown[] = Array.isArray(value) ? value : [value];
    const isFine = given.length > 0 && everyEntry(given, (name) => choices.some((choice) => choice === name));
    return isFine ? undefined : `one of ${choices.map(quote).join(', ')}, or an array of these`;
  };

/** One check per option of a function. */
export type OptionChecks<T> = { readonly [K in keyof T]-?: Check };

/** The options T with every default filled in: limits, and the options named, may stay undefined. */
export type Resolved<T, Unset extends keyof T = never> = {
  readonly [K in keyof T]-?: K extends keyof RunLimits | Unset ? T[K] : Exclude<T[K], undefined>;
};

/** Limits left out. */
export const NO_LIMITS = Object.freeze({
  onProgress: undefined,
  signal: undefined,
  stopSignal: undefined,
  timeLimitMs: undefined,
}) satisfies RunLimits;

export const LIMIT_CHECKS: OptionChecks<RunLimits> = Object.freeze({
  onProgress: callback,
  signal: abortSignal,
  stopSignal: abortSignal,
  timeLimitMs: duration,
});

/**
 * Checks the options and fills in the defaults; an option that is undefined counts as left out, and one without a default must be given.
 *
 * @param checks every option with what it must be
 * @param defaults of those that may be left out
 * @throws OptionsError for an unknown option (naming the nearest known one), a missing one, a wrong type or a value out of range
 */
export function checkOptions<T extends object>(options: object, defaults: Partial<T>, checks: OptionChecks<T>): T {
  assertObject(options);
  const known: Readonly<Record<string, Check>> = checks;
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  for (const [name, value] of Object.entries<unknown>(given)) {
    if (!Object.hasOwn(known, name)) {
      const names = Object.keys(known);
      throw new OptionsError(
        name,
        `is not an option; did you mean ${nearest(name, names)}? The options are ${names.join(', ')}`,
      );
    }
    const expected = known[name](value);
    if (expected !== undefined) throw new OptionsError(name, `expected ${expected}, got ${show(value)}`);
  }
  for (const name of Object.keys(known)) {
    if (Object.hasOwn(given, name) || Object.hasOwn(defaults, name)) continue;
    throw new OptionsError(name, `is missing; expected ${known[name](undefined)}`);
  }
  return Object.freeze({ ...defaults, ...given }) as T;
}

/** The options with one that is an argument of its own. @throws OptionsError when the options are no object */
export function withOption(options: object, name: string, value: unknown): object {
  assertObject(options);
  return { ...options, [name]: value ?? null };
}

function assertObject(options: unknown): asserts options is object {
  // A Map, a Date or a signal has no options among its properties: whoever passes one has mistaken the argument.
  if (Object.prototype.toString.call(options) === '[object Object]') return;
  throw new OptionsError('options', `expected an object, got ${show(options)}`);
}
