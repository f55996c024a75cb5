import { count } from '../../model/number-text.ts';
import { pathsOf } from './links.ts';
import type { Line } from './merge.ts';
import type { Section, Surroundings } from './message.ts';
import { outside } from './outside-text.ts';
import { sinceText } from './since-text.ts';
import { headingOf, remedyOf, type Subject } from './words.ts';

/** Of more accounts, a message says how many they are. */
const MOST_ACCOUNTS = 10;

/** The section about lines of one kind, phase and code. */
export function sectionOf(group: readonly Line[], { baseUrl, timezone }: Surroundings): Section {
  const [first] = group;
  if (first === undefined) throw new TypeError('Map.groupBy makes no empty groups');
  const { kind, phase } = first;
  const subject = subjectOf(group, first);
  const isAlone = group.length === 1;
  const since = (line: Line) => sinceText(line, timezone);
  const summary = headingOf(kind, phase, subject);
  const heading = `${summary}.${isAlone ? ` ${since(first)}.` : ''}`;
  const listing = kind === 'digest' ? group.flatMap(({ code }) => code ?? []) : [];
  const details =
    isAlone || kind === 'digest'
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
  return { kind, phase, summary, heading, details, listing, remedy: remedyOf(kind, phase, subject), where };
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
