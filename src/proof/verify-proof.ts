/**
 * The check of a proof against the user's own X and Y (docs/certificate.md): that it is about these data, that the columns become
 * those of the problem it names, and that its multipliers or its dual point prove what it claims. Shares nothing with the solver.
 */
import { InputError } from '../base/errors.js';
import { Matrix, type MatrixLike, toMatrix } from '../base/matrix.js';
import { type RunClock, unlessOver } from '../base/run.js';
import type { Heartbeat } from '../base/types.js';
import { record, text } from '../base/untrusted.js';
import type { Kernels } from '../engine/kernels.js';
import type { Label } from '../problem/labels.js';
import { lossNamed } from '../problem/losses/named.js';
import type { ConeKind } from '../problem/parts/cone.js';
import type { GroupedCertificate } from '../problem/parts/groups.js';
import type { PairMultipliers } from '../problem/parts/multipliers.js';
import type { Certificate, ExactCertificate, TrainingProblem } from '../problem/problem.js';
import { readTargets, type Targets } from '../problem/targets.js';
import { encodeLabels, mapColumns, standardizationFault } from './columns.js';
import { digestOfData } from './digest.js';
import { type ExactlyVerifiedBound, verifyExactCertificate } from './exact/verify-exact.js';
import { groupedBoundSteps, largestGroup } from './grouped/verify-grouped.js';
import { checkProofParts, checksumOf, type ProofParts } from './proof-parts.js';
import { boundSteps, type VerifiedBound } from './verify.js';

/** What bounds the loss: the exact oracle's search, the multipliers of the relaxation, or the lengths of the rows alone. */
export type BoundSource = 'exact' | 'relaxation' | 'norms';

/** What a proof proves about X and Y. */
export interface VerifiedProof {
  /** Whether the proof is about these data, is as it was made, and proves what it claims. */
  readonly valid: boolean;
  /** Why it is not valid, in words. */
  readonly reason?: string | undefined;
  /**
   * Proved here: on X (its columns mapped as the proof says) and Y every network of any width has a training loss, with this weight decay,
   * of at least lowerBound. 0 when the proof is about something else or was altered.
   */
  readonly lowerBound: number;
  readonly from?: BoundSource | undefined;
  /** Where it comes from the relaxation by groups: its cones of neurons, and the rows of the largest group. */
  readonly cone?: ConeKind | undefined;
  readonly groupSize?: number | undefined;
  /** The problem that the proof names; undefined when it cannot be read. */
  readonly loss?: string | undefined;
  readonly reg?: number | undefined;
  /** Of the rows in that loss; undefined where every row counts the same. */
  readonly weights?: Float64Array | undefined;
  /** What the multipliers prove, and what the dual point proves, where the proof holds them. */
  readonly relaxation?: VerifiedBound | undefined;
  readonly grouped?: VerifiedBound | undefined;
  readonly exact?: ExactlyVerifiedBound | undefined;
}

/** Recomputed on another machine, a bound may differ from the claim in its last digits. */
export const CLAIM_TOLERANCE = 1e-9;

/** X and Y copied, and a copy of the proof, so that nothing a caller changes meanwhile reaches the check. */
export interface ProofTask {
  readonly X: Matrix;
  /** Numbers, or labels. */
  readonly Y: Matrix | readonly Label[];
  /** A sentence where the proof cannot be read. */
  readonly proof: (ProofParts & { readonly checksum: string }) | string;
}

/**
 * @throws InputError when X or Y is no matrix of finite numbers, or when there is no proof at all; a proof that is malformed is
 * one that is not valid
 */
export function prepareProofTask(X: MatrixLike, Y: Targets, proof: unknown): ProofTask {
  const source = record(proof, 'proof');
  const data = { X: toMatrix(X, 'X'), Y: readTargets(Y, 'Y') };
  return { ...data, proof: copyProof(source) };
}

function copyProof(source: Readonly<Record<string, unknown>>): ProofTask['proof'] {
  try {
    const copy = structuredClone({ ...source });
    return { ...checkProofParts(copy), checksum: text(copy.checksum, 'proof.checksum') };
  } catch (error) {
    return error instanceof InputError ? error.message : 'proof: holds what no proof holds';
  }
}

export function* verifyProofSteps(
  kernels: Kernels,
  task: ProofTask,
  clock: RunClock,
): Generator<Heartbeat, VerifiedProof> {
  const { proof } = task;
  if (typeof proof === 'string') return { valid: false, reason: proof, lowerBound: 0 };
  const { loss, reg, weights } = proof;
  const problem = problemOf(task.X, task.Y, proof);
  if (typeof problem === 'string') return { valid: false, reason: problem, lowerBound: 0, loss, reg, weights };
  const relaxation = proof.relaxation && (yield* verifyMultipliers(boundSteps, problem, proof.relaxation, clock));
  const grouped = proof.grouped && (yield* verifyMultipliers(groupedBoundSteps, problem, proof.grouped, clock));
  const exact = proof.exact && (yield* verifyExact(kernels, problem, proof.exact, clock));
  return { loss, reg, weights, ...judge(proof, { relaxation, grouped, exact }, clock) };
}

/** The problem that the proof is about, out of the user's data; a sentence when it is not about these. */
function problemOf(
  X: Matrix,
  targets: Matrix | readonly Label[],
  proof: ProofParts & { checksum: string },
): TrainingProblem | string {
  const { columns, weights, digest, reg } = proof;
  const loss = lossNamed(proof.loss);
  if (loss === undefined) return `the loss ${proof.loss} is not known here`;
  if (checksumOf(proof) !== proof.checksum) return 'the proof was altered or damaged: its checksum does not fit';
  if (X.columns !== columns.features) {
    return `X has ${X.columns} columns, but the proof is about ${columns.features} features`;
  }
  const Y = targets instanceof Matrix ? targets : encodeLabels(targets, columns);
  if (typeof Y === 'string') return Y;
  if (X.rows !== Y.rows || X.rows === 0) return `X has ${X.rows} rows and Y ${Y.rows}; there must be as many, and some`;
  if (weights && weights.length !== X.rows)
    return `X has ${X.rows} rows, but the proof is about ${weights.length} weights`;
  if (digestOfData(X, { Y, weights }) !== digest)
    return 'X and Y are not the data that the proof is about: some value or its place differs';
  const fault = standardizationFault(X, columns);
  return fault ?? { X: mapColumns(X, columns), Y, reg, loss, weights };
}

/** What the multipliers prove, with pauses; a sentence when the time is over before, or they do not fit. */
function* verifyMultipliers<C extends Certificate | GroupedCertificate>(
  boundOf: (problem: TrainingProblem, certificate: C) => Generator<void, VerifiedBound>,
  problem: TrainingProblem,
  certificate: C,
  clock: RunClock,
): Generator<Heartbeat, VerifiedBound | string> {
  const heartbeat = (): Heartbeat => ({
    kind: 'heartbeat',
    phase: 'relaxation',
    iteration: 0,
    elapsedMs: clock.elapsedMs(),
  });
  yield heartbeat();
  try {
    const checking = boundOf(problem, certificate);
    const checked = yield* unlessOver(checking, clock, 0, heartbeat);
    return checked ?? `the check of the multipliers ${endOf(clock)}`;
  } catch (error) {
    return sentence(error);
  }
}

function* verifyExact(
  kernels: Kernels,
  problem: TrainingProblem,
  certificate: ExactCertificate,
  clock: RunClock,
): Generator<Heartbeat, ExactlyVerifiedBound | string> {
  try {
    return yield* verifyExactCertificate(kernels, problem, certificate, clock);
  } catch (error) {
    return sentence(error);
  }
}

/** What does not fit is a finding about the proof, not a failure of the check. */
function sentence(error: unknown): string {
  if (error instanceof InputError) return error.message;
  throw error;
}

/** What each part of the proof came to: a sentence where it does not fit the data. */
interface Findings {
  readonly relaxation: VerifiedBound | string | undefined;
  readonly grouped: VerifiedBound | string | undefined;
  readonly exact: ExactlyVerifiedBound | string | undefined;
}

function judge(
  proof: ProofParts,
  { relaxation, grouped, exact }: Findings,
  clock: RunClock,
): Omit<VerifiedProof, 'loss' | 'reg' | 'weights'> {
  const parts = {
    relaxation: typeof relaxation === 'string' ? undefined : relaxation,
    grouped: typeof grouped === 'string' ? undefined : grouped,
    exact: typeof exact === 'string' ? undefined : exact,
  };
  const bounds = {
    relaxation: parts.relaxation?.lowerBound ?? 0,
    grouped: parts.grouped?.lowerBound ?? 0,
    exact: parts.exact?.lowerBound ?? 0,
  };
  const lowerBound = Math.max(bounds.relaxation, bounds.grouped, bounds.exact);
  const found = { lowerBound, ...boundOrigin(proof, bounds), ...parts };
  if (lowerBound >= proof.lowerBound - CLAIM_TOLERANCE * Math.abs(proof.lowerBound)) return { valid: true, ...found };
  const causes = [
    `no network is claimed to have a loss below ${proof.lowerBound}, but what is proved is only ${lowerBound}`,
    ...[relaxation, grouped, exact].filter((part) => typeof part === 'string'),
    ...(parts.exact?.complete === false ? [`the exact search ${endOf(clock)}`] : []),
  ];
  return { valid: false, reason: causes.join('; '), ...found };
}

/** Where the best bound comes from. */
export interface BoundOrigin {
  readonly from: BoundSource;
  readonly cone?: ConeKind;
  readonly groupSize?: number;
}

/** Where a proof's bound comes from, by what its parts prove (0 for those that are missing). */
export function boundOrigin(
  { relaxation, grouped, exact }: Pick<ProofParts, 'relaxation' | 'grouped' | 'exact'>,
  bounds: Readonly<Record<'relaxation' | 'grouped' | 'exact', number>>,
): BoundOrigin {
  if (exact && bounds.exact > Math.max(bounds.relaxation, bounds.grouped)) return { from: 'exact' };
  if (grouped && bounds.grouped > bounds.relaxation) {
    const { cone, groups } = grouped;
    if (!groups.some(({ blocks }) => blocks.some(({ pairs }) => hasMultipliers(pairs)))) return { from: 'norms' };
    return { from: 'relaxation', cone, groupSize: largestGroup(grouped) };
  }
  return { from: relaxation && hasMultipliers(relaxation.pairs) ? 'relaxation' : 'norms' };
}

const hasMultipliers = ({ value }: PairMultipliers): boolean => value.some((entry) => entry > 0);

const endOf = (clock: RunClock): string =>
  clock.expiredStatus() === 'stopped' ? 'was stopped' : 'did not end within the time limit';
