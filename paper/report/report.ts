/** The report on a run: one page for people, and its tables and results for programs. */
import type { Results } from '../cells/results.js';
import { Html } from './html.js';
import { buildModel, type Model, type Section } from './model.js';
import { renderPage } from './page.js';
import { accuracySection } from './sections/accuracy.js';
import { costSection } from './sections/cost.js';
import { curvesSection } from './sections/curves.js';
import { objectiveSection } from './sections/objective.js';
import { provenanceSection } from './sections/provenance.js';
import { summarySection } from './sections/summary.js';
import { tableCsv } from './table.js';

export interface Report {
  /** A self-contained page: no script, no request. */
  readonly html: string;
  /** File name → text, one for each table. */
  readonly csv: ReadonlyMap<string, string>;
  /** The results themselves, one cell a line. */
  readonly json: string;
}

/** The same bytes for the same results. */
export function renderReport(results: Results): Report {
  const model = buildModel(results);
  const sections = sectionsOf(model);
  return { html: renderPage(model, sections), csv: renderTables(sections), json: renderResults(results) };
}

function sectionsOf(model: Model): Section[] {
  return [summarySection, objectiveSection, curvesSection, accuracySection, costSection, provenanceSection].map(
    (section) => section(model),
  );
}

function renderTables(sections: readonly Section[]): ReadonlyMap<string, string> {
  const tables = sections.flatMap(({ parts }) => parts).flatMap((part) => (part instanceof Html ? [] : [part]));
  return new Map(tables.map((table) => [`${table.name}.csv`, tableCsv(table)]));
}

function renderResults({ run, cells }: Results): string {
  const lines = cells.map((cell) => JSON.stringify(cell)).join(',\n');
  return `{"run":${JSON.stringify(run)},\n"cells":[\n${lines}\n]}\n`;
}
