import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { csvLine, numericColumns, parseNumber, parseTable, readTable, textColumn } from '../../src/cli/csv.js';
import { complaint } from './complaint.js';

const folder = mkdtempSync(join(tmpdir(), 'convex-relu-csv-'));
afterAll(() => rmSync(folder, { recursive: true }));

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

describe('text that is not UTF-8', () => {
  test.each([
    ['Latin-1', Buffer.from('name,y\nMüller,1\nMöller,2\n', 'latin1'), /line 2 is not UTF-8 \(byte 0xfc\).*ISO-8859-1/],
    ['UTF-16', Buffer.from('\ufeffname,y\na,1\n', 'utf16le'), /is UTF-16/],
    ['cut in the middle of a character', Buffer.from('name,y\na,1\nö').subarray(0, 12), /line 3 is not UTF-8/],
  ])('%s is refused, since different labels would become the same', (_, bytes, message) => {
    const path = join(folder, 'encoding.csv');
    writeFileSync(path, bytes);
    expect(complaint(() => readTable(path))).toMatch(message);
  });
});

describe('what a file may do to others', () => {
  test('a cell of five million characters is not repeated, nor a control character passed on', () => {
    const table = parseTable(`a\n"\u001b]0;title\u0007${'x'.repeat(5e6)}"\n`, 'data.csv');
    const message = complaint(() => numericColumns(table, ['a']));
    expect(message.length).toBeLessThan(200);
    expect(message).toContain('\\u001b]0;title');
  });

  test('a text that a spreadsheet would run is written as text, a number as it is', () => {
    expect(csvLine(['=1+1', '+cmd|x', '-2.5', '@sum', 'plain', -1])).toBe("'=1+1,'+cmd|x,-2.5,'@sum,plain,-1\n");
    expect(csvLine(['=1+1'], true)).toBe('=1+1\n');
  });

  test('a header of 40,000 columns takes time in proportion', () => {
    const names = Array.from({ length: 40_000 }, (_, k) => `c${k}`);
    const table = parseTable(`${names.join(',')}\n${names.map(() => '1').join(',')}\n`, 'wide.csv');
    // A pass over the header for each name would be 1.6e9 comparisons: seconds.
    let reads = 0;
    const columns = new Proxy([...table.columns], {
      get: (target, key, receiver) => {
        reads++;
        return Reflect.get(target, key, receiver) as unknown;
      },
    });
    expect(numericColumns({ ...table, columns }, names).columns).toBe(40_000);
    expect(reads).toBeLessThan(10 * names.length);
  });
});
