/** How the words of a command line become values; each throws what commander reports as a wrong argument. */
import { InvalidArgumentError } from 'commander';

/** Gathers the values of an option that is given several times. */
export const collect = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];

export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new InvalidArgumentError('Expected a number.');
  return value;
}

export function numbers(text: string): number[] {
  const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (values.some(Number.isNaN)) throw new InvalidArgumentError('Expected numbers such as 1,0.1,0.01.');
  return values;
}

export function positive(text: string): number {
  const value = number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('Expected a number > 0.');
  return value;
}

export function fraction(text: string): number {
  const value = number(text);
  if (value < 0 || value >= 1) throw new InvalidArgumentError('Expected a number from 0 to below 1, such as 0.5.');
  return value;
}

export function seconds(text: string): number {
  const value = number(text);
  if (value <= 0) throw new InvalidArgumentError('Expected a number of seconds > 0.');
  return value;
}

export function wholeNumber(text: string): number {
  const value = number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('Expected a whole number ≥ 1.');
  return value;
}
