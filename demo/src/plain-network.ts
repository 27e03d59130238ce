/** A two-layer network in the coordinates of the plot: what is drawn, whoever trained it. */
export interface PlainNetwork {
  /** Number of features, without the bias. */
  readonly d: number;
  readonly classes: number;
  readonly width: number;
  /** width×(d + 1): the neuron's weights and then its offset; the neuron is active where w·x + b > 0. */
  readonly hidden: Float64Array;
  /** width×classes. */
  readonly output: Float64Array;
}

/** Writes the class scores at x into `scores`. */
export function scoresAt(network: PlainNetwork, x: ArrayLike<number>, scores: Float64Array): void {
  const { d, classes, width, hidden, output } = network;
  scores.fill(0);
  for (let j = 0; j < width; j++) {
    let activation = hidden[j * (d + 1) + d];
    for (let k = 0; k < d; k++) activation += hidden[j * (d + 1) + k] * x[k];
    if (activation <= 0) continue;
    for (let k = 0; k < classes; k++) scores[k] += activation * output[j * classes + k];
  }
}

/** How much each neuron matters, ‖hidden‖·‖output‖, as a share of the largest. */
export function neuronShares({ d, classes, width, hidden, output }: PlainNetwork): Float64Array {
  const shares = new Float64Array(width);
  for (let j = 0; j < width; j++) {
    shares[j] =
      Math.hypot(...hidden.subarray(j * (d + 1), (j + 1) * (d + 1))) *
      Math.hypot(...output.subarray(j * classes, (j + 1) * classes));
  }
  const largest = Math.max(...shares, Number.MIN_VALUE);
  return shares.map((share) => share / largest);
}
