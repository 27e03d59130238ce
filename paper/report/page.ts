/** The page around the sections: one file, no script, no request. */
import { duration } from './format.js';
import { Html, html } from './html.js';
import type { Model, Section } from './model.js';
import { STYLE } from './style.js';
import { renderTable } from './table.js';

const TITLE = 'Two-layer ReLU networks by convex optimisation: the paper’s experiments, with certificates';

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cpath d='M3 24h12L29 6' fill='none' stroke='%234f5bd5' stroke-width='5' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E";

/** The first section stands before the contents, the others are numbered. */
export function renderPage({ results: { run } }: Model, [summary, ...sections]: readonly Section[]): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="Values, certified bounds, losses, test accuracies and costs of convex training of two-layer ReLU networks and its rivals.">
<title>convex-relu: report</title>
<link rel="icon" href="${new Html(ICON)}">
<style>${new Html(STYLE)}</style>
</head>
<body>
<a class="skip-link" href="#summary">Skip to the summary</a>
<header>
<p class="brand"><svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true"><path d="M3 24h12L29 6"/></svg>convex-relu ${run.version}</p>
<h1>${TITLE}</h1>
<p class="lead">The experiments of K. Prakhya, T. Birdal and A. Yurtsever, <em>Convex Formulations for Training Two-Layer ReLU Neural Networks</em> (ICLR 2025), run anew with what they left open: certified bounds, true optima, training losses, and test accuracy that has not seen the test rows. Made by <code>${run.command}</code> in ${duration(run.elapsedMs)}.</p>
</header>
<main>
${summary === undefined ? undefined : renderSection(summary, summary.title)}
<nav aria-label="Contents"><h2>Contents</h2><ol>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ol></nav>
${sections.map((section, k) => renderSection(section, `${k + 1}. ${section.title}`))}
</main>
<footer><p>Tables are in CSV files beside this page, and every number with its settings in results.json.</p></footer>
</body>
</html>
`.text;
}

function renderSection({ id, parts }: Section, heading: string): Html {
  return html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${parts.map((part) => (part instanceof Html ? part : renderTable(part)))}</section>
`;
}
