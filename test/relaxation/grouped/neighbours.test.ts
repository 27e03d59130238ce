import { describe, expect, it } from 'vitest';
import { Matrix } from '../../../src/base/matrix.js';
import { Random } from '../../../src/base/random.js';
import { dot, euclideanNorm } from '../../../src/base/vector.js';
import { neighbourGroups } from '../../../src/relaxation/grouped/neighbours.js';

const normal = (rows: number, columns: number, seed = 1): Matrix => {
  const random = new Random(seed);
  return new Matrix(
    Float64Array.from({ length: rows * columns }, () => random.normal()),
    rows,
    columns,
  );
};

const all = (groups: readonly Int32Array[]): number[] =>
  groups.flatMap((rows) => Array.from(rows)).sort((i, j) => i - j);

describe('groups of neighbours', () => {
  it.each([
    [10, 3, 4],
    [17, 2, 5],
    [9, 4, 1],
    [6, 3, Number.POSITIVE_INFINITY],
    [5000, 3, 700],
  ])('hold each of %i rows in R^%i once, at most %f together', (n, d, size) => {
    const groups = neighbourGroups(normal(n, d), size);
    expect(all(groups)).toEqual(Array.from({ length: n }, (_, i) => i));
    for (const rows of groups) expect(rows.length).toBeLessThanOrEqual(size);
    for (const rows of groups) expect(Array.from(rows)).toEqual(Array.from(rows).sort((i, j) => i - j));
  });

  it('leave zero rows out and keep parallel and opposite rows apart', () => {
    const X = new Matrix(Float64Array.of(1, 2, 0, 0, 2, 4, -3, -6, 1, 2, 5, 1), 6, 2);
    const groups = neighbourGroups(X, 6);
    expect(all(groups)).toEqual([0, 2, 3, 4, 5]);
    for (const line of [0, 2, 3, 4]) {
      const group = groups.find((rows) => rows.includes(line));
      expect([0, 2, 3, 4].filter((i) => group?.includes(i))).toEqual([line]);
    }
  });

  it('are closer in direction than rows taken in order', () => {
    const X = normal(200, 5);
    const near = neighbourGroups(X, 8);
    const inOrder = Array.from({ length: 25 }, (_, g) => Int32Array.from({ length: 8 }, (_, k) => 8 * g + k));
    expect(meanCosine(X, near)).toBeGreaterThan(meanCosine(X, inOrder) + 0.3);
  });

  it('do not depend on the lengths of the rows', () => {
    const X = normal(60, 4);
    const scaled = X.clone();
    for (let i = 0; i < 60; i++) for (let k = 0; k < 4; k++) scaled.set(i, k, X.get(i, k) * (1 + (i % 7)) * 8);
    expect(all(neighbourGroups(scaled, 6))).toEqual(all(neighbourGroups(X, 6)));
  });
});

function meanCosine(X: Matrix, groups: readonly Int32Array[]): number {
  let [sum, count] = [0, 0];
  for (const rows of groups) {
    for (const i of rows) {
      for (const j of rows) {
        if (i <= j) continue;
        sum += dot(X.row(i), X.row(j)) / (euclideanNorm(X.row(i)) * euclideanNorm(X.row(j)));
        count++;
      }
    }
  }
  return sum / count;
}
