/** The saved form of a network: versioned, plain JSON, checked part by part when read back. It grows with the weights and with nothing else. */
import { InputError } from '../base/errors.js';
import type { Matrix } from '../base/matrix.js';
import { show } from '../base/show.js';
import { boolean, count, matrix, numbers, record } from '../base/untrusted.js';
import { checkClasses, type Label } from '../problem/labels.js';
import type { NetworkParts } from './parts.js';

export const NETWORK_FORMAT = 'convex-relu/network';
/** Raised when a reader of the old version would misread the new one, or miss a part. */
export const NETWORK_VERSION = 3;
/** Versions 1 and 2 carried the multipliers of their bound, which is no business of a network: proof/older.ts reads them. */
const READABLE_VERSIONS: readonly unknown[] = [1, 2, NETWORK_VERSION];

export interface MatrixJson {
  readonly rows: number;
  readonly columns: number;
  /** Row by row. */
  readonly data: readonly number[];
}

export interface NetworkJson {
  readonly format: typeof NETWORK_FORMAT;
  readonly version: typeof NETWORK_VERSION;
  readonly features: number;
  readonly bias: boolean;
  readonly scaling: { readonly means: readonly number[]; readonly scales: readonly number[] } | null;
  readonly classes: readonly Label[] | null;
  readonly U: MatrixJson;
  readonly V: MatrixJson;
}

export function serializeNetwork({ U, V, featureMap, classes }: NetworkParts): NetworkJson {
  const { columns, bias, standardization } = featureMap;
  return {
    format: NETWORK_FORMAT,
    version: NETWORK_VERSION,
    features: columns,
    bias,
    scaling: standardization
      ? { means: Array.from(standardization.means), scales: Array.from(standardization.scales) }
      : null,
    classes: classes ? [...classes] : null,
    U: serializeMatrix(U),
    V: serializeMatrix(V),
  };
}

const serializeMatrix = ({ rows, columns, data }: Matrix): MatrixJson => ({ rows, columns, data: Array.from(data) });

/** @throws InputError naming the part that is missing or malformed, e.g. `json.U.data` */
export function parseNetwork(json: unknown): NetworkParts {
  const source = record(json, 'json');
  if (source.format !== NETWORK_FORMAT) {
    throw new InputError(
      'json',
      `is not a saved network: format is ${show(source.format)}, expected '${NETWORK_FORMAT}'`,
    );
  }
  if (!READABLE_VERSIONS.includes(source.version)) {
    throw new InputError(
      'json',
      `has version ${show(source.version)}, but this release reads versions ${READABLE_VERSIONS.join(', ')}`,
    );
  }
  const columns = count(source.features, 'json.features');
  const bias = boolean(source.bias, 'json.bias');
  const scaling = source.scaling === null ? undefined : record(source.scaling, 'json.scaling');
  const standardization = scaling && {
    means: numbers(scaling.means, columns, 'json.scaling.means'),
    scales: numbers(scaling.scales, columns, 'json.scaling.scales'),
  };
  if (standardization?.scales.includes(0))
    throw new InputError('json.scaling.scales', 'holds 0, but features are divided by it');
  return {
    U: matrix(source.U, 'json.U'),
    V: matrix(source.V, 'json.V'),
    featureMap: { columns, bias, ...(standardization && { standardization }) },
    classes: source.classes === null ? undefined : [...checkClasses(source.classes, 'json.classes')],
  };
}
