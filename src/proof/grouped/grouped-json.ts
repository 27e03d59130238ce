/**
 * The saved form of a grouped certificate: what all groups have of a kind, one after the other in one text, exact to the last bit. Of each M only the
 * lower triangle is kept, since no more is read.
 */
import { InputError } from '../../base/errors.js';
import { Matrix } from '../../base/matrix.js';
import { array, count, record } from '../../base/untrusted.js';
import { type Cone, type ConeKind, conesOf } from '../../problem/parts/cone.js';
import { groupForms } from '../../problem/parts/group-forms.js';
import type { GroupBlock, GroupedCertificate, RowGroup } from '../../problem/parts/groups.js';
import {
  decodeAscending,
  decodeDoubles,
  decodeMatrix,
  type EncodedMatrix,
  encodeAscending,
  encodeDoubles,
  encodeMatrix,
} from '../encoding.js';
import { pairAt, placeCount, placeOf } from '../pairs.js';
import { checkKind } from './check-grouped.js';

export interface GroupedJson {
  readonly cone: ConeKind;
  readonly a: EncodedMatrix;
  readonly balance: string;
  readonly length: string;
  readonly groups: number;
  /** Group times n plus row, ascending (encodeAscending). */
  readonly rows: string;
  readonly cones: readonly ConeJson[];
}

export interface ConeJson {
  /** Places of the pairs of all groups, those of a group behind all places of the one before, and their multipliers. */
  readonly places: string;
  readonly values: string;
  readonly w: string;
  /** Lower triangles, row by row. */
  readonly M: string;
}

export function serializeGrouped({ cone, a, balance, length, groups }: GroupedCertificate): GroupedJson {
  return {
    cone,
    a: encodeMatrix(a),
    balance: encodeDoubles(balance),
    length: encodeDoubles(length),
    groups: groups.length,
    rows: encodeAscending(groups.flatMap(({ rows }, g) => Array.from(rows, (row) => g * a.rows + row))),
    cones: conesOf(cone, a.columns).map((own, k) => serializeCone(groups, own, k)),
  };
}

function serializeCone(groups: readonly RowGroup[], cone: Cone, k: number): ConeJson {
  const starts = placeStarts(
    groups.map(({ rows }) => rows.length),
    cone,
  );
  const blocks = groups.map(({ blocks }) => blocks[k]);
  const joined = (part: (block: GroupBlock) => Float64Array): string =>
    encodeDoubles(Float64Array.from(blocks.flatMap((block) => Array.from(part(block)))));
  const places = blocks.flatMap(({ pairs }, g) => Array.from(pairs.i, (i, at) => starts[g] + placeOf(i, pairs.j[at])));
  return {
    places: encodeAscending(places),
    values: joined(({ pairs }) => pairs.value),
    w: joined(({ w }) => w),
    M: joined(({ M }) => lowerTriangle(M)),
  };
}

/** Where the places of each group begin, and where those of the last end. */
function placeStarts(sizes: readonly number[], cone: Cone): Float64Array {
  const starts = new Float64Array(sizes.length + 1);
  for (let g = 0; g < sizes.length; g++) starts[g + 1] = starts[g] + placeCount(groupForms(sizes[g], cone));
  return starts;
}

const packedLength = (order: number): number => (order * (order + 1)) / 2;

/** Row by row. */
export function lowerTriangle({ rows, data }: Matrix): Float64Array {
  const packed = new Float64Array(packedLength(rows));
  for (let i = 0; i < rows; i++) packed.set(data.subarray(i * rows, i * rows + i + 1), packedLength(i));
  return packed;
}

function fromLowerTriangle(packed: Float64Array, order: number): Matrix {
  const M = Matrix.zeros(order, order);
  for (let i = 0; i < order; i++) {
    for (let j = 0; j <= i; j++) {
      M.set(i, j, packed[packedLength(i) + j]);
      M.set(j, i, packed[packedLength(i) + j]);
    }
  }
  return M;
}

/**
 * @param d columns of the data that it is about
 * @throws InputError naming what is malformed below `path`
 */
export function parseGrouped(
  json: unknown,
  { reg, d }: { readonly reg: number; readonly d: number },
  path: string,
): GroupedCertificate {
  const source = record(json, path);
  const a = decodeMatrix(source.a, `${path}.a`);
  const cone = checkKind(source.cone, `${path}.cone`);
  const groups = count(source.groups, `${path}.groups`);
  const saved = array(source.cones, `${path}.cones`);
  const cones = conesOf(cone, a.columns);
  if (saved.length !== cones.length) {
    throw new InputError(`${path}.cones`, `has ${saved.length} entries, but there are ${cones.length} cones`);
  }
  const parts = cones.map((own, k) => decodeCone(saved[k], { groups, cone: own, d }, `${path}.cones[${k}]`));
  const rows = rowsOfGroups(source.rows, { groups, n: a.rows, count: parts[0].w.length }, `${path}.rows`);
  const blocks = parts.map((part, k) => blocksOf(part, rows, cones[k], `${path}.cones[${k}]`));
  return {
    reg,
    cone,
    a,
    balance: decodeDoubles(source.balance, `${path}.balance`, cones.length),
    length: decodeDoubles(source.length, `${path}.length`, cones.length),
    groups: rows.map((own, g) => ({ rows: own, blocks: blocks.map((ofCone) => ofCone[g]) })),
  };
}

interface DecodedCone {
  readonly places: unknown;
  readonly values: Float64Array;
  readonly w: Float64Array;
  /** One for each group: the text was as long. */
  readonly M: readonly Matrix[];
}

function decodeCone(
  json: unknown,
  { groups, cone, d }: { readonly groups: number; readonly cone: Cone; readonly d: number },
  path: string,
): DecodedCone {
  const source = record(json, path);
  const order = d + cone.outputs.columns;
  const size = packedLength(order);
  const triangles = decodeDoubles(source.M, `${path}.M`, groups * size);
  return {
    places: source.places,
    values: decodeDoubles(source.values, `${path}.values`),
    w: decodeDoubles(source.w, `${path}.w`),
    M: Array.from({ length: groups }, (_, g) => fromLowerTriangle(triangles.subarray(g * size), order)),
  };
}

function rowsOfGroups(
  json: unknown,
  { groups, n, count: length }: { readonly groups: number; readonly n: number; readonly count: number },
  path: string,
): Int32Array[] {
  const places = decodeAscending(json, length, groups * n, path);
  let at = 0;
  return Array.from({ length: groups }, (_, g) => {
    const start = at;
    while (at < length && places[at] < (g + 1) * n) at++;
    return Int32Array.from(places.subarray(start, at), (place) => place - g * n);
  });
}

function blocksOf(
  { places: text, values, w, M }: DecodedCone,
  rows: Int32Array[],
  cone: Cone,
  path: string,
): GroupBlock[] {
  const starts = placeStarts(
    rows.map(({ length }) => length),
    cone,
  );
  const places = decodeAscending(text, values.length, starts[rows.length], `${path}.places`);
  let [pair, row] = [0, 0];
  return rows.map(({ length }, g) => {
    const [start, first] = [pair, row];
    while (pair < places.length && places[pair] < starts[g + 1]) pair++;
    row += length;
    const own = places.subarray(start, pair);
    return {
      pairs: {
        i: Int32Array.from(own, (place) => pairAt(place - starts[g])[0]),
        j: Int32Array.from(own, (place) => pairAt(place - starts[g])[1]),
        value: values.slice(start, pair),
      },
      w: w.slice(first, row),
      M: M[g],
    };
  });
}
