/** The paper's training problem, as most tests want it, and the check of its certificate. */
import { type Matrix, type MatrixLike, toMatrix } from '../../src/base/matrix.js';
import { squared } from '../../src/problem/losses/squared.js';
import type { GroupedCertificate } from '../../src/problem/parts/groups.js';
import type { Certificate, TrainingProblem } from '../../src/problem/problem.js';
import { boundOfGrouped } from '../../src/proof/grouped/verify-grouped.js';
import { boundOfCertificate, type VerifiedBound } from '../../src/proof/verify.js';

/** The squared loss, no weights. */
export const squaredProblem = (X: Matrix, Y: Matrix, reg: number): TrainingProblem => ({ X, Y, reg, loss: squared });

/** What a certificate of the squared loss proves, at the weight decay that it names itself. */
export const verifyCertificate = (X: MatrixLike, Y: MatrixLike, certificate: Certificate): VerifiedBound =>
  boundOfCertificate(squaredProblem(toMatrix(X, 'X'), toMatrix(Y, 'Y'), certificate.reg), certificate);

/** The same of a grouped certificate. */
export const verifyGroupedCertificate = (
  X: MatrixLike,
  Y: MatrixLike,
  certificate: GroupedCertificate,
): VerifiedBound => boundOfGrouped(squaredProblem(toMatrix(X, 'X'), toMatrix(Y, 'Y'), certificate?.reg), certificate);
