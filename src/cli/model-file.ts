/**
 * A trained model as a JSON file: the network with the certificate of its bound, and how the training problem is rebuilt
 * from the CSV file, so that `verify` needs only the two files. No times or paths: the same run gives the same bytes.
 */
import { createHash } from 'node:crypto';
import { renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError, Network, type TrainingProblem } from '../index.js';
import { readText } from './csv.js';
import type { DatasetColumns } from './dataset.js';

const FORMAT = 'convex-relu model';
const FORMAT_VERSION = 1;

/** How the training problem comes out of the CSV file. */
export interface ModelData extends Required<DatasetColumns> {
  /** Rows of the whole file, and the split that chose the training rows among them. */
  readonly rows: number;
  readonly testFraction: number;
  readonly seed: number;
  /** SHA-256 of the training problem's X and Y. */
  readonly sha256: string;
}

/** What training claimed. */
export interface ModelClaims {
  readonly status: string;
  readonly loss: number;
  readonly lowerBound: number;
  /** The bound that the stored certificate proves. */
  readonly certifiedBound: number;
}

export interface Model {
  readonly data: ModelData;
  readonly claims: ModelClaims;
  /** Carries the certificate. */
  readonly network: Network;
}

/** Digest of the matrices a certificate is about. */
export function digest({ X, Y }: TrainingProblem): string {
  const hash = createHash('sha256');
  for (const { rows, columns, data } of [X, Y]) hash.update(`${rows}×${columns}:`).update(data);
  return hash.digest('hex');
}

/** Fails early, before hours of training, when the file cannot be written later. @throws InputError naming --out */
export function checkWritable(path: string): void {
  const folder = dirname(path);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new InputError('--out', `there is no folder ${folder}`);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new InputError('--out', `${path} is a folder`);
}

/** Writes the file whole or not at all. */
export function writeModel(path: string, { data, claims, network }: Model): void {
  const unfinished = `${path}.${process.pid}.part`;
  writeFileSync(
    unfinished,
    `${JSON.stringify({ format: FORMAT, formatVersion: FORMAT_VERSION, data, claims, network })}\n`,
  );
  renameSync(unfinished, path);
}

/** @throws InputError naming the file when it is not a model this version can read */
export function readModel(path: string): Model {
  const json = parseJson(readText(path), path);
  if (json.format !== FORMAT) throw new InputError(path, `is not a model written by convex-relu train --out`);
  if (json.formatVersion !== FORMAT_VERSION) {
    throw new InputError(
      path,
      `has format version ${json.formatVersion}, but this program reads version ${FORMAT_VERSION}`,
    );
  }
  try {
    return {
      data: checkFields(json.data, 'data', DATA_FIELDS) as ModelData,
      claims: checkFields(json.claims, 'claims', CLAIM_FIELDS) as ModelClaims,
      network: Network.fromJSON(json.network),
    };
  } catch (error) {
    throw new InputError(path, `is damaged: ${error instanceof Error ? error.message : String(error)}`);
  }
}

type FieldKind = 'string' | 'number' | 'boolean' | 'strings';

const DATA_FIELDS: { readonly [K in keyof ModelData]: FieldKind } = {
  targets: 'strings',
  ignored: 'strings',
  features: 'strings',
  classes: 'boolean',
  rows: 'number',
  testFraction: 'number',
  seed: 'number',
  sha256: 'string',
};

const CLAIM_FIELDS: { readonly [K in keyof ModelClaims]: FieldKind } = {
  status: 'string',
  loss: 'number',
  lowerBound: 'number',
  certifiedBound: 'number',
};

function checkFields(value: unknown, path: string, fields: Readonly<Record<string, FieldKind>>): unknown {
  if (typeof value !== 'object' || value === null) throw new InputError(path, 'is missing');
  for (const [name, kind] of Object.entries(fields)) {
    const field = (value as Record<string, unknown>)[name];
    const fits =
      kind === 'strings'
        ? Array.isArray(field) && field.every((entry) => typeof entry === 'string')
        : typeof field === kind;
    if (!fits)
      throw new InputError(`${path}.${name}`, `expected ${kind === 'strings' ? 'a list of strings' : `a ${kind}`}`);
  }
  return value;
}

function parseJson(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
  } catch (error) {
    throw new InputError(path, `is not JSON: ${(error as Error).message}`);
  }
}
