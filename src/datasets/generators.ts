/** The paper's two synthetic data sets, from a seed. */
import { checkOptions, count, type OptionChecks, type Resolved } from '../base/check.js';
import { cos, sin } from '../base/elementary.js';
import { Matrix } from '../base/matrix.js';
import { Random } from '../base/random.js';
import { count as wholeNumber } from '../base/untrusted.js';
import { type Examples, oneHot } from './dataset.js';

export interface TeacherOptions {
  /** Default 25, 2, 5 and 100: the paper's. */
  readonly rows?: number | undefined;
  readonly features?: number | undefined;
  readonly outputs?: number | undefined;
  readonly neurons?: number | undefined;
}

const TEACHER_CHECKS: OptionChecks<TeacherOptions> = { rows: count, features: count, outputs: count, neurons: count };
const TEACHER_DEFAULTS: Resolved<TeacherOptions> = Object.freeze({ rows: 25, features: 2, outputs: 5, neurons: 100 });

/** Normal features, and as targets the outputs (X U)₊ Vᵀ of a network with normal weights, without noise. */
export function randomTeacher(seed: number, options: TeacherOptions = {}): Examples {
  const { rows, features, outputs, neurons } = checkOptions<Resolved<TeacherOptions>>(
    options,
    TEACHER_DEFAULTS,
    TEACHER_CHECKS,
  );
  const random = new Random(seed);
  const normal = (m: number, n: number): Matrix => {
    const result = Matrix.zeros(m, n);
    random.fillNormal(result.data);
    return result;
  };
  const X = normal(rows, features);
  const U = normal(features, neurons);
  const V = normal(outputs, neurons);
  const Y = Matrix.zeros(rows, outputs);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < neurons; j++) {
      let product = 0;
      for (let k = 0; k < features; k++) product += X.get(i, k) * U.get(k, j);
      const activation = Math.max(0, product);
      for (let k = 0; k < outputs; k++) Y.data[i * outputs + k] += activation * V.get(k, j);
    }
  }
  return { X, Y };
}

/** Radius of the last point, angle of an arm in radians, and standard deviation of the angles. */
const RADIUS = 0.5;
const ARM = 4;
const NOISE = 0.2;

/**
 * Arms of a spiral in the plane, one a class: (r sin t, r cos t), r from 0 to ½, t over 4 radians with noise of deviation 0.2, arm k from 4k on
 * (A. Karpathy, CS231n). The first point of each arm is 0.
 *
 * @param rowsPerClass default 20, the paper's, as are 3 classes
 */
export function spiral(seed: number, rowsPerClass = 20, classes = 3): Examples {
  const random = new Random(seed);
  wholeNumber(rowsPerClass, 'rowsPerClass');
  wholeNumber(classes, 'classes');
  const X = Matrix.zeros(rowsPerClass * classes, 2);
  const labels = Int32Array.from({ length: X.rows }, (_, i) => Math.floor(i / rowsPerClass));
  for (let i = 0; i < X.rows; i++) {
    const share = rowsPerClass > 1 ? (i % rowsPerClass) / (rowsPerClass - 1) : 0;
    const t = ARM * (labels[i] + share) + NOISE * random.normal();
    X.set(i, 0, RADIUS * share * sin(t));
    X.set(i, 1, RADIUS * share * cos(t));
  }
  return { X, Y: oneHot(labels, classes) };
}
