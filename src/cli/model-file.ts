/**
 * A trained model as a JSON file: the network, what it was trained for, and how the training rows come out of the CSV file. The
 * proof of its bound is a file of its own. No times or paths: the same run gives the same bytes.
 */
import { show } from '../base/show.js';
import { parseJson } from '../base/untrusted.js';
import { InputError, Network } from '../index.js';
import { readText } from './csv.js';
import type { DatasetColumns } from './dataset.js';

const FORMAT = 'convex-relu model';
/** Version 1 held the proof too, within the network. */
const FORMAT_VERSION = 2;

/** How the training rows come out of the CSV file. */
export interface ModelData extends Required<DatasetColumns> {
  /** Rows of the whole file, and the split that chose the training rows among them. */
  readonly rows: number;
  readonly testFraction: number;
  readonly seed: number;
}

/** What the network was trained to minimise. */
export interface ModelProblem {
  /** Name of the loss. */
  readonly loss: string;
  readonly reg: number;
}

/** What training claimed. */
export interface ModelClaims {
  readonly status: string;
  readonly loss: number;
  readonly lowerBound: number;
}

/** What only files of version 1 hold. */
export interface OldModelParts {
  /** The network's JSON, its multipliers included. */
  readonly network: unknown;
  /** SHA-256 of the training problem's X and Y. */
  readonly sha256: string;
  /** The bound that the multipliers prove. */
  readonly certifiedBound: number;
}

export interface Model {
  readonly data: ModelData;
  readonly problem: ModelProblem;
  readonly claims: ModelClaims;
  readonly network: Network;
  readonly old?: OldModelParts | undefined;
}

/** The model as text for a file. */
export function serializeModel({ data, problem, claims, network }: Omit<Model, 'old'>): string {
  return `${JSON.stringify({ format: FORMAT, formatVersion: FORMAT_VERSION, data, problem, claims, network })}\n`;
}

/** @throws InputError naming the file when it is not a model this version can read */
export function readModel(path: string): Model {
  const json = parseObject(readText(path), path);
  if (json.format !== FORMAT) throw new InputError(path, 'is not a model written by convex-relu train --out');
  if (json.formatVersion !== 1 && json.formatVersion !== FORMAT_VERSION) {
    throw new InputError(
      path,
      `has format version ${show(json.formatVersion)}, but this program reads versions up to ${FORMAT_VERSION}`,
    );
  }
  try {
    return json.formatVersion === 1 ? parseOldModel(json) : parseModel(json);
  } catch (error) {
    throw new InputError(path, `is damaged: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseModel(json: Json): Model {
  return {
    data: checkFields(json.data, 'data', DATA_FIELDS),
    problem: checkFields<ModelProblem>(json.problem, 'problem', { loss: 'string', reg: 'number' }),
    claims: checkFields(json.claims, 'claims', CLAIM_FIELDS),
    network: Network.fromJSON(json.network),
  };
}

function parseOldModel(json: Json): Model {
  const data = checkFields<ModelData & { sha256: string }>(json.data, 'data', { ...DATA_FIELDS, sha256: 'string' });
  const { certifiedBound, ...claims } = checkFields<ModelClaims & { certifiedBound: number }>(json.claims, 'claims', {
    ...CLAIM_FIELDS,
    certifiedBound: 'number',
  });
  const network = Network.fromJSON(json.network);
  const { certificate } = json.network as { certificate?: { reg?: unknown } | null };
  const { reg } = checkFields<{ reg: number }>(certificate, 'network.certificate', { reg: 'number' });
  const old = { network: json.network, sha256: data.sha256, certifiedBound };
  return { data, problem: { loss: 'squared', reg }, claims, network, old };
}

type FieldKind = 'string' | 'number' | 'boolean' | 'strings';

type Fields<T> = { readonly [K in keyof T]: FieldKind };

const DATA_FIELDS: Fields<ModelData> = {
  targets: 'strings',
  ignored: 'strings',
  features: 'strings',
  classes: 'boolean',
  rows: 'number',
  testFraction: 'number',
  seed: 'number',
};

const CLAIM_FIELDS: Fields<ModelClaims> = { status: 'string', loss: 'number', lowerBound: 'number' };

function checkFields<T>(value: unknown, path: string, fields: Fields<T>): T {
  if (typeof value !== 'object' || value === null) throw new InputError(path, 'is missing');
  for (const [name, kind] of Object.entries<FieldKind>(fields)) {
    if (!fits((value as Json)[name], kind)) throw new InputError(`${path}.${name}`, `expected ${KINDS[kind]}`);
  }
  return value as T;
}

const KINDS: Readonly<Record<FieldKind, string>> = {
  string: 'a text',
  number: 'a finite number',
  boolean: 'true or false',
  strings: 'a list of texts',
};

function fits(value: unknown, kind: FieldKind): boolean {
  if (kind === 'number') return Number.isFinite(value);
  if (kind === 'strings') return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
  return typeof value === kind;
}

type Json = Readonly<Record<string, unknown>>;

function parseObject(text: string, path: string): Json {
  const json = parseJson(text, path);
  return typeof json === 'object' && json !== null ? (json as Json) : {};
}
