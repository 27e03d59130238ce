/** How numbers are written in the report: a few significant digits, a unit, and never more than is known. */

/** Stands for what does not exist; the reason is told beside it. */
export const MISSING = '–';

const LOSS_DIGITS = 5;
const MINUS = '−';
/** Between a number and its unit: no line break there. */
const NBSP = '\u00a0';

/** `digits` significant digits, without an exponent; very small and very large numbers as a × 10ᵇ. */
export function significant(value: number, digits: number): string {
  if (value === 0) return '0';
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  if (exponent < -4 || exponent > 9) {
    const [mantissa, power] = value.toExponential(Math.min(digits, 3) - 1).split('e');
    return signed(`${mantissa}·10${superscript(Number(power))}`);
  }
  const decimals = Math.max(0, digits - 1 - exponent);
  return signed(group(value.toFixed(Math.min(decimals, 20))));
}

/** A training loss, a bound or a program's value. */
export function loss(value: number): string {
  return significant(value, LOSS_DIGITS);
}

/** A standard deviation with the decimals that its mean has at `digits` significant ones. */
export function deviation(std: number, mean: number, digits = LOSS_DIGITS): string {
  return group(std.toFixed(decimalsOf(mean, digits)));
}

/** mean ± standard deviation, both with the decimals of the mean's last significant digit. */
export function spread(mean: number, std: number, digits = 4): string {
  return `${signed(group(mean.toFixed(decimalsOf(mean, digits))))}${NBSP}±${NBSP}${deviation(std, mean, digits)}`;
}

function decimalsOf(value: number, digits: number): number {
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  return Math.min(20, Math.max(0, digits - 1 - exponent));
}

/** Mean ± standard deviation of shares of 1, in per cent. */
export function percentSpread(mean: number, std: number): string {
  const deviation = percentDeviation(std, mean);
  return deviation === undefined ? percent(mean) : `${percentage(mean)}${NBSP}±${NBSP}${deviation}`;
}

/** A standard deviation of shares with the decimals of their mean; undefined where those would show zeros only. */
export function percentDeviation(std: number, mean: number): string | undefined {
  if (mean > 0 && mean < 1e-5) return undefined;
  const decimals = percentage(mean).split('.')[1]?.length ?? 1;
  return `${(100 * std).toFixed(decimals)}${NBSP}%`;
}

/** A share of 1 as a percentage with one decimal; a small one with enough digits to tell it from zero. */
export function percent(share: number): string {
  return `${percentage(share)}${NBSP}%`;
}

/** For “no more than”: too small a share is rounded up. */
export function percentAtMost(share: number): string {
  return percent(share > 0 ? Math.max(share, 1e-5) : share);
}

/** How far something lies above a reference, for a sentence that goes on with the reference: “3.4 % above” or “490 times”. */
export function above(excess: number): string {
  return excess < 1 ? `${percent(excess)} above` : `${significant(1 + excess, 2)} times`;
}

/** The number of `percent` alone, where the unit stands in a heading. */
export function percentage(share: number): string {
  const value = 100 * share;
  const size = Math.abs(value);
  if (size > 0 && size < 1e-3) return `${value < 0 ? '>' : '<'}${NBSP}${signed(value < 0 ? '-0.001' : '0.001')}`;
  return signed(group(size === 0 || size >= 1 ? value.toFixed(1) : value.toFixed(size >= 0.1 ? 2 : 3)));
}

/** An accuracy as percentage points with one decimal. */
export function accuracy(share: number): string {
  return signed((100 * share).toFixed(1));
}

/** A difference in percentage points, with its sign. */
export function points(difference: number): string {
  const value = (100 * difference).toFixed(1);
  return Number(value) === 0 ? '0.0' : `${difference > 0 ? '+' : ''}${signed(value)}`;
}

/** A wall-clock time with its unit. */
export function duration(ms: number): string {
  if (ms < 1) return `${significant(ms, 2)}${NBSP}ms`;
  if (ms < 999.5) return `${significant(ms, Math.max(2, Math.ceil(Math.log10(ms + 1))))}${NBSP}ms`;
  const seconds = ms / 1000;
  if (seconds < 119.5) return `${significant(seconds, seconds < 99.5 ? 2 : 3)}${NBSP}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes}${NBSP}min`;
  return `${Math.floor(minutes / 60)}${NBSP}h${NBSP}${String(minutes % 60).padStart(2, '0')}${NBSP}min`;
}

/** Floating-point operations with a decimal prefix. */
export function flops(count: number): string {
  const prefixes = ['', 'k', 'M', 'G', 'T', 'P'];
  const k = Math.min(prefixes.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(count, 1)) / 3)));
  return `${significant(count / 1000 ** k, 3)}${NBSP}${prefixes[k]}flop`;
}

export function integer(value: number): string {
  return signed(group(String(Math.round(value))));
}

/** A mean of whole numbers: with one decimal unless it is whole itself. */
export function count(value: number): string {
  return Number.isInteger(value) ? integer(value) : signed(group(value.toFixed(1)));
}

/** “1 split”, “5 splits”. */
export function counted(value: number, thing: string): string {
  return `${integer(value)} ${thing}${value === 1 ? '' : 's'}`;
}

/** 1 → one … twelve; more as digits. */
export function inWords(value: number): string {
  const words = 'no one two three four five six seven eight nine ten eleven twelve'.split(' ');
  return words[value] ?? String(value);
}

/** a, b and c */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

function signed(text: string): string {
  return text.replace(/^-/, MINUS);
}

/** Thin spaces between groups of three from five digits on, before the decimal point. */
function group(text: string): string {
  const [whole, ...fraction] = text.split('.');
  const grouped = whole.replace('-', '').length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, '\u202f') : whole;
  return [grouped, ...fraction].join('.');
}

function superscript(value: number): string {
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  return Array.from(String(value), (character) => (character === '-' ? '⁻' : digits[Number(character)])).join('');
}
