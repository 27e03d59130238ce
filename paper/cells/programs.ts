/** The convex programs of the literature over sampled sign patterns, on the same training problem. */

import { copositiveRelaxationSync, frankWolfeSync, gatedReluSync } from '../../src/baselines/index.js';
import type { Examples } from '../../src/datasets/index.js';
import type { Report } from '../../src/index.js';
import { roundMs } from './history.js';
import type { ProgramsSettings } from './plan.js';
import type { ProgramRun, ProgramsResult } from './results.js';

export function runPrograms(
  { X, Y }: Examples,
  reg: number,
  { seed, patterns, tolerance, limitMs, copositive }: ProgramsSettings,
  onProgress: (progress: Report) => void = () => {},
): ProgramsResult {
  const options = { reg, seed, patterns, tolerance, timeLimitMs: limitMs, onProgress };
  const conditional = frankWolfeSync(X, Y, options);
  return {
    frankWolfe: describe({ ...conditional, loss: conditional.value }),
    gatedRelu: describe(gatedReluSync(X, Y, options)),
    ...(copositive && { copositiveRelaxation: describe(copositiveRelaxationSync(X, Y, options)) }),
  };
}

interface Run extends Omit<ProgramRun, 'width'> {
  readonly network: { readonly width: number };
}

const describe = ({ status, value, dualValue, loss, network, patterns, iterations, elapsedMs }: Run): ProgramRun => ({
  status,
  value,
  // −∞ until the first bound is known.
  ...(dualValue !== undefined && Number.isFinite(dualValue) && { dualValue }),
  loss,
  width: network.width,
  patterns,
  iterations,
  elapsedMs: roundMs(elapsedMs),
});
