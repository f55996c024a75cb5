import { WITHOUT_ERROR } from '../../model/account-state.ts';
import { checkWords } from '../../model/check-words.ts';
import { visibleLine } from '../../model/visible-text.ts';
import { plainText } from '../../pages/html/html.ts';
import type { Need } from '../../pages/overview/attention.ts';
import { type Format, paint, type Style } from '../terminal/style.ts';
import { wrap } from '../terminal/wrap.ts';
import type { Status } from './read.ts';

const WORDS = { act: 'Act:', look: 'Look:' };
const FORMATS: Record<Need['kind'], Format> = { act: 'red', look: 'yellow' };
const INDENT = 6;

/** What needs a person, as the pages say it, and what to do; that to act on first. */
export function needLines({ needs, workers }: Pick<Status, 'needs' | 'workers'>, style: Style): string[] {
  const sorted = [...needs.filter(({ kind }) => kind === 'act'), ...needs.filter(({ kind }) => kind === 'look')];
  return sorted.flatMap(({ kind, words, more }) => {
    const first = lineOf(words);
    const rest = withoutSelf(lineOf(more), workers.length);
    const lines = [first, rest].flatMap((text) => (text === '' ? [] : wrap(text, style.width - INDENT)));
    return lines.map((line, index) => {
      const mark = (index === 0 ? WORDS[kind] : '').padEnd(INDENT);
      return `${paint(style, FORMATS[kind], mark)}${line}`;
    });
  });
}

/** The pages send their reader to `status`, which must not send him to itself. */
function withoutSelf(advice: string, workers: number): string {
  return advice
    .replace(WITHOUT_ERROR.remedy, workerAdvice(workers))
    .replace(checkWords('reports_failed', 1).remedy, 'Each run tries again. "Reports" below says why.');
}

function workerAdvice(workers: number): string {
  if (workers === 0) return 'No worker is running: start it with "cdd-sync start", or as a service.';
  return 'A worker runs, but does not keep up: its log says why. Raise concurrency, or let accounts be read less often.';
}

function lineOf(content: Need['words']): string {
  return visibleLine(plainText(content).replaceAll(/\s+/g, ' ').trim());
}
