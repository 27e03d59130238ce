/**
 * The completely positive program (program 3) and its doubly nonnegative relaxation (program 4) as an object: the objective,
 * the constraints and the lift of a network to a feasible point (the paper's Theorem 2).
 *
 *     min L(Lambda[alpha,v]) + reg/2 (tr Lambda[u,u] + tr Lambda[v,v])
 *     s.t. tr(M Lambda Mᵀ) = 0 with M = [−I, I, X, 0],  tr Lambda[alpha,beta] = 0,
 *          Lambda in the completely positive cone; in program 4: Lambda ⪰ 0 and its leading block over (alpha, beta) ≥ 0.
 */
import { Matrix } from '../../src/base/matrix.js';
import { smallestEigenvalue } from '../../src/linalg/eigenvalue.js';
import { type LambdaBlocks, lambdaBlocks } from '../../src/problem/blocks.js';
import type { TrainingProblem } from '../../src/problem/problem.js';
import { activations, type LayerWeights } from '../../src/problem/training-loss.js';

/** By how much a Lambda misses each constraint; all numbers are 0 (the last two ≥ 0) at a feasible point. */
export interface LambdaFeasibility {
  /** tr(M Lambda Mᵀ) ≥ 0 when Lambda ⪰ 0: the error in −alpha + beta + X u = 0. */
  readonly linear: number;
  /** tr Lambda[alpha,beta]: the error in alpha ∘ beta = 0. */
  readonly complementarity: number;
  /** Smallest entry of the leading block, over (alpha, beta). */
  readonly smallestEntry: number;
  /** Smallest eigenvalue of Lambda. */
  readonly smallestEigenvalue: number;
}

/** Programs 3 and 4 for one training problem. */
export interface LiftedProgram {
  readonly problem: TrainingProblem;
  readonly blocks: LambdaBlocks;
  /** Objective of a p×p Lambda. Equals the training loss when Lambda is the lift of a network. */
  objective(Lambda: Matrix): number;
  /** Constraint residuals of program 4, which for the lift of a network are those of program 3. Cost 4p³/3. */
  feasibility(Lambda: Matrix): LambdaFeasibility;
  /** Σ_j λ_j λ_jᵀ with λ_j = (alpha_j, beta_j, u_j, v_j), p×p: feasible in program 3 by construction. */
  lift(weights: LayerWeights): Matrix;
}

export function liftedProgram(problem: TrainingProblem): LiftedProgram {
  const blocks = lambdaBlocks(problem.X.rows, problem.X.columns, problem.Y.columns);
  return {
    problem,
    blocks,
    objective: (Lambda) => objective(problem, blocks, Lambda),
    feasibility: (Lambda) => feasibility(problem, blocks, Lambda),
    lift: (weights) => liftNetwork(problem, blocks, weights),
  };
}

function objective(problem: TrainingProblem, blocks: LambdaBlocks, Lambda: Matrix): number {
  const F = Matrix.zeros(blocks.n, blocks.c);
  for (let i = 0; i < blocks.n; i++) {
    for (let k = 0; k < blocks.c; k++) F.set(i, k, Lambda.get(blocks.alpha + i, blocks.v + k));
  }
  let trace = 0;
  for (let k = blocks.u; k < blocks.p; k++) trace += Lambda.get(k, k);
  return problem.loss.value(F, problem) + (problem.reg / 2) * trace;
}

function feasibility({ X }: TrainingProblem, blocks: LambdaBlocks, Lambda: Matrix): LambdaFeasibility {
  const { n, d, alpha, beta, u } = blocks;
  let linear = 0;
  let complementarity = 0;
  let smallestEntry = n === 0 ? 0 : Number.POSITIVE_INFINITY;
  const row = new Float64Array(blocks.p);
  for (let i = 0; i < n; i++) {
    row.fill(0);
    row[alpha + i] = -1;
    row[beta + i] = 1;
    for (let k = 0; k < d; k++) row[u + k] = X.get(i, k);
    linear += quadraticForm(Lambda, row);
    complementarity += Lambda.get(alpha + i, beta + i);
  }
  for (let i = alpha; i < u; i++)
    for (let j = alpha; j < u; j++) smallestEntry = Math.min(smallestEntry, Lambda.get(i, j));
  return { linear, complementarity, smallestEntry, smallestEigenvalue: smallestEigenvalue(Lambda) };
}

function liftNetwork({ X }: TrainingProblem, blocks: LambdaBlocks, { U, V }: LayerWeights): Matrix {
  const { alpha, beta } = activations(X, U);
  const neurons = new Matrix(
    Float64Array.from([alpha, beta, U, V].flatMap((block) => Array.from(block.data))),
    blocks.p,
    U.columns,
  );
  const Lambda = Matrix.zeros(blocks.p, blocks.p);
  for (let i = 0; i < blocks.p; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < neurons.columns; k++) sum += neurons.get(i, k) * neurons.get(j, k);
      Lambda.set(i, j, sum);
      Lambda.set(j, i, sum);
    }
  }
  return Lambda;
}

/** xᵀ A x. */
function quadraticForm(A: Matrix, x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    if (x[i] === 0) continue;
    const row = A.row(i);
    for (let j = 0; j < x.length; j++) sum += x[i] * row[j] * x[j];
  }
  return sum;
}
