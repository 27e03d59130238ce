/**
 * Proofs out of networks that were saved up to version 2 of their JSON, which carried multipliers and dual point themselves, and no
 * digest of the data they are about.
 */

import { InputError } from '../base/errors.js';
import { Matrix, type MatrixLike, toMatrix } from '../base/matrix.js';
import { finite, matrix, numbers, positive, record } from '../base/untrusted.js';
import { dualPointAt } from '../problem/losses/models.js';
import { DEFAULT_LOSS } from '../problem/losses/named.js';
import { freePairs } from '../problem/parts/free.js';
import { type PairMultipliers, sparsePairs } from '../problem/parts/multipliers.js';
import type { Certificate, ExactCertificate } from '../problem/problem.js';
import { readTargets, type Targets } from '../problem/targets.js';
import { encodeLabels } from './columns.js';
import { digestOfData } from './digest.js';
import { Proof } from './proof.js';
import { parseColumns } from './proof-json.js';
import { PROOF_VERSION } from './proof-parts.js';

/** What is known of an old network's bound beside its JSON. */
export interface OldClaim {
  readonly lowerBound: number;
  /** The outputs of the network on X: where the JSON has no dual point for the exact oracle, a = −∇L there may prove as much. */
  readonly outputs?: Matrix | undefined;
}

/** The only one there was. */
const OLD_LOSS = DEFAULT_LOSS;
/** How closely the exact search resolves the largest neuron of a dual point made here: far below the gaps that training leaves. */
const SEARCH_TOLERANCE = 1e-6;

/**
 * The proof that a saved network of version 1 or 2 holds, made to be about the given data: that they are those it was trained on was
 * not recorded, and is for the caller to know. `verifyProof` then says what it proves for them.
 *
 * @param json the parsed JSON of the network
 * @param X n×d features as they were given to training
 * @param Y n×c targets or n labels
 * @throws InputError naming the part that is missing or malformed, or Y
 */
export function readOldProof(json: unknown, X: MatrixLike, Y: Targets, claim: OldClaim): Proof {
  const source = record(json, 'json');
  const lowerBound = finite(record(claim, 'claim').lowerBound, 'claim.lowerBound');
  if (source.version !== 1 && source.version !== 2)
    throw new InputError('json', 'holds no proof; only networks saved in versions 1 and 2 did');
  const relaxation = readRelaxation(source.certificate, 'json.certificate');
  const { reg } = relaxation;
  const stored = source.version === 1 || source.exactCertificate === null ? undefined : source.exactCertificate;
  const columns = parseColumns(source, 'json');
  const given = readTargets(Y, 'Y');
  const targets = given instanceof Matrix ? given : encodeLabels(given, columns);
  if (typeof targets === 'string') throw new InputError('Y', targets);
  const point = stored === undefined ? pointOf(claim, targets, reg) : readExact(stored, 'json.exactCertificate');
  return new Proof({
    version: PROOF_VERSION,
    loss: OLD_LOSS.toJSON(),
    reg,
    columns,
    digest: digestOfData(toMatrix(X, 'X'), { Y: targets }),
    lowerBound,
    relaxation,
    exact: point && { ...point, reg },
  });
}

function pointOf({ outputs }: OldClaim, Y: Matrix, reg: number): Omit<ExactCertificate, 'reg'> | undefined {
  if (outputs === undefined) return undefined;
  return { a: dualPointAt({ loss: OLD_LOSS, Y }, outputs), floor: reg, tolerance: SEARCH_TOLERANCE };
}

function readRelaxation(value: unknown, path: string): Certificate {
  const source = record(value, path);
  const a = matrix(source.a, `${path}.a`);
  const n = a.rows;
  return {
    reg: positive(source.reg, `${path}.reg`),
    a,
    pairs: unpackPairs(source.N, n, `${path}.N`),
    w: numbers(source.w, n, `${path}.w`),
  };
}

/**
 * From the packed lower triangle of N: entry (i, j ≤ i) at i(i+1)/2 + j. Those files had two forms for each row, whatever a part may have by
 * now: the count is part of their format, and stands here.
 */
function unpackPairs(value: unknown, rows: number, path: string): PairMultipliers {
  const N = numbers(value, rows * (2 * rows + 1), path);
  const pairs = freePairs(rows);
  const packed = new Float64Array(pairs.count);
  pairs.forEach((i, j, position) => {
    packed[position] = N[(i * (i + 1)) / 2 + j];
  });
  return sparsePairs(pairs, packed);
}

/** Its own reg is not read: both parts are about the same problem. */
function readExact(value: unknown, path: string): Omit<ExactCertificate, 'reg'> {
  const source = record(value, path);
  return {
    a: matrix(source.a, `${path}.a`),
    floor: positive(source.floor, `${path}.floor`),
    tolerance: positive(source.tolerance, `${path}.tolerance`),
  };
}
