import { NOTICE_KINDS, type NoticeKind, type NoticePhase } from '../../model/notice.ts';
import { count } from '../../model/number-text.ts';
import { pathsOf } from './links.ts';
import type { Line } from './merge.ts';
import { outside, shortened } from './outside-text.ts';
import { sinceText } from './since-text.ts';
import { headingOf, remedyOf, type Subject } from './words.ts';

/** Of more accounts, a message says how many they are. */
const MOST_ACCOUNTS = 10;
/** Slack takes 50 blocks, and nobody reads more. */
const MOST_SECTIONS = 20;
/** Receivers of JSON mostly take a megabyte at most. */
const MOST_ITEMS = 1000;
const MOST_TITLE = 140;

/** Accounts of which the same is told. All texts are single lines, without characters that a terminal obeys. */
export type Section = {
  kind: NoticeKind;
  phase: NoticePhase;
  /** A sentence without its full stop, for a title. */
  summary: string;
  /** The same, and since when. */
  heading: string;
  details: string[];
  /** The next step of a person. */
  remedy: string | null;
  /** Addresses of pages, or without a base address a command. */
  where: string[];
};

/** One thing that a message tells, for programs. */
type MessageItem = {
  kind: NoticeKind;
  phase: NoticePhase;
  account_id: string;
  account_label: string | null;
  since: string;
  items: number;
  new_items: number;
  code: string | null;
  case_ids: string[];
  judged_at: string;
  /** Of an end: when it was. */
  ended_at: string | null;
  url: string | null;
};

export type Message = {
  id: string;
  title: string;
  sections: Section[];
  footer: string;
  items: MessageItem[];
  leftOut: number;
};

export type Surroundings = {
  /** Address of the pages; null = unknown. */
  baseUrl: string | null;
  timezone: string;
};

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
  return `${kind} ${phase} ${kind === 'unknown_status' ? '' : code}`;
}

/** Beginnings come first, ends last. */
function placeOf([line]: readonly Line[]): number {
  if (line === undefined) return 0;
  const order: readonly NoticePhase[] = ['began', 'more', 'still', 'unwatched', 'over'];
  return order.indexOf(line.phase) * NOTICE_KINDS.length + NOTICE_KINDS.indexOf(line.kind);
}

function sectionOf(group: readonly Line[], { baseUrl, timezone }: Surroundings): Section {
  const [first] = group;
  if (first === undefined) throw new TypeError('Map.groupBy makes no empty groups');
  const { kind, phase } = first;
  const subject = subjectOf(group, first);
  const isAlone = group.length === 1;
  const since = (line: Line) => sinceText(line, timezone);
  const summary = headingOf(kind, phase, subject);
  const heading = `${summary}.${isAlone ? ` ${since(first)}.` : ''}`;
  const details = isAlone
    ? []
    : [
        ...group.slice(0, MOST_ACCOUNTS).map((line) => detailOf(line, since(line))),
        ...(group.length > MOST_ACCOUNTS ? [`and ${count(group.length - MOST_ACCOUNTS)} more accounts`] : []),
      ];
  const paths = pathsOf(kind, group);
  const where =
    baseUrl === null
      ? [`Look: run "cdd-sync status", or open the pages of the worker.`]
      : paths.map((path) => `${baseUrl}${path}`);
  return { kind, phase, summary, heading, details, remedy: remedyOf(kind, phase, subject), where };
}

function subjectOf(group: readonly Line[], first: Line): Subject {
  const sum = (number: (line: Line) => number) => group.reduce((total, line) => total + number(line), 0);
  return {
    name: group.length === 1 ? accountName(first) : null,
    accountId: group.length === 1 ? first.accountId : null,
    accounts: group.length,
    items: sum(({ items }) => items),
    newItems: sum(({ newItems }) => newItems),
    code: first.code === null ? null : outside(first.code),
  };
}

function accountName({ accountId, label }: Line): string {
  return label === null ? accountId : `${accountId} (${outside(label)})`;
}

function detailOf(line: Line, since: string): string {
  const counted = line.items > 0 && !['over', 'unwatched'].includes(line.phase) ? `: ${count(line.items)}` : '';
  return `${accountName(line)}${counted}. ${since}.`;
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
    code: code === null ? null : outside(code),
    case_ids: caseIds,
    judged_at: judgedAt.toISOString(),
    ended_at: endedAt?.toISOString() ?? null,
    url: baseUrl === null ? null : `${baseUrl}${path}`,
  };
}

/** The message as plain text, for e-mail and for programs that show text only. */
export function messageText({ sections, footer }: Pick<Message, 'sections' | 'footer'>): string {
  const parts = sections.map(({ heading, details, remedy, where }) =>
    [
      heading,
      ...details.map((detail) => `  - ${detail}`),
      ...(remedy === null ? [] : [`What to do: ${remedy}`]),
      ...where,
    ].join('\n'),
  );
  return [...parts, footer].join('\n\n');
}
