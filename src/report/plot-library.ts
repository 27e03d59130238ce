/**
 * The plotting library, loaded only when a report is rendered: an optional peer dependency (docs/decisions/0012-report-plots.md), since the
 * library itself has no use for it. Plots are drawn on a document that needs no browser.
 */
import { ConvexReluError } from '../base/errors.js';
import { escapeHtml, Html } from './html.js';

export type PlotModule = typeof import('@observablehq/plot');
export type PlotOptions = Parameters<PlotModule['plot']>[0];

/** What to install when the packages are absent. */
const INSTALL = 'npm install @observablehq/plot linkedom';

/** The packages that draw the figures are not installed; tables, CSV and JSON do not need them. */
export class PlotLibraryError extends ConvexReluError {
  override readonly name = 'PlotLibraryError';
  constructor(options?: ErrorOptions) {
    super('input', `the report's figures need two packages that are not installed: run "${INSTALL}"`, options);
  }
}

export interface Figure {
  /** Unique on the page: the prefix of all ids in the drawing. */
  readonly id: string;
  readonly title: string;
  /** What the drawing shows, for those who do not see it. */
  readonly description: string;
}

export interface Drawing {
  readonly Plot: PlotModule;
  /** The drawing as an SVG element with title and description, the same bytes for the same input. */
  draw(figure: Figure, options: PlotOptions): Html;
}

const importPackages = () => Promise.all([import('@observablehq/plot'), import('linkedom')]);

/**
 * @param load of tests only
 * @throws PlotLibraryError (rejects) when the packages are not installed
 */
export async function loadDrawing(load = importPackages): Promise<Drawing> {
  const [Plot, { parseHTML }] = await load().catch((cause: unknown) => {
    if ((cause as { code?: string } | undefined)?.code === 'ERR_MODULE_NOT_FOUND')
      throw new PlotLibraryError({ cause });
    throw cause;
  });
  const { document } = parseHTML('<html><body></body></html>');
  return {
    Plot,
    draw: (figure, options) => {
      const svg = Plot.plot({ document: document as unknown as Document, className: 'plot', ...options });
      return new Html(finish(svg.outerHTML, figure));
    },
  };
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
