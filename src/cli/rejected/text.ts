import { count } from '../../model/number-text.ts';
import type { Clock } from '../../model/time-text.ts';
import type { ListedItem } from '../../store/cases/rejected-items.ts';
import type { Style } from '../terminal/style.ts';
import { type Column, table } from '../terminal/table.ts';
import { timeText } from '../terminal/time.ts';
import { wrap } from '../terminal/wrap.ts';

/** The newest of `all` rejected items as a table, and the next step. */
export function rejectedLines(
  { items, all, clock }: { items: readonly ListedItem[]; all: number; clock: Clock },
  style: Style,
): string[] {
  if (all === 0) return ['no rejected items: every item of the lists can be read'];
  const rest = `The newest ${count(items.length)} of ${count(all)}; all of them: "cdd-sync rejected --jsonl".`;
  const advice =
    all === 1
      ? 'Its case stays as it was. Ask Dintero to correct it.'
      : 'Their cases stay as they were. Ask Dintero to correct them.';
  return [
    table(columnsOf(clock), items, style).text,
    '',
    ...(all > items.length ? wrap(rest, style.width) : []),
    ...wrap(advice, style.width),
  ];
}

function columnsOf(clock: Clock): Column<ListedItem>[] {
  return [
    { heading: 'account', text: (item) => item.account_id, importance: 1, isWhole: true },
    { heading: 'case', text: (item) => item.case_id ?? '(not readable)', importance: 1, isWhole: true },
    { heading: 'why', text: whyText, importance: 1, minWidth: 24 },
    { heading: 'last seen', text: (item) => timeText(item.last_seen_at, clock), importance: 2, isWhole: true },
    { heading: 'times seen', text: (item) => count(item.times_seen), importance: 3, isNumber: true },
    { heading: 'first seen', text: (item) => timeText(item.first_seen_at, clock), importance: 4, isWhole: true },
  ];
}

function whyText({ path, reason }: ListedItem): string {
  return path === '' ? reason : `${path}: ${reason}`;
}
