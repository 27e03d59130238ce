/**
 * A proof of a lower bound, apart from any network: all that `verifyProof` needs beside the user's own X and Y. It says which problem
 * it is about (loss, weight decay, what became of the columns, a digest of the data), what it claims, and holds the multipliers of
 * the relaxation, those of the relaxation by groups, the dual point of the exact oracle, or several of these.
 */
import { parseJson } from '../base/untrusted.js';
import type { TrainingData } from '../problem/data.js';
import type { GroupedCertificate } from '../problem/parts/groups.js';
import type { Certificate, ExactCertificate } from '../problem/problem.js';
import type { ProofColumns } from './columns.js';
import { digestOfData } from './digest.js';
import { type ProofJson, parseProof, serializeProof } from './proof-json.js';
import { checkProofParts, checksumOf, PROOF_VERSION, type ProofParts } from './proof-parts.js';

export class Proof implements ProofParts {
  readonly version = PROOF_VERSION;
  readonly loss: string;
  readonly reg: number;
  readonly columns: ProofColumns;
  readonly weights: Float64Array | undefined;
  readonly digest: string;
  readonly lowerBound: number;
  readonly relaxation: Certificate | undefined;
  readonly grouped: GroupedCertificate | undefined;
  readonly exact: ExactCertificate | undefined;
  /** SHA-256 of everything above: a proof that was altered or damaged is told by it, whatever it still proves. */
  readonly checksum: string;

  /**
   * @param parts not copied
   * @param checksum that of a proof which was made before; by default it is computed
   * @throws InputError naming the part that is missing, malformed or unlike the others
   */
  constructor(parts: ProofParts, checksum?: string) {
    const checked = checkProofParts(parts);
    this.loss = checked.loss;
    this.reg = checked.reg;
    this.columns = checked.columns;
    this.weights = checked.weights;
    this.digest = checked.digest;
    this.lowerBound = checked.lowerBound;
    this.relaxation = checked.relaxation;
    this.grouped = checked.grouped;
    this.exact = checked.exact;
    this.checksum = checksum ?? checksumOf(this);
  }

  /** As text for a file, exact to the last bit. */
  save(): string {
    return JSON.stringify(this);
  }

  /** The proof that `save` wrote. @throws InputError naming what is malformed; whether the proof holds, `verifyProof` says */
  static load(saved: string): Proof {
    return Proof.fromJSON(parseJson(saved, 'proof'));
  }

  /** Plain data; `JSON.stringify(proof)` calls it. */
  toJSON(): ProofJson {
    return serializeProof(this, this.checksum);
  }

  /** The proof that `toJSON` described. @throws InputError naming what is malformed */
  static fromJSON(json: unknown): Proof {
    const { parts, checksum } = parseProof(json);
    return new Proof(parts, checksum);
  }
}

/** What a run claims about its data, and what proves it. */
export interface Claim {
  readonly lowerBound: number;
  readonly relaxation?: Certificate | undefined;
  readonly grouped?: GroupedCertificate | undefined;
  readonly exact?: ExactCertificate | undefined;
}

export function proofOf({ problem, features, featureMap, classes }: TrainingData, claim: Claim): Proof {
  const { columns, bias, standardization } = featureMap;
  return new Proof({
    version: PROOF_VERSION,
    loss: problem.loss.toJSON(),
    reg: problem.reg,
    columns: { features: columns, bias, standardization, classes },
    weights: problem.weights,
    digest: digestOfData(features, problem),
    ...claim,
  });
}
