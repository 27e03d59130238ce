/** The known word that a misspelt one was most likely meant to be. */

export function nearest(name: string, names: readonly string[]): string {
  const typed = name.toLowerCase();
  /** A common beginning counts double, so that a word and its abbreviation are near. */
  const distance = (known: string) =>
    editDistance(typed, known.toLowerCase()) -
    (typed.startsWith(known.toLowerCase()) ? typed.length : 2 * commonPrefix(typed, known.toLowerCase()));
  return names.reduce((best, known) => (distance(known) < distance(best) ? known : best));
}

function commonPrefix(first: string, second: string): number {
  let length = 0;
  while (length < first.length && first[length] === second[length]) length++;
  return length;
}

/** Levenshtein distance: the fewest insertions, deletions and substitutions that turn one word into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const substitution = row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[to.length];
}
