import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import { freeForms, freePairs, freePart } from '../../src/problem/parts/free.js';
import { noPairs, renumberPairs, sparsePairs } from '../../src/problem/parts/multipliers.js';
import { densePairs } from '../support/pairs.js';

const ROWS = [1, 2, 3, 7, 16];

describe.each(ROWS)('%i rows', (rows) => {
  const pairs = freePairs(rows);
  const { forms } = pairs;
  const listed: [i: number, j: number, position: number][] = [];
  pairs.forEach((i, j, position) => {
    listed.push([i, j, position]);
  });

  it('has alpha and beta of every row, each once', () => {
    const all = Array.from({ length: rows }, (_, row) => [forms.alpha(row), forms.beta(row)]).flat();
    expect(all.sort((a, b) => a - b)).toEqual([...Array(forms.count).keys()]);
    for (let row = 0; row < rows; row++) {
      expect([forms.rowOf(forms.alpha(row)), forms.rowOf(forms.beta(row))]).toEqual([row, row]);
      for (const x of [-1.5, 0, 2]) {
        const alpha = Math.max(0, x);
        const value = (form: number): number => forms.alphaFactor(form) * alpha + forms.uFactor(form) * x;
        expect([value(forms.alpha(row)), value(forms.beta(row))]).toEqual([alpha, alpha - x]);
      }
      expect(forms.complementOf(forms.alpha(row))).toBe(forms.beta(row));
      expect(forms.complementOf(forms.beta(row))).toBe(forms.alpha(row));
    }
  });

  it('lists every pair of two forms that are not complementary once, in ascending order', () => {
    const expected: [number, number][] = [];
    for (let i = 0; i < forms.count; i++) {
      for (let j = 0; j < i; j++) if (!pairs.isEquality(i, j)) expected.push([i, j]);
    }
    expect(listed.map(([i, j]) => [i, j])).toEqual(expected);
    expect(pairs.count).toBe(expected.length);
  });

  it('knows the position of each, whichever form is named first', () => {
    listed.forEach(([i, j, position], k) => {
      expect([position, pairs.position(i, j), pairs.position(j, i)]).toEqual([k, k, k]);
    });
  });

  it('has one equality for each row, of its two forms, and no others', () => {
    expect(pairs.equalities).toBe(rows);
    for (let row = 0; row < rows; row++) expect(pairs.equality(row)).toEqual([forms.alpha(row), forms.beta(row)]);
    for (let i = 0; i < forms.count; i++) {
      for (let j = 0; j < forms.count; j++) {
        const same = i !== j && forms.rowOf(i) === forms.rowOf(j);
        expect(pairs.isEquality(i, j)).toBe(same);
        expect(forms.complementOf(i) === j).toBe(same);
      }
    }
  });
});

it('v is free in the paper’s part: its outputs are the identity', () => {
  expect(freePart(3, 2).outputs.toArray()).toEqual([
    [1, 0],
    [0, 1],
  ]);
});

describe('sparse multipliers', () => {
  const pairs = freePairs(5);
  const { forms } = pairs;
  const random = new Random(4);
  const packed = Float64Array.from({ length: pairs.count }, () => Math.max(0, random.normal()));
  const sparse = sparsePairs(pairs, packed);

  it('are the positive entries of the packed vector', () => {
    const dense = densePairs(sparse, forms.count);
    pairs.forEach((i, j, position) => {
      expect(dense.get(i, j)).toBe(packed[position]);
    });
    expect(sparse.value.length).toBe(packed.filter((value) => value > 0).length);
    expect(sparsePairs(pairs, packed.fill(0))).toEqual(noPairs());
  });

  it('keep their values, scaled, and come in ascending order when the forms are renumbered', () => {
    const target = freeForms(9);
    const rows = [7, 2, 8, 0, 3];
    const place = (form: number): number => {
      const row = rows[forms.rowOf(form)];
      return forms.uFactor(form) === 0 ? target.alpha(row) : target.beta(row);
    };
    const moved = renumberPairs(sparse, target, place, (form) => 2 ** form);
    const before = densePairs(sparse, forms.count);
    const after = densePairs(moved, target.count);
    let found = 0;
    for (let i = 0; i < forms.count; i++) {
      for (let j = 0; j < i; j++) {
        expect(after.get(place(i), place(j))).toBe(before.get(i, j) * 2 ** (i + j));
        if (before.get(i, j) > 0) found++;
      }
    }
    expect(moved.value.length).toBe(found);
    for (let k = 1; k < found; k++) {
      const [previous, own] = [k - 1, k].map((at) => moved.i[at] * target.count + moved.j[at]);
      expect(own).toBeGreaterThan(previous);
      expect(moved.i[k]).toBeGreaterThan(moved.j[k]);
    }
  });
});
