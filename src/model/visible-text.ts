// Text from outside (the API, the configuration, a path, an argument) can hold characters that a terminal obeys, or that
// make it look like another text. Every outlet for people replaces them.

/**
 * Control characters (C0, DEL, C1), format characters (text direction, zero width, tags), line and paragraph
 * separators, lone surrogates, and four letters that are blank.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu;

/** Text in which every unsafe character is written as JSON's `\uXXXX`, line breaks too: for a field of one line. */
export function visibleLine(text: string): string {
  return text.replace(UNSAFE, escapeSequence);
}

/**
 * Like `visibleLine`, but keeps line feeds and tabs. JSON text stays equal as JSON: JSON itself leaves C1 controls and
 * format characters unescaped.
 */
export function visibleText(text: string): string {
  return text.replace(UNSAFE, (character) => (/[\n\t]/.test(character) ? character : escapeSequence(character)));
}

function escapeSequence(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
