/**
 * The Newton system of the grouped relaxation. For every group with blocks k (one a cone), z = da on its rows,
 *
 *     H_k y_k + B_k b_k − E_kᵀ z = r_k,     Σ_g (B_kᵀ y_k + C_k b_k) + A_k lambda = s_k,     Σ_k E_k y_k + curvature⁻¹ z = −rho,
 *     A_kᵀ b_k = 0 (the equalities of the shared block),
 *
 * with H_k the Hessian over the block's own entries, B_k its coupling with the shared ones b_k, E_k y the outputs at the rows. The y are eliminated
 * group by group, then z; what remains is one system over the shared entries of all cones.
 */
import type { Algebra } from '../../linalg/algebra.js';
import { block, transposed, type Vector, type View } from '../../linalg/views.js';
import { type Block, column, outputColumns, sharedColumns } from './block.js';

/** Relative jitter on the diagonals: far below what a step notices, and enough where two entries are nearly one. */
const JITTER = 1e-14;

/** The blocks of one group, and what is left of it when they are eliminated. */
export class Group {
  readonly rows: Int32Array;
  readonly blocks: readonly Block[];
  /** ‖x_i‖ in the units of the solve. */
  readonly norms: Float64Array;
  readonly outputs: number;
  /** Cholesky factor of curvature⁻¹ + Σ E H⁻¹ Eᵀ, mc×mc. */
  readonly reduced: View;
  /** Its inverse times Σ_k E_k H_k⁻¹ B_k: mc×(shared of all cones). */
  readonly coupling: View;
  /** mc: the right-hand side, later z. */
  readonly z: Vector;

  constructor(algebra: Algebra, rows: Int32Array, norms: Float64Array, blocks: readonly Block[], shared: number) {
    this.rows = rows;
    this.norms = norms;
    this.blocks = blocks;
    this.outputs = blocks[0].cone.outputs.rows;
    const order = rows.length * this.outputs;
    this.reduced = algebra.matrix(order, order);
    this.coupling = algebra.matrix(order, shared);
    this.z = algebra.vector(order);
  }
}

export class SharedSystem {
  readonly #algebra: Algebra;
  /** Shared entries of one cone, and of all. */
  readonly #each: number;
  readonly #count: number;
  readonly #matrix: View;
  readonly #hessian: View;
  /** The equalities as columns, and the matrix's inverse times them. */
  readonly #equalities: View;
  readonly #solvedEqualities: View;
  readonly #right: Vector;

  /** @param equalities of each cone, symmetric matrices over (u, h) */
  constructor(algebra: Algebra, each: number, equalities: readonly (readonly View[])[]) {
    this.#algebra = algebra;
    this.#each = each;
    this.#count = each * equalities.length;
    this.#matrix = algebra.matrix(this.#count, this.#count);
    this.#hessian = algebra.matrix(each, each);
    this.#equalities = equalityColumns(algebra, each, equalities);
    this.#solvedEqualities = algebra.matrix(this.#count, this.#equalities.columns);
    this.#right = algebra.vector(this.#count);
    algebra.reserveFor({ cholesky: this.#count });
  }

  begin(): void {
    this.#algebra.zero(this.#matrix);
  }

  /** Factors the blocks of the group and adds what they leave; false when a block's Hessian is not numerically positive definite. */
  eliminate(group: Group): boolean {
    const algebra = this.#algebra;
    const each = this.#each;
    algebra.zero(group.reduced);
    const reduced = algebra.entries(group.reduced);
    const order = group.reduced.rows;
    for (let k = 0; k < order; k++) reduced[k * (order + 1)] = 1;
    for (const [k, part] of group.blocks.entries()) {
      part.hessian(this.#hessian);
      writeOutputs(algebra, part, group);
      jitter(algebra, part.factor);
      if (!algebra.cholesky(part.factor)) return false;
      algebra.solveLower(part.factor, part.coupling);
      const [B, E] = [sharedColumns(part), outputColumns(part)];
      const own = block(this.#matrix, k * each, k * each, each, each);
      addLower(algebra, this.#hessian, own);
      algebra.product(-1, transposed(B), B, own, { lower: true, accumulate: true });
      algebra.product(1, transposed(E), E, group.reduced, { lower: true, accumulate: true });
      algebra.product(1, transposed(E), B, block(group.coupling, 0, k * each, order, each));
    }
    if (!algebra.cholesky(group.reduced)) return false;
    algebra.solveLower(group.reduced, group.coupling);
    algebra.product(1, transposed(group.coupling), group.coupling, this.#matrix, { lower: true, accumulate: true });
    return true;
  }

  /** Factors the shared system, once every group was eliminated. */
  factorise(): boolean {
    const algebra = this.#algebra;
    jitter(algebra, this.#matrix);
    if (!algebra.cholesky(this.#matrix)) return false;
    algebra.copyMatrix(this.#equalities, this.#solvedEqualities);
    if (this.#equalities.columns > 0) algebra.solveLower(this.#matrix, this.#solvedEqualities);
    return true;
  }

  beginRight(): void {
    this.#algebra.fill(this.#right, 0);
  }

  /** Takes one group's right-hand side: its blocks' `y` hold r_k, z holds rho; `shared` holds s_k. */
  addRight(group: Group, shared: readonly Vector[]): void {
    const algebra = this.#algebra;
    for (const [k, part] of group.blocks.entries()) {
      algebra.solveLower(part.factor, column(part.y));
      algebra.product(1, transposed(outputColumns(part)), column(part.y), column(group.z), { accumulate: true });
      const right = this.#part(this.#right, k);
      algebra.axpy(1, shared[k], right);
      algebra.product(-1, transposed(sharedColumns(part)), column(part.y), column(right), { accumulate: true });
    }
    algebra.solveLower(group.reduced, column(group.z));
    algebra.product(1, transposed(group.coupling), column(group.z), column(this.#right), { accumulate: true });
  }

  /** Solves for the shared entries. */
  solve(): void {
    const algebra = this.#algebra;
    const right = column(this.#right);
    algebra.solveLower(this.#matrix, right);
    const solved = this.#solvedEqualities;
    if (solved.columns > 0) {
      // off the equalities: right −= Q (QᵀQ)⁻¹ Qᵀ right with Q = L⁻¹ A
      algebra.scoped(() => {
        const gram = algebra.matrix(solved.columns, solved.columns);
        const multiples = algebra.matrix(solved.columns, 1);
        algebra.product(1, transposed(solved), solved, gram, { symmetric: true });
        algebra.product(1, transposed(solved), right, multiples);
        algebra.solvePositive(gram, multiples);
        algebra.product(-1, solved, multiples, right, { accumulate: true });
      });
    }
    algebra.solveLowerTransposed(this.#matrix, right);
  }

  /** The shared entries of cone k in the solution. */
  shared(k: number): Vector {
    return this.#part(this.#right, k);
  }

  /** The group's z and its blocks' own entries from the shared ones. */
  substitute(group: Group): void {
    const algebra = this.#algebra;
    algebra.product(-1, group.coupling, column(this.#right), column(group.z), { accumulate: true });
    algebra.scale(-1, group.z);
    algebra.solveLowerTransposed(group.reduced, column(group.z));
    for (const [k, part] of group.blocks.entries()) {
      const y = column(part.y);
      algebra.product(-1, sharedColumns(part), column(this.shared(k)), y, { accumulate: true });
      algebra.product(1, outputColumns(part), column(group.z), y, { accumulate: true });
      algebra.solveLowerTransposed(part.factor, y);
    }
  }

  #part(v: Vector, k: number): Vector {
    return { at: v.at + 8 * k * this.#each, length: this.#each };
  }
}

/** E_kᵀ behind the shared columns: output j at row i is ‖x_i‖ Σ_l outputs_jl W_il. */
function writeOutputs(algebra: Algebra, { coupling, layout, cone }: Block, { norms }: Group): void {
  const { m, e, q, shared } = layout;
  const { outputs } = cone;
  const c = outputs.rows;
  const entries = algebra.entries(coupling);
  const width = coupling.columns;
  for (let row = 0; row < q; row++) entries.fill(0, row * width + shared, (row + 1) * width);
  const first = q - m * e;
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < e; l++) {
      for (let j = 0; j < c; j++)
        entries[(first + i * e + l) * width + shared + i * c + j] = norms[i] * outputs.get(j, l);
    }
  }
}

function jitter(algebra: Algebra, A: View): void {
  const entries = algebra.kernels.arena.view(A.at, (A.rows - 1) * A.rowStride + A.columns);
  for (let k = 0; k < A.rows; k++) entries[k * (A.rowStride + 1)] *= 1 + JITTER;
}

function addLower(algebra: Algebra, A: View, B: View): void {
  for (let i = 0; i < A.rows; i++) {
    const length = i + 1;
    algebra.axpy(1, { at: A.at + 8 * i * A.rowStride, length }, { at: B.at + 8 * i * B.rowStride, length });
  }
}

/** The equalities' coefficients over the packed shared entries of all cones, one column each. */
function equalityColumns(algebra: Algebra, each: number, equalities: readonly (readonly View[])[]): View {
  const count = equalities.reduce((sum, list) => sum + list.length, 0);
  const columns = algebra.matrix(each * equalities.length, count);
  const out = algebra.entries(columns);
  let column = 0;
  for (const [k, list] of equalities.entries()) {
    for (const E of list) {
      const entries = algebra.entries(E);
      for (let i = 0, at = k * each; i < E.rows; i++) {
        for (let j = 0; j <= i; j++, at++) out[at * count + column] = (i === j ? 1 : 2) * entries[i * E.columns + j];
      }
      column++;
    }
  }
  return columns;
}
