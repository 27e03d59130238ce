/** What the shared block of a cone costs, and what is known to be equal in it: symmetric matrices over (u, h), their inner product with Lambda's block. */
import { Matrix } from '../../base/matrix.js';
import type { Cone } from '../../problem/parts/cone.js';

/** reg/2 (‖u‖² + ‖v‖²), with r² in place of ‖v‖² where the cone has a radius. */
export function priceOf({ outputs, radius }: Cone, d: number, reg: number): Matrix {
  const price = radius < 0 ? lengthOfOutputs(outputs, d) : entry(d + outputs.columns, d + radius);
  for (let k = 0; k < d; k++) price.set(k, k, 1);
  for (let k = 0; k < price.data.length; k++) price.data[k] *= reg / 2;
  return price;
}

/** tr uuᵀ − r² and, where h has more entries than r, r² − ‖outputs h‖²: both 0 on balanced neurons. None without a radius. */
export function equalitiesOf({ outputs, radius }: Cone, d: number): Matrix[] {
  if (radius < 0) return [];
  const balance = Matrix.zeros(d + outputs.columns, d + outputs.columns);
  for (let k = 0; k < d; k++) balance.set(k, k, 1);
  balance.set(d + radius, d + radius, -1);
  if (outputs.columns === 1) return [balance];
  const length = lengthOfOutputs(outputs, d);
  for (let k = 0; k < length.data.length; k++) length.data[k] = 0 - length.data[k];
  length.set(d + radius, d + radius, 1);
  return [balance, length];
}

function lengthOfOutputs(outputs: Matrix, d: number): Matrix {
  const [c, e] = [outputs.rows, outputs.columns];
  const result = Matrix.zeros(d + e, d + e);
  for (let k = 0; k < e; k++) {
    for (let l = 0; l < e; l++) {
      let sum = 0;
      for (let j = 0; j < c; j++) sum += outputs.get(j, k) * outputs.get(j, l);
      result.set(d + k, d + l, sum);
    }
  }
  return result;
}

function entry(order: number, at: number): Matrix {
  const result = Matrix.zeros(order, order);
  result.set(at, at, 1);
  return result;
}
