/**
 * The forms of a group of rows and a cone, each ≥ 0 on every neuron of the cone: of every row alpha, beta and, where the cone has a radius r,
 * r‖z‖ − alpha − beta; then the cone's own. Each is written over (alpha, ξ, h) with ξ_i = z_i·u, in which it has few entries.
 */
import type { Cone } from '../../problem/parts/cone.js';

/** A form as a short list: coordinate at[k] of (alpha, ξ, h) times factor[k]. */
export interface SparseForm {
  readonly at: readonly number[];
  readonly factor: readonly number[];
}

const NOTHING: SparseForm = { at: [], factor: [] };

/**
 * All forms, in order.
 *
 * @param place of each row of the group its coordinate alpha, below `count`; negative for a row that is left out, whose forms become 0
 * @param lengths of each row an upper bound of ‖z‖
 */
export function sparseForms(place: Int32Array, count: number, lengths: Float64Array, cone: Cone): SparseForm[] {
  const { forms, radius } = cone;
  const h = 2 * count;
  const ofRow = (form: (alpha: number, row: number) => SparseForm): SparseForm[] =>
    Array.from(place, (alpha, row) => (alpha < 0 ? NOTHING : form(alpha, row)));
  return [
    ...ofRow((alpha) => ({ at: [alpha], factor: [1] })),
    ...ofRow((alpha) => ({ at: [alpha, count + alpha], factor: [1, -1] })),
    ...(radius < 0
      ? []
      : ofRow((alpha, row) => ({ at: [alpha, count + alpha, h + radius], factor: [-2, 1, lengths[row]] }))),
    ...Array.from({ length: forms.rows }, (_, f) => {
      const at = [...forms.row(f).keys()].filter((k) => forms.get(f, k) !== 0);
      return { at: at.map((k) => h + k), factor: at.map((k) => forms.get(f, k)) };
    }),
  ];
}
