/**
 * The kernels of an infinitely wide Dense–ReLU–Dense network (W_std = 1, no bias of its own), up to one common factor, which
 * regression with a relative ridge does not see:
 *
 *   NNGP  E[(x·u)₊ (z·u)₊]                      = ‖x‖‖z‖ (sin t + (π − t) cos t) / 2π,
 *   NTK   the same + x·z E[1{x·u > 0} 1{z·u > 0}], = NNGP + x·z (π − t) / 2π,     u ~ N(0, I), t the angle of x and z.
 *
 * Y. Cho, L. Saul, Kernel methods for deep learning, NIPS 2009, equation 6 (degrees 1 and 0); A. Jacot, F. Gabriel, C. Hongler,
 * Neural tangent kernel, NeurIPS 2018, theorem 1; J. Lee et al., ICLR 2018.
 */
import { acos } from '../base/elementary.js';

/** An infinitely wide network's kernel from x·z and ‖x‖‖z‖. */
export type InfiniteKernel = (inner: number, lengths: number) => number;

/** All layers random, the last one trained. */
export const nngpKernel: InfiniteKernel = (inner, lengths) => {
  if (!(lengths > 0)) return 0;
  const cosine = Math.max(-1, Math.min(1, inner / lengths));
  const sine = Math.sqrt((1 - cosine) * (1 + cosine));
  return (lengths * (sine + (Math.PI - acos(cosine)) * cosine)) / (2 * Math.PI);
};

/** Both layers trained, linearised at their start. */
export const ntkKernel: InfiniteKernel = (inner, lengths) => {
  if (!(lengths > 0)) return 0;
  const cosine = Math.max(-1, Math.min(1, inner / lengths));
  return nngpKernel(inner, lengths) + (inner * (Math.PI - acos(cosine))) / (2 * Math.PI);
};
