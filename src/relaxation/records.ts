/** What a solve of the relaxation reports: one record for each iterate, and heartbeats while a long iteration is under way. */
import type { Heartbeat, Report } from '../base/types.js';

/** What is known at an iterate, in the user's units. */
export interface Standing extends Omit<Report, 'kind'> {
  readonly phase: 'relaxation';
  /** Best so far. */
  readonly value: number;
  readonly lowerBound: number;
  /** (value − lowerBound)/value. */
  readonly gap: number;
}

interface Counted extends Standing {
  /** Floating-point operations so far. */
  readonly flops: number;
  /** Cholesky factorisations so far. */
  readonly factorizations: number;
}

/** An iterate of the interior point. */
export interface IterationRecord extends Counted {
  readonly kind: 'iterate';
  /** Complementarity μ, in the solver's scaled units. */
  readonly mu: number;
  /** Lengths of the step that led here; 0 for the start. */
  readonly primalStep: number;
  readonly dualStep: number;
  readonly centring: number;
  /** The back end of the step that led here. */
  readonly backend: 'dense' | 'cg';
  /** Conjugate-gradient steps so far. */
  readonly cgSteps: number;
}

/** A look at ADMM's copies, repaired. */
export interface AdmmRecord extends Counted {
  readonly kind: 'admm';
  /** Penalty ρ, in the solver's scaled units. */
  readonly rho: number;
}

/** An iterate of the interior point over groups of rows. */
export interface GroupedRecord extends Counted {
  readonly kind: 'grouped';
  /** Rows of the largest group, and how many groups there are. */
  readonly groupSize: number;
  readonly groups: number;
  /** As in IterationRecord. */
  readonly mu: number;
  readonly primalStep: number;
  readonly dualStep: number;
  readonly centring: number;
}

export type RelaxationRecord = IterationRecord | AdmmRecord | GroupedRecord;

export type RelaxationReport = RelaxationRecord | Heartbeat;
