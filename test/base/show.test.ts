import { describe, expect, it } from 'vitest';
import { printable, show } from '../../src/base/show.js';

describe('values in messages', () => {
  it('have no line breaks, control characters or marks that turn the direction of writing', () => {
    expect(printable('a\u001b[31mb\0c\nd\u202ee')).toBe('a\\u001b[31mb\\u0000c\\u000ad\\u202ee');
    expect(printable('ä ñ 漢 😀')).toBe('ä ñ 漢 😀');
    expect(printable('\ud800')).toBe('\\ud800');
  });

  it('are short', () => {
    const shown = show('x'.repeat(5e6));
    expect(shown).toBe(`'${'x'.repeat(60)}… (5000000 characters)'`);
  });

  it('of every kind', () => {
    expect([1, 'a', null, undefined, true, 3n, Symbol('s'), [1, 2], {}, () => 1, new Date(0)].map(show)).toEqual([
      '1',
      "'a'",
      'null',
      'undefined',
      'true',
      'the bigint 3n',
      'a symbol',
      'an array of length 2',
      'an object',
      'a function',
      'an object',
    ]);
  });
});
