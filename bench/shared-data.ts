/** All data sets of the paper and what is known of them, kept outside the repository in ../shared; benchmarks that need them say when they are missing. */
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { Matrix } from '../src/base/matrix.js';

const ROOT = new URL('../../shared/', import.meta.url);

/** Whether ../shared/data and ../shared/reference are there; says so when they are not. */
export function hasSharedData(): boolean {
  const isThere = existsSync(new URL('data/iris.csv', ROOT)) && existsSync(new URL('reference/nngp-ntk.json', ROOT));
  if (!isThere) console.log('left out: the data sets of ../shared are not there');
  return isThere;
}

export interface Dataset {
  readonly X: Matrix;
  readonly Y: Matrix;
  readonly XTest?: Matrix;
  readonly YTest?: Matrix;
}

export type DatasetName = `random/${number}` | 'spiral' | 'iris' | 'ionosphere' | 'pima' | 'banknotes' | 'mnist20';

/** The CSV as it stands (raw features, one-hot or real targets), split into train and test parts. */
export function loadDataset(name: DatasetName): Dataset {
  const [file, trial] = name.split('/');
  const text = readFileSync(new URL(`data/${file}.csv`, ROOT), 'utf8');
  const all = parse(text, { columns: true, skip_empty_lines: true }) as Record<string, string>[];
  const rows = trial === undefined ? all : all.filter((row) => row.trial === trial);
  const test = rows.filter((row) => row.split === 'test');
  const train = rows.filter((row) => row.split !== 'test');
  const columns = Object.keys(rows[0]);
  const part = (records: Record<string, string>[], prefix: 'x' | 'y'): Matrix => {
    const names = columns.filter((column) => column.startsWith(prefix));
    const values = records.flatMap((record) => names.map((column) => Number(record[column])));
    return new Matrix(Float64Array.from(values), records.length, names.length);
  };
  const result = { X: part(train, 'x'), Y: part(train, 'y') };
  return test.length === 0 ? result : { ...result, XTest: part(test, 'x'), YTest: part(test, 'y') };
}

/** Test accuracy (plain argmax) of one kernel regression in ../shared/reference/nngp-ntk.json, raw features, no bias. */
export interface KernelReference {
  readonly dataset: DatasetName;
  readonly reg: number;
  readonly kernel: 'NNGP' | 'NTK';
  readonly testAccuracy: number;
  readonly trainAccuracy: number;
  /** By the paper's protocol: whole one-hot rows, the threshold chosen on the test labels. */
  readonly tunedAccuracy: number;
  readonly tunedThreshold: number;
}

interface KernelEntry {
  readonly argmax_acc: number;
  readonly train_argmax?: number;
  readonly ref_acc: number;
  readonly ref_thr: number;
}

/** The entries with a ridge relative to the mean diagonal, as the paper's. */
export function loadKernelReferences(): KernelReference[] {
  const names: Readonly<Record<string, DatasetName>> = { pima_indians: 'pima', bank_notes: 'banknotes' };
  const text = readFileSync(new URL('reference/nngp-ntk.json', ROOT), 'utf8');
  const { values } = JSON.parse(text) as { values: Record<string, KernelEntry> };
  return Object.entries(values).flatMap(([key, entry]) => {
    const { argmax_acc: testAccuracy, train_argmax: trainAccuracy } = entry;
    const [dataset, reg, kernel] = key.split('|');
    if (trainAccuracy === undefined) return [];
    return {
      dataset: names[dataset] ?? (dataset as DatasetName),
      reg: Number(reg),
      kernel: kernel as KernelReference['kernel'],
      testAccuracy,
      trainAccuracy,
      tunedAccuracy: entry.ref_acc,
      tunedThreshold: entry.ref_thr,
    };
  });
}
