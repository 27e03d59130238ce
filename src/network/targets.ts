/** Data for a network that exists already: its features and classes are fixed. */
import { InputError } from '../base/errors.js';
import { Matrix } from '../base/matrix.js';
import { show } from '../base/show.js';
import type { Label } from '../problem/labels.js';
import type { TrainingProblem } from '../problem/problem.js';
import { readTargets, type Targets } from '../problem/targets.js';

/** Classes listed in a message. */
const LISTED = 20;

/** The parts of a network that say which targets it has. */
interface Fitted {
  readonly V: Matrix;
  readonly classes: readonly Label[] | undefined;
}

/**
 * The training problem of a network on given data.
 *
 * @param features as the network's first layer sees them
 * @param rest weight decay and loss
 * @throws InputError naming Y when it does not fit
 */
export function problemOf(
  { V, classes }: Fitted,
  features: Matrix,
  targets: Targets,
  rest: Pick<TrainingProblem, 'reg' | 'loss'>,
): TrainingProblem {
  const Y = toTargets(targets, classes);
  if (Y.rows !== features.rows || Y.columns !== V.rows) {
    throw new InputError('Y', `is ${Y.rows} × ${Y.columns}, but the outputs on X are ${features.rows} × ${V.rows}`);
  }
  return { X: features, Y, ...rest };
}

/**
 * Y as an n×c matrix; labels are one-hot encoded by the network's classes.
 *
 * @throws InputError naming Y when it holds a label the network does not know, or labels where it knows none
 */
function toTargets(Y: Targets, classes: readonly Label[] | undefined): Matrix {
  const labels = readTargets(Y, 'Y');
  if (labels instanceof Matrix) return labels;
  if (!classes)
    throw new InputError('Y', 'holds labels, but the network was trained on targets; give a matrix of them');
  const position = new Map<unknown, number>(classes.map((label, k) => [label, k]));
  const result = Matrix.zeros(labels.length, classes.length);
  labels.forEach((label, i) => {
    const k = position.get(label);
    if (k === undefined) {
      throw new InputError(
        'Y',
        `label ${i} is ${show(label)}, but the network knows ${classes.slice(0, LISTED).map(show).join(', ')}`,
      );
    }
    result.set(i, k, 1);
  });
  return result;
}
