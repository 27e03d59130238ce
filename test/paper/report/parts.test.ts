/** Numbers, tables, statistics and verdicts by themselves. */
import { describe, expect, test } from 'vitest';
import type { AccuracyRun } from '../../../paper/cells/results.js';
import * as format from '../../../paper/report/format.js';
import { html, join } from '../../../paper/report/html.js';
import { groupProblems } from '../../../paper/report/problems.js';
import { reasons } from '../../../paper/report/reasons.js';
import { groupScores, type ScoreGroup } from '../../../paper/report/scores.js';
import { pairedVerdict, summarize } from '../../../paper/report/statistics.js';
import { missing, renderTable, type Table, tableCsv } from '../../../paper/report/table.js';
import { ratioOver, tightnessOf } from '../../../paper/report/tightness.js';
import { makeResults } from './fixture.js';

describe('numbers', () => {
  test.each([
    [8.902057866, '8.9021'],
    [0.8482144, '0.84821'],
    [16.6, '16.600'],
    [12345.678, '12\u202f346'],
    [0, '0'],
    [-1.5, '−1.5000'],
    [0.00012345, '0.00012345'],
    [3.21e-7, '3.21·10⁻⁷'],
    [1.5e12, '1.50·10¹²'],
  ])('a loss of %d is written %s', (value, text) => {
    expect(format.loss(value)).toBe(text);
  });

  test.each([
    [0.0899, '9.0\u00a0%'],
    [1, '100.0\u00a0%'],
    [0.0021, '0.21\u00a0%'],
    [0.00004, '0.004\u00a0%'],
    [1e-9, '<\u00a00.001\u00a0%'],
    [0, '0.0\u00a0%'],
    [-0.02, '−2.0\u00a0%'],
  ])('a share of %d is written %s', (value, text) => {
    expect(format.percent(value)).toBe(text);
  });

  test.each([
    [0.4, '0.40\u00a0ms'],
    [42.4, '42\u00a0ms'],
    [140, '140\u00a0ms'],
    [2300, '2.3\u00a0s'],
    [61_000, '61\u00a0s'],
    [240_000, '4\u00a0min'],
    [7_980_000, '2\u00a0h\u00a013\u00a0min'],
  ])('%d milliseconds are written %s', (value, text) => {
    expect(format.duration(value)).toBe(text);
  });

  test('a mean and its deviation have the same decimals', () => {
    expect(format.spread(8.18493, 0.82441)).toBe('8.185\u00a0±\u00a00.824');
    expect(format.percentSpread(0.0881, 0.01)).toBe('8.8\u00a0±\u00a01.0\u00a0%');
    expect(format.percentSpread(1e-9, 1e-9)).toBe('<\u00a00.001\u00a0%');
  });

  test('a large excess is a multiple', () => {
    expect(format.above(0.034)).toBe('3.4\u00a0% above');
    expect(format.above(489)).toBe('490 times');
  });

  test('differences have their sign, work its prefix, lists their and', () => {
    expect(format.points(0.0123)).toBe('+1.2');
    expect(format.points(-0.0001)).toBe('0.0');
    expect(format.flops(3.99e9)).toBe('3.99\u00a0Gflop');
    expect(format.list(['a', 'b', 'c'])).toBe('a, b and c');
  });
});

test('markup escapes what is put into it, and nothing twice', () => {
  const inner = html`<b>${'a & "b"'}</b>`;
  expect(html`<p title="${"<'>"}">${[inner, undefined, 1]}</p>`.text).toBe(
    '<p title="&#60;&#39;&#62;"><b>a &#38; &#34;b&#34;</b>1</p>',
  );
  expect(join(['<', html`<i></i>`], ', ').text).toBe('&#60;, <i></i>');
});

describe('tables', () => {
  const table: Table = {
    name: 'sample',
    caption: 'A sample',
    stub: 'Data',
    keyNames: ['data'],
    columns: [
      { key: 'first', label: 'first', format: (value) => value.toFixed(1), formatStd: (std) => std.toFixed(1) },
      { key: 'second', label: 'second', format: (value) => value.toFixed(1) },
      { key: 'hidden', label: '', only: 'csv', format: String },
    ],
    groups: [
      [
        {
          heading: 'A',
          keys: ['a'],
          entries: [{ value: 1.04, std: 0.2 }, { value: 0.96, note: 'cut, short' }, { value: 7 }],
        },
        { heading: 'B', keys: ['b "c"'], entries: [{ value: 2 }, missing('not run'), missing('not run')] },
      ],
    ],
    best: { keys: ['first', 'second'], pick: 'least' },
  };

  test('numbers written alike share the mark of the best, and one alone has none', () => {
    expect(renderTable(table).text.match(/<td class="best"/g)?.length).toBe(2);
  });

  test('notes and reasons stand below, each once', () => {
    const text = renderTable(table).text;
    expect(text).toContain('<sup>a</sup> cut, short');
    expect(text).toContain('<sup>b</sup> not run');
    expect(text).not.toContain('<sup>c</sup>');
  });

  test('CSV has deviations, remarks and quoted fields', () => {
    expect(tableCsv(table)).toBe(
      'data,first,first std,second,hidden,remarks\r\n' +
        'a,1.04,0.2,0.96,7,"second: cut, short"\r\n' +
        '"b ""c""",2,,,,second: not run; hidden: not run\r\n',
    );
  });
});

describe('statistics', () => {
  test('mean and sample deviation', () => {
    expect(summarize([1, 2, 6])).toEqual({ mean: 3, std: Math.sqrt(7), count: 3, least: 1, largest: 6, median: 2 });
    expect(summarize([4, 1, 2, 3])?.median).toBe(2.5);
    expect(summarize([])).toBeUndefined();
  });

  test('a difference counts only where it exceeds its own variation', () => {
    expect(pairedVerdict([0.9, 0.91, 0.92], [0.8, 0.81, 0.82])).toBe('better');
    expect(pairedVerdict([0.9, 0.8, 0.95], [0.91, 0.88, 0.84])).toBe('tie');
    expect(pairedVerdict([0.8, 0.81, 0.8], [0.9, 0.92, 0.89])).toBe('worse');
    expect(pairedVerdict([0.9], [0.1])).toBe('tie');
  });
});

describe('tightness', () => {
  const problem = (data: 'iris' | 'ionosphere' | 'mnist20', reg: number) => {
    const group = groupProblems(makeResults()).find((each) => each.data === data && each.reg === reg);
    return tightnessOf((group as NonNullable<typeof group>).trials[0]) as NonNullable<ReturnType<typeof tightnessOf>>;
  };

  test('one number where the optimum is known', () => {
    const tightness = problem('iris', 0.1);
    expect(tightness).toMatchObject({ known: true, bestBy: 'ours' });
    expect(ratioOver([tightness])).toMatchObject({ narrow: true });
    expect(ratioOver([])).toBeUndefined();
  });

  test('an interval that ends at 1 where only the relaxation bounds the optimum', () => {
    const { known, ratio, bestLoss, relaxationBound } = problem('ionosphere', 0.1);
    expect(known).toBe(false);
    expect(ratio).toMatchObject({ low: relaxationBound / bestLoss, high: 1 });
  });

  test('the best network may be another method’s', () => {
    const { bestBy, bestLoss, loss } = problem('mnist20', 0.01);
    expect(bestBy).toBe('Adam, width 300');
    expect(bestLoss).toBeLessThan(loss);
  });
});

test('reasons name overfitting, an unreached optimum and limits only where the runs show them', () => {
  const run = (trainAccuracy: number, loss?: number, status: AccuracyRun['status'] = 'certified'): AccuracyRun[] => [
    { trainAccuracy, status, test: { accuracy: 0.9 }, ...(loss !== undefined && { loss }) } as AccuracyRun,
  ];
  const group: ScoreGroup = { data: 'iris', reg: 0.1, bias: false, splits: [] };
  const text = (ours: AccuracyRun[], theirs: AccuracyRun[], scores: ScoreGroup[] = []): string =>
    reasons({ group, ours, theirs }, scores).text;
  expect(text(run(1, 2), run(0.9, 3))).toMatch(
    /overfits; the better tester’s training loss is 50\.0\u00a0% above ours/,
  );
  expect(text(run(0.9, 3, 'time-limit'), run(0.9, 2))).toMatch(/did not reach the optimum; .* time limit on 1 of 1/);
  expect(text(run(0.9), run(0.9))).toMatch(/nothing in the data tells/);
  const other = groupScores(makeResults({ data: ['iris'], splits: 2 })).find(({ reg, bias }) => reg === 0.01 && bias);
  expect(text(run(0.9), run(0.9), [group, other as ScoreGroup])).toMatch(
    /^At reg 0\.01, bias ours tests as well \(9\d\.\d\)\.$/,
  );
});
