/** Faults in the reductions, the interior point and its back ends. */
import type { Mutant } from '../mutant.js';
import { faults } from './faults.js';

const test = (name: string): string => `test/relaxation/${name}.test.ts`;
const source = (name: string): string => `src/relaxation/${name}.ts`;

export const RELAXATION_MUTANTS: readonly Mutant[] = [
  ...faults(
    source('backends/cg'),
    [test('contract')],
    [
      [
        'the residual of conjugate gradients with its sign flipped',
        'algebra.axpy(-length, flat(this.#image), flat(this.#R));',
        'algebra.axpy(length, flat(this.#image), flat(this.#R));',
      ],
      ['the residual of an iteration without the inactive rows', 'this.#addRest(1, undefined, this.#image);', ''],
      ['the right-hand side without what the step removes of N', 'algebra.axpy(removed, point.N, direction.N);', ''],
      [
        'the right-hand side with the removed cost added',
        'entries[(n + k) * (p + 1)] = -removed * weights[k]',
        'entries[(n + k) * (p + 1)] = removed * weights[k]',
      ],
      [
        'free multipliers keep what the step removes',
        'w[k] = -multipliers[k] - removed * free[k]',
        'w[k] = -multipliers[k]',
      ],
      [
        'active multipliers are added to dN',
        'dN[position] -= multipliers[equalities + k]',
        'dN[position] += multipliers[equalities + k]',
      ],
      ['da without the loss multipliers', 'algebra.axpy(-1, flat(this.#l), flat(direction.a));', ''],
      ['multipliers without those of the last residual', 'algebra.axpy(1, last, total);', ''],
      ['dZ is left unset but for R_Z', 'algebra.axpy(-1, flat(direction.scaledLambda), flat(direction.scaledZ));', ''],
      ['the iteration ends at a hundred times the tolerance', 'slope <= target && ', 'slope <= 1e4 * target || '],
    ],
  ),
  ...faults(
    source('backends/cg'),
    [test('counts')],
    [
      [
        'the residual after a correction of the rows with its sign flipped',
        'algebra.axpy(-1, flat(this.#X), flat(this.#R));',
        'algebra.axpy(1, flat(this.#X), flat(this.#R));',
      ],
      ['rows are never corrected', 'if (!(energy > target)) return k > 0;', 'return false;'],
      ['the iteration goes on after a disturbance from the old residual', 'this.#setResidual();\n    }', '}'],
    ],
  ),
  ...faults(
    source('backends/dense'),
    [test('contract')],
    [
      ['the free multipliers with their sign flipped', 'w[i] = -diagonal[i * (p + 1)]', 'w[i] = diagonal[i * (p + 1)]'],
      ['no round of refinement', 'const MAX_STEPS = 300;', 'const MAX_STEPS = 0;'],
      [
        'da follows W in the wrong direction',
        'algebra.axpy(-length, flat(this.#W), flat(a));',
        'algebra.axpy(length, flat(this.#W), flat(a));',
      ],
      ['dN does not follow the rows', 'algebra.axpy(-length, this.#pairs, N);', ''],
      ['the pairs of the direction are not set', 'this.#stack.pairs(this.#K, direction.pairs);', ''],
    ],
  ),
  ...faults(
    source('backends/active-rows'),
    [test('contract')],
    [
      ['the slack of active rows is left out of their complement', 'entries[k * (rows + 1)] += slack[k];', ''],
      [
        'active rows have the slack Delta',
        'slack[count]] = [r, s, 1 / values[position]]',
        'slack[count]] = [r, s, values[position]]',
      ],
    ],
  ),
  ...faults(
    source('backends/active-rows'),
    [test('active-rows'), test('counts')],
    [
      ['the least relevant rows become active', 'relevance[position] > threshold', 'relevance[position] < threshold'],
      [
        'relevance without the cross term',
        '* (w[r * next] * w[s * next] + cross * cross)',
        '* (w[r * next] * w[s * next])',
      ],
    ],
  ),
  ...faults(
    source('backends/loss-rows'),
    [test('contract')],
    [
      [
        'the loss rows are solved without their coupling',
        'sum -= 0.5 * B[r * c + l] * Y[l * c + k]',
        'sum -= 0 * B[r * c + l] * Y[l * c + k]',
      ],
      [
        'the loss rows’ diagonal without its half',
        '1 + 0.5 * Math.max(0, e[r]) * Math.max(0, t[k])',
        '1 + Math.max(0, e[r]) * Math.max(0, t[k])',
      ],
      [
        'merged rows have the scale 1',
        'algebra.axpby(scale[r], slice(rowOf(stack, at), 0, p)',
        'algebra.axpby(1, slice(rowOf(stack, at), 0, p)',
      ],
    ],
  ),
  ...faults(
    source('backends/preconditioner'),
    [test('contract')],
    [
      ['the loss rows are not taken from the active ones', 'algebra.axpy(-0.5, dots, lambda);', ''],
      [
        'one half of the loss rows is not removed',
        'algebra.product(-0.5, transposed(outputs), transposed(column), A, { accumulate: true });',
        '',
      ],
    ],
  ),
  ...faults(
    source('backends/whitened-stack'),
    [test('contract')],
    [
      [
        'beta rows are alpha rows',
        'yield* productSteps(algebra, -1, Xw, block(U, n, n, d, d + c), edge, { accumulate: true });',
        '',
      ],
      [
        'the whitened rows are turned back by Qᵀ',
        'return congruenceSteps(this.#algebra, this.#Q, X, this.#half, target);',
        'return congruenceSteps(this.#algebra, transposed(this.#Q), X, this.#half, target); ',
      ],
    ],
  ),
  ...faults(
    source('backends/cg'),
    [test('contract'), test('counts')],
    [['conjugate gradients forget the last step', 'beta = next / slope;', 'beta = 0;']],
  ),
  ...faults(
    source('backends/preconditioner'),
    [test('preconditioner')],
    [
      [
        'a correction of the rows moves X the other way',
        'algebra.axpy(1, flat(step), flat(X));',
        'algebra.axpy(-1, flat(step), flat(X));',
      ],
      ['a correction of the rows leaves λ', 'algebra.axpy(1, correction, lambda);', ''],
    ],
  ),
  ...faults(
    source('backends/hybrid'),
    [test('hybrid')],
    [
      ['switches while progress is good', 'now > factor * before', 'now < factor * before'],
      ['switches although the time is short', 'this.#secondMs <= newton.remainingMs()', 'true'],
    ],
  ),
  ...faults(
    source('direction'),
    [test('direction')],
    [
      ['the predictor climbs', 'entries[k * (p + 1)] = -value;', 'entries[k * (p + 1)] = value;'],
      [
        'the corrector forgets the second order',
        'yield* productSteps(algebra, -1, scaledLambda, scaledZ, this.#Rz);',
        'algebra.zero(this.#Rz);',
      ],
      [
        'the second order is added',
        'yield* productSteps(algebra, -1, scaledLambda, scaledZ, this.#Rz);',
        'yield* productSteps(algebra, 1, scaledLambda, scaledZ, this.#Rz);',
      ],
      [
        'the corrector aims at the boundary',
        'entries[k * (p + 1)] += centring * mu - value * value',
        'entries[k * (p + 1)] += -value * value',
      ],
      ['rows are not kept above their floor', 'this.#raiseRows(point, ROW_FLOOR * centring * weighted);', ''],
      ['rows are kept below their floor', 'Rn[k] = Math.max(Rn[k]', 'Rn[k] = Math.min(Rn[k]'],
      ['second-order terms are not clipped', 'if (size > bound) algebra', 'if (size > 1e9 * bound) algebra'],
      [
        'the affine complementarity without its cross term',
        'let total = alphaP * alphaD * algebra.inner(scaledLambda, scaledZ);',
        'let total = 0;',
      ],
      [
        'rows count in full in μ',
        'return total / (p + this.#theta * pairs.length);',
        'return total / (p + pairs.length);',
      ],
      ['the whole point is removed by the corrector', 'this.#solve(backend, 1 - centring,', 'this.#solve(backend, 1,'],
      [
        'centring is not centring but its complement',
        'integerPower(ratio, CENTRING_EXPONENT[backend.name])',
        'integerPower(1 - ratio, CENTRING_EXPONENT[backend.name])',
      ],
    ],
  ),
  ...faults(
    source('step'),
    [test('step')],
    [
      ['primal steps ignore the rows', 'algebra.stepRatio(point.pairs, direction.pairs))', 'Number.POSITIVE_INFINITY)'],
      ['dual steps ignore N', 'algebra.stepRatio(point.N, direction.N)', 'Number.POSITIVE_INFINITY'],
      ['steps go to the boundary', 'Math.min(1, STEP_FRACTION * length)', 'Math.min(1, length)'],
      ['a primal step does not restore complementarity', 'setComplementaryDiagonal(algebra, Xw, next.Lambda);', ''],
      ['a primal step checks no rows', 'if (!(algebra.minimum(next.pairs) > 0)) continue;', ''],
      ['a dual step that fails is not restored', 'if (k === 0) {', 'if (k < 0) {'],
      ['a restored point need not raise the bound', ' && objective.bound(next.a) > bound) return t', ') return t'],
      [
        'restoration raises w',
        'algebra.axpy(-2 * squareOf(t) * (delta - before), inverseSquares, point.w);',
        'algebra.axpy(2 * squareOf(t) * (delta - before), inverseSquares, point.w);',
      ],
      ['restoration pays half its price', '(2 * delta * frameBound * SAFETY)', '(delta * frameBound * SAFETY)'],
      ['restoration scales N as a', 'algebra.scale(squareOf(relative), point.N);', 'algebra.scale(relative, point.N);'],
      ['restoration counts each δ from zero', 'before = delta;', ''],
      ['restoration scales anew from the last point', 'scaleBefore = t;', ''],
      ['restoration begins with a large δ', 'RESTORATION_START = 1e-9', 'RESTORATION_START = 1e-4'],
      ['a step that fails leaves the next N behind', '  algebra.copy(from.N, to.N);\n', ''],
    ],
  ),
  ...faults(
    source('start'),
    [test('start')],
    [
      [
        'the start takes the scale with the largest value',
        'if (value < best.value) best',
        'if (value > best.value || best.value === Number.POSITIVE_INFINITY) best',
      ],
      [
        'the price of u is left out of the scale',
        'const value = (reg / 2) * fit + scale * price;',
        'const value = (reg / 2) * fit;',
      ],
      [
        'multipliers start at 0',
        'if (yield* choleskySteps(algebra, point.dualFactor)) return true;',
        'if (k > 60) return true;',
      ],
      ['multipliers are quartered', 'k++, target /= 2', 'k++, target /= 4'],
      ['the outputs of the start have no slack', 'slack ?? trace / c', '0'],
      [
        'a starts at the other side',
        'algebra.scale(DUAL_FRACTION / reach, flat(point.a));',
        'algebra.scale(-DUAL_FRACTION / reach, flat(point.a));',
      ],
      ['reach without the scale of merged rows', 'const factor = scale[r] * Math.sqrt', 'const factor = Math.sqrt'],
      [
        'a warm start does not scale the dual side',
        'for (const part of [flat(point.a), point.N, point.w]) algebra.scale(ratio, part);',
        '',
      ],
      ['a warm start has half the slack in V', 'point, (2 * warm.mu) / problem.reg)', 'point, warm.mu / problem.reg)'],
    ],
  ),
  ...faults(
    source('stopping'),
    [test('stopping')],
    [
      ['solved at any gap', 'if (gap <= tolerance) return', 'if (gap >= tolerance) return'],
      ['one iteration too many', 'if (iteration >= maxIterations)', 'if (iteration > maxIterations)'],
      ['stalls one iterate early', 'this.#gaps.at(-1 - stallWindow)', 'this.#gaps.at(-stallWindow)'],
      ['stalls where it progresses', 'gap > STALL_FACTOR * before', 'gap < STALL_FACTOR * before'],
      ['an iteration is begun that cannot end in time', '|| !this.#hasTimeForAnother()', ''],
    ],
  ),
  ...faults(
    source('incumbent'),
    [test('stopping')],
    [
      ['the point with the smallest bound is kept', 'if (bound > best.bound)', 'if (bound < best.bound)'],
      ['the last value is kept, not the best', 'if (value < best.value)', 'if (value < 1e300)'],
      ['the multipliers of another bound are kept', '    algebra.copy(point.N, best.N);\n', ''],
    ],
  ),
  ...faults(
    source('objective'),
    [test('scaling')],
    [['μ counts the rows in full', '/ (p + theta * pairs)', '/ (p + pairs)']],
  ),
  ...faults(
    source('scaling'),
    [test('scaling')],
    [
      [
        'D⁻¹ is scaled once too little',
        'const factor = cubeOf(factors[i]);',
        'const factor = factors[i] * factors[i];',
      ],
    ],
  ),
  ...faults(
    source('scaling'),
    [test('step')],
    [
      [
        'no step is limited by a semidefinite side',
        'return least >= 0 ? Number.POSITIVE_INFINITY : -1 / least;',
        'return Number.POSITIVE_INFINITY;',
      ],
    ],
  ),
  ...faults(
    source('state'),
    [test('checkpoint')],
    [
      ['a checkpoint of another weight decay is taken', 'checkpoint.reg === problem.reg &&', ''],
      ['a point is taken up without its N', '  algebra.write(point.N, state.N);\n', ''],
    ],
  ),
  ...faults(
    source('restore'),
    [test('reduce')],
    [['opposite rows are restored as parallel ones', 'if (groups.orientation[i] > 0) continue;', 'continue;']],
  ),
  ...faults(
    source('rows'),
    [test('reduce')],
    [
      ['rows lead by their order, not their length', 'lengths[j] - lengths[i] || i - j', 'i - j'],
      ['only rows above in height are looked at', 'for (let k = position[i] - 1; k >= 0 && adopt(k); k--);', ''],
    ],
  ),
  ...faults(
    source('backends/dense'),
    [test('contract'), test('counts')],
    [['the loss is left out of the Newton matrix', 'this.#loss.addTo(M, this.#newton?.curvature);', '']],
  ),
  ...faults(
    source('backends/dense-loss'),
    [test('contract'), test('counts')],
    [
      ['the loss terms sit one entry too far', '- (x < n ? x + 1 : x)', '- (x < n ? x : x)'],
      ['outputs are coupled once too often', ' || (x === y && l > k)', ''],
      ['the curvature is applied transposed', 'H[(r * c + k) * c + l] * row[l]', 'H[(r * c + l) * c + l] * row[l]'],
    ],
  ),
  ...faults(
    source('backends/dense'),
    [test('contract')],
    [
      ['the step of a starts without the curvature', 'this.#loss.apply(direction.a, this.#newton.curvature);', ''],
      ['the operator forgets the curvature', 'this.#loss.apply(this.#W, curvature);', ''],
    ],
  ),
  ...faults(
    source('start'),
    [test('start')],
    [
      [
        'a warm start is believed to be feasible',
        'return isPrimal && (yield* factoriseDual(algebra, stack, point));',
        'yield* factoriseDual(algebra, stack, point);\n  return isInDomain;',
      ],
    ],
  ),
  ...faults(
    source('objective'),
    [test('scaling')],
    [
      [
        'the value without the price of u',
        '(yield* this.#bestFit(K)) + this.#price(Lambda, d)',
        'yield* this.#bestFit(K)',
      ],
      [
        'the price counts one direction too few',
        'for (let k = 0; k < count; k++) price',
        'for (let k = 1; k < count; k++) price',
      ],
    ],
  ),
  ...faults(
    source('loss-terms'),
    [test('reduce')],
    [
      ['opposite rows are merged as parallel ones', 'orientation[i] < 0 ? (backward.get(k) as number) : k', 'k'],
      [
        'what merging leaves out is not counted',
        'const constant = loss.value(spread(least, termOf, share), original) - loss.value(least, target);',
        'const constant = 0;',
      ],
      [
        'a row’s share is its length',
        't < 0 ? 0 : groups.lengths[i] / merged[t].length',
        't < 0 ? 0 : groups.lengths[i]',
      ],
      ['the second term of a group has scale 1', 't < n ? 1 : length / lengths[group[t]]', '1'],
    ],
  ),
  ...faults(
    source('newton'),
    [test('relaxation'), test('counts')],
    [
      ['a step is taken from the point before last', 'this.#next = point;', ''],
      ['steps go to the boundary', 'damped(lengths.primal)', 'lengths.primal'],
    ],
  ),
  ...faults(
    source('info'),
    [test('checkpoint'), test('path')],
    [
      ['a warm start is kept from the first iterate', 'this.#standing.gap > WARM_GAP', 'this.#standing.gap > 1e9'],
      ['a resumed run counts anew', 'this.firstIteration = resume?.iteration ?? 0;', 'this.firstIteration = 0;'],
    ],
  ),
  ...faults(
    source('info'),
    [test('info')],
    [
      ['a warm start at any gap', ' || this.#standing.gap > WARM_GAP', ''],
      ['the last warm start, not the first', 'if (this.warmStart || !this.#standing', 'if (!this.#standing'],
      ['values in the units of the solver', 'value: units.values * value', 'value: value'],
      ['bounds without their constant', 'this.best.bound + constant', 'this.best.bound'],
      ['records are not kept', 'this.history.push(record);', ''],
      ['an iteration more than is allowed', 'iteration >= this.#options.rule', 'iteration > this.#options.rule'],
      ['a resumed run begins at its first iteration', 'resume?.iteration ?? 0', '0'],
    ],
  ),
  ...faults(
    source('incumbent'),
    [test('info')],
    [
      ['the worst value is kept', 'if (value < best.value)', 'if (value > best.value)'],
      ['the last bound is kept', 'if (bound > best.bound)', 'if (bound > -Infinity)'],
      ['multipliers of an earlier bound', 'algebra.copy(point.N, best.N);', ''],
    ],
  ),
];
