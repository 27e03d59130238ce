/** The back end of a method, with the barrier's weight that goes with it. */

import { OptionsError } from '../../base/errors.js';
import type { Algebra } from '../../linalg/algebra.js';
import type { LossTerm } from '../../problem/losses/models.js';
import type { Method } from '../methods.js';
import { FAST_FLOPS_PER_MS, iterationFlops } from '../newton.js';
import type { ScaledProblem } from '../scaled-problem.js';
import type { Stack } from '../stack.js';
import { CgBackend } from './cg.js';
import type { Backend, BackendPlan } from './contract.js';
import { DenseBackend, denseFlops } from './dense.js';
import { HybridBackend } from './hybrid.js';

/**
 * Weight θ of a row in the barrier. Rows far outnumber p, and at full weight they would decide the path. Dense: of 0.02–1, 0.1 took
 * the fewest iterations on random and spiral data. Conjugate gradients: their count grows with the rows' share, so it is kept near 2.5 p.
 */
const DENSE_THETA = 0.1;
const ROWS_PER_ORDER = 2.5;

export function barrierWeight({ p, pairs }: ScaledProblem, method: Exclude<Method, 'auto'>): number {
  if (method === 'dense' || pairs === 0) return DENSE_THETA;
  return Math.min(DENSE_THETA, (ROWS_PER_ORDER * p) / pairs);
}

/**
 * The method for this loss: conjugate gradients and ADMM eliminate its rows in closed form, which only a quadratic function of unit curvature
 * allows (the squared loss, whatever its weights: the reductions absorb them).
 *
 * @throws OptionsError for such a method and another loss
 */
export function supportedMethod(method: Method, term: LossTerm): Method {
  const { loss } = term;
  const model = loss.quadratic?.(term);
  if (model && model.curvature === undefined) return method;
  if (method === 'auto' || method === 'dense') return 'dense';
  throw new OptionsError('method', `'${method}' cannot solve for the ${loss.name} loss yet; use 'dense' or 'auto'`);
}

/** @param resumeAt the back end that an interrupted run had reached */
export function planBackend(
  algebra: Algebra,
  stack: Stack,
  method: Exclude<Method, 'auto' | 'admm'>,
  resumeAt?: Backend['name'],
): BackendPlan {
  const dense = () => new DenseBackend(algebra, stack);
  const cg = () => new CgBackend(algebra, stack);
  if (method !== 'hybrid') return { name: method, create: method === 'dense' ? dense : cg };
  const denseMs = (denseFlops(stack.problem) + iterationFlops(stack.problem)) / FAST_FLOPS_PER_MS;
  return {
    name: resumeAt ?? 'cg',
    create: () => new HybridBackend(cg(), dense, denseMs, resumeAt),
  };
}
