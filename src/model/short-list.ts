import { count } from './number-text.ts';

/** `A, B and 3 more`: the first names, and the number of the others, which would hide the rest of a message. */
export function shortList(names: readonly string[], most: number): string {
  const others = names.length - most;
  return `${names.slice(0, most).join(', ')}${others > 0 ? ` and ${count(others)} more` : ''}`;
}
