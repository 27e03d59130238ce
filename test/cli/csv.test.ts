import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { csvLine, numericColumns, parseNumber, parseTable, readTable, textColumn } from '../../src/cli/csv.js';
import { InputError } from '../../src/index.js';

const folder = mkdtempSync(join(tmpdir(), 'convex-relu-csv-'));
afterAll(() => rmSync(folder, { recursive: true }));

const complaint = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  throw new Error('expected an InputError, but nothing was thrown');
};

describe('parseTable', () => {
  test('reads quotes, blank lines, spaces, Windows line ends and a byte order mark, and keeps line numbers', () => {
    const table = parseTable('\ufeffa, b\r\n1,"x, ""y"""\r\n\r\n 3 ,z\r\n', 'data.csv');
    expect(table.columns).toEqual(['a', 'b']);
    expect(table.rows).toEqual([
      ['1', 'x, "y"'],
      ['3', 'z'],
    ]);
    expect(table.lines).toEqual([2, 4]);
  });

  test.each([
    ['a row too short', 'a,b\n1,2\n1\n', 'data.csv: line 3 has 1 field, but the header has 2'],
    ['a row too long', 'a,b\n1,2,3\n', 'data.csv: line 2 has 3 fields, but the header has 2'],
    ['a quote left open', 'a,b\n1,"2\n', /^data\.csv: is not well-formed CSV: .*line 2/],
    ['an empty file', '', 'data.csv: is empty; expected a header line and at least one data row'],
    ['blank lines only', '\n\n', 'data.csv: is empty; expected a header line and at least one data row'],
    ['a header only', 'a,b\n', 'data.csv: has a header but no data row'],
    ['a repeated name', 'a,b,a\n1,2,3\n', "data.csv: line 1: two columns are named 'a'; column names must differ"],
    ['a missing name', 'a,,b\n1,2,3\n', 'data.csv: line 1: column 2 has no name'],
  ])('refuses %s', (_, text, message) => {
    expect(complaint(() => parseTable(text, 'data.csv'))).toMatch(message);
  });
});

describe('readTable', () => {
  test('says which file is missing', () => {
    const path = join(folder, 'absent.csv');
    expect(complaint(() => readTable(path))).toBe(`${path}: no such file`);
  });

  test('says when it got a folder', () => {
    expect(complaint(() => readTable(folder))).toBe(`${folder}: is a folder, expected a file`);
  });

  test('reads a file', () => {
    const path = join(folder, 'ok.csv');
    writeFileSync(path, 'a\n1\n');
    expect(readTable(path).rows).toEqual([['1']]);
  });
});

describe('columns', () => {
  const table = parseTable('x,y,label\n1,-2.5e1,red\n.5,n/a,\n', 'data.csv');

  test('become numbers in the order asked for', () => {
    expect(numericColumns(parseTable('x,y\n1,-2.5e1\n.5,+3\n', 'data.csv'), ['y', 'x']).toArray()).toEqual([
      [-25, 1],
      [3, 0.5],
    ]);
  });

  test('name the cell that is not a number', () => {
    expect(complaint(() => numericColumns(table, ['x', 'y']))).toBe(
      "data.csv: line 3, column 'y': 'n/a' is not a number",
    );
  });

  test('name the empty cell', () => {
    expect(complaint(() => textColumn(table, 'label'))).toBe("data.csv: line 3, column 'label': the cell is empty");
  });

  test('that do not exist are answered with those that do', () => {
    expect(complaint(() => textColumn(table, 'colour'))).toBe(
      "data.csv: has no column 'colour'; its columns are x, y, label",
    );
  });
});

test('parseNumber takes finite decimals and nothing else', () => {
  expect(['0', '-1', '+2.', '.5', '1e3', '1E-3', '007'].map(parseNumber)).toEqual([0, -1, 2, 0.5, 1000, 0.001, 7]);
  expect(['', ' ', 'NaN', 'Infinity', '1e999', '0x10', '1,5', '1_000', '--1', 'e5', '.'].map(parseNumber)).toEqual(
    Array(11).fill(undefined),
  );
});

test('csvLine quotes what needs it, so that a field survives the round trip', () => {
  const fields = ['plain', 'a,b', 'say "hi"', 'two\nlines', 1.5];
  expect(csvLine(fields)).toBe('plain,"a,b","say ""hi""","two\nlines",1.5\n');
  expect(parseTable(`a,b,c,d,e\n${csvLine(fields)}`, 'data.csv').rows).toEqual([fields.map(String)]);
});
