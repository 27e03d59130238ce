/** Values in messages: short, on one line, and with nothing in them that a terminal would obey. */

/** Longest piece of somebody's text that a message repeats. */
const LONGEST = 60;

/** Everything but printable characters: controls, line and paragraph separators, marks that turn the direction of writing, lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The text without line breaks and control characters (as \u escapes), cut at 60 characters. */
export function printable(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
  return cut.replace(UNPRINTABLE, escaped);
}

const escaped = (character: string): string => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

/** Longest name of a file, an option or an argument that a message begins with. */
const LONGEST_NAME = 250;

/** A name as a message begins with it: whole, but for control characters and unless it is absurdly long. */
export function nameOf(name: unknown): string {
  if (typeof name !== 'string') return show(name);
  const cut = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
  return cut.replace(UNPRINTABLE, escaped);
}

export const quote = (text: string): string => `'${printable(text)}'`;

/** A value of any kind in a few words, as the argument of "got …". */
export function show(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'function':
      return 'a function';
    case 'symbol':
      return 'a symbol';
    case 'bigint':
      return `the bigint ${printable(String(value))}n`;
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? `an array of length ${value.length}` : 'an object';
    default:
      return String(value);
  }
}
