// What must be true after every run. Each function returns a line per violation.
import { isDeepStrictEqual } from 'node:util';
import type { CaseDocument } from '../reference/case-document.ts';
import { caseState } from '../reference/case-state.ts';
import { formatInstant, type Instant } from '../reference/instant.ts';
import { deriveTransitions, type Transition } from '../reference/transitions.ts';
import type { StoredAccount } from './expected-run.ts';
import { HISTORY, type HistoryTable, instant, type StoredRow, type StoredRows, wasKnown } from './stored-rows.ts';

/** The facts of all accounts, by account id. */
export type Facts = ReadonlyMap<string, StoredAccount>;

/** The facts as they were known at a time. */
export type Known = { at: string; facts: Facts };

/** Documents, transitions, states and problems as known at a time are those of the lists that were read until then. */
export function knownDifferences(
  { at, facts }: Known,
  { rows, documents }: { rows: StoredRows; documents: ReadonlyMap<string, unknown> },
): string[] {
  const time = instant(at);
  const title = `as known at ${formatInstant(time)}`;
  const found: string[] = [];
  for (const [accountId, { cases }] of facts) {
    for (const [caseId, { document, fields, isMissing }] of cases) {
      const name = `${accountId} ${caseId}`;
      const got = documents.get(`${at} ${name}`) ?? null;
      compare(found, `document of ${name} ${title}`, isMissing ? null : document, got);
      const current = (table: HistoryTable) =>
        rows[table].filter((row) => row.account_id === accountId && row.case_id === caseId && wasKnown(row, time));
      const transitions = current('status_transitions').map(readTransition).toSorted(bySequence);
      const derived = expectedTransitions(rows, name, fields);
      compare(found, `transitions of ${name} ${title}`, derived, transitions);
      const states = current('case_states').map((row) => readState(row));
      compare(found, `state of ${name} ${title}`, [{ ...caseState(fields, derived), isMissing }], states);
      const problems = current('case_problems').map(({ path, reason }) => `${path}: ${reason}`);
      const expected = fields.problems.map(({ path, reason }) => `${path}: ${reason}`);
      compare(found, `problems of ${name} ${title}`, expected.toSorted(), problems.toSorted());
    }
  }
  for (const [name, document] of documents) {
    const [accountId = '', caseId = ''] = name.slice(at.length + 1).split(' ');
    const isExpected = !name.startsWith(`${at} `) || document === null || facts.get(accountId)?.cases.has(caseId);
    if (!isExpected) found.push(`document of ${accountId} ${caseId} ${title}: nobody had read it`);
  }
  return found;
}

/** The transitions of a document, without the names of events. */
function expectedTransitions(rows: StoredRows, name: string, fields: CaseDocument): Omit<Transition, 'event'>[] {
  return deriveTransitions(fields, firstRecordedIn(rows, name)).map(({ event: _, ...transition }) => transition);
}

/** When an event of a case was recorded for the first time. */
function firstRecordedIn(rows: StoredRows, name: string): (eventId: number) => Instant {
  return (eventId) => {
    const times = rows.case_events.flatMap((row) =>
      name === `${row.account_id} ${row.case_id}` && row.id === eventId ? [instant(row.recorded_at)] : [],
    );
    return Math.min(...times);
  };
}

const STATE = HISTORY.case_states.filter(
  (column) => column !== 'account_id' && column !== 'case_id' && column !== 'missing_since',
);

const isTime = (column: string) => column.endsWith('_at') || column === 'status_since';

function readState(row: StoredRow): StoredRow {
  const cells = STATE.map((column) => [
    column,
    isTime(column) && row[column] !== null ? instant(row[column]) : row[column],
  ]);
  return { ...Object.fromEntries(cells), isMissing: row.missing_since !== null };
}

function readTransition(row: StoredRow): Omit<Transition, 'event'> {
  return {
    sequence: Number(row.sequence),
    from: row.from_status === null ? null : String(row.from_status),
    to: String(row.to_status),
    at: instant(row.occurred_at),
    source: row.occurred_at_source === 'event' ? 'event' : 'inferred',
    eventId: Number(row.event_id),
  };
}

const textOf = ({ case_id, times_seen, isListed }: Pick<StoredRow, 'case_id' | 'times_seen' | 'isListed'>): string =>
  `${case_id}, seen ${times_seen} times, ${isListed ? 'listed' : 'resolved'}`;

const bySequence = (one: { sequence: number }, other: { sequence: number }) => one.sequence - other.sequence;

/** Cases are missing, and items rejected, as the lists say. */
export function stateDifferences(rows: StoredRows, facts: Facts): string[] {
  const found: string[] = [];
  for (const [accountId, { cases, rejected }] of facts) {
    const missing = [...cases].filter(([, { isMissing }]) => isMissing).map(([id]) => id);
    const own = rows.cases.filter((row) => row.account_id === accountId);
    const stored = own.filter((row) => row.missing_since !== null).map(({ id }) => String(id));
    compare(found, `missing cases of ${accountId}`, missing.toSorted(), stored.toSorted());
    compare(found, `cases of ${accountId}`, [...cases.keys()].toSorted(), own.map(({ id }) => String(id)).toSorted());
    const items = rows.rejected_items
      .filter((row) => row.account_id === accountId)
      .map(({ case_id, times_seen, resolved_at }) => textOf({ case_id, times_seen, isListed: resolved_at === null }));
    const expected = [...rejected.values()].map(textOf);
    compare(found, `rejected items of ${accountId}`, expected.toSorted(), items.toSorted());
  }
  return found;
}

/** Adds a line if the two differ. */
export function compare(found: string[], title: string, expected: unknown, got: unknown): void {
  if (isDeepStrictEqual(expected, got)) return;
  found.push(`${title}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`);
}
