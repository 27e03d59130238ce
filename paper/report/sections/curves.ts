/** Section 2: for each data set the losses against time, iterations and width, the relaxation's convergence, and Lambda's eigenvalues. */
import { type LegendEntry, renderLegend } from '../figure.js';
import { type Html, html } from '../html.js';
import type { Model, Section } from '../model.js';
import { byData } from '../problems.js';
import { DATA_LABELS } from '../words.js';
import { ADAM, BOUND, FLOOR, lossCurves, OURS, SGD, SWEEP, VALUE } from './loss-curves.js';
import { convergenceFigure, spectrumFigure } from './relaxation-curves.js';

export function curvesSection({ groups }: Model): Section {
  const parts: Html[] = [
    html`<p class="lead">The dashed red line in every figure is the best certified bound: no network of any width has a smaller loss. Axes are logarithmic; what lies far above the least loss is cut off.</p>`,
    legend(),
  ];
  for (const members of byData(groups)) {
    const { data } = members[0];
    const drawn = members.flatMap((group) => lossCurves(group));
    drawn.push(...convergenceFigure(members), ...spectrumFigure(members));
    const trial = members[0].trials.length > 1 ? `, trial ${members[0].trials[0].index}` : '';
    parts.push(html`<h3 id="curves-${data}">${DATA_LABELS[data]}${trial}</h3>
${drawn.length === 0 ? html`<p>No cell of this data set was finished when this report was written.</p>` : html`<div class="figures">${drawn}</div>`}
`);
  }
  return { id: 'curves', title: 'Curves: loss against time, iterations and width', parts };
}

function legend(): Html {
  const line = { kind: 'line' } as const;
  const entries: LegendEntry[] = [
    { ...line, label: 'our network', ...OURS },
    { ...line, label: 'SDP value', ...VALUE },
    { ...line, label: 'the relaxation’s certified bound', ...BOUND },
    { ...line, label: 'best certified bound', ...FLOOR },
    { ...line, label: 'Adam', ...ADAM, mark: 'triangle' },
    { ...line, label: 'SGD', ...SGD, mark: 'square' },
    { kind: 'mark', label: 'our network’s width', color: 'var(--loss)', mark: 'star' },
    { ...line, label: 'fewest neurons found for a loss', ...SWEEP },
  ];
  return renderLegend(entries);
}
