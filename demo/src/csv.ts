/** A CSV file as a data set: a header row, number columns, and the class in the last column. */
import { parse } from 'csv-parse/browser/esm/sync';
import { type Dataset, DatasetError, MAX_CLASSES } from './dataset.js';

/** @throws DatasetError naming the line and column at fault and what would work */
export function parseCsv(text: string, name: string): Dataset {
  const [header, ...rows] = readRecords(text);
  if (header === undefined || rows.length === 0) {
    throw new DatasetError(`${name} has no data: expected a header row and at least two rows below it.`);
  }
  if (header.length < 3) {
    throw new DatasetError(
      `${name} has ${header.length} column${header.length === 1 ? '' : 's'}; expected at least two number columns and then the class.`,
    );
  }
  const featureNames = header.slice(0, -1);
  const X = rows.map((row, i) => featureNames.map((feature, j) => readNumber(row[j], i, feature)));
  const classOf = rows.map((row) => row[row.length - 1]);
  const classNames = [...new Set(classOf)].sort();
  if (classNames.length > MAX_CLASSES) {
    throw new DatasetError(
      `The last column, ${header[header.length - 1]}, has ${classNames.length} different values; expected a class with at most ${MAX_CLASSES}.`,
    );
  }
  return {
    name,
    featureNames,
    classNames,
    X,
    labels: classOf.map((label) => classNames.indexOf(label)),
    hasUnits: true,
  };
}

function readRecords(text: string): string[][] {
  try {
    return parse(text, { bom: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    throw new DatasetError(`The file is not a CSV table: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function readNumber(cell: string, row: number, feature: string): number {
  const value = cell === '' ? Number.NaN : Number(cell);
  if (!Number.isFinite(value)) {
    // Line 1 is the header.
    throw new DatasetError(
      `Line ${row + 2}, column ${feature}: '${cell}' is not a number. Only the last column may hold text.`,
    );
  }
  return value;
}
