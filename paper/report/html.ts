/** Markup that escapes what is put into it: text becomes text, only markup made here stays markup. */

/** A piece of finished markup. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Content = string | number | Html | undefined | readonly Content[];

/** Template tag: strings are escaped, `Html` is kept, lists are joined, undefined is nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(parts.map((part, k) => part + (k < values.length ? render(values[k]) : '')).join(''));
}

/** The pieces with a separator between them. */
export function join(pieces: readonly Content[], separator: string): Html {
  return new Html(pieces.map(render).join(escapeHtml(separator)));
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function render(value: Content): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  return typeof value === 'object' ? value.map(render).join('') : escapeHtml(String(value));
}
