/** How the multipliers of a group of rows and a cone number its forms (groups.ts). */
import type { Cone } from './cone.js';

export interface GroupForms {
  readonly rows: number;
  readonly count: number;
  /** The row whose forms are alpha, beta and, where the cone has a radius, r‖x‖ − alpha − beta; −1 for a form of the cone's own. */
  rowOf(form: number): number;
  /** The form whose product with this one is 0; −1 where there is none. */
  complementOf(form: number): number;
}

export function groupForms(rows: number, { forms, radius }: Cone): GroupForms {
  const ofRows = (radius < 0 ? 2 : 3) * rows;
  return {
    rows,
    count: ofRows + forms.rows,
    rowOf: (form) => (form < ofRows ? form % rows : -1),
    complementOf: (form) => (form < rows ? form + rows : form < 2 * rows ? form - rows : -1),
  };
}
