import { count } from '../../model/number-text.ts';
import { type Clock, dayText } from '../../model/time-text.ts';
import { stageText } from '../html/stage.ts';
import { statusText } from '../html/status.ts';
import {
  asksForReviews,
  type CasesFilter,
  type CasesParameters,
  type RetentionState,
  type Sort,
  type State,
  shownState,
} from './filter.ts';
import type { CaseList } from './list.ts';
import { sortOf } from './order.ts';

/** A chosen filter in words, and the parameters of the list without it. */
export type ChosenFilter = { words: string; without: CasesParameters };

export const STATE_WORDS: Record<State, string> = {
  open: 'open',
  not_gone: 'in the list',
  gone: 'gone from the list',
  all: 'of every state',
};

/** The orders of the list in words. */
export const SORT_WORDS: Record<Sort, string> = {
  name: 'Name',
  account: 'Account',
  status: 'Status',
  since: 'In the status since',
  due: 'Target due',
  review: 'Review due',
  opened: 'Opened',
  decided: 'First decision',
  country: 'Country',
  kept: 'Kept until',
};

/** The states of reporting.retention in words. */
export const RETENTION_WORDS: Record<RetentionState, string> = {
  due: 'due to be erased',
  held: 'under legal hold',
  kept: 'ended and kept',
  active: 'not ended',
  erased: 'erased',
};

/** Every filter of a list in words. The state is among them also where the address left it to the list. */
export function chosenFilters(filter: CasesFilter): ChosenFilter[] {
  const shown = { ...filter, state: shownState(filter) };
  const single = (names: readonly SingleName[], words: (value: string) => string): ChosenFilter[] => {
    const values = names.map((name) => shown[name]).filter((value) => value !== null);
    if (values.length === 0) return [];
    return [
      {
        words: words(String(values[0])),
        without: { ...shown, ...Object.fromEntries(names.map((name) => [name, null])) },
      },
    ];
  };
  const each = (name: 'account' | 'stage' | 'status', words: (value: string) => string): ChosenFilter[] =>
    shown[name].map((value) => ({
      words: words(value),
      without: { ...shown, [name]: shown[name].filter((other) => other !== value) },
    }));
  return [
    ...(shown.state === 'all'
      ? []
      : [{ words: STATE_WORDS[shown.state], without: { ...shown, state: 'all' } as const }]),
    ...each('account', (id) => `account ${id}`),
    ...each('stage', stageText),
    ...each('status', (status) => `status ${statusText(status)}`),
    ...single(['environment'], (name) => `${name} accounts`),
    ...single(['target'], (state) => (state === 'breached' ? 'past their target' : 'due soon by their target')),
    ...single(['review'], (state) => `periodic review ${state === 'overdue' ? 'overdue' : 'due soon'}`),
    ...single(['review_from', 'review_by'], () => `periodic review due ${dueText(filter)}`),
    ...(shown.retention === null
      ? []
      : [{ words: RETENTION_WORDS[shown.retention], without: { ...shown, retention: null } }]),
    ...single(['opened_from', 'opened_to'], () => `opened ${daysText(shown.opened_from, shown.opened_to)}`),
    ...single(
      ['decided_from', 'decided_to'],
      () => `${decidedText(filter)} ${daysText(shown.decided_from, shown.decided_to)}`,
    ),
    ...single(
      ['corrected_from', 'corrected_to'],
      () => `corrected ${daysText(shown.corrected_from, shown.corrected_to)}`,
    ),
    ...single(['decision'], (decision) => `ever ${decision}`),
    ...single(['declined_before'], () => 'applied again after a decline'),
    ...single(['route'], (route) => `decided ${route === 'manual' ? 'manually' : 'automatically'}`),
    ...single(['waiting_from_hours', 'waiting_to_hours'], () => waitingText(filter)),
    ...single(['country'], (code) => `country ${code}`),
    ...single(['product'], (name) => `product ${name}`),
    ...single(['package'], (name) => `package ${name}`),
    ...single(['q'], (text) => `with “${text}”`),
    ...(shown.ids.length === 0 ? [] : [{ words: idsText(shown.ids.length), without: { ...shown, ids: [] } }]),
    ...single(['in_backlog'], () => 'with a status, as in the daily figures'),
    ...single(['copies'], () => 'counted in each account that has it'),
  ];
}

type SingleName = {
  [name in keyof CasesFilter]: CasesFilter[name] extends readonly unknown[] ? never : name;
}[keyof CasesFilter];

/** `1,204 open cases, 14 past their target`. */
export function totalText(filter: CasesFilter, { total, breached }: CaseList): string {
  const noun = total === 1 ? 'case' : 'cases';
  const state = shownState(filter);
  const words = state === 'open' ? `open ${noun}` : state === 'all' ? noun : `${noun} ${STATE_WORDS[state]}`;
  const isSaid = breached !== null && filter.target === null;
  return `${count(total)} ${words}${isSaid ? `, ${breached === 0 ? 'none' : count(breached)} past their target` : ''}`;
}

/** How the list is ordered, for people. */
export function orderText(filter: CasesFilter): string {
  const sort = sortOf(filter);
  if (sort !== null) return `Ordered by: ${SORT_WORDS[sort]}${sort === filter.sort ? '' : ', reversed'}`;
  if (asksForReviews(filter)) return 'The review that is due first';
  if (filter.retention !== null) return 'The end of the time for which they are kept, the earliest first';
  if (shownState(filter) !== 'open') return 'The latest change of status first';
  return 'Past their target first, then due soon, then the longest in their status';
}

function decidedText({ decision }: CasesFilter): string {
  return `first ${decision ?? 'decided'}`;
}

/** Reviews due by a day include those that are overdue. */
function dueText({ review_from: from, review_by: by }: CasesFilter): string {
  return from === null && by !== null ? `by ${dayText(by)}` : daysText(from, by);
}

function daysText(from: string | null, to: string | null): string {
  if (from === null) return to === null ? '' : `until ${dayText(to)}`;
  if (to === null) return `from ${dayText(from)}`;
  return from === to ? `on ${dayText(from)}` : `from ${dayText(from)} to ${dayText(to)}`;
}

function waitingText({ waiting_from_hours: from, waiting_to_hours: to }: CasesFilter): string {
  if (to === null) return `waiting for ${spanText(from ?? 0)} or longer`;
  return from === null || from === 0
    ? `waiting for less than ${spanText(to)}`
    : `waiting for ${spanText(from)} to ${spanText(to)}`;
}

function spanText(hours: number): string {
  if (hours % 24 !== 0 || hours === 0) return `${hours} h`;
  return hours % 168 === 0 ? `${hours / 168} w` : `${hours / 24} d`;
}

function idsText(number: number): string {
  return number === 1 ? 'one certain case' : `${number} certain cases`;
}

/** The name of the file says which cases are in it, and of which day. A searched text may be a name, so it stays out. */
export function fileName(filter: CasesFilter, { now, timezone }: Clock): string {
  const words = chosenFilters({ ...filter, q: null }).map((one) => one.words);
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' }).format(now);
  return `cases ${[...words, filter.q === null ? '' : 'search'].join(' ').slice(0, 100)} ${day}`;
}
