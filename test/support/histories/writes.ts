// What a run may write. Each function returns a line per violation.
import { compare } from './claims.ts';
import type { ExpectedRun } from './expected-run.ts';
import { factsOf, HISTORY, type HistoryTable, instant, type StoredRow, type StoredRows } from './stored-rows.ts';

/** History only grows: a row that was there before may be closed, after everything known before, and nothing else. */
export function historyDifferences(before: StoredRows, after: StoredRows): string[] {
  const found: string[] = [];
  for (const table of tables) {
    const now = new Map(after[table].map((row) => [identityOf(row), row]));
    for (const row of before[table]) {
      const same = now.get(identityOf(row));
      const isClosed =
        same !== undefined && row.superseded_at === null && instant(same.superseded_at) > instant(before.now);
      const expected = isClosed ? { ...row, superseded_at: same.superseded_at } : row;
      compare(found, `a row of ${table} that was there before`, expected, same);
    }
  }
  return found;
}

/** A run that closes a fact and adds the same one has written something that had not changed. */
export function needlessWrites(before: StoredRows, after: StoredRows): string[] {
  return tables.flatMap((table) => {
    const since = instant(before.now);
    const closed = after[table].filter((row) => instant(row.superseded_at) > since);
    const added = new Set(
      after[table].filter((row) => instant(row.recorded_at) > since).map((row) => factsOf(table, row)),
    );
    return closed
      .map((row) => factsOf(table, row))
      .filter((facts) => added.has(facts))
      .map((facts) => `${table}: closed and added again without a change: ${facts}`);
  });
}

/** The account's newest run counts the transitions recorded in it; without the answer of the database it cannot. */
export function uncountedTransitions(before: StoredRows, after: StoredRows, accountId: string): string[] {
  const found: string[] = [];
  const run = after.runs.find((row) => row.account_id === accountId);
  const added = after.status_transitions.filter(({ recorded_at }) => instant(recorded_at) > instant(before.now));
  const hasCounted = run !== undefined && run.state !== 'running' && run.error_code !== 'DATABASE';
  if (hasCounted) compare(found, 'transitions_recorded', added.length, run.transitions_recorded);
  return found;
}

/** The rows of cases that a run had nothing to say about are physically the same. */
export function touchedCases(
  before: StoredRows,
  after: StoredRows,
  { accountId, run }: { accountId: string; run: ExpectedRun },
): string[] {
  const versions = new Map(before.cases.map((row) => [`${row.account_id} ${row.id}`, row.version]));
  return after.cases.flatMap((row) => {
    const mayChange = row.account_id === accountId && !run.untouched.has(String(row.id));
    const isSame = versions.get(`${row.account_id} ${row.id}`) === row.version;
    return mayChange || isSame ? [] : [`the row of ${row.account_id} ${row.id} was written without a reason`];
  });
}

const tables = Object.keys(HISTORY) as HistoryTable[];

const identityOf = ({ account_id, case_id, id, path, reason, revision, sequence, recorded_at }: StoredRow): string =>
  JSON.stringify([account_id, case_id, id, path, reason, revision, sequence, recorded_at]);
