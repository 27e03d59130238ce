/** What the visitor takes home: the model as JSON, and the page's result as one HTML file. */
import type { Dataset } from './dataset.js';
import type { TrainedResult } from './session.js';
import type { Settings } from './settings.js';
import { asText, certificateSentence, figure, percent } from './words.js';

export interface ReportParts {
  readonly dataset: Dataset;
  readonly settings: Settings;
  readonly result: TrainedResult;
  readonly adamLoss: number | undefined;
  /** Caption and canvas of every picture on the page. */
  readonly pictures: readonly (readonly [string, HTMLCanvasElement])[];
}

export function downloadModel({ network }: TrainedResult): void {
  download('convex-relu-model.json', 'application/json', JSON.stringify(network));
}

export function downloadReport(parts: ReportParts): void {
  download('convex-relu-report.html', 'text/html', report(parts));
}

function report({ dataset, settings, result, adamLoss, pictures }: ReportParts): string {
  const { loss, lowerBound, gap, network, relaxation, status } = result;
  const rows: readonly (readonly [string, string])[] = [
    [
      'Data',
      `${dataset.name}: ${dataset.X.length} rows, ${dataset.featureNames.length} features, ${dataset.classNames.length} classes`,
    ],
    ['Weight decay reg', String(settings.reg)],
    ['Bias', settings.bias ? 'yes' : 'no'],
    ['Tolerance', String(settings.tolerance)],
    ['Width limit', settings.maxWidth === undefined ? 'none' : String(settings.maxWidth)],
    ['Rounding', settings.rounding],
    ['Seed', String(settings.seed)],
    ['Status', status],
    ['Certified lower bound on every network', figure(lowerBound)],
    ['Training loss of this network', figure(loss)],
    ['Gap of the network', percent(gap)],
    ['Gap of the convex problem', relaxation ? percent(relaxation.gap) : '–'],
    ['Neurons', String(network.width)],
    ['Adam’s loss at the same width', adamLoss === undefined ? '–' : figure(adamLoss)],
  ];
  const sentence = asText(certificateSentence({ lowerBound, loss, width: network.width }, false));
  const table = rows
    .map(([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`)
    .join('\n');
  const images = pictures
    .map(
      ([caption, canvas]) =>
        `<figure><img alt="${escapeHtml(caption)}" src="${canvas.toDataURL()}"><figcaption>${escapeHtml(caption)}</figcaption></figure>`,
    )
    .join('\n');
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>convex-relu report: ${escapeHtml(dataset.name)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 900px; margin: 2rem auto; padding: 0 1rem; color: #1d2030; background: #fff; }
table { border-collapse: collapse; margin: 1rem 0; } th { text-align: left; font-weight: 500; padding-right: 2rem; } td { font-weight: 600; }
.sentence { font-size: 1.25rem; } .pictures { display: flex; flex-wrap: wrap; gap: 1rem; } figure { margin: 0; } img { width: 280px; border: 1px solid #ddd; border-radius: 8px; }
</style>
<h1>${escapeHtml(dataset.name)}</h1>
<p class="sentence">${escapeHtml(sentence)}</p>
<table>${table}</table>
<div class="pictures">${images}</div>
</html>`;
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function download(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  // The browser reads the url after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
