/** A grouped certificate as it is given: untrusted. What cannot be read as one is refused. */
import { InputError } from '../../base/errors.js';
import { Matrix } from '../../base/matrix.js';
import { show } from '../../base/show.js';
import { array, record } from '../../base/untrusted.js';
import { CONE_KINDS, type Cone, type ConeKind, conesOf } from '../../problem/parts/cone.js';
import { groupForms } from '../../problem/parts/group-forms.js';
import type { GroupBlock, GroupedCertificate, RowGroup } from '../../problem/parts/groups.js';
import { checkPairs, isTyped } from '../pairs.js';

/** n×d and n×c. */
export interface GroupedShape {
  readonly n: number;
  readonly d: number;
  readonly c: number;
}

/** @throws InputError naming the part below `path` that does not fit a problem of this shape */
export function checkGrouped(value: unknown, { n, d, c }: GroupedShape, path: string): GroupedCertificate {
  const source = record(value, path) as Partial<GroupedCertificate>;
  const { reg, a } = source;
  if (!(typeof reg === 'number' && reg > 0 && reg < Number.POSITIVE_INFINITY)) {
    throw new InputError(`${path}.reg`, `is ${show(reg)}; it must be the positive number the problem was solved with`);
  }
  const cone = checkKind(source.cone, `${path}.cone`);
  const cones = conesOf(cone, c);
  const groups = array(source.groups, `${path}.groups`);
  checkRows(groups, n, path);
  return {
    reg,
    cone,
    a: checkMatrix(a, n, c, `${path}.a`),
    balance: checkDoubles(source.balance, cones.length, `${path}.balance`),
    length: checkDoubles(source.length, cones.length, `${path}.length`),
    groups: groups.map((group, g) => checkGroup(group as RowGroup, cones, d, `${path}.groups[${g}]`)),
  };
}

/** @throws InputError when it is no kind of cone */
export function checkKind(value: unknown, path: string): ConeKind {
  const kind = CONE_KINDS.find((name) => name === value);
  if (kind !== undefined) return kind;
  throw new InputError(path, `is ${show(value)}; one of ${CONE_KINDS.map(show).join(', ')} is needed`);
}

/** Every row in at most one group, ascending in each. */
function checkRows(groups: readonly unknown[], n: number, path: string): void {
  const owner = new Int32Array(n).fill(-1);
  groups.forEach((group, g) => {
    const { rows } = record(group, `${path}.groups[${g}]`) as Partial<RowGroup>;
    const name = `${path}.groups[${g}].rows`;
    if (!isTyped(rows, 'Int32Array')) throw new InputError(name, `expected an Int32Array, got ${show(rows)}`);
    const list = rows as Int32Array;
    list.forEach((row, k) => {
      if (!(row >= 0 && row < n)) throw new InputError(name, `entry ${k} is ${row}, but X has ${n} rows`);
      if (owner[row] >= 0 && owner[row] !== g) {
        throw new InputError(name, `entry ${k} is row ${row}, which is in group ${owner[row]} already`);
      }
      if (k > 0 && list[k - 1] >= row) throw new InputError(name, `entry ${k}, ${row}, follows ${list[k - 1]}`);
      owner[row] = g;
    });
  });
}

function checkGroup({ rows, blocks }: RowGroup, cones: readonly Cone[], d: number, path: string): RowGroup {
  const list = array(blocks, `${path}.blocks`);
  if (list.length !== cones.length) {
    throw new InputError(`${path}.blocks`, `has ${list.length} entries, but there are ${cones.length} cones`);
  }
  return { rows, blocks: cones.map((cone, k) => checkBlock(list[k], rows.length, cone, d, `${path}.blocks[${k}]`)) };
}

function checkBlock(value: unknown, rows: number, cone: Cone, d: number, path: string): GroupBlock {
  const { pairs, w, M } = record(value, path) as Partial<GroupBlock>;
  checkPairs(pairs, groupForms(rows, cone), `${path}.pairs`);
  const order = d + cone.outputs.columns;
  return { pairs, w: checkDoubles(w, rows, `${path}.w`), M: checkMatrix(M, order, order, `${path}.M`) };
}

function checkDoubles(value: unknown, length: number, path: string): Float64Array {
  if (isTyped(value, 'Float64Array') && (value as Float64Array).length === length) return value as Float64Array;
  throw new InputError(path, `is ${show(value)}; a Float64Array of ${length} is needed`);
}

function checkMatrix(value: unknown, rows: number, columns: number, path: string): Matrix {
  const source = (value ?? {}) as Partial<Matrix>;
  if (source.rows === rows && source.columns === columns) {
    return new Matrix(checkDoubles(source.data, rows * columns, `${path}.data`), rows, columns);
  }
  throw new InputError(path, `is ${source.rows}×${source.columns}; ${rows}×${columns} is needed`);
}
