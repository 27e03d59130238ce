import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import { Forms, noPairs, Pairs, renumberPairs, sparsePairs } from '../../src/problem/parts.js';
import { densePairs } from '../support/pairs.js';

const ROWS = [1, 2, 3, 7, 16];

describe.each(ROWS)('%i rows', (rows) => {
  const forms = new Forms(rows);
  const pairs = new Pairs(forms);
  const listed: [i: number, j: number, position: number][] = [];
  pairs.forEach((i, j, position) => {
    listed.push([i, j, position]);
  });

  it('has alpha and beta of every row, each once', () => {
    const all = Array.from({ length: rows }, (_, row) => [forms.alpha(row), forms.beta(row)]).flat();
    expect(all.sort((a, b) => a - b)).toEqual([...Array(forms.count).keys()]);
    for (let row = 0; row < rows; row++) {
      expect([forms.rowOf(forms.alpha(row)), forms.rowOf(forms.beta(row))]).toEqual([row, row]);
      expect([forms.isBeta(forms.alpha(row)), forms.isBeta(forms.beta(row))]).toEqual([false, true]);
      expect(forms.complementOf(forms.alpha(row))).toBe(forms.beta(row));
      expect(forms.complementOf(forms.beta(row))).toBe(forms.alpha(row));
    }
  });

  it('lists every pair of two forms that are not complementary once, in ascending order', () => {
    const expected: [number, number][] = [];
    for (let i = 0; i < forms.count; i++) {
      for (let j = 0; j < i; j++) if (!forms.areComplementary(i, j)) expected.push([i, j]);
    }
    expect(listed.map(([i, j]) => [i, j])).toEqual(expected);
    expect(pairs.count).toBe(expected.length);
  });

  it('knows the position of each, whichever form is named first', () => {
    listed.forEach(([i, j, position], k) => {
      expect([position, pairs.position(i, j), pairs.position(j, i)]).toEqual([k, k, k]);
    });
  });

  it('complementary are the two forms of a row and no others', () => {
    for (let i = 0; i < forms.count; i++) {
      for (let j = 0; j < forms.count; j++) {
        const same = i !== j && forms.rowOf(i) === forms.rowOf(j);
        expect(forms.areComplementary(i, j)).toBe(same);
        expect(forms.complementOf(i) === j).toBe(same);
      }
    }
  });
});

describe('sparse multipliers', () => {
  const forms = new Forms(5);
  const pairs = new Pairs(forms);
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
    const target = new Forms(9);
    const rows = [7, 2, 8, 0, 3];
    const place = (form: number): number => {
      const row = rows[forms.rowOf(form)];
      return forms.isBeta(form) ? target.beta(row) : target.alpha(row);
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
