/** Plots as SVG text, drawn by Observable Plot on a document that needs no browser (docs/decisions/0012-report-plots.md). */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { escapeHtml, Html } from './html.js';

export interface Figure {
  /** Unique on the page: the prefix of all ids in the drawing. */
  readonly id: string;
  readonly title: string;
  /** What the drawing shows, for those who do not see it. */
  readonly description: string;
}

/** The plot as an SVG element with title and description, the same bytes for the same input. */
export function draw(figure: Figure, options: Plot.PlotOptions): Html {
  const { document } = parseHTML('<html><body></body></html>');
  const svg = Plot.plot({ document: document as unknown as Document, className: 'plot', ...options });
  return new Html(finish(svg.outerHTML, figure));
}

/**
 * Takes out the library's own style sheet (the page has one for all), shortens coordinates to a tenth of a pixel, makes ids the figure's own, and puts
 * title and description in front.
 */
function finish(svg: string, { id, title, description }: Figure): string {
  const slim = svg
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<[a-z][^>]*>/g, (tag) =>
      tag.replace(/-?\d+\.\d{2,}/g, shorten).replace(/ aria-(label|hidden)="[^"]*"/g, ''),
    )
    .replace(/plot-clip-\d+/g, `${id}-clip`);
  const head = slim.slice(0, slim.indexOf('>'));
  const labels = ` role="img" aria-labelledby="${id}-title ${id}-desc"`;
  const texts = `<title id="${id}-title">${escapeHtml(title)}</title><desc id="${id}-desc">${escapeHtml(description)}</desc>`;
  return `${head}${labels}>${texts}${slim.slice(head.length + 1)}`;
}

/** Coordinates to a tenth; what is below a tenth (opacities) to a hundredth. */
function shorten(number: string): string {
  const value = Number(number);
  return String(Number(value.toFixed(Math.abs(value) < 1 ? 2 : 1)));
}
