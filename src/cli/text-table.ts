/** A table for people: the first column to the left, all others to the right. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, j) => Math.max(...all.map((row) => row[j].length)));
  const pad = (cell: string, j: number): string => (j === 0 ? cell.padEnd(widths[j]) : cell.padStart(widths[j]));
  return all.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}
