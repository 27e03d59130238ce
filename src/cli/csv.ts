/** Reading and writing CSV files: a header line, then one record a line, every complaint naming file, line and column. */
import { readFileSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import { InputError, Matrix } from '../index.js';

/** A CSV file as text. */
export interface Table {
  /** File name, for messages. */
  readonly source: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Line of the file on which each row ends; the first line is 1. */
  readonly lines: readonly number[];
}

/** @throws InputError naming the file when it cannot be read, is not CSV, or holds no data row */
export function readTable(path: string): Table {
  return parseTable(readText(path), path);
}

/** The file's text. @throws InputError naming the file when it cannot be read */
export const readText = (path: string): string => readBytes(path).toString('utf8');

/** What is in the file. @throws InputError naming the file when it cannot be read */
export function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new InputError(path, 'no such file');
    if (code === 'EISDIR') throw new InputError(path, 'is a folder, expected a file');
    if (code === 'EACCES') throw new InputError(path, 'may not be read (permission denied)');
    throw error;
  }
}

/** @throws InputError naming `source` and the line */
export function parseTable(text: string, source: string): Table {
  const records = parseRecords(text, source);
  const header = records[0]?.record;
  if (header === undefined) throw new InputError(source, 'is empty; expected a header line and at least one data row');
  const repeated = header.find((name, k) => header.indexOf(name) !== k);
  if (repeated !== undefined)
    throw new InputError(source, `line 1: two columns are named '${repeated}'; column names must differ`);
  const blank = header.indexOf('');
  if (blank >= 0) throw new InputError(source, `line 1: column ${blank + 1} has no name`);
  const data = records.slice(1);
  for (const { record, info } of data) {
    if (record.length !== header.length) {
      const message = `has ${record.length} ${record.length === 1 ? 'field' : 'fields'}, but the header has ${header.length}`;
      throw new InputError(source, `line ${info.lines} ${message}`);
    }
  }
  if (data.length === 0) throw new InputError(source, 'has a header but no data row');
  return { source, columns: header, rows: data.map(({ record }) => record), lines: data.map(({ info }) => info.lines) };
}

interface RecordWithInfo {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function parseRecords(text: string, source: string): readonly RecordWithInfo[] {
  try {
    const options = { bom: true, info: true, skip_empty_lines: true, trim: true, relax_column_count: true } as const;
    return parse(text, options) as unknown as readonly RecordWithInfo[];
  } catch (error) {
    if (error instanceof CsvError) throw new InputError(source, `is not well-formed CSV: ${error.message}`);
    throw error;
  }
}

/** @throws InputError listing the columns there are */
export function columnIndex(table: Table, column: string): number {
  const index = table.columns.indexOf(column);
  if (index < 0)
    throw new InputError(table.source, `has no column '${column}'; its columns are ${table.columns.join(', ')}`);
  return index;
}

/** The named columns as numbers, rows × columns. @throws InputError naming line and column of the first cell that is no number */
export function numericColumns(table: Table, columns: readonly string[], hint = ''): Matrix {
  const indices = columns.map((column) => columnIndex(table, column));
  const result = Matrix.zeros(table.rows.length, columns.length);
  table.rows.forEach((row, i) => {
    indices.forEach((index, j) => {
      const value = parseNumber(row[index]);
      if (value === undefined) {
        throw new InputError(
          table.source,
          `line ${table.lines[i]}, column '${columns[j]}': ${cell(row[index])} is not a number${hint}`,
        );
      }
      result.set(i, j, value);
    });
  });
  return result;
}

/** The named column as it stands. @throws InputError naming line and column of the first empty cell */
export function textColumn(table: Table, column: string): string[] {
  const index = columnIndex(table, column);
  return table.rows.map((row, i) => {
    if (row[index] === '')
      throw new InputError(table.source, `line ${table.lines[i]}, column '${column}': the cell is empty`);
    return row[index];
  });
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A finite decimal number, or undefined. */
export function parseNumber(text: string): number | undefined {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

const cell = (text: string): string => (text === '' ? 'the empty cell' : `'${text}'`);

/** One line of CSV, quoted where needed. */
export function csvLine(fields: readonly (string | number)[]): string {
  const quoted = fields
    .map(String)
    .map((field) => (/[",\r\n]|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field));
  return `${quoted.join(',')}\n`;
}
