/**
 * A table defined once: as HTML with a caption, scopes and footnotes, and as CSV with the plain numbers.
 *
 * A cell that has no number says why, in a footnote; so does one whose run was cut short.
 */
import { MISSING } from './format.js';
import { type Content, Html, html } from './html.js';

/** A number, or a mean over several runs. */
export interface Quantity {
  readonly value: number;
  /** Written in front of the number in HTML, e.g. ≥. */
  readonly prefix?: string | undefined;
  /** Standard deviation, for a mean over several runs. */
  readonly std?: number | undefined;
  /** E.g. that the run was cut short. */
  readonly note?: string | undefined;
  /** A second line in the cell, of HTML only. */
  readonly sub?: string | undefined;
}

export interface Missing {
  readonly missing: string;
}

export type Entry = Quantity | Missing | string;

export interface Column {
  /** Heading in the CSV file. */
  readonly key: string;
  readonly label: string;
  /** Columns next to each other with the same group get a common heading. */
  readonly group?: string | undefined;
  /** How a number is written; text columns need none. */
  readonly format?: ((value: number) => string) | undefined;
  /** How the standard deviation of a mean is written, on a line of its own; it is then a CSV column too. */
  readonly formatStd?: ((std: number, mean: number) => string | undefined) | undefined;
  /** Entries are words, which may be broken over lines. */
  readonly words?: boolean | undefined;
  /** Columns that only one of the two forms has. */
  readonly only?: 'html' | 'csv' | undefined;
}

export interface Row {
  /** What the row is about, in HTML; a second line may follow. */
  readonly heading: string;
  readonly subheading?: string | undefined;
  /** The same for CSV, one value per key column. */
  readonly keys: readonly (string | number)[];
  readonly entries: readonly Entry[];
}

export interface Table {
  /** File name without its extension, and the element's id. */
  readonly name: string;
  readonly caption: string;
  /** Explanation above the table. */
  readonly lead?: Content;
  /** Heading of the row headings. */
  readonly stub: string;
  readonly keyNames: readonly string[];
  readonly columns: readonly Column[];
  /** Rows in groups that belong together. */
  readonly groups: readonly (readonly Row[])[];
  /** A heading above each group. */
  readonly groupHeadings?: readonly string[] | undefined;
  /** Among these columns the best of each row is marked; numbers that are written alike are equally good. */
  readonly best?: { readonly keys: readonly string[]; readonly pick: 'least' | 'largest' } | undefined;
}

export function missing(reason: string): Missing {
  return { missing: reason };
}

export function quantity(value: number | undefined, reason: string, note?: string | undefined): Entry {
  return value === undefined || !Number.isFinite(value)
    ? missing(reason)
    : { value, ...(note !== undefined && { note }) };
}

export function isQuantity(entry: Entry): entry is Quantity {
  return typeof entry === 'object' && 'value' in entry;
}

export function renderTable(whole: Table): Html {
  const table = inForm(whole, 'html');
  const notes = new Footnotes();
  const bodies = table.groups.map((rows, k) => {
    const heading = table.groupHeadings?.[k];
    const span = table.columns.length + 1;
    return html`<tbody>${heading === undefined ? undefined : html`<tr class="group-row"><th scope="rowgroup" colspan="${span}">${heading}</th></tr>`}
${rows.map((row) => renderRow(table, row, notes))}</tbody>`;
  });
  const marks = table.best !== undefined;
  return html`<div class="table-block" id="${table.name}">
${table.lead === undefined ? undefined : html`<p class="lead">${table.lead}</p>`}
<div class="table-scroll" role="region" tabindex="0" aria-labelledby="${table.name}-caption">
<table>
<caption id="${table.name}-caption"><span>${table.caption}</span></caption>
<thead>${renderHead(table)}</thead>
${bodies}
</table>
</div>
<p class="notes">${marks ? html`<span><span class="star">★</span> best of the row</span>` : undefined}${notes.render()}<a class="csv" href="${table.name}.csv">${table.name}.csv</a></p>
</div>
`;
}

/** The table with only the columns of one form. */
function inForm(table: Table, form: 'html' | 'csv'): Table {
  const kept = table.columns.flatMap(({ only }, j) => (only === undefined || only === form ? [j] : []));
  return {
    ...table,
    columns: kept.map((j) => table.columns[j]),
    groups: table.groups.map((rows) => rows.map((row) => ({ ...row, entries: kept.map((j) => row.entries[j]) }))),
  };
}

function renderHead({ stub, columns }: Table): Html {
  const grouped = columns.some(({ group }) => group !== undefined);
  if (!grouped) {
    return html`<tr><th scope="col">${stub}</th>${columns.map(({ label, words }) => html`<th scope="col"${words === true ? new Html(' class="words"') : undefined}>${label}</th>`)}</tr>`;
  }
  const top: Html[] = [];
  const bottom: Html[] = [];
  for (let j = 0; j < columns.length; ) {
    const { group, label } = columns[j];
    if (group === undefined) {
      const words = columns[j].words === true ? ' class="words"' : '';
      top.push(html`<th scope="col" rowspan="2"${new Html(words)}>${label}</th>`);
      j++;
      continue;
    }
    const end = columns.findIndex((column, k) => k > j && column.group !== group);
    const members = columns.slice(j, end < 0 ? columns.length : end);
    top.push(html`<th scope="colgroup" colspan="${members.length}" class="group">${group}</th>`);
    members.forEach((column, k) => {
      bottom.push(html`<th scope="col"${k === 0 ? new Html(' class="first"') : undefined}>${column.label}</th>`);
    });
    j += members.length;
  }
  return html`<tr><th scope="col" rowspan="2">${stub}</th>${top}</tr><tr>${bottom}</tr>`;
}

function renderRow(table: Table, row: Row, notes: Footnotes): Html {
  const best = bestEntries(table, row);
  const cells = row.entries.map((entry, j) => {
    const column = table.columns[j];
    const first = column.group !== undefined && table.columns[j - 1]?.group !== column.group;
    const classes = [first ? 'first' : '', best.has(j) ? 'best' : '', column.words === true ? 'words' : ''];
    const name = classes.filter((part) => part !== '').join(' ');
    return html`<td${name === '' ? undefined : new Html(` class="${name}"`)}>${renderEntry(column, entry, best.has(j), notes)}</td>`;
  });
  const sub = row.subheading === undefined ? undefined : html` <span class="sub">${row.subheading}</span>`;
  return html`<tr><th scope="row">${row.heading}${sub}</th>${cells}</tr>
`;
}

function renderEntry(column: Column, entry: Entry, best: boolean, notes: Footnotes): Html {
  if (typeof entry === 'string') return html`${entry}`;
  if (!isQuantity(entry)) return html`<span class="missing">${MISSING}</span>${notes.mark(entry.missing)}`;
  const text = formatOf(column)(entry.value);
  const std = entry.std === undefined ? undefined : column.formatStd?.(entry.std, entry.value);
  const star = best ? html`<span class="star" aria-label="best">★</span>` : undefined;
  const note = entry.note === undefined ? undefined : notes.mark(entry.note);
  const under = entry.sub ?? (std === undefined ? undefined : `± ${std}`);
  const sub = under === undefined ? undefined : html`<span class="sub">${under}</span>`;
  return html`${star}${entry.prefix}${text}${note}${sub}`;
}

function formatOf({ key, format }: Column): (value: number) => string {
  if (format === undefined) throw new TypeError(`column ${key} has a number and no format`);
  return format;
}

/** The positions of the best entries; none when fewer than two numbers compete. */
function bestEntries(table: Table, row: Row): ReadonlySet<number> {
  const { best, columns } = table;
  if (best === undefined) return new Set();
  const rivals = row.entries.flatMap((entry, j) =>
    best.keys.includes(columns[j].key) && isQuantity(entry) ? [{ j, value: entry.value }] : [],
  );
  if (rivals.length < 2) return new Set();
  const values = rivals.map(({ value }) => value);
  const winner = best.pick === 'least' ? Math.min(...values) : Math.max(...values);
  const text = (j: number, value: number): string | undefined => columns[j].format?.(value);
  return new Set(rivals.filter(({ j, value }) => text(j, value) === text(j, winner)).map(({ j }) => j));
}

/** Letters after entries and the sentences they stand for, each reason once. */
class Footnotes {
  readonly #reasons: string[] = [];

  mark(reason: string): Html {
    let k = this.#reasons.indexOf(reason);
    if (k < 0) k = this.#reasons.push(reason) - 1;
    return html`<sup title="${reason}">${letter(k)}</sup>`;
  }

  render(): Html[] {
    return this.#reasons.map((reason, k) => html`<span><sup>${letter(k)}</sup> ${reason}</span>`);
  }
}

function letter(k: number): string {
  const single = String.fromCharCode(97 + (k % 26));
  return k < 26 ? single : letter(Math.floor(k / 26) - 1) + single;
}

/** RFC 4180, with the plain numbers; a missing one is an empty field, its reason stands in the last column. */
export function tableCsv(table: Table): string {
  const { keyNames, columns, groups } = inForm(table, 'csv');
  const header = [
    ...keyNames,
    ...columns.flatMap(({ key, formatStd }) => (formatStd === undefined ? [key] : [key, `${key} std`])),
    'remarks',
  ];
  const rows = groups.flat().map(({ keys, entries }) => {
    const remarks = entries.flatMap((entry, j) => {
      if (typeof entry === 'string') return [];
      const remark = isQuantity(entry) ? entry.note : entry.missing;
      return remark === undefined ? [] : [`${columns[j].key}: ${remark}`];
    });
    const fields = entries.flatMap((entry, j) => {
      const value = isQuantity(entry) ? entry.value : typeof entry === 'string' ? entry : '';
      return columns[j].formatStd === undefined ? [value] : [value, (isQuantity(entry) ? entry.std : '') ?? ''];
    });
    return [...keys, ...fields, remarks.join('; ')];
  });
  return `${[header, ...rows].map((row) => row.map(csvField).join(',')).join('\r\n')}\r\n`;
}

function csvField(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
