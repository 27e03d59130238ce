/** The training problem in units where ‖X‖₂ = 1 and the loss is of size one, split into groups of rows of unit length, in WASM memory. */
import { Matrix } from '../../base/matrix.js';
import { euclideanNorm } from '../../base/vector.js';
import type { Algebra } from '../../linalg/algebra.js';
import type { View } from '../../linalg/views.js';
import { transposed } from '../../linalg/views.js';
import type { Loss, Normalised, PlacedLoss, Target } from '../../problem/losses/loss.js';
import { type LossTerm, valueAtZero } from '../../problem/losses/models.js';
import { placeLoss } from '../../problem/losses/placed.js';
import type { Cone } from '../../problem/parts/cone.js';
import type { TrainingProblem } from '../../problem/problem.js';
import { type ScalingScratch, scalingScratch } from '../scaling.js';
import { Block } from './block.js';
import { Layout } from './layout.js';
import { Group } from './system.js';

/** On a line |x_i·u| = ‖x_i‖‖u‖, which leaves no interior: a column of zeros, which changes no value, makes it a plane. */
const LEAST_COLUMNS = 2;

export interface GroupedProblem {
  readonly cones: readonly Cone[];
  readonly groups: readonly Group[];
  /** Rows and outputs of all data, columns of X̂: those of X, or two. */
  readonly n: number;
  readonly c: number;
  readonly d: number;
  /** γ in these units. */
  readonly reg: number;
  /** X = sigma · X̂, F = units.outputs · F̂, a = units.duals · â, values = units.values · values^. */
  readonly sigma: number;
  readonly units: Normalised;
  readonly term: LossTerm;
  readonly loss: PlacedLoss;
}

/** Pauses after every group. */
export function* placeGroups(
  algebra: Algebra,
  problem: TrainingProblem,
  cones: readonly Cone[],
  partition: readonly Int32Array[],
): Generator<void, GroupedProblem> {
  const { X, Y, loss } = problem;
  const sigma = spectralNorm(algebra, X);
  const units = unitsOf(loss, problem);
  const { target } = units;
  const d = Math.max(LEAST_COLUMNS, X.columns);
  const layouts = new Map<number, { layouts: Layout[]; scratch: ScalingScratch[] }>();
  const layoutsFor = (m: number): { layouts: Layout[]; scratch: ScalingScratch[] } => {
    const known = layouts.get(m);
    if (known) return known;
    const made = cones.map((cone) => new Layout(algebra, m, d, cone));
    const entry = { layouts: made, scratch: made.map(({ p }) => scalingScratch(algebra, p)) };
    layouts.set(m, entry);
    return entry;
  };
  const groups: Group[] = [];
  for (const rows of partition) {
    const { layouts: own, scratch } = layoutsFor(rows.length);
    const { unit, norms } = unitRows(X, rows, d, sigma);
    const view = algebra.place(unit);
    const blocks = cones.map((cone, k) => new Block(algebra, own[k], cone, view, scratch[k]));
    const shared = own.reduce((sum, layout) => sum + layout.shared, 0);
    groups.push(new Group(algebra, rows, norms, blocks, shared));
    yield;
  }
  const placedY = algebra.place(target.Y);
  return {
    cones,
    groups,
    n: X.rows,
    c: Y.columns,
    d,
    reg: problem.reg / (sigma * units.duals),
    sigma,
    units,
    term: { loss, ...target },
    loss: placeLoss(algebra, loss, target, placedY),
  };
}

function unitsOf(loss: Loss, { Y, weights }: Target & LossTerm): Normalised {
  const own = loss.normalise?.({ Y, weights });
  if (own) return own;
  const size = valueAtZero({ loss, Y, weights });
  const scaled = Float64Array.from({ length: Y.rows }, (_, i) => (weights?.[i] ?? 1) / size);
  return { target: { Y, weights: scaled }, outputs: 1, duals: size, values: size };
}

/** ‖X‖₂, nearly. */
function spectralNorm(algebra: Algebra, X: Matrix): number {
  return algebra.scoped(() => {
    const placed = algebra.place(X);
    const gram: View = algebra.matrix(X.columns, X.columns);
    algebra.product(1, transposed(placed), placed, gram, { symmetric: true });
    return Math.sqrt(algebra.eigenvalues(gram)[X.columns - 1]);
  });
}

function unitRows(X: Matrix, rows: Int32Array, d: number, sigma: number): { unit: Matrix; norms: Float64Array } {
  const unit = Matrix.zeros(rows.length, d);
  const norms = Float64Array.from(rows, (i) => euclideanNorm(X.row(i)));
  rows.forEach((i, p) => {
    unit.row(p).set(X.row(i).map((x) => x / norms[p]));
  });
  return { unit, norms: norms.map((norm) => norm / sigma) };
}
