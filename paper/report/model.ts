/** Everything the sections of the report need, sorted out once. */
import type { AccuracyMethod, Results } from '../cells/results.js';
import type { Html } from './html.js';
import { groupProblems, type ProblemGroup } from './problems.js';
import { groupScores, methodsIn, type ScoreGroup } from './scores.js';
import type { Table } from './table.js';

export interface Model {
  readonly results: Results;
  readonly groups: readonly ProblemGroup[];
  readonly scores: readonly ScoreGroup[];
  /** Methods with test scores, ours first. */
  readonly methods: readonly AccuracyMethod[];
}

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly parts: readonly (Html | Table)[];
}

export function buildModel(results: Results): Model {
  const scores = groupScores(results);
  return { results, groups: groupProblems(results), scores, methods: methodsIn(scores) };
}
