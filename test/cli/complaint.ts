/** The message of the InputError that the work throws. */
import { expect } from 'vitest';
import { InputError } from '../../src/index.js';

export function complaint(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  throw new Error('expected an InputError, but nothing was thrown');
}
