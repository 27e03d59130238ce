/**
 * The export list is the ABI; its contract, with shapes and layouts, is src/engine/abi.ts, which scripts/check-wasm.mjs compares
 * with the compiled module.
 */
import { align } from './address';

/** First address free for the caller. */
export function heapBase(): usize {
  return align(__heap_base);
}

export { gemm, gemmWorkspace } from './blas/gemm';
export { gemv } from './blas/matrix-vector';
export { allFinite, axpby, axpy, copy, divide, dot, fill, hadamard, maxAbs, scale, stepRatio } from './blas/vector';
export { copyMatrix, mirror, symmetrize, transpose } from './blas/transpose';
export { cholesky, choleskyPanel, choleskyWorkspace } from './blas/cholesky';
export {
  solveLower, solveLowerTransposed, solveLowerWorkspace, triangularInverse, triangularInverseWorkspace,
} from './blas/triangular';

export {
  conquestBeginMerge, conquestEndMerge, conquestFinish, conquestOf, conquestSolve, conquestTear, conquestVectors, eigenvalues,
  eigenvaluesWorkspace, eigh, eighBack, eighBegin, eighBetween, eighRange, eighReduce, eighWorkspace, reducedSmallest, smallestEigenvalue,
  smallestEigenvalueWorkspace,
} from './eigen/symmetric-eigen';
export { finishScaling, jacobiRows, ntScaling, ntScalingWorkspace } from './eigen/nt-scaling';

export { projectPsd, projectPsdWorkspace } from './cones/psd';
export { projectDnn } from './cones/dnn';

export { arcCosineKernel } from './model/arc-cosine';
export { lift, liftAdjoint, liftAdjointWorkspace, liftWorkspace } from './model/lift';

export { lossGradient, lossGradientWorkspace } from './network/loss-gradient';

export { pairDots, pairScatter, pairSchur, pairSchurLoss, restoreLower, symvUpper } from './solver/active';
export { minimum, packPairs, pairTarget, subtractProduct, unpackPairs } from './solver/pairs';
export { gatherSymmetric, scaleSymmetric, solveLyapunov } from './solver/scaled';
export { schurKronecker, schurPairs } from './solver/schur';
export { complementaryDiagonal, contractUnknowns, expandUnknowns } from './solver/unknowns';
export { groupContract, groupExpand, groupKronecker, groupPairs, groupPairsWorkspace } from './solver/group';

export { coneSearchAdvance, coneSearchCandidates, coneSearchStart, coneSearchWorkspace } from './exact/cone-search';
