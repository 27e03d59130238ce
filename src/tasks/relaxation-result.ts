/** What a solve of the relaxation gives, in one block or by cones and groups of rows. */
import type { Matrix } from '../base/matrix.js';
import type { RunStatus } from '../base/types.js';
import type { ConeKind } from '../problem/parts/cone.js';
import type { Proof } from '../proof/proof.js';
import type { RelaxationRecord } from '../relaxation/records.js';
import type { PhaseTimings } from '../relaxation/timings.js';

export interface RelaxationResult {
  /** 'certified' when the gap is within the tolerance. */
  readonly status: RunStatus;
  /** Value of the relaxation at G: an upper bound on the relaxation's optimum (not on the training loss of any network). */
  readonly value: number;
  /** Rigorous lower bound on the training loss of every network of any width, computed anew from the multipliers. */
  readonly lowerBound: number;
  /** (value − lowerBound) / value, 0 when the value is 0. */
  readonly gap: number;
  readonly iterations: number;
  /** Floating-point operations of the iteration. */
  readonly flops: number;
  readonly factorizations: number;
  /** Wall-clock milliseconds by phase. */
  readonly timings: PhaseTimings;
  /** One record per iterate, the start included; ADMM has its own and looks at an iterate now and then. */
  readonly history: readonly RelaxationRecord[];
  /** Which relaxation it is: 'free' is the paper's; `groupSize` is Infinity where all rows share one block, else the rows of the largest group. */
  readonly cone: ConeKind;
  readonly groupSize: number;
  /** (n+d)×(n+d) over (alpha, u), in the coordinates of X; empty (0×0) for cones and groups, which have no one such matrix. */
  readonly G: Matrix;
  /** What proves lowerBound again: verifyProof(X, Y, proof), which holds the multipliers. */
  readonly proof: Proof;
}

/** False when the time ended before there was a point: G is 0 then, and no network comes from that. */
export const wasBegun = ({ status, history }: RelaxationResult): boolean =>
  history.length > 0 || (status !== 'time-limit' && status !== 'stopped');
