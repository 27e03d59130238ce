/**
 * Between (alpha, u) and the activations (alpha, beta), T = [[I, 0], [I, −X]], never formed (assembly/model/lift.ts): 2 n d (3n + d) flops either way.
 */
import type { Algebra } from '../linalg/algebra.js';
import { PIECE_FLOPS, pause, productSteps, scratchBesideProducts } from '../linalg/steps.js';
import { block, packed, rowBlock, rowOf, transposed, type View } from '../linalg/views.js';

const flopsOf = ({ rows: n, columns: d }: View): number => 2 * n * d * (3 * n + d);

/** K (over the forms, both triangles) = T G Tᵀ for symmetric G over (alpha, u), in the leading n + d rows and columns of the view given. */
export function lift(algebra: Algebra, X: View, G: View, K: View): void {
  const { exports } = algebra.kernels;
  const { rows: n, columns: d } = X;
  const work = algebra.scratch(exports.liftWorkspace(n, d));
  exports.lift(n, d, X.at, X.rowStride, G.at, G.rowStride, K.at, K.rowStride, work);
  algebra.flops += flopsOf(X);
}

/** R ((n+d)×(n+d), both triangles) = Tᵀ N T for symmetric N over the forms. */
function liftAdjoint(algebra: Algebra, X: View, N: View, R: View): void {
  const { exports } = algebra.kernels;
  const { rows: n, columns: d } = X;
  const work = algebra.scratch(exports.liftAdjointWorkspace(n, d));
  exports.liftAdjoint(n, d, X.at, X.rowStride, N.at, N.rowStride, R.at, R.rowStride, work);
  algebra.flops += flopsOf(X);
}

/** Keeps free what either needs. */
export function reserveLift(algebra: Algebra, { rows: n, columns: d }: View): void {
  const { exports } = algebra.kernels;
  algebra.reserveScratch(Math.max(exports.liftWorkspace(n, d), exports.liftAdjointWorkspace(n, d)));
}

/** `lift` in steps: where one is long the kernel's products, in its order, with its workspace. */
export function* liftSteps(algebra: Algebra, X: View, G: View, K: View): Generator<void, void> {
  if (flopsOf(X) <= PIECE_FLOPS) {
    lift(algebra, X, G, K);
    yield* pause(algebra);
    return;
  }
  const { exports } = algebra.kernels;
  const { rows: n, columns: d } = X;
  const before = algebra.flops;
  const H = packed(scratchBesideProducts(algebra, exports.liftWorkspace(n, d)), n, d);
  const lower = block(K, n, 0, n, n);
  const corner = block(K, n, n, n, n);
  algebra.copyMatrix(block(G, 0, 0, n, n), block(K, 0, 0, n, n));
  algebra.copyMatrix(block(G, 0, 0, n, n), lower);
  algebra.copyMatrix(block(G, 0, n, n, d), H);
  yield* productSteps(algebra, -1, X, block(G, n, 0, d, n), lower, { accumulate: true });
  yield* productSteps(algebra, -1, X, block(G, n, n, d, d), H, { accumulate: true });
  algebra.copyMatrix(lower, corner);
  yield* productSteps(algebra, -1, H, transposed(X), corner, { accumulate: true, lower: true });
  algebra.mirror(K);
  algebra.flops = before + flopsOf(X);
}

/** `liftAdjoint` in steps, likewise. */
export function* liftAdjointSteps(algebra: Algebra, X: View, N: View, R: View): Generator<void, void> {
  if (flopsOf(X) <= PIECE_FLOPS) {
    liftAdjoint(algebra, X, N, R);
    yield* pause(algebra);
    return;
  }
  const { exports } = algebra.kernels;
  const { rows: n, columns: d } = X;
  const before = algebra.flops;
  const S = packed(scratchBesideProducts(algebra, exports.liftAdjointWorkspace(n, d)), n, n);
  const NX = packed(S.at + Math.ceil((8 * n * n) / 64) * 64, n, d);
  const corner = block(N, n, n, n, n);
  algebra.copyMatrix(block(N, n, 0, n, n), S);
  algebra.copyMatrix(block(N, 0, 0, n, n), block(R, 0, 0, n, n));
  for (let i = 0; i < n; i++) {
    const target = rowOf(block(R, 0, 0, n, n), i);
    algebra.axpy(1, rowOf(corner, i), rowOf(S, i));
    algebra.axpy(1, rowOf(block(N, 0, n, n, n), i), target);
    algebra.axpy(1, rowOf(S, i), target);
  }
  const below = rowBlock(R, n, d);
  algebra.zero(below);
  yield* productSteps(algebra, -1, transposed(X), S, block(below, 0, 0, d, n), { accumulate: true });
  algebra.zero(NX);
  yield* productSteps(algebra, 1, corner, X, NX, { accumulate: true });
  yield* productSteps(algebra, 1, transposed(X), NX, block(below, 0, n, d, d), { accumulate: true, lower: true });
  algebra.mirror(block(R, 0, 0, n + d, n + d));
  algebra.flops = before + flopsOf(X);
}
