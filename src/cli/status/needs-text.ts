import { visibleLine } from '../../model/visible-text.ts';
import { plainText } from '../../pages/html/plain-text.ts';
import { actFirst, type Need } from '../../pages/overview/attention.ts';
import { type Format, paint, type Style } from '../terminal/style.ts';
import { wrap } from '../terminal/wrap.ts';

const WORDS = { act: 'Act:', look: 'Look:' };
const FORMATS: Record<Need['kind'], Format> = { act: 'red', look: 'yellow' };
const INDENT = 6;

/** The needs in the words of the pages, each with its next step; those to act on first. */
export function needLines(needs: readonly Need[], style: Style): string[] {
  return actFirst(needs).flatMap(({ kind, words, more }) => {
    const lines = [lineOf(words), lineOf(more)].flatMap((text) =>
      text === '' ? [] : wrap(text, style.width - INDENT),
    );
    return lines.map((line, index) => {
      const mark = (index === 0 ? WORDS[kind] : '').padEnd(INDENT);
      return `${paint(style, FORMATS[kind], mark)}${line}`;
    });
  });
}

function lineOf(content: Need['words']): string {
  return visibleLine(plainText(content).replaceAll('\n', ' '));
}
