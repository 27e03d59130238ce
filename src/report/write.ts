/** The report as files in a folder; Node only. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Results } from '../reproduce/results.js';
import { renderData, renderReport } from './report.js';

export const PAGE_NAME = 'index.html';
export const RESULTS_NAME = 'results.json';

/**
 * Writes index.html, results.json and a CSV file for each table; a file that is there is replaced. Data come first: they are written even where the page
 * cannot be drawn.
 *
 * @returns the names of the files
 * @throws PlotLibraryError (rejects) when the packages that draw the figures are not installed, after all but the page was written
 */
export async function writeReport(results: Results, folder: string): Promise<string[]> {
  const { csv, json } = renderData(results);
  const data = [[RESULTS_NAME, json] as const, ...csv];
  await mkdir(folder, { recursive: true });
  for (const [name, text] of data) await writeFile(join(folder, name), text);
  const { html } = await renderReport(results);
  await writeFile(join(folder, PAGE_NAME), html);
  return [PAGE_NAME, ...data.map(([name]) => name)];
}
