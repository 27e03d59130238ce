/** The roundings by name. */
import type { RoundingName } from '../../base/options.js';
import { roundEigenvectors } from './eigenvectors.js';
import { roundGaussian } from './gaussian.js';
import { roundNearestCone } from './nearest-cone.js';
import type { Rounding } from './rounding.js';
import { roundThreeOperator } from './three-operator.js';

export const ROUNDING_BY_NAME: Readonly<Record<RoundingName, Rounding>> = Object.freeze({
  gaussian: roundGaussian,
  'nearest-cone': roundNearestCone,
  'three-operator': roundThreeOperator,
  eigenvectors: roundEigenvectors,
});
