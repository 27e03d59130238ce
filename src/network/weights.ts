/** The two layers of a network as a set of neurons: choosing and joining them. */
import { squareOf } from '../base/elementary.js';
import { Matrix } from '../base/matrix.js';
import type { LayerWeights } from '../problem/training-loss.js';

/** U d×m and V c×m: neuron j is (column j of U, column j of V); the prediction is (X U)₊ Vᵀ. */
export type Weights = LayerWeights;

/** Number of neurons. */
export const widthOf = (weights: Weights): number => weights.U.columns;

/** Euclidean norm of each column, safe against overflow of the squares. */
export function columnNorms(A: Matrix): Float64Array {
  const largest = new Float64Array(A.columns);
  const squares = new Float64Array(A.columns);
  for (let i = 0; i < A.rows; i++) {
    const row = A.row(i);
    for (let j = 0; j < row.length; j++) largest[j] = Math.max(largest[j], Math.abs(row[j]));
  }
  for (let i = 0; i < A.rows; i++) {
    const row = A.row(i);
    for (let j = 0; j < row.length; j++) if (largest[j] !== 0) squares[j] += squareOf(row[j] / largest[j]);
  }
  return squares.map((square, j) => largest[j] * Math.sqrt(square));
}

/** Columns scaled to norm 1; zero columns stay. */
export function normalizeColumns(A: Matrix): Matrix {
  const norms = columnNorms(A);
  return new Matrix(
    A.data.map((entry, k) => entry / (norms[k % A.columns] || 1)),
    A.rows,
    A.columns,
  );
}

/** The columns of A named by `columns`, in that order. */
export function selectColumns(A: Matrix, columns: ArrayLike<number>): Matrix {
  const result = Matrix.zeros(A.rows, columns.length);
  for (let i = 0; i < A.rows; i++) for (let j = 0; j < columns.length; j++) result.set(i, j, A.get(i, columns[j]));
  return result;
}

/** The neurons named by `neurons`, in that order. */
export const selectNeurons = (weights: Weights, neurons: ArrayLike<number>): Weights => ({
  U: selectColumns(weights.U, neurons),
  V: selectColumns(weights.V, neurons),
});

/** The neurons of both networks side by side. */
export const joinNeurons = (first: Weights, second: Weights): Weights => ({
  U: joinColumns(first.U, second.U),
  V: joinColumns(first.V, second.V),
});

/** [A, B]. */
export function joinColumns(A: Matrix, B: Matrix): Matrix {
  const result = Matrix.zeros(A.rows, A.columns + B.columns);
  for (let i = 0; i < A.rows; i++) {
    result.row(i).set(A.row(i));
    result.row(i).set(B.row(i), A.columns);
  }
  return result;
}
