/** `npm run convert`: a data set as its publisher distributes it, made into the CSV file that `reproduce --data` reads. */
import { gunzipSync } from 'node:zlib';
import { readBytes, readText } from '../src/cli/csv.js';
import { ExitCode } from '../src/cli/exit-codes.js';
import { checkOutput, writeOutput } from '../src/cli/output-file.js';
import {
  type Dataset,
  formatCsv,
  type IdxArray,
  parseIdx,
  parseUci,
  randomHalves,
  reduceDigits,
  UCI_NAMES,
} from '../src/datasets/index.js';
import { InputError } from '../src/index.js';

export const CONVERTED_NAMES = [...UCI_NAMES, 'mnist20'] as const;
export type ConvertedName = (typeof CONVERTED_NAMES)[number];

export interface ConvertFlags {
  readonly seed: number;
  readonly out: string;
}

export async function convert(name: ConvertedName, files: readonly string[], flags: ConvertFlags): Promise<number> {
  const { seed, out } = flags;
  checkOutput('--out', out);
  const dataset = name === 'mnist20' ? readDigits(files, seed) : readUci(name, files, seed);
  writeOutput('--out', out, formatCsv(dataset));
  const { train, test } = dataset;
  const size = `${train.X.columns} features, ${train.Y.columns} outputs`;
  console.log(`${out}: ${train.X.rows} rows for training, ${test?.X.rows ?? 0} for testing, ${size}`);
  return ExitCode.ok;
}

function readUci(name: (typeof UCI_NAMES)[number], files: readonly string[], seed: number): Dataset {
  if (files.length !== 1) throw new InputError('files', `${name} is a single file, got ${files.length}`);
  return randomHalves(parseUci(name, readText(files[0]), files[0]), seed);
}

function readDigits(files: readonly string[], seed: number): Dataset {
  if (files.length !== 4) {
    const order = 'training images, training labels, test images, test labels';
    throw new InputError('files', `mnist20 needs four, in this order: ${order}; got ${files.length}`);
  }
  const [images, labels, testImages, testLabels] = files.map(readIdx);
  return reduceDigits({ images, labels }, { images: testImages, labels: testLabels }, { seed });
}

function readIdx(path: string): IdxArray {
  const bytes = readBytes(path);
  return parseIdx(isGzip(bytes) ? gunzip(bytes, path) : bytes, path);
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

function gunzip(bytes: Uint8Array, path: string): Uint8Array {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new InputError(path, `cannot be unpacked (${(error as Error).message})`);
  }
}
