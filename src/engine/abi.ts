/**
 * The binary interface of the WebAssembly kernels (exported by assembly/index.ts).
 *
 * Conventions
 * - Addresses are byte offsets into the module's memory, multiples of 8 (16 is faster). Matrices are f64, row-major;
 *   `ld…` is the distance between rows in elements. A symmetric argument is read from its lower triangle unless said.
 * - Kernels never allocate, keep no state and never throw. `work` is scratch whose size in bytes the `…Workspace` twin
 *   gives; its content on entry does not matter. Sizes in bytes are f64, so that those beyond 4 GiB show as what they are. Every kernel
 *   with a status returns 0 on success or a negative number of constants.ts.
 * - The first 64 bytes of memory are zero and must stay zero.
 */
export type Address = number;

export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  /** First address that is free for the arena. */
  heapBase(): Address;

  // ---- blas -------------------------------------------------------------------------------------------------------
  /** C (m×n) += alpha · A · diag(w) · B; A(i,l) at A + 8(i·ars + l·acs), B(l,j) at B + 8(l·brs + j·bcs); w = 0 means none.
   *  `triangle` is FULL, LOWER or UPPER; entries outside it are left as they were. */
  gemm(m: number, n: number, k: number, alpha: number, A: Address, ars: number, acs: number, B: Address, brs: number, bcs: number, w: Address, C: Address, ldc: number, triangle: number, work: Address): void;
  gemmWorkspace(): number;
  /** y (m) += alpha · A (m×n) · x. */
  gemv(m: number, n: number, alpha: number, A: Address, lda: number, x: Address, y: Address): void;
  dot(n: number, x: Address, y: Address): number;
  /** y += alpha x. */
  axpy(n: number, alpha: number, x: Address, y: Address): void;
  /** y = alpha x + beta y. */
  axpby(n: number, alpha: number, x: Address, beta: number, y: Address): void;
  /** x *= alpha. */
  scale(n: number, alpha: number, x: Address): void;
  /** y = x. */
  copy(n: number, x: Address, y: Address): void;
  /** x_i = value. */
  fill(n: number, value: number, x: Address): void;
  /** z = x ∘ y; z may be x or y. */
  hadamard(n: number, x: Address, y: Address, z: Address): void;
  /** z_i = x_i / y_i; z may be x or y. */
  divide(n: number, x: Address, y: Address, z: Address): void;
  /** max |x_i|; 0 when n = 0, NaN when an entry is not finite. */
  maxAbs(n: number, x: Address): number;
  /** Largest t with x + t·dx ≥ 0 for x > 0: min of −x_i/dx_i over dx_i < 0, Infinity when there is none. */
  stepRatio(n: number, x: Address, dx: Address): number;
  /** 1 when all n numbers are finite, else 0. */
  allFinite(n: number, x: Address): number;
  /** Copies the lower triangle onto the upper one. */
  mirror(n: number, A: Address, lda: number): void;
  /** A = (A + Aᵀ)/2, both triangles. */
  symmetrize(n: number, A: Address, lda: number): void;
  /** B (m×n) = A. */
  copyMatrix(m: number, n: number, A: Address, lda: number, B: Address, ldb: number): void;
  /** B (n×m) = Aᵀ, A m×n. */
  transpose(m: number, n: number, A: Address, lda: number, B: Address, ldb: number): void;

  // ---- Cholesky and triangular -------------------------------------------------------------------------------------
  /** A = L·Lᵀ in place, lower triangle read and written, the strict upper one untouched.
   *  Returns 0, or j + 1 when pivot j is not positive (NaN counts as not positive). */
  cholesky(n: number, A: Address, lda: number, work: Address): number;
  /** CHOLESKY_BLOCK columns of the factor from k on: `cholesky` is this and the product that takes them off the rest of A. */
  choleskyPanel(n: number, A: Address, lda: number, k: number, work: Address): number;
  choleskyWorkspace(n: number): number;
  /** X = L⁻¹ (lower; zeros are written above the diagonal). X must not overlap L. */
  triangularInverse(n: number, L: Address, ldl: number, X: Address, ldx: number, work: Address): void;
  triangularInverseWorkspace(n: number): number;
  /** B (n×m) ← L⁻¹ B. */
  solveLower(n: number, m: number, L: Address, ldl: number, B: Address, ldb: number, work: Address): void;
  /** B (n×m) ← L⁻ᵀ B. */
  solveLowerTransposed(n: number, m: number, L: Address, ldl: number, B: Address, ldb: number, work: Address): void;
  solveLowerWorkspace(n: number, m: number): number;

  // ---- symmetric eigenproblem ---------------------------------------------------------------------------------------
  // A (lower) is read once, scaled and kept; V must not overlap it.
  /** A = Vᵀ diag(w) V: all eigenvalues w ascending, **row k of V (n×n) is the unit eigenvector of w[k]**. Returns a status. */
  eigh(n: number, A: Address, lda: number, w: Address, V: Address, ldv: number, work: Address): number;
  /** Enough for eigh, eighRange and eighBetween. */
  eighWorkspace(n: number): number;
  /** Eigenpairs with ascending index in [first, last): w[0..k), rows 0..k of V; V needs room for n rows nevertheless.
   *  Returns k = last − first or a negative status. */
  eighRange(n: number, A: Address, lda: number, first: number, last: number, w: Address, V: Address, ldv: number, work: Address): number;
  /** Eigenpairs with low < value ≤ high (infinite ends allowed): returns their number k ≥ 0 (or a negative status); w[0..k)
   *  ascending, rows 0..k of V; V needs room for n rows nevertheless, w for n values. */
  eighBetween(
    n: number,
    A: Address,
    lda: number,
    low: number,
    high: number,
    w: Address,
    V: Address,
    ldv: number,
    work: Address,
  ): number;
  /** Eigenvalues only, ascending. Returns a status. */
  eigenvalues(n: number, A: Address, lda: number, w: Address, work: Address): number;
  eigenvaluesWorkspace(n: number): number;
  /** Smallest eigenvalue, by tridiagonalisation and bisection; NaN when A is not finite, Infinity when n = 0. */
  smallestEigenvalue(n: number, A: Address, lda: number, work: Address): number;
  smallestEigenvalueWorkspace(n: number): number;
  // `eigh` and `smallestEigenvalue` in parts, bit for bit; `work` keeps what is between them, so nothing else may use it meanwhile.
  /** Copies A, scaled; returns the unit of the eigenvalues, NaN when A is not finite. n > 0. */
  eighBegin(n: number, A: Address, lda: number, work: Address): number;
  /** Tridiagonalises: the leading block of order `end` (n at first) until at most `stop` rows are left; returns how many are, at last 1. */
  eighReduce(n: number, end: number, stop: number, work: Address): number;
  /** Then: the smallest eigenvalue, in the unit. */
  reducedSmallest(n: number, work: Address): number;
  /** Or: divide and conquer with eigenvectors in the rows of V (n×n). Returns its plan, for the calls below. */
  conquestOf(n: number, V: Address, ldv: number, work: Address): Address;
  /** Rows [start, start + count) from beginning to end; `top` when these are all. The number of eigenpairs or a negative status. */
  conquestSolve(plan: Address, start: number, count: number, top: boolean): number;
  /** Or by halves, of which the first has ((count >> 1) + 1) & ~1 rows: `tear`, both halves, `beginMerge` with the coupling that `tear` gave … */
  conquestTear(plan: Address, start: number, count: number): number;
  /** … which returns how many eigenvectors there are to form, −1 when the merge is done (with `count` eigenpairs) … */
  conquestBeginMerge(plan: Address, start: number, count: number, coupling: number, top: boolean): number;
  /** … those [from, to) of them, and the end, which returns the number of eigenpairs. */
  conquestVectors(plan: Address, start: number, count: number, from: number, to: number): void;
  conquestEndMerge(plan: Address, start: number, count: number): number;
  /** Orders the `rows` eigenpairs; the values, in the unit, to w. */
  conquestFinish(plan: Address, n: number, rows: number, w: Address): number;
  /** Transforms V back by the block of reflectors from `first` (1 at first) on; returns the first of the next one, n or more at the end. */
  eighBack(n: number, V: Address, ldv: number, first: number, work: Address): number;
  /** One part of a Jacobi sweep over the rows of C (n×n) and V: rows [from, to) against all later ones; returns the number of rotations.
   *  `squares` (n) is kept between the parts of a sweep. */
  jacobiRows(n: number, C: Address, ldc: number, V: Address, ldv: number, squares: Address, from: number, to: number): number;
  /** sigma (n) = lengths of the rows of C, descending, the rows of V likewise; work has n numbers. Returns a status. */
  finishScaling(n: number, C: Address, ldc: number, sigma: Address, V: Address, ldv: number, work: Address): number;
  /** Nesterov–Todd scaling: for lower Cholesky factors L of Lambda and R of Z (strict upper triangles are not read), the singular
   *  values sigma (n, descending) of RᵀL and its right singular vectors, row k of V (n×n) for sigma[k], accurate in relative
   *  terms. Then D = L Vᵀ diag(sigma)^{-1/2} has D Dᵀ Z D Dᵀ = Lambda. Returns a status. */
  ntScaling(n: number, L: Address, ldl: number, R: Address, ldr: number, sigma: Address, V: Address, ldv: number, work: Address): number;
  ntScalingWorkspace(n: number): number;

  // ---- cones ----------------------------------------------------------------------------------------------------------
  /** P = nearest positive semidefinite matrix to A (both triangles written); returns the number of positive eigenvalues
   *  or a negative status. A (lower) is only read; P may be A. */
  projectPsd(n: number, A: Address, lda: number, P: Address, ldp: number, work: Address): number;
  projectPsdWorkspace(n: number): number;
  /** P = A with its leading 2h×2h block replaced by max(0, ·) and entries (i, h+i), (h+i, i) by 0 (i < h): the nonnegative
   *  part of the doubly nonnegative cone with the complementarity zeros. Full symmetric A is read; P may be A.
   *  Returns a status. */
  projectDnn(n: number, h: number, A: Address, lda: number, P: Address, ldp: number): number;

  // ---- model ------------------------------------------------------------------------------------------------------------
  /** A(i,j) = r_i r_j (sin t + (pi − t) cos t) / 2 pi with r_i = sqrt K(i,i), cos t = K(i,j)/(r_i r_j): the degree-1 arc-cosine
   *  kernel E[(x_i·u)₊ (x_j·u)₊], u ~ N(0, Sigma), of K = X Sigma Xᵀ. Both triangles written; A may be K. */
  arcCosineKernel(n: number, K: Address, ldk: number, A: Address, lda: number): void;
  /** K (f×f, f the forms of problem/parts/free.ts, both triangles) = T G Tᵀ, T = [[I, 0], [I, −X]], G symmetric (n+d)×(n+d) full, X n×d. */
  lift(n: number, d: number, X: Address, ldx: number, G: Address, ldg: number, K: Address, ldk: number, work: Address): void;
  liftWorkspace(n: number, d: number): number;
  /** R ((n+d)×(n+d), both triangles) = Tᵀ N T, N symmetric f×f full. */
  liftAdjoint(n: number, d: number, X: Address, ldx: number, N: Address, ldn: number, R: Address, ldr: number, work: Address): void;
  liftAdjointWorkspace(n: number, d: number): number;

  // ---- network ----------------------------------------------------------------------------------------------------------
  /** Program 1 at theta (U d×m, then V c×m, contiguous): returns ½‖(X U)₊ Vᵀ − Y‖² + reg/2 ‖theta‖² and writes its gradient, laid
   *  out alike, unless gradient = 0. X n×d and Y n×c contiguous. NaN or Infinity when theta is not finite or the sums overflow. */
  lossGradient(n: number, d: number, c: number, m: number, reg: number, X: Address, Y: Address, theta: Address, gradient: Address, work: Address): number;
  lossGradientWorkspace(d: number, c: number, m: number): number;

  // ---- solver -----------------------------------------------------------------------------------------------------------
  /** v (the pairs of problem/parts/free.ts) ← the entries (i, j < i) of K (f×f) row by row, without the pairs (n+i, i). */
  packPairs(n: number, K: Address, ldk: number, v: Address): void;
  /** N (f×f, both triangles) ← alpha · v at those entries, 0 on the diagonal and at the pairs (n+i, i). */
  unpackPairs(n: number, alpha: number, v: Address, N: Address, ldn: number): void;
  /** out = x − y ∘ z. */
  subtractProduct(count: number, x: Address, y: Address, z: Address, out: Address): void;
  /** out = (target − clip(dK ∘ dN, ±bound)) / K − N. */
  pairTarget(count: number, target: number, bound: number, K: Address, N: Address, dK: Address, dN: Address, out: Address): void;
  /** Smallest entry, Infinity when there is none, NaN when one is NaN. */
  minimum(count: number, v: Address): number;
  /** A(i,j) *= s_i s_j, lower triangle. */
  scaleSymmetric(n: number, s: Address, A: Address, lda: number): void;
  /** A(i,j) ← 2 A(i,j) / (s_i + s_j), full. */
  solveLyapunov(n: number, s: Address, A: Address, lda: number): void;
  /** out (m×m, full) = diag(f) K[index, index] diag(f), K symmetric full, index m i32. */
  gatherSymmetric(m: number, index: Address, f: Address, K: Address, ldk: number, out: Address, ldo: number): void;
  /** A_ii = x_i·C_i, i < n, in Lambda (p×p over alpha, u', v); X n×d contiguous. */
  complementaryDiagonal(n: number, d: number, X: Address, Lambda: Address, ld: number): void;
  /** Lambda (both triangles) from its free entries y: the upper triangle row by row without the diagonal of alpha, which is x_i·C_i. */
  expandUnknowns(n: number, d: number, p: number, X: Address, y: Address, Lambda: Address, ld: number): void;
  /** The adjoint of expandUnknowns; R symmetric full p×p. */
  contractUnknowns(n: number, d: number, p: number, X: Address, R: Address, ldr: number, r: Address): void;
  /** H (lower) ← tr(E_a M E_b M) over the free entries, M symmetric full p×p, work p doubles. */
  schurKronecker(n: number, d: number, p: number, X: Address, M: Address, ldm: number, H: Address, ldh: number, work: Address): void;
  /** H (lower) += Σ_r Delta_r J_ra J_rb over the rows K_ij(E_a), Delta symmetric full f×f, 0 on the diagonal and pairs (n+i, i). */
  schurPairs(n: number, d: number, p: number, X: Address, Delta: Address, ldd: number, H: Address, ldh: number): void;
  // Groups: a lifted block over (alpha, u, h), p = m + s, s = d + e; its own free entries y are A_ij (j < i), C (m×d), W (m×e), those shared with
  // other groups are b, the lower triangle over (u, h) row by row. X m×d, T forms×p, Lambda p×p, Hbb square, all contiguous.
  /** Lambda (both triangles) from y and b; A_ii = x_i·C_i. */
  groupExpand(m: number, d: number, e: number, X: Address, y: Address, b: Address, Lambda: Address): void;
  /** The adjoint of groupExpand; R symmetric full p×p. */
  groupContract(m: number, d: number, e: number, X: Address, R: Address, ry: Address, rb: Address): void;
  /** H (lower, y by y), Hb (y by b), Hbb (lower, b by b) ← tr(E_a M E_b M) over the free entries, M symmetric full p×p, work p doubles. */
  groupKronecker(m: number, d: number, e: number, X: Address, M: Address, H: Address, ldh: number, Hb: Address, ldb: number, Hbb: Address, work: Address): void;
  /** H, Hb, Hbb += Σ_k theta_k J_k J_kᵀ, J_k the derivative of T_f Lambda T_gᵀ, f = first_k ≠ g = second_k (i32); formRow (i32) is the row of alpha
   *  that a form involves, −1 for none. */
  groupPairs(m: number, d: number, e: number, X: Address, T: Address, formRow: Address, count: number, first: Address, second: Address, theta: Address, H: Address, ldh: number, Hb: Address, ldb: number, Hbb: Address, work: Address): void;
  groupPairsWorkspace(count: number, s: number): number;
  // Active rows: m pairs of row indices in two lists i, j of i32.
  /** out_k = A[i_k] · B[j_k], rows of length p. */
  pairDots(m: number, i: Address, j: Address, p: number, A: Address, lda: number, B: Address, ldb: number, out: Address): void;
  /** out += Σ_k ½ x_k (e_i e_jᵀ + e_j e_iᵀ) B, rows of length p. */
  pairScatter(m: number, i: Address, j: Address, x: Address, p: number, B: Address, ldb: number, out: Address, ldo: number): void;
  /** Rows [from, to) of H (lower) = ½ (W[i_k,i_l] W[j_k,j_l] + W[i_k,j_l] W[j_k,i_l]), W symmetric full. */
  pairSchur(from: number, to: number, i: Address, j: Address, W: Address, ldw: number, H: Address, ldh: number): void;
  /** Rows [from, to) of H (lower) −= ¼ (v_j e_i + v_i e_j)_kᵀ P (v_j e_i + v_i e_j)_l, P symmetric full and v of order n2, work n2 doubles. */
  pairSchurLoss(from: number, to: number, n2: number, i: Address, j: Address, v: Address, P: Address, ldp: number, H: Address, ldh: number, work: Address): void;
  /** y = A x from the diagonal and the strict upper triangle of symmetric A. */
  symvUpper(n: number, diagonal: Address, A: Address, lda: number, x: Address, y: Address): void;
  /** The lower triangle of A from its diagonal and its strict upper triangle. */
  restoreLower(n: number, diagonal: Address, A: Address, lda: number): void;

  // ---- exact oracle -----------------------------------------------------------------------------------------------------
  // Branch and bound for max over ‖u‖ = 1 of ‖Rᵀ(Zu)₊‖², Z n×d and R n×c contiguous, d ≤ 6, with entries of size about 1. The
  // state lies in `work` and lasts from call to call; it begins with numbers for the caller, HEAD_BEST to HEAD_DIRECTION of constants.ts.
  coneSearchWorkspace(n: number, d: number, c: number, depth: number, candidates: number): number;
  /** Address of the candidates: each is CANDIDATE_STRIDE numbers, its value and its direction. */
  coneSearchCandidates(work: Address): Address;
  /** Opens the 2^d orthants. Returns a status. */
  coneSearchStart(n: number, d: number, c: number, Z: Address, R: Address, depth: number, candidates: number, work: Address): number;
  /** Examines up to `budget` cones, fewer when the candidate store fills up; closes a cone whose bound is ≤ factor · best. Returns the
   *  number of open cones: 0 means that HEAD_BOUND bounds the maximum, up to the round-off derived in docs/exact.md. */
  coneSearchAdvance(n: number, d: number, c: number, Z: Address, R: Address, depth: number, candidates: number, factor: number, budget: number, work: Address): number;
}
