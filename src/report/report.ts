/** The report on a run: one page for people, and its tables and results for programs. */
import type { Results } from '../reproduce/results.js';
import { Html } from './html.js';
import { buildModel, type Model, type Section } from './model.js';
import { renderPage } from './page.js';
import { loadDrawing } from './plot-library.js';
import { accuracySection } from './sections/accuracy.js';
import { costSection } from './sections/cost.js';
import { curvesSection } from './sections/curves.js';
import { objectiveSection } from './sections/objective.js';
import { provenanceSection } from './sections/provenance.js';
import { summarySection } from './sections/summary.js';
import { tableCsv } from './table.js';

/** What needs no plotting library. */
export interface ReportData {
  /** File name → text, one for each table. */
  readonly csv: ReadonlyMap<string, string>;
  /** The results themselves, one cell a line. */
  readonly json: string;
}

export interface Report extends ReportData {
  /** A self-contained page: no script, no request. */
  readonly html: string;
}

/** The same bytes for the same results. */
export function renderData(results: Results): ReportData {
  return dataOf(results, sectionsOf(buildModel(results)));
}

/**
 * The same bytes for the same results.
 *
 * @throws PlotLibraryError (rejects) when the optional packages that draw the figures are not installed; `renderData` does without
 */
export async function renderReport(results: Results): Promise<Report> {
  const model = buildModel(results, await loadDrawing());
  const sections = sectionsOf(model);
  return { html: renderPage(model, sections), ...dataOf(results, sections) };
}

function sectionsOf(model: Model): Section[] {
  return [summarySection, objectiveSection, curvesSection, accuracySection, costSection, provenanceSection].map(
    (section) => section(model),
  );
}

function dataOf({ run, cells }: Results, sections: readonly Section[]): ReportData {
  const tables = sections.flatMap(({ parts }) => parts).flatMap((part) => (part instanceof Html ? [] : [part]));
  const lines = cells.map((cell) => JSON.stringify(cell)).join(',\n');
  return {
    csv: new Map(tables.map((table) => [`${table.name}.csv`, tableCsv(table)])),
    json: `{"run":${JSON.stringify(run)},\n"cells":[\n${lines}\n]}\n`,
  };
}
