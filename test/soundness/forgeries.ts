/** Certificates that say more than they may: every way of spoiling a genuine one that we could think of. */
import { Matrix } from '../../src/base/matrix.js';
import type { Random } from '../../src/base/random.js';
import type { PairMultipliers } from '../../src/problem/parts/multipliers.js';
import type { Certificate } from '../../src/problem/problem.js';
import { everyPair } from '../support/pairs.js';

export interface Forgery {
  readonly name: string;
  readonly certificate: Certificate;
}

export function forgeries(genuine: Certificate, Y: Matrix, random: Random): Forgery[] {
  const { a, pairs, w } = genuine;
  const n = a.rows;
  const N = pairs.value;
  const changeN = (value: Float64Array): Certificate => ({ ...genuine, pairs: { ...pairs, value } });
  const all = (value: (at: number) => number): PairMultipliers =>
    everyPair(2 * n, (i, j) => value((i * (i - 1)) / 2 + j));
  const changeA = (change: (entry: number, at: number) => number): Certificate => ({
    ...genuine,
    a: new Matrix(a.data.map(change), n, a.columns),
  });
  const scaleAll = (t: number): Certificate => ({
    ...changeA((entry) => t * entry),
    pairs: { ...pairs, value: N.map((entry) => t * t * entry) },
    w: w.map((entry) => t * t * entry),
  });
  const wild = (): number => random.normal() * 10 ** (6 * random.uniform() - 3);
  const shuffled = random.permutation(n);
  const largest = N.reduce((x, y) => Math.max(x, y), 1);
  return [
    ...[0.5, 0.999999, 1.000001, 1.1, 2, 100].map((t) => ({ name: `a × ${t}`, certificate: changeA((x) => t * x) })),
    ...[1.000001, 1.1, 2].map((t) => ({ name: `a × ${t}, N and w × its square`, certificate: scaleAll(t) })),
    { name: '−a', certificate: changeA((x) => -x) },
    { name: 'a = Y', certificate: changeA((_, k) => Y.data[k]) },
    { name: 'a moved towards Y', certificate: changeA((x, k) => x + 1e-3 * (Y.data[k] - x)) },
    { name: 'a plus noise', certificate: changeA((x) => x + 0.1 * random.normal()) },
    {
      name: 'a with rows shuffled',
      certificate: changeA((_, k) => a.get(shuffled[Math.floor(k / a.columns)], k % a.columns)),
    },
    { name: 'N negative', certificate: changeN(N.map((x) => -x)) },
    { name: 'N = −1000', certificate: { ...genuine, pairs: all(() => -1000) } },
    { name: 'N = 1000', certificate: { ...genuine, pairs: all(() => 1000) } },
    { name: 'N partly negative', certificate: changeN(N.map((x, k) => (k % 3 === 0 ? -x - 1 : x))) },
    { name: 'N huge', certificate: { ...genuine, pairs: all((k) => 1e6 * (k + largest)) } },
    { name: 'N shifted by one entry', certificate: changeN(N.map((_, k) => N[(k + 1) % N.length])) },
    { name: 'w × 1.001', certificate: { ...genuine, w: w.map((x) => 1.001 * x) } },
    { name: 'w = 0', certificate: { ...genuine, w: w.map(() => 0) } },
    { name: '−w', certificate: { ...genuine, w: w.map((x) => -x) } },
    { name: 'w shuffled', certificate: { ...genuine, w: w.map((_, i) => w[shuffled[i]]) } },
    { name: 'w huge', certificate: { ...genuine, w: w.map((x) => 1e8 * x) } },
    { name: 'garbage, a kept', certificate: { ...genuine, pairs: all(wild), w: w.map(wild) } },
    { name: 'garbage', certificate: { ...changeA(wild), pairs: all(wild), w: w.map(wild) } },
    {
      name: 'garbage of size 1e-9',
      certificate: { ...changeN(N.map((x) => x + 1e-9 * wild())), w: w.map((x) => x + 1e-9 * wild()) },
    },
    { name: 'NaN in a', certificate: changeA((x, k) => (k === 0 ? Number.NaN : x)) },
    { name: 'NaN in N', certificate: { ...genuine, pairs: all((k) => (k === 0 ? Number.NaN : 1)) } },
    { name: 'Infinity in w', certificate: { ...genuine, w: w.with(n - 1, Number.POSITIVE_INFINITY) } },
  ];
}
