/** MNIST made small, as the paper has it: 100 images of each digit, and 20 principal components of their pixels. */
import { checkOptions, count, type OptionChecks, type Resolved } from '../base/check.js';
import { InputError } from '../base/errors.js';
import { Matrix } from '../base/matrix.js';
import { Random } from '../base/random.js';
import { record } from '../base/untrusted.js';
import { eigh, matmul } from '../linalg/index.js';
import { type Dataset, type Examples, oneHot } from './dataset.js';
import { checkIdxArray, type IdxArray } from './idx.js';

const DIGITS = 10;

export interface DigitOptions {
  /** Images of each digit, drawn by the seed. Default 100. */
  readonly perDigit?: number | undefined;
  /** Principal components, of the training images. Default 20. */
  readonly components?: number | undefined;
  readonly seed?: number | undefined;
}

const DIGIT_CHECKS: OptionChecks<DigitOptions> = { perDigit: count, components: count, seed: count };
const DIGIT_DEFAULTS: Resolved<DigitOptions> = Object.freeze({ perDigit: 100, components: 20, seed: 0 });

/** One of MNIST's two parts: images (count × height × width) and their digits. */
export interface DigitImages {
  readonly images: IdxArray;
  readonly labels: IdxArray;
}

/**
 * The same number of images of every digit from either part, as coordinates along the leading principal axes of those for training; centred, not
 * scaled.
 *
 * @throws InputError when images and labels do not fit together, or a digit has too few images
 */
export function reduceDigits(train: DigitImages, test: DigitImages, options: DigitOptions = {}): Dataset {
  const { perDigit, components, seed } = checkOptions<Resolved<DigitOptions>>(options, DIGIT_DEFAULTS, DIGIT_CHECKS);
  const random = new Random(seed);
  const drawn = draw(train, 'train', perDigit, random);
  const held = draw(test, 'test', perDigit, random);
  const pixels = drawn.X.columns;
  if (held.X.columns !== pixels) throw new InputError('test', 'its images are of another size than those for training');
  if (components > pixels) throw new InputError('components', `at most ${pixels}, the number of pixels`);

  const means = columnMeans(drawn.X);
  const centred = subtract(drawn.X, means);
  const { vectors } = eigh(matmul(centred, centred, { transposeA: true }), {
    subset: { index: [pixels - components, pixels] },
  });
  const axes = orient(reverseColumns(vectors));
  const project = ({ X, Y }: Examples): Examples => ({ X: matmul(subtract(X, means), axes), Y });
  return { train: project(drawn), test: project(held) };
}

function draw(given: DigitImages, part: string, perDigit: number, random: Random): Examples {
  const { images: pictures, labels: digitsOf } = record(given, part);
  const images = checkIdxArray(pictures, `${part}.images`);
  const labels = checkIdxArray(digitsOf, `${part}.labels`);
  const [total, ...size] = images.shape;
  if (size.length === 0 || labels.shape.length !== 1 || labels.shape[0] !== total) {
    throw new InputError(
      part,
      `images of shape ${images.shape.join(' × ')}, labels of shape ${labels.shape.join(' × ')}`,
    );
  }
  const wanted = new Array<number>(DIGITS).fill(perDigit);
  const rows: number[] = [];
  for (const row of random.permutation(total)) if (wanted[labels.data[row]]-- > 0) rows.push(row);
  const short = wanted.findIndex((left) => left > 0);
  if (short >= 0) throw new InputError(part, `has only ${perDigit - wanted[short]} images of the digit ${short}`);
  const pixels = size.reduce((product, length) => product * length, 1);
  const X = Matrix.zeros(rows.length, pixels);
  rows.forEach((row, i) => {
    X.row(i).set(images.data.subarray(row * pixels, (row + 1) * pixels));
  });
  const digits = rows.map((row) => labels.data[row]);
  return { X, Y: oneHot(digits, DIGITS) };
}

function columnMeans(X: Matrix): Float64Array {
  const means = new Float64Array(X.columns);
  for (let i = 0; i < X.rows; i++) for (let j = 0; j < X.columns; j++) means[j] += X.get(i, j) / X.rows;
  return means;
}

function subtract(X: Matrix, means: Float64Array): Matrix {
  const result = X.clone();
  for (let i = 0; i < X.rows; i++) for (let j = 0; j < X.columns; j++) result.set(i, j, X.get(i, j) - means[j]);
  return result;
}

/** Eigenvectors by falling eigenvalue. */
function reverseColumns(V: Matrix): Matrix {
  const result = Matrix.zeros(V.rows, V.columns);
  for (let i = 0; i < V.rows; i++) result.row(i).set(V.row(i).slice().reverse());
  return result;
}

/** An axis has no direction of its own: each column with the sign that makes its largest entry positive, in place. */
function orient(V: Matrix): Matrix {
  for (let j = 0; j < V.columns; j++) {
    let largest = 0;
    for (let i = 0; i < V.rows; i++) if (Math.abs(V.get(i, j)) > Math.abs(largest)) largest = V.get(i, j);
    if (largest < 0) for (let i = 0; i < V.rows; i++) V.set(i, j, -V.get(i, j));
  }
  return V;
}
