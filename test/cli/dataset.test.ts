import { describe, expect, test } from 'vitest';
import { parseTable } from '../../src/cli/csv.js';
import { selectRows, splitRows, toDataset } from '../../src/cli/dataset.js';
import { InputError } from '../../src/index.js';

const table = parseTable(
  'id,x1,x2,y,z,kind,digit\na,1,2,0.5,1,red,1\nb,3,4,-1,2,blue,2\nc,5,6,2,3,red,1\n',
  'data.csv',
);
const rest = { ignored: [], classes: false };

describe('toDataset', () => {
  test('takes every other column as a feature, and numbers as values', () => {
    const dataset = toDataset(table, { ...rest, targets: ['y'], ignored: ['id', 'kind', 'z'] });
    expect(dataset.features).toEqual(['x1', 'x2', 'digit']);
    expect(dataset.X.toArray()).toEqual([
      [1, 2, 1],
      [3, 4, 2],
      [5, 6, 1],
    ]);
    expect(dataset.targets).toMatchObject({ kind: 'values' });
  });

  test('takes several target columns', () => {
    const { targets } = toDataset(table, { ...rest, targets: ['z', 'y'], ignored: ['id', 'kind'] });
    expect(targets.kind === 'values' && targets.Y.toArray()).toEqual([
      [1, 0.5],
      [2, -1],
      [3, 2],
    ]);
  });

  test('takes words as classes', () => {
    const { targets } = toDataset(table, { ...rest, targets: ['kind'], ignored: ['id'] });
    expect(targets).toEqual({ kind: 'classes', labels: ['red', 'blue', 'red'] });
  });

  test('takes numbers as classes when told so', () => {
    const { targets } = toDataset(table, { targets: ['digit'], ignored: ['id', 'kind'], classes: true });
    expect(targets).toEqual({ kind: 'classes', labels: ['1', '2', '1'] });
  });

  test.each([
    [
      'a missing target',
      { ...rest, targets: ['w'] },
      "data.csv: has no column 'w'; its columns are id, x1, x2, y, z, kind, digit",
    ],
    ['a missing ignored column', { ...rest, targets: ['y'], ignored: ['w'] }, /^data\.csv: has no column 'w'/],
    ['a target that is ignored', { ...rest, targets: ['y'], ignored: ['y'] }, "--ignore: column 'y' is the target too"],
    [
      'a feature that is a word',
      { ...rest, targets: ['y'] },
      "data.csv: line 2, column 'id': 'a' is not a number; features must be numbers, leave other columns out with --ignore",
    ],
    [
      'classes in two columns',
      { targets: ['kind', 'digit'], ignored: [], classes: true },
      /^--classes: needs a single target column/,
    ],
  ])('refuses %s', (_, columns, message) => {
    expect(() => toDataset(table, columns)).toThrow(InputError);
    expect(() => toDataset(table, columns)).toThrow(message);
  });

  test('refuses a single class, a mixed column, and data without features', () => {
    const make = (text: string) => () => toDataset(parseTable(text, 'data.csv'), { ...rest, targets: ['t'] });
    expect(make('x,t\n1,a\n2,a\n')).toThrow(
      "data.csv: column 't' holds the single class 'a'; classification needs at least two",
    );
    expect(make('x,t\n1,1\n2,l\n')).toThrow(
      "data.csv: line 3, column 't': 'l' is not a number; give --classes if the column holds class labels",
    );
    expect(make('t\n1\n')).toThrow('has no feature column left');
  });
});

describe('splitRows', () => {
  test('holds out the fraction, every row once, in file order', () => {
    const { train, test: held } = splitRows(101, 0.5, 7);
    expect(held.length).toBe(51);
    expect([...train, ...held].sort((x, y) => x - y)).toEqual(Array.from({ length: 101 }, (_, i) => i));
    expect([...train]).toEqual([...train].sort((x, y) => x - y));
  });

  test('depends on the seed and on nothing else', () => {
    expect(splitRows(50, 0.3, 1)).toEqual(splitRows(50, 0.3, 1));
    expect(splitRows(50, 0.3, 1)).not.toEqual(splitRows(50, 0.3, 2));
  });

  test('keeps every row for training when the fraction is 0', () => {
    expect([...splitRows(4, 0, 1).train]).toEqual([0, 1, 2, 3]);
  });

  test('refuses to leave a part empty', () => {
    expect(() => splitRows(3, 0.1, 1)).toThrow('--test-fraction: 0.1 of 3 rows leaves no row for testing');
    expect(() => splitRows(3, 0.9, 1)).toThrow('--test-fraction: 0.9 of 3 rows leaves no row for training');
  });
});

test('selectRows takes rows of X and of the targets alike', () => {
  const dataset = toDataset(table, { ...rest, targets: ['kind'], ignored: ['id', 'y', 'z', 'digit'] });
  const part = selectRows(dataset, Int32Array.of(2, 0));
  expect(part.X.toArray()).toEqual([
    [5, 6],
    [1, 2],
  ]);
  expect(part.targets).toEqual({ kind: 'classes', labels: ['red', 'red'] });
});
