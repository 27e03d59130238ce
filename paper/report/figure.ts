/** A drawing with its caption and legend; the legend shows line style and mark, so that nothing is told by colour alone. */

import type { Mark } from './charts.js';
import type { Figure } from './drawing.js';
import { type Html, html } from './html.js';

export interface LegendEntry {
  readonly label: string;
  readonly color: string;
  readonly kind: 'line' | 'bar' | 'mark';
  readonly dash?: string | undefined;
  readonly thick?: boolean | undefined;
  readonly mark?: Mark | undefined;
  readonly hollow?: boolean | undefined;
}

/** The caption is the title, and what can be said about it in a sentence. */
export function figure(
  { title, description }: Figure,
  svg: Html,
  { caption = description, legend = [] }: { caption?: string | undefined; legend?: readonly LegendEntry[] } = {},
): Html {
  return html`<figure>
<figcaption><strong>${title}.</strong> ${caption}</figcaption>
${svg}
${legend.length === 0 ? undefined : renderLegend(legend)}</figure>
`;
}

export function renderLegend(entries: readonly LegendEntry[]): Html {
  return html`<p class="legend">${entries.map((entry) => html`<span>${swatch(entry)}${entry.label}</span>`)}</p>
`;
}

function swatch({ kind, color, dash, thick, mark, hollow }: LegendEntry): Html {
  const inner = {
    bar: () =>
      html`<rect x="8" y="2" width="10" height="10" fill="${hollow === true ? 'none' : color}" stroke="${color}" stroke-width="${hollow === true ? 2 : 0}" />`,
    line: () =>
      html`<path d="M1 7H25" stroke="${color}" stroke-width="${thick === true ? 2.6 : 1.8}"${dash === undefined ? undefined : html` stroke-dasharray="${dash}"`} />${mark === undefined ? undefined : markShape(mark, color, false)}`,
    mark: () => markShape(mark ?? 'circle', color, hollow === true),
  }[kind]();
  return html`<svg class="swatch" width="26" height="14" viewBox="0 0 26 14" aria-hidden="true">${inner}</svg>`;
}

const SHAPES: Readonly<Record<Mark, string>> = {
  circle: 'M9 7a4 4 0 1 0 8 0a4 4 0 1 0 -8 0',
  square: 'M9.5 3.5h7v7h-7z',
  triangle: 'M13 2.5l4.6 8h-9.2z',
  diamond: 'M13 2l3.4 5l-3.4 5l-3.4 -5z',
  star: 'M13 1l1.5 4.2l4.5.1l-3.6 2.7l1.3 4.3l-3.7-2.6l-3.7 2.6l1.3-4.3l-3.6-2.7l4.5-.1z',
};

function markShape(mark: Mark, color: string, hollow: boolean): Html {
  return html`<path d="${SHAPES[mark]}" fill="${hollow ? 'var(--card)' : color}" stroke="${color}" />`;
}
