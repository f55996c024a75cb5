/** Words as a sentence: a capital at its beginning, a full stop at its end. */
export function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
