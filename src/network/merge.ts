/** Merging neurons of (nearly) the same direction into one. */
import { squareOf } from '../base/elementary.js';
import { Matrix } from '../base/matrix.js';
import { addScaled, euclideanNorm, scaleBy, squaredDistance } from '../base/vector.js';
import { balance, neuronMasses } from './balance.js';
import type { Sight } from './sight.js';
import { columnNorms, type Weights } from './weights.js';

/** A network as unit directions (row j is u_j/‖u_j‖) and outputs (row j is ‖u_j‖ v_j). */
interface Directions {
  readonly directions: Matrix;
  readonly outputs: Matrix;
  readonly masses: Float64Array;
}

/**
 * Neurons whose directions agree to 1 − cos ≤ `closeness`, as the data see them, merged into one along their mean, heaviest first; V adds
 * up, so that exactly parallel ones leave the prediction as it is and the weight decay no larger (‖Σ v_j‖ ≤ Σ ‖v_j‖). The result is balanced.
 *
 * @param see how the data see directions (sight.ts)
 */
export function mergeParallel(weights: Weights, closeness: number, see: Sight): Weights {
  const { directions, outputs, masses } = toDirections(weights);
  const seen = see(directions.transpose()).transpose();
  const order = Array.from(masses.keys()).sort((i, j) => masses[j] - masses[i] || i - j);
  const isTaken = new Uint8Array(masses.length);
  const groups: number[][] = [];
  for (const leader of order) {
    if (isTaken[leader]) continue;
    const leading = seen.row(leader);
    const isNear = (j: number): boolean => isWithin(leading, seen.row(j), 2 * closeness);
    const group = order.filter((j) => !isTaken[j] && (j === leader || isNear(j)));
    for (const j of group) isTaken[j] = 1;
    groups.push(group);
  }
  return mergeGroups({ directions, outputs, masses }, groups);
}

/** The network with each of the pairs made one neuron along the mean of its directions, weighted by mass; the pairs are disjoint. */
export function mergePairs(weights: Weights, pairs: readonly (readonly [number, number])[]): Weights {
  const all = toDirections(weights);
  const second = new Set(pairs.map(([, j]) => j));
  const partner = new Map(pairs);
  const groups: number[][] = [];
  for (let j = 0; j < all.masses.length; j++) {
    const other = partner.get(j);
    if (!second.has(j)) groups.push(other === undefined ? [j] : [j, other]);
  }
  return mergeGroups(all, groups);
}

/** The `count` pairs of neurons with the closest directions, closest first. The network is balanced. */
export function closestPairs(weights: Weights, count: number): [number, number][] {
  const { directions } = toDirections(weights);
  const pairs: { i: number; j: number; distance: number }[] = [];
  for (let i = 0; i < directions.rows; i++) {
    for (let j = i + 1; j < directions.rows; j++) {
      pairs.push({ i, j, distance: squaredDistance(directions.row(i), directions.row(j)) });
    }
  }
  pairs.sort((first, second) => first.distance - second.distance || first.i - second.i || first.j - second.j);
  return pairs.slice(0, count).map(({ i, j }) => [i, j]);
}

function toDirections(weights: Weights): Directions {
  const { U, V } = balance(weights);
  const norms = columnNorms(U);
  const directions = U.transpose();
  const outputs = V.transpose();
  for (let j = 0; j < norms.length; j++) {
    scaleBy(directions.row(j), 1 / norms[j]);
    scaleBy(outputs.row(j), norms[j]);
  }
  return { directions, outputs, masses: neuronMasses({ U, V }) };
}

function mergeGroups({ directions, outputs, masses }: Directions, groups: readonly (readonly number[])[]): Weights {
  const U = Matrix.zeros(groups.length, directions.columns);
  const V = Matrix.zeros(groups.length, outputs.columns);
  groups.forEach((group, k) => {
    const u = U.row(k);
    for (const j of group) {
      addScaled(u, masses[j], directions.row(j));
      addScaled(V.row(k), 1, outputs.row(j));
    }
    const length = euclideanNorm(u);
    if (length > 0) scaleBy(u, 1 / length);
  });
  return balance({ U: U.transpose(), V: V.transpose() });
}

/** Whether ‖a − b‖² ≤ limit; most pairs are told apart by their first entries. */
function isWithin(a: Float64Array, b: Float64Array, limit: number): boolean {
  let sum = 0;
  for (let k = 0; k < a.length && sum <= limit; k++) sum += squareOf(a[k] - b[k]);
  return sum <= limit;
}
