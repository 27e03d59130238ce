/** The report as files in a folder. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeOutput } from '../../src/cli/output-file.js';
import type { Results } from '../cells/results.js';
import { renderReport } from './report.js';

const PAGE_NAME = 'index.html';
const RESULTS_NAME = 'results.json';

/**
 * Writes index.html, results.json and a CSV file for each table; a file that is there is replaced, each whole or not at all.
 *
 * @returns the names of the files
 */
export async function writeReport(results: Results, folder: string): Promise<string[]> {
  const { html, csv, json } = renderReport(results);
  const files = [[PAGE_NAME, html] as const, [RESULTS_NAME, json] as const, ...csv];
  await mkdir(folder, { recursive: true });
  for (const [name, text] of files) writeOutput('--out', join(folder, name), text);
  return files.map(([name]) => name);
}

/** Writes the report again from the results that lie in the folder. */
export async function rewriteReport(folder: string): Promise<string[]> {
  const results = JSON.parse(await readFile(join(folder, RESULTS_NAME), 'utf8')) as Results;
  return writeReport(results, folder);
}
