/** The roundings by name. */
import { roundEigenvectors } from './eigenvectors.js';
import { roundGaussian } from './gaussian.js';
import { roundNearestCone } from './nearest-cone.js';
import type { Rounding } from './rounding.js';
import { roundThreeOperator } from './three-operator.js';

/** How the relaxation's solution is turned into neurons to start from (docs/algorithm.md). */
export const ROUNDINGS = ['gaussian', 'nearest-cone', 'three-operator', 'eigenvectors'] as const;
export type RoundingName = (typeof ROUNDINGS)[number];

export const ROUNDING_BY_NAME: Readonly<Record<RoundingName, Rounding>> = Object.freeze({
  gaussian: roundGaussian,
  'nearest-cone': roundNearestCone,
  'three-operator': roundThreeOperator,
  eigenvectors: roundEigenvectors,
});
