/** Section 1: values, bounds, losses and the ratio between relaxation and training. */
import { type Html, html } from '../html.js';
import type { Model, Section } from '../model.js';
import type { Table } from '../table.js';
import { lossTable, programTable } from './loss-tables.js';
import { randomFigure, randomTable } from './random-trials.js';
import { tightnessTable } from './tightness-table.js';

export function objectiveSection(model: Model): Section {
  const parts: (Html | Table)[] = [definitions(), tightnessTable(model.groups)];
  const random = model.groups.filter(({ data, trials }) => data === 'random' && trials.length > 1);
  if (random.length > 0) {
    parts.push(randomTable(random), ...randomFigure(random));
  }
  parts.push(lossTable(model.groups, 'sgd'), lossTable(model.groups, 'adam'), programTable(model.groups));
  return { id: 'objective', title: 'Objective: values, bounds and losses', parts };
}

function definitions(): Html {
  return html`<dl class="definitions">
<div><dt>Training loss</dt><dd>½‖(XU)₊Vᵀ − Y‖² + reg/2 (‖U‖² + ‖V‖²) of a network with first layer U (d×m) and second layer V (c×m), any width m. Its least value over all widths is the <em>true optimum</em>.</dd></div>
<div><dt>SDP value</dt><dd>Objective of the paper’s semidefinite (doubly nonnegative) relaxation at the solver’s last feasible point. Its optimum is a lower bound on the true optimum.</dd></div>
<div><dt>Certified bound</dt><dd>A rigorous lower bound on the training loss of <em>every</em> network of any width, round-off included: from the relaxation’s dual, or from the exact oracle (a branch-and-bound search over all neurons) where that is better.</dd></div>
<div><dt>True optimum</dt><dd>Given where the best loss and the certified bound differ by at most 0.1 %; it lies between the two. Otherwise it is not known, and only an interval is.</dd></div>
<div><dt>Approximation ratio</dt><dd>How much of the true optimum the relaxation accounts for:
<math display="block"><mi>ratio</mi><mo>=</mo><mfrac><mtext>optimum of the relaxation</mtext><mtext>optimum of training</mtext></mfrac><mo>∈</mo><mo stretchy="false">(</mo><mn>0</mn><mo>,</mo><mn>1</mn><mo stretchy="false">]</mo></math>
1 means that the relaxation is exact. It is at least (relaxation’s certified bound) ÷ (least loss of any network found) and at most (SDP value) ÷ (certified bound).</dd></div>
<div><dt>Relaxation gap</dt><dd>1 − approximation ratio.</dd></div>
<div><dt>Network gap</dt><dd>(loss of our network − certified bound) ÷ loss: no network of any width can be better by more.</dd></div>
</dl>
`;
}
