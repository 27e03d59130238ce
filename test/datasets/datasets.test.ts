import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/base/errors.js';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import {
  allExamples,
  formatCsv,
  oneHot,
  parseIdx,
  parseUci,
  randomHalves,
  randomTeacher,
  reduceDigits,
  scaleByScalars,
  spiral,
  stratifiedHalves,
} from '../../src/datasets/index.js';
import { loadFixture } from '../support/fixtures.js';
import { expectWithin, roundOff } from '../support/tolerance.js';

const norm = (row: Float64Array): number => Math.hypot(...row);
const countsOf = (Y: Matrix): number[] =>
  Array.from({ length: Y.columns }, (_, k) =>
    Array.from({ length: Y.rows }, (_, i) => Y.get(i, k)).reduce((a, b) => a + b),
  );

describe('generators', () => {
  it('random: the paper’s sizes, the same for the same seed, as a noiseless network gives them', () => {
    const { X, Y } = randomTeacher(3);
    expect([X.rows, X.columns, Y.rows, Y.columns]).toEqual([25, 2, 25, 5]);
    expect(randomTeacher(3).Y.data).toEqual(Y.data);
    expect(randomTeacher(4).X.data).not.toEqual(X.data);
    // A network without bias is positively homogeneous of degree 1, and the variance of an output at x is neurons ‖x‖² / 2.
    const many = randomTeacher(1, { rows: 1, outputs: 2000 });
    const meanSquare = many.Y.data.reduce((sum, y) => sum + y * y, 0) / many.Y.data.length;
    const expected = (100 * norm(many.X.row(0)) ** 2) / 2;
    expect(meanSquare / expected).toBeGreaterThan(0.6);
    expect(meanSquare / expected).toBeLessThan(1.4);
  });

  it('spiral: three arms from 0 to radius ½, the angle growing by about 4 radians', () => {
    const { X, Y } = spiral(5);
    expect([X.rows, X.columns]).toEqual([60, 2]);
    expect(countsOf(Y)).toEqual([20, 20, 20]);
    for (const arm of [0, 1, 2]) {
      for (let k = 0; k < 20; k++) expectWithin(norm(X.row(20 * arm + k)), k / 38, roundOff(8, 1));
      const [x, y] = X.row(20 * arm + 19);
      const turned = Math.atan2(x, y) - 4 * (arm + 1);
      expect(Math.abs(Math.sin(turned / 2))).toBeLessThan(0.5);
    }
    expect(spiral(5).X.data).toEqual(X.data);
  });

  it('spiral: the paper’s own has the same radii and classes', () => {
    const file = loadFixture('spiral');
    const generated = spiral(0);
    expect(generated.Y.data).toEqual(file.Y.data);
    for (let i = 0; i < 60; i++) expectWithin(norm(generated.X.row(i)), norm(file.X.row(i)), roundOff(8, 1));
  });
});

describe('splits', () => {
  const random = new Random(2);
  const labels = Array.from({ length: 31 }, () => random.integer(3));
  const examples = { X: new Matrix(Float64Array.from(labels.keys()), 31, 1), Y: oneHot(labels, 3) };

  it('stratified halves have every row once and each class on both sides alike', () => {
    const { train, test } = stratifiedHalves(examples, 7);
    if (!test) throw new Error('no test rows');
    expect([...train.X.data, ...test.X.data].sort((a, b) => a - b)).toEqual([...examples.X.data]);
    countsOf(train.Y).forEach((count, k) => {
      expect([0, 1]).toContain(countsOf(test.Y)[k] - count);
    });
    expect(stratifiedHalves(examples, 7).train.X.data).toEqual(train.X.data);
    expect(stratifiedHalves(examples, 8).train.X.data).not.toEqual(train.X.data);
  });

  it('random halves, and all examples again', () => {
    const halves = randomHalves(examples, 1);
    expect([halves.train.X.rows, halves.test?.X.rows]).toEqual([15, 16]);
    const all = allExamples(halves);
    expect([...all.X.data].sort((a, b) => a - b)).toEqual([...examples.X.data]);
    expect([...all.X.data].map((row) => labels[row])).toEqual(
      Array.from({ length: 31 }, (_, i) => all.Y.row(i).indexOf(1)),
    );
  });

  it('scaling by two scalars uses the training rows alone', () => {
    const { train, test } = scaleByScalars(randomHalves(examples, 1));
    const mean = train.X.data.reduce((sum, x) => sum + x, 0) / train.X.rows;
    const square = train.X.data.reduce((sum, x) => sum + x * x, 0) / train.X.rows;
    expectWithin(mean, 0, roundOff(31, 1));
    expectWithin(square, 1, roundOff(31, 1));
    expect(test?.X.data.some((x) => Math.abs(x) > 0)).toBe(true);
    const constant = { X: Matrix.zeros(2, 1), Y: oneHot([0, 1], 2) };
    expect(() => scaleByScalars({ train: constant })).toThrow(InputError);
  });

  it('CSV has features, targets and split', () => {
    const data = { train: { X: new Matrix(Float64Array.of(1.5, -2), 1, 2), Y: oneHot([1], 2) } };
    expect(formatCsv({ ...data, test: data.train })).toBe('x1,x2,y1,y2,split\n1.5,-2,0,1,train\n1.5,-2,0,1,test\n');
  });
});

describe('UCI files', () => {
  it('are read with blank lines, spaces and either end of line', () => {
    const { X, Y } = parseUci('iris', '5.1,3.5,1.4,0.2,Iris-setosa\r\n6.2, 3.4, 5.4, 2.3, Iris-virginica\n\n');
    expect(X.toArray()).toEqual([
      [5.1, 3.5, 1.4, 0.2],
      [6.2, 3.4, 5.4, 2.3],
    ]);
    expect(Y.toArray()).toEqual([
      [1, 0, 0],
      [0, 0, 1],
    ]);
    expect(parseUci('banknotes', '3.6216,8.6661,-2.8073,-0.44699,0\n1,2,3,4,1\n').Y.toArray()).toEqual([
      [1, 0],
      [0, 1],
    ]);
    const ionosphere = `${Array(34).fill(0.5).join(',')},g\n`;
    expect(parseUci('ionosphere', ionosphere).Y.toArray()).toEqual([[0, 1]]);
  });

  it('a header that somebody added is passed over', () => {
    const text =
      'pregnant,glucose,pressure,triceps,insulin,mass,pedigree,age,diabetes\n6,148,72,35,0,33.6,0.627,50,1\n';
    expect(parseUci('pima', text).X.rows).toBe(1);
  });

  it('a line that does not fit is named', () => {
    expect(() => parseUci('iris', '1,2,3,4,Iris-setosa\n1,2,3,Iris-setosa\n', 'my.data')).toThrow(
      'my.data: line 2 has 4 fields; iris has 4 features and a class',
    );
    expect(() => parseUci('iris', '1,2,?,4,Iris-setosa\n')).toThrow("iris: line 1, field 3: '?' is not a number");
    expect(() => parseUci('iris', '1,2,3,4,rose\n')).toThrow(/the class is 'rose'; expected Iris-setosa/);
    expect(() => parseUci('iris', '\n')).toThrow('iris: holds no data');
  });
});

/** An IDX file of unsigned bytes. */
function idx(shape: readonly number[], data: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x0800 + shape.length);
  shape.forEach((length, k) => {
    view.setUint32(4 + 4 * k, length);
  });
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}

describe('MNIST files', () => {
  it('IDX is read, and refused when it is something else or cut short', () => {
    const { shape, data } = parseIdx(idx([2, 1, 3], [1, 2, 3, 4, 5, 255]), 'a');
    expect([shape, [...data]]).toEqual([
      [2, 1, 3],
      [1, 2, 3, 4, 5, 255],
    ]);
    expect(() => parseIdx(new TextEncoder().encode('x1,x2,y1'), 'a.csv')).toThrow('a.csv: is not an IDX file');
    expect(() => parseIdx(idx([2, 3], [1, 2, 3]), 'a')).toThrow('a: holds 3 bytes, but 2 × 3 needs 6');
    expect(() => parseIdx(idx([2], []).slice(0, 6), 'a')).toThrow('cut short');
  });

  it('principal components: the leading ones, of the training images, with the same map for testing', () => {
    const random = new Random(1);
    const labels = Array.from({ length: 60 }, (_, i) => i % 10);
    // Pixel 2 varies most, then pixel 0; pixel 1 hardly.
    const images = labels.flatMap(() => [100 + random.integer(50), 7 + random.integer(2), random.integer(256)]);
    const part = () => ({
      images: parseIdx(idx([60, 3, 1], images), 'images'),
      labels: parseIdx(idx([60], labels), 'labels'),
    });
    const { train, test } = reduceDigits(part(), part(), { perDigit: 4, components: 2, seed: 3 });
    expect([train.X.rows, train.X.columns, test?.X.rows]).toEqual([40, 2, 40]);
    expect(countsOf(train.Y)).toEqual(Array(10).fill(4));
    const moment = (j: number, k: number): number =>
      Array.from({ length: 40 }, (_, i) => train.X.get(i, j) * train.X.get(i, k)).reduce((a, b) => a + b);
    expect(moment(0, 0)).toBeGreaterThan(moment(1, 1));
    expectWithin(moment(0, 1), 0, roundOff(64, moment(0, 0)));
    for (const j of [0, 1]) {
      const sum = Array.from({ length: 40 }, (_, i) => train.X.get(i, j)).reduce((a, b) => a + b);
      expectWithin(sum, 0, roundOff(64, Math.sqrt(40 * moment(0, 0))));
    }
    expect(() => reduceDigits(part(), part(), { perDigit: 7 })).toThrow('has only 6 images of the digit 0');
  });
});
