import { counted } from '../../model/counted.ts';
import { count } from '../../model/number-text.ts';
import type { Clock } from '../../model/time-text.ts';
import { visibleLine } from '../../model/visible-text.ts';
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
  const nameless = items.find(({ case_id }) => case_id === null);
  const [first] = items.filter(({ has_body }) => has_body);
  const look =
    first === undefined
      ? 'The items themselves are not stored (personalData).'
      : `To see an item as Dintero sent it, with the personal data in it: "cdd-sync rejected ${nameOf(first)}"`;
  return [
    table(columnsOf(clock), items, style).text,
    '',
    ...(all > items.length ? wrap(rest, style.width) : []),
    ...wrap(advice, style.width),
    ...(nameless === undefined ? [] : wrap(missingText(nameless), style.width)),
    ...wrap(look, style.width),
  ];
}

function missingText({ account_id: id }: ListedItem): string {
  return `An item without a readable id may be any case, so no case of ${id} is marked missing while it is there. To mark them all the same: "cdd-sync sync --account ${id} --accept-missing"`;
}

/** Digits of a fingerprint in a table. Two of 10,000 items have the same ones with a chance of one in a hundred. */
const SHORT = 8;

/** The case of an item; without a readable id, digits of its fingerprint. `rejected` takes both. */
function nameOf({ case_id: caseId, fingerprint }: ListedItem): string {
  return caseId ?? fingerprint.slice(0, SHORT);
}

/** One item: where it was and why it cannot be read, then the item itself, or why it is not there. */
export function itemLines(
  item: ListedItem & { body: string | null },
  { clock, style }: { clock: Clock; style: Style },
): string[] {
  const { account_id: accountId, case_id: caseId, times_seen: times, body } = item;
  const first = timeText(item.first_seen_at, clock);
  const about = [
    `${accountId}, ${caseId === null ? 'without a readable id' : `case ${caseId}`}: ${whyText(item)}`,
    `${counted(times, 'time')} in the list since ${first}, last ${timeText(item.last_seen_at, clock)}.`,
  ];
  const missing = 'The item itself is not stored: personalData in the configuration leaves it out.';
  return [
    ...about.flatMap((line) => wrap(visibleLine(line), style.width)),
    '',
    ...(body === null ? wrap(missing, style.width) : [body]),
  ];
}

function columnsOf(clock: Clock): Column<ListedItem>[] {
  return [
    { heading: 'account', text: (item) => item.account_id, importance: 1, isWhole: true },
    { heading: 'case or item', text: nameOf, importance: 1, isWhole: true },
    { heading: 'why', text: whyText, importance: 1, minWidth: 24 },
    { heading: 'last seen', text: (item) => timeText(item.last_seen_at, clock), importance: 3, isWhole: true },
    { heading: 'times seen', text: (item) => count(item.times_seen), importance: 4, isNumber: true },
    { heading: 'first seen', text: (item) => timeText(item.first_seen_at, clock), importance: 5, isWhole: true },
  ];
}

function whyText({ path, reason }: ListedItem): string {
  return path === '' ? reason : `${path}: ${reason}`;
}
