/** What a network consists of: what its constructor takes and its JSON form holds. */
import type { FeatureMap } from '../problem/features.js';
import type { Label } from '../problem/labels.js';
import type { Weights } from './weights.js';

export interface NetworkParts extends Weights {
  readonly featureMap: FeatureMap;
  /** The label each output stands for; left out for a network trained on targets. */
  readonly classes?: readonly Label[] | undefined;
}
