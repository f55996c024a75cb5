import { address } from '../html/link.ts';
import { choice, day, hours, ParameterReader, textUpTo, uuid } from './values.ts';

/** The stages of reporting.statuses; `none` = the case has no status. */
export const STAGES = ['applicant', 'review', 'approved', 'declined', 'closed', 'error', 'unknown', 'none'] as const;

/** open: somebody must still act; not_gone: in the account's list; gone: deleted or missing. */
export const STATES = ['open', 'not_gone', 'gone', 'all'] as const;
export type State = (typeof STATES)[number];

/** The orders of the list; with `-` the greatest comes first. Without an order, problems come first. */
export const SORTS = [
  'name',
  'account',
  'status',
  'since',
  'due',
  'review',
  'opened',
  'decided',
  'country',
  'kept',
] as const;
export type Sort = (typeof SORTS)[number];

/** The states of reporting.retention. */
export const RETENTION_STATES = ['due', 'held', 'kept', 'active', 'erased'] as const;
export type RetentionState = (typeof RETENTION_STATES)[number];

/** The filters of /cases by their names in the address. Null and an empty list choose nothing. */
export type CasesFilter = Readonly<ReturnType<typeof readFilter>>;

/** Filters for a link: as in CasesFilter, and one value where several are possible. */
export type CasesParameters = {
  [name in keyof CasesFilter]?: CasesFilter[name] | ElementOf<CasesFilter[name]> | undefined;
};
type ElementOf<T> = T extends readonly (infer E)[] ? E | null : never;

/** Parameters that choose no cases: the place in the list, and those that belong to every page. */
const OTHERS = ['after', 'before', 'days', 'format', 'block'];

/**
 * The filters of an address, and a sentence for each parameter that is wrong or unknown, for people. Such a parameter is
 * left out.
 */
export function parseFilter(parameters: URLSearchParams): { filter: CasesFilter; problems: readonly string[] } {
  const reader = new ParameterReader(parameters);
  const filter = readFilter(reader);
  reader.noteUnknown(OTHERS);
  return { filter, problems: reader.problems };
}

/** The address of a list of cases. */
export function casesAddress(parameters: CasesParameters = {}): string {
  return address('/cases', parameters);
}

/**
 * The state of the listed cases. Without one in the address, the list has open cases; a filter by a status, by the past or
 * by certain cases makes it all cases.
 */
export function shownState(filter: CasesFilter): State {
  if (filter.state !== null) return filter.state;
  const { target, waiting_from_hours, waiting_to_hours } = filter;
  if (target !== null || waiting_from_hours !== null || waiting_to_hours !== null) return 'open';
  const lists = [filter.stage, filter.status, filter.ids];
  const { opened_from, opened_to, decided_from, decided_to, corrected_from, corrected_to } = filter;
  const days = [opened_from, opened_to, decided_from, decided_to, corrected_from, corrected_to];
  const others = [...days, filter.decision, filter.declined_before, filter.route, filter.q, filter.retention];
  const isAll = lists.some(({ length }) => length > 0) || others.some((value) => value !== null);
  return isAll || asksForReviews(filter) ? 'all' : 'open';
}

/** Whether the list is one of periodic reviews. */
export function asksForReviews({ review, review_from, review_by }: CasesFilter): boolean {
  return review !== null || review_from !== null || review_by !== null;
}

const name = textUpTo(200);

function readFilter(reader: ParameterReader) {
  return {
    account: reader.many('account', name),
    environment: reader.one('environment', choice(['production', 'test'])),
    stage: reader.many('stage', choice(STAGES)),
    status: reader.many('status', name),
    state: reader.one('state', choice(STATES)),
    target: reader.one('target', choice(['breached', 'due_soon'])),
    review: reader.one('review', choice(['overdue', 'due_soon'])),
    review_from: reader.one('review_from', day),
    review_by: reader.one('review_by', day),
    retention: reader.one('retention', choice(RETENTION_STATES)),
    opened_from: reader.one('opened_from', day),
    opened_to: reader.one('opened_to', day),
    decided_from: reader.one('decided_from', day),
    decided_to: reader.one('decided_to', day),
    decision: reader.one('decision', choice(['approved', 'declined'])),
    corrected_from: reader.one('corrected_from', day),
    corrected_to: reader.one('corrected_to', day),
    /** yes: another case of the organization was declined before this one was opened. */
    declined_before: reader.one('declined_before', choice(['yes'])),
    route: reader.one('route', choice(['manual', 'automatic'])),
    waiting_from_hours: reader.one('waiting_from_hours', hours),
    waiting_to_hours: reader.one('waiting_to_hours', hours),
    country: reader.one('country', name),
    product: reader.one('product', name),
    package: reader.one('package', name),
    q: reader.one('q', textUpTo(100)),
    ids: reader.many('ids', uuid),
    /** all: a case in the lists of several accounts stands in each, as in reports by account. */
    copies: reader.one('copies', choice(['all'])),
    /** yes: only cases that backlog_daily counts. It leaves out those without a status, and with times that cannot be true. */
    in_backlog: reader.one('in_backlog', choice(['yes'])),
    sort: reader.one('sort', choice([...SORTS, ...SORTS.map((sort) => `-${sort}` as const)])),
  };
}
