/** Reading and writing CSV files: a header line, then one record a line, every complaint naming file, line and column. */
import { readFileSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import { printable, quote } from '../base/show.js';
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

/** The file's text. @throws InputError naming the file when it cannot be read or is not UTF-8 */
export const readText = (path: string): string => decodeUtf8(readBytes(path), path);

/**
 * Never guesses: bytes that are no UTF-8 would all turn into the same replacement character, and different labels into one.
 *
 * @throws InputError naming the file and the first byte that is no UTF-8
 */
export function decodeUtf8(bytes: Uint8Array, source: string): string {
  const mark = UTF16_MARKS.find((pair) => bytes[0] === pair[0] && bytes[1] === pair[1]);
  if (mark) throw new InputError(source, 'is UTF-16; save it as UTF-8, for example with iconv -f UTF-16 -t UTF-8');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const position = firstInvalid(bytes);
    const line = bytes.subarray(0, position).filter((byte) => byte === LINE_FEED).length + 1;
    const byte = `byte 0x${(bytes[position] ?? 0).toString(16).padStart(2, '0')}`;
    throw new InputError(
      source,
      `line ${line} is not UTF-8 (${byte}); save it as UTF-8, for example with iconv -f ISO-8859-1 -t UTF-8`,
    );
  }
}

const UTF16_MARKS = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];
const LINE_FEED = 10;

/** Length of the longest beginning that is UTF-8, by bisection. */
function firstInvalid(bytes: Uint8Array): number {
  const isValid = (length: number): boolean => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (isValid(middle)) valid = middle;
    else invalid = middle;
  }
  return valid;
}

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
  const names = new Set<string>();
  const repeated = header.find((name) => names.size === names.add(name).size);
  if (repeated !== undefined)
    throw new InputError(source, `line 1: two columns are named ${quote(repeated)}; column names must differ`);
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
  if (index < 0) throw noColumn(table, column);
  return index;
}

/** Column names listed in a message. */
const LISTED = 20;

function noColumn({ source, columns }: Table, column: string): InputError {
  const listed = columns.slice(0, LISTED).map(printable).join(', ');
  const rest = columns.length > LISTED ? ` and ${columns.length - LISTED} more` : '';
  return new InputError(source, `has no column ${quote(column)}; its columns are ${listed}${rest}`);
}

/** Positions of many columns, in one pass over the header. @throws InputError for the first that is not there */
export function columnIndices(table: Table, columns: readonly string[]): number[] {
  const positions = new Map(table.columns.map((name, k) => [name, k]));
  return columns.map((column) => {
    const index = positions.get(column);
    if (index === undefined) throw noColumn(table, column);
    return index;
  });
}

/** The named columns as numbers, rows × columns. @throws InputError naming line and column of the first cell that is no number */
export function numericColumns(table: Table, columns: readonly string[], hint = ''): Matrix {
  const indices = columnIndices(table, columns);
  const result = Matrix.zeros(table.rows.length, columns.length);
  table.rows.forEach((row, i) => {
    indices.forEach((index, j) => {
      const value = parseNumber(row[index]);
      if (value === undefined) {
        throw new InputError(
          table.source,
          `line ${table.lines[i]}, column ${quote(columns[j])}: ${cell(row[index])} is not a number${hint}`,
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
      throw new InputError(table.source, `line ${table.lines[i]}, column ${quote(column)}: the cell is empty`);
    return row[index];
  });
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A finite decimal number, or undefined. */
export function parseNumber(text: string): number | undefined {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

const cell = (text: string): string => (text === '' ? 'the empty cell' : quote(text));

/** Texts that a spreadsheet would take for a formula when it opens the file. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * One line of CSV, quoted where needed. A text that a spreadsheet would run as a formula gets an apostrophe in front, which makes it text there;
 * numbers stay as they are.
 *
 * @param raw leaves such texts alone
 */
export function csvLine(fields: readonly (string | number | boolean)[], raw = false): string {
  const quoted = fields
    .map((field) => (typeof field === 'string' && !raw && isFormula(field) ? `'${field}` : String(field)))
    .map((field) => (/[",\r\n]|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field));
  return `${quoted.join(',')}\n`;
}

const isFormula = (text: string): boolean => FORMULA.test(text) && parseNumber(text) === undefined;
