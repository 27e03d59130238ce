/** The style sheet of the report: the playground's palette, light and dark by the reader's setting, and a version for paper. */

const LIGHT = `
  color-scheme: light;
  --bg: #f5f5fa; --card: #ffffff; --line: #e1e2ec; --grid: #e8e9f1; --text: #1d2030; --muted: #5c6178; --accent: #4450c8;
  --floor: #c63d5c; --floor-text: #b22c4b; --loss: #4450c8; --adam: #1b8a7a; --sgd: #b8620c; --value: #767b94; --bar: #888db2; --stripe: #fafafd;`;

const DARK = `
  color-scheme: dark;
  --bg: #13141a; --card: #1c1e27; --line: #31343f; --grid: #2b2e39; --text: #eceef6; --muted: #a2a8bd; --accent: #8d97ff;
  --floor: #ff7a94; --floor-text: #ff8da3; --loss: #8d97ff; --adam: #4fd1bd; --sgd: #f5a55a; --value: #9aa0b8; --bar: #6b7189; --stripe: #20222c;`;

export const STYLE = `
:root {${LIGHT}
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-size: 16px;
  line-height: 1.5;
}
@media screen and (prefers-color-scheme: dark) { :root {${DARK} } }
*, *::before, *::after { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--text); }
header, main, footer { max-width: 1320px; margin-inline: auto; padding-inline: clamp(12px, 2.5vw, 28px); }
header { padding-block: 20px 12px; }
.brand { display: flex; align-items: center; gap: 8px; margin: 0 0 6px; font-weight: 650; color: var(--muted); }
.brand path { fill: none; stroke: var(--accent); stroke-width: 5; stroke-linecap: round; stroke-linejoin: round; }
h1 { margin: 0 0 6px; font-size: clamp(1.45rem, 1.1rem + 1.6vw, 2.1rem); line-height: 1.18; letter-spacing: -0.015em; text-wrap: balance; }
h2 { margin: 0 0 12px; font-size: 1.35rem; line-height: 1.25; text-wrap: balance; }
h3 { margin: 26px 0 8px; font-size: 1.05rem; }
p, ul, dl { margin: 0 0 12px; }
p, li, dd { max-width: 84ch; text-wrap: pretty; }
ul { padding-left: 1.2em; }
li { margin-bottom: 4px; }
a { color: var(--accent); }
code { font-size: 0.92em; overflow-wrap: anywhere; }
header .lead, .table-block > .lead, section > .lead { color: var(--muted); }
section, nav { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: clamp(14px, 2vw, 24px); margin-bottom: 16px; }
section > h3:first-of-type { margin-top: 0; }
.finding { font-size: 1.1rem; line-height: 1.45; }
nav ol { margin: 0; padding-left: 1.4em; }
nav h2 { font-size: 1rem; margin-bottom: 6px; }
footer { color: var(--muted); font-size: 0.875rem; padding-block: 4px 28px; }
.skip-link { position: absolute; left: -999px; }
.skip-link:focus { left: 12px; top: 8px; background: var(--card); padding: 8px 12px; border-radius: 8px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }

dl.definitions, dl.facts { display: grid; gap: 8px 24px; }
dl.definitions > div, dl.facts > div { display: grid; gap: 0 16px; grid-template-columns: minmax(0, 1fr); }
dt { font-weight: 620; }
dd { margin: 0; }
@media (min-width: 720px) { dl.definitions > div, dl.facts > div { grid-template-columns: 11rem minmax(0, 1fr); } }
math { margin: 6px 0; font-size: 1.05em; overflow-x: auto; }

.table-block { margin: 24px 0 28px; scroll-margin-top: 12px; }
.table-block > .lead { margin-bottom: 8px; font-size: 0.9375rem; }
.table-scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; position: relative; }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 0.875rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
.table-scroll.small { width: fit-content; max-width: 100%; margin-bottom: 14px; }
.table-scroll.small caption { max-width: 36rem; }
caption { text-align: left; font-weight: 620; padding: 10px 12px 8px; font-size: 0.9375rem; }
caption > span { position: sticky; left: 12px; display: inline-block; max-width: min(84ch, calc(100vw - 76px)); }
th, td { padding: 6px 12px; text-align: right; vertical-align: top; white-space: nowrap; border-top: 1px solid var(--line); }
thead th { font-weight: 560; color: var(--muted); vertical-align: bottom; white-space: normal; }
thead th.group { text-align: center; border-left: 1px solid var(--line); color: var(--text); }
th.first, td.first { border-left: 1px solid var(--line); }
tr > th:first-child { text-align: left; }
tbody th { font-weight: 560; position: sticky; left: 0; background: var(--card); z-index: 1; }
thead tr:first-child > th:first-child { position: sticky; left: 0; background: var(--card); z-index: 1; }
tbody:nth-of-type(even) > tr > * { background: var(--stripe); }
th.words, td.words { text-align: left; white-space: normal; min-width: 6em; }
td.words:last-child { min-width: min(18em, 60vw); }
.group-row > th { position: static; text-align: left; background: var(--stripe); color: var(--muted); padding-top: 10px; }
td.best { font-weight: 700; }
.star { color: var(--accent); margin-right: 3px; font-weight: 400; }
.sub { display: block; color: var(--muted); font-weight: 400; font-size: 0.8125rem; }
.missing { color: var(--muted); }
sup { font-size: 0.7em; line-height: 0; margin-left: 1px; color: var(--muted); }
.notes { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 8px 2px 0; color: var(--muted); font-size: 0.8125rem; max-width: none; }

.figures { display: grid; gap: 22px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr)); margin-bottom: 12px; }
@media (min-width: 1000px) { .beside { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 32px; } }
.beside > figure { max-width: 620px; }
figure { margin: 0; display: flex; flex-direction: column; gap: 8px; min-width: 0; }
figcaption { font-size: 0.875rem; line-height: 1.4; color: var(--muted); text-wrap: pretty; }
figcaption strong { color: var(--text); font-weight: 620; }
.plot { display: block; width: 100%; height: auto; overflow: visible; margin-top: auto; }
.plot text { white-space: pre; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 0 0 8px; font-size: 0.8125rem; color: var(--muted); max-width: none; }
.legend span { display: inline-flex; align-items: center; gap: 6px; }
.swatch { flex: none; fill: none; }

@media (max-width: 479px) {
  math { font-size: 0.85em; }
  th, td { padding: 6px 9px; }
  .finding { font-size: 1.05rem; }
}
@media print {
  @page { size: A4; margin: 14mm 12mm; }
  :root { font-size: 10pt; }
  body { background: none; }
  header, main, footer { max-width: none; padding-inline: 0; }
  section, nav { border: 0; border-radius: 0; padding: 0; margin-bottom: 12pt; }
  section + section { break-before: page; }
  a { color: inherit; text-decoration: none; }
  .skip-link { display: none; }
  h2, h3, caption, thead, .legend { break-after: avoid; }
  p, li { orphans: 3; widows: 3; }
  tr, figure, dl > div, .table-block { break-inside: avoid; }
  .group-row { break-after: avoid; }
  .table-block > .lead { font-size: 8.5pt; }
  .table-scroll.small { width: auto; }
  .table-scroll { overflow: visible; border: 0; }
  table { font-size: 7.2pt; width: 100%; }
  caption > span { position: static; max-width: none; }
  caption { font-size: 9pt; padding: 0 0 4pt; }
  th, td { padding: 2pt 3pt; white-space: normal; overflow-wrap: normal; }
  tbody th, thead tr:first-child > th:first-child { position: static; }
  td.words { min-width: 0; }
  .sub { font-size: 6.5pt; }
  td .sub { white-space: nowrap; }
  tbody th .sub { display: inline; }
  tbody th { white-space: nowrap; }
  /* Items of a grid are split between pages, inline blocks are not. */
  .figures { display: block; orphans: 1; widows: 1; }
  .figures > figure { display: inline-flex; width: 48%; margin: 0 1.5% 12pt 0; vertical-align: top; }
  .beside { display: block; }
  .beside > figure { max-width: 120mm; }
  figcaption, .notes, .legend { font-size: 7.5pt; }
}
`;
