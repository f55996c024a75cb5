import stringWidth from 'string-width';

/** Columns that a text takes on a terminal: two for a wide character, none for a combining one and for a format. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/**
 * Breaks one line of text at spaces, without losing any of them inside a line. A word that is longer than a line is
 * broken, or stays whole, so that it can be copied.
 */
export function wrap(text: string, width: number, longWords: 'whole' | 'broken' = 'broken'): string[] {
  if (widthOf(text) <= width) return [text];
  const lines: { text: string; width: number }[] = [];
  for (const word of wordsOf(text, width)) {
    for (const [index, piece] of (longWords === 'whole' ? [word] : pieces(word, width)).entries()) {
      const size = widthOf(piece);
      const last = lines.at(-1);
      if (index > 0 || last === undefined || last.width + 1 + size > width) lines.push({ text: piece, width: size });
      else lines[lines.length - 1] = { text: `${last.text} ${piece}`, width: last.width + 1 + size };
    }
  }
  return lines.map((line) => line.text);
}

/** Like `wrap`, with each line indented. */
export function wrapIndented(text: string, width: number, indent = 2): string[] {
  return wrap(text, width - indent).map((line) => `${' '.repeat(indent)}${line}`);
}

/** Lines of prose that fit. A line that begins with a space is a command or part of a table, and stays as it is. */
export function fitProse(text: string, width: number): string {
  const lines = text.split('\n').flatMap((line) => (line.startsWith(' ') ? [line] : wrap(line, width, 'whole')));
  return lines.join('\n');
}

/** Like `fitProse`, for a list of prose: continuation lines are indented further than the first line. */
export function fitProseList(text: string, width: number): string {
  const lines = text.split('\n').flatMap((line) => {
    const indent = ' '.repeat(line.length - line.trimStart().length);
    const [first = '', ...rest] = wrap(line.trimStart(), width - indent.length - 2, 'whole');
    return [`${indent}${first}`, ...rest.map((part) => `${indent}  ${part}`)];
  });
  return lines.join('\n');
}

/** A command between quotes or after a colon is one word, if it fits: it must be possible to copy it. */
function wordsOf(text: string, width: number): string[] {
  const joined = text.replace(/"cdd-sync [^"]*"|(?<=: )cdd-sync [^.,;:()]*/g, (command) =>
    widthOf(command) > width ? command : command.replaceAll(' ', INNER_SPACE),
  );
  return joined.split(' ').map((word) => word.replaceAll(INNER_SPACE, ' '));
}

/** Of the private use area, which no text has a meaning for. */
const INNER_SPACE = '\ue000';

/** The longest word of a text, in columns. */
export function longestWord(text: string): number {
  return text.split(' ').reduce((longest, word) => Math.max(longest, widthOf(word)), 0);
}

/** The beginning of a text that fits, with `…` if it is cut. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return `${pieces(text, Math.max(width - 1, 1))[0] ?? ''}…`;
}

/** Fills a text up to the width. */
export function pad(text: string, width: number, side: 'left' | 'right' = 'left'): string {
  const blank = ' '.repeat(Math.max(0, width - widthOf(text)));
  return side === 'left' ? text + blank : blank + text;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Parts of a word, each at most so wide; no character is broken. */
function pieces(word: string, width: number): string[] {
  if (widthOf(word) <= width) return [word];
  const parts: string[] = [];
  let part = '';
  let used = 0;
  for (const { segment } of segmenter.segment(word)) {
    const size = widthOf(segment);
    if (used > 0 && used + size > width) {
      parts.push(part);
      part = '';
      used = 0;
    }
    part += segment;
    used += size;
  }
  return [...parts, part];
}
