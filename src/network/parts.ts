/** What a network consists of: what its constructor takes and its JSON form holds. */
import type { FeatureMap } from '../problem/features.js';
import type { Label } from '../problem/labels.js';
import type { Certificate, ExactCertificate } from '../problem/problem.js';
import type { Weights } from './weights.js';

export interface NetworkParts extends Weights {
  readonly featureMap: FeatureMap;
  /** The label each output stands for; left out for a network trained on targets. */
  readonly classes?: readonly Label[] | undefined;
  /** The multipliers behind the lower bound it was trained with, so that the bound can be verified again. */
  readonly certificate?: Certificate | undefined;
  /** The dual point behind the exact oracle's bound, where it proved one. */
  readonly exactCertificate?: ExactCertificate | undefined;
}
