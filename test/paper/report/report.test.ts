/** The page as a whole, on made-up results: what it must contain, what it must not, and that it is well-formed and accessible. */
import { readFileSync } from 'node:fs';
import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, test } from 'vitest';
import type { DataName, ObjectiveCell, ObjectiveResult, Results } from '../../../paper/cells/results.js';
import { loss } from '../../../paper/report/format.js';
import { type Report, renderReport } from '../../../paper/report/report.js';
import { HOSTILE, makeResults } from './fixture.js';

const TWO_MEGABYTES = 2 * 2 ** 20;

describe('report on all data sets', () => {
  const results = makeResults({ trials: 12, splits: 5 });
  let report: Report;
  let document: Document;

  beforeAll(() => {
    report = renderReport(results);
    document = parseHTML(report.html).document as unknown as Document;
  });

  const all = (selector: string): Element[] => [...document.querySelectorAll(selector)];
  const objectiveOf = (data: DataName): ObjectiveResult => {
    const cell = results.cells.find(
      ({ key }) => key.experiment === 'objective' && key.data === data && key.reg === 0.1,
    ) as ObjectiveCell;
    return cell.result;
  };
  const textOf = (selector: string): string => document.querySelector(selector)?.textContent ?? '';

  test('has a summary, contents and the five sections, in this order', () => {
    expect(all('main > section, main > nav').map(({ id, tagName }) => id || tagName.toLowerCase())).toEqual([
      'summary',
      'nav',
      'objective',
      'curves',
      'accuracy',
      'cost',
      'provenance',
    ]);
    expect(all('nav a').map((link) => link.getAttribute('href'))).toEqual([
      '#objective',
      '#curves',
      '#accuracy',
      '#cost',
      '#provenance',
    ]);
  });

  test('loads nothing and runs nothing', () => {
    expect(report.html).not.toMatch(/<script|<iframe|<img|<link[^>]+stylesheet|@import|url\((?!#)|\ssrc=/i);
    for (const link of all('[href]')) {
      const href = link.getAttribute('href') ?? '';
      expect(href.startsWith('#') || href.startsWith('data:') || report.csv.has(href) || href === 'results.json').toBe(
        true,
      );
    }
  });

  test('is small enough to be committed', () => {
    const { html } = renderReport(makeResults());
    expect(Buffer.byteLength(html)).toBeLessThan(TWO_MEGABYTES / 2);
  });

  test('is the same bytes for the same results', () => {
    expect(renderReport(results).html).toBe(report.html);
  });

  test('shows text as text', () => {
    expect(textOf('#provenance')).toContain(HOSTILE);
    expect(all('script')).toEqual([]);
  });

  test('has no id twice, and every reference leads somewhere', () => {
    const ids = all('[id]').map(({ id }) => id);
    expect(ids.length).toBe(new Set(ids).size);
    const references = [
      ...all('[aria-labelledby]').flatMap((element) => (element.getAttribute('aria-labelledby') ?? '').split(' ')),
      ...all('a[href^="#"]').map((link) => (link.getAttribute('href') ?? '').slice(1)),
      ...[...report.html.matchAll(/url\(#([^)]+)\)/g)].map(([, id]) => id),
    ];
    expect(references.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('every figure has a title, a description and a caption; every other drawing is decoration', () => {
    const figures = all('figure');
    expect(figures.length).toBeGreaterThan(7 * 6);
    for (const figure of figures) {
      const svg = figure.querySelector('svg.plot');
      expect(svg?.getAttribute('role')).toBe('img');
      expect(svg?.querySelector('title')?.textContent).not.toBe('');
      expect(svg?.querySelector('desc')?.textContent).not.toBe('');
      expect(figure.querySelector('figcaption')?.textContent).not.toBe('');
    }
    expect(all('svg:not(.plot)').filter((svg) => svg.getAttribute('aria-hidden') !== 'true')).toEqual([]);
  });

  test('no figure holds a number that is none', () => {
    for (const svg of all('svg.plot')) expect(svg.outerHTML).not.toMatch(/NaN|Infinity|undefined/);
    expect(document.querySelector('main')?.textContent).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  test('every table has a caption, headings with a scope, and rows as long as its head', () => {
    for (const table of all('table')) {
      expect(table.querySelector('caption')?.textContent).not.toBe('');
      for (const heading of table.querySelectorAll('th')) expect(heading.getAttribute('scope')).not.toBeNull();
      const span = (cells: Iterable<Element>): number =>
        [...cells].reduce((sum, cell) => sum + Number(cell.getAttribute('colspan') ?? 1), 0);
      const width = span((table.querySelector('thead tr') as Element).children);
      for (const row of table.querySelectorAll('tbody tr')) expect(span(row.children)).toBe(width);
    }
  });

  test('the best of a row is marked by a sign, not by colour alone', () => {
    const best = all('td.best');
    expect(best.length).toBeGreaterThan(0);
    for (const cell of best) expect(cell.textContent).toContain('★');
  });

  test('shows the numbers it was given', () => {
    const { relaxation, network } = objectiveOf('iris');
    const row = [...(document.querySelector('#tightness') as Element).querySelectorAll('tbody tr')].find((tr) =>
      tr.textContent?.includes('Iris reg 0.1'),
    );
    expect(row?.textContent).toContain(loss(relaxation.value));
    expect(row?.textContent).toContain(loss(network.loss));
    // The fixture's relaxation is 0.661 of the optimum.
    expect(row?.textContent).toContain('0.661');
    expect(row?.textContent).toContain('33.9\u00a0%');
    expect(textOf('#summary')).toContain('66.1\u00a0% of the true optimum');
  });

  test('says in the summary who wins, who is beaten and what is incomplete', () => {
    const text = textOf('#summary');
    expect(text).toContain('MNIST-20, reg 0.01: Adam, width 300');
    expect(text).toContain('12 trials');
    expect(text).toMatch(/more often better than worse against [^.]*Ridge/);
    expect(text).toMatch(/did not reach its tolerance within its limit on MNIST-20 at reg 0\.1/);
  });

  test('labels what was tuned on test rows', () => {
    expect(textOf('#accuracy-paper-split caption')).toContain('tuned on the test rows');
    expect(textOf('#accuracy-paper-split tbody')).toContain('tuned');
    expect(textOf('#accuracy-splits')).not.toContain('tuned');
  });

  test('writes each table as CSV with the plain numbers', () => {
    const lines = (report.csv.get('tightness.csv') ?? '').split('\r\n');
    const header = lines[0].split(',');
    const row = lines.find((line) => line.startsWith('spiral,0.1,')) ?? '';
    const { relaxation } = objectiveOf('spiral');
    expect(Number(row.split(',')[header.indexOf('sdp value')])).toBe(relaxation.value);
    expect([...report.csv.keys()]).toEqual(
      expect.arrayContaining(['losses-sgd.csv', 'accuracy-splits.csv', 'roundings.csv']),
    );
  });

  test('writes the results as JSON that reads back to themselves', () => {
    expect(JSON.parse(report.json)).toEqual(results);
  });
});

describe('reports with gaps', () => {
  test('without any cell there is still a page that says so', () => {
    const { html } = renderReport(makeResults({ data: [] }));
    expect(html).toContain('Iris: no file in the data folder');
  });

  test('names what is missing or failed, and why', () => {
    const { html } = renderReport(makeResults({ data: ['mnist20'], splits: 2 }));
    const text = parseHTML(html).document.body.textContent ?? '';
    expect(text).toContain('Spiral: no file in the data folder');
    expect(text).toContain('needs 5 GiB of memory & more');
    expect(text).toContain('search for the network stopped by its time limit');
  });

  test('cells of any one experiment alone make a page', () => {
    const whole = makeResults({ data: ['iris'], splits: 2 });
    for (const experiment of ['objective', 'descent', 'programs', 'accuracy']) {
      const some: Results = { ...whole, cells: whole.cells.filter(({ key }) => key.experiment === experiment) };
      const { html } = renderReport(some);
      expect(parseHTML(html).document.querySelector('main')?.textContent).not.toMatch(
        /NaN|Infinity|undefined|\[object/,
      );
    }
  });

  test('writes the tables of one data set alone', () => {
    const { csv, json } = renderReport(makeResults({ data: ['spiral'] }));
    expect(csv.get('losses-adam.csv')).toContain('spiral,0.1,false,1');
    expect(json).toContain('"spiral"');
  });
});

test('the committed page and tables are what its results.json gives', () => {
  const read = (name: string): string => readFileSync(new URL(`../../../docs/report/${name}`, import.meta.url), 'utf8');
  const { html, csv } = renderReport(JSON.parse(read('results.json')));
  expect(html === read('index.html'), 'npm run report -- docs/report').toBe(true);
  for (const [name, text] of csv) expect(text === read(name), name).toBe(true);
});
