import { expect, it } from 'vitest';
import { freeForms } from '../../src/problem/parts/free.js';
import { pairAt, placeCount, placeOf } from '../../src/proof/pairs.js';

it('places number the pairs i > j in ascending order', () => {
  let place = 0;
  for (let i = 1; i < 90; i++) {
    for (let j = 0; j < i; j++, place++) expect([placeOf(i, j), ...pairAt(place)]).toEqual([place, i, j]);
    if (i % 2 === 1) expect(placeCount(freeForms((i + 1) / 2))).toBe(place);
  }
});

it('places are exact for as many forms as an index can number', () => {
  for (const i of [94_906_265, 2 ** 26, 2 ** 26 + 1, 40_000]) {
    for (const j of [0, 1, i - 2, i - 1]) expect(pairAt(placeOf(i, j))).toEqual([i, j]);
  }
});
