/** How the relaxation converges, and the eigenvalues of its solution. */
import { lineChart, type Point } from '../charts.js';
import { figure, type LegendEntry } from '../figure.js';
import { counted, integer, list, significant } from '../format.js';
import type { Html } from '../html.js';
import type { ProblemGroup } from '../problems.js';
import { usable } from './curve-points.js';

/** One curve per weight decay in the plot of eigenvalues. */
const BY_REG = [
  { color: 'var(--loss)', mark: 'circle' },
  { color: 'var(--sgd)', mark: 'triangle' },
  { color: 'var(--adam)', mark: 'square' },
] as const;

/** The eigenvalues counted as rank. */
const RANK_CUTOFF = 1e-4;

/** How value and bound of the relaxation approach each other. */
export function convergenceFigure(members: readonly ProblemGroup[]): Html[] {
  const runs = members.flatMap(({ reg, bias, trials }) => {
    const relaxation = trials[0]?.objective?.result.relaxation;
    return relaxation === undefined || bias ? [] : [{ reg, relaxation }];
  });
  const curves = runs.map(({ relaxation: { history, iterations } }) => {
    let best = 0;
    const points = history.map(([, value, bound], k): Point => {
      best = Math.max(best, bound);
      return [history.length < 2 ? iterations : (k / (history.length - 1)) * iterations, (value - best) / value];
    });
    return usable(points);
  });
  const gaps = curves.flatMap((points) => points.map(([, gap]) => gap));
  if (gaps.length < 2) return [];
  const ends = runs.map(
    ({ reg, relaxation }) =>
      `${significant(relaxation.gap, 2)} after ${counted(relaxation.iterations, 'iteration')} at reg ${reg}`,
  );
  const about = {
    id: `figure-${members[0].data}-convergence`,
    title: 'The relaxation’s own gap against iterations',
    description: `(value − certified bound) / value as the solver sees it; it ends at ${list(ends)}.`,
  };
  const longest = Math.max(...curves.flatMap((points) => points.map(([k]) => k)));
  const svg = lineChart(about, {
    x: { label: 'iterations →', domain: [0, longest] },
    y: { label: '↑ relative gap', log: true, domain: [Math.min(...gaps) * 0.8, 1] },
    series: curves.map((points, k) => ({
      points,
      color: BY_REG[k % BY_REG.length].color,
      mark: longest <= 60 ? BY_REG[k % BY_REG.length].mark : undefined,
    })),
  });
  return [figure(about, svg, { legend: regLegend(runs) })];
}

function regLegend(runs: readonly { readonly reg: number }[]): LegendEntry[] {
  return runs.map(({ reg }, k): LegendEntry => ({ label: `reg ${reg}`, kind: 'line', ...BY_REG[k % BY_REG.length] }));
}

/** Lambda's eigenvalues relative to the largest. */
export function spectrumFigure(members: readonly ProblemGroup[]): Html[] {
  const spectra = members.flatMap(({ trials, reg, bias }) => {
    const Lambda = trials[0]?.objective?.result.Lambda;
    return Lambda === undefined || Lambda.eigenvalues.length === 0 || bias ? [] : [{ reg, ...Lambda }];
  });
  if (spectra.length === 0) return [];
  const series = spectra.map(({ eigenvalues }, k) => ({
    ...BY_REG[k % BY_REG.length],
    points: usable(eigenvalues.map((eigenvalue, index): Point => [index + 1, eigenvalue / eigenvalues[0]])),
  }));
  const ranks = spectra.map(({ reg, rank }) => `${integer(rank)} at reg ${reg}`);
  const about = {
    id: `figure-${members[0].data}-spectrum`,
    title: 'Eigenvalues of Lambda',
    description: `The ${Math.max(...spectra.map(({ eigenvalues }) => eigenvalues.length))} largest at most, relative to the first; of all eigenvalues these lie above the line at 10⁻⁴: ${list(ranks)}.`,
  };
  const longest = Math.max(...series.map(({ points }) => points.length));
  const values = series.flatMap(({ points }) => points.map(([, value]) => value));
  const svg = lineChart(about, {
    x: { label: 'index →', domain: [1, Math.max(2, longest)] },
    y: {
      label: '↑ eigenvalue / largest',
      log: true,
      domain: [Math.max(1e-12, Math.min(RANK_CUTOFF / 3, ...values)), 1],
    },
    series: [
      {
        points: [
          [1, RANK_CUTOFF],
          [Math.max(2, longest), RANK_CUTOFF],
        ],
        color: 'var(--value)',
        dash: '4 4',
      },
      ...series,
    ],
  });
  return [figure(about, svg, { legend: regLegend(spectra) })];
}
