/** The candidate that was probably meant: at most two letters away, upper case, `_` and `-` aside; null if none is. */
export function closestTo(word: string, candidates: readonly string[]): string | null {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: distance(plain(word), plain(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= 2 && best.distance < best.candidate.length / 2 ? best.candidate : null;
}

function plain(word: string): string {
  // Cut, because the distance costs the product of both lengths, and no key is nearly that long.
  return word.toLowerCase().replaceAll(/[_-]/g, '').slice(0, 40);
}

/** Levenshtein's: how many letters to add, remove or replace. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
