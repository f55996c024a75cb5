import { NOTICE_KINDS, type NoticePhase } from '../../model/notice.ts';
import { count } from '../../model/number-text.ts';
import { pathsOf } from './links.ts';
import type { Line } from './merge.ts';
import type { Message, MessageItem, Surroundings } from './message.ts';
import { outside, shortened } from './outside-text.ts';
import { sectionOf } from './section.ts';

/** Slack takes 50 blocks, and nobody reads more. */
const MOST_SECTIONS = 20;
/** Receivers of JSON mostly take a megabyte at most. */
const MOST_ITEMS = 1000;
const MOST_TITLE = 140;

/** The message of these lines, the same for every channel. */
export function composeMessage(id: string, lines: readonly Line[], surroundings: Surroundings): Message {
  const groups = [...Map.groupBy(lines, groupOf).values()].sort((one, other) => placeOf(one) - placeOf(other));
  const sections = groups.slice(0, MOST_SECTIONS).map((group) => sectionOf(group, surroundings));
  const [first] = sections;
  const others = groups.length - 1;
  const more = others === 0 ? '' : ` (and ${count(others)} more)`;
  const left =
    groups.length > MOST_SECTIONS ? ` ${count(groups.length - MOST_SECTIONS)} more things are left out.` : '';
  return {
    id,
    title: `${shortened(first?.summary ?? 'Nothing', MOST_TITLE)}${more}`,
    sections,
    footer: `Message ${id} of cdd-sync.${left}`,
    items: lines.slice(0, MOST_ITEMS).map((line) => itemOf(line, surroundings)),
    leftOut: Math.max(0, lines.length - MOST_ITEMS),
  };
}

/** Lines of one group have one sentence: where accounts have different errors, the advice differs too. */
function groupOf({ kind, phase, code }: Line): string {
  return `${kind} ${phase} ${kind === 'unknown_status' || kind === 'digest' ? '' : code}`;
}

/** Beginnings come first, ends last. */
function placeOf([line]: readonly Line[]): number {
  if (line === undefined) return 0;
  const order: readonly NoticePhase[] = ['began', 'more', 'still', 'unwatched', 'over'];
  return order.indexOf(line.phase) * NOTICE_KINDS.length + NOTICE_KINDS.indexOf(line.kind);
}

function itemOf(line: Line, { baseUrl }: Surroundings): MessageItem {
  const { kind, phase, accountId, label, beganAt, items, newItems, code, caseIds, judgedAt, endedAt } = line;
  const [path = ''] = pathsOf(kind, [line]);
  return {
    kind,
    phase,
    account_id: accountId,
    account_label: label === null ? null : outside(label),
    since: beganAt.toISOString(),
    items,
    new_items: newItems,
    // A digest that is cut proves nothing.
    code: code === null || kind === 'digest' ? code : outside(code),
    case_ids: caseIds,
    judged_at: judgedAt.toISOString(),
    ended_at: endedAt?.toISOString() ?? null,
    url: baseUrl === null ? null : `${baseUrl}${path}`,
  };
}
