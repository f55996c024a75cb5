// Facts that no document has, read from the worker's own tables.

import type { Recording } from '../reference/case-versions.ts';
import type { Run } from '../reference/freshness.ts';
import type { Instant } from '../reference/instant.ts';
import type { Row } from '../reference/row.ts';
import type { ReadTransaction } from './read-transaction.ts';

/** Names a case across accounts. */
export function caseKey({ accountId, caseId }: { accountId: string; caseId: string }): string {
  return `${accountId} ${caseId}`;
}

export type DatabaseFacts = {
  firstSeenAt: ReadonlyMap<string, Instant>;
  missingSince: ReadonlyMap<string, Instant>;
  /** By case and event id: when its current content was recorded. */
  eventRecorded: ReadonlyMap<string, Instant>;
  /** By case and event id: when the event was recorded for the first time. */
  eventFirstRecorded: ReadonlyMap<string, Instant>;
  /** By case and sequence: when the current transition was recorded. */
  transitionRecorded: ReadonlyMap<string, Instant>;
  /** By case: when something of it was recorded, in order. */
  recordings: ReadonlyMap<string, Recording[]>;
  lastSuccessAt: ReadonlyMap<string, Instant>;
  /** When accounts without a success were added or enabled again. */
  addedAt: ReadonlyMap<string, Instant>;
  runs: Run[];
};

/** Reads all facts that the reference needs. */
export async function readDatabaseFacts(transaction: ReadTransaction): Promise<DatabaseFacts> {
  const { rows } = transaction;
  const name = `account_id || ' ' || case_id`;
  return {
    firstSeenAt: byName(await rows(`select account_id || ' ' || id as name, first_seen_at as at from cdd.cases`)),
    missingSince: await readMissingSince(transaction),
    eventRecorded: byName(
      await rows(
        `select ${name} || ' ' || id as name, recorded_at as at from cdd.case_events where superseded_at is null`,
      ),
    ),
    /** By case and event id: when the event was recorded for the first time. */
    eventFirstRecorded: byName(
      await rows(`select ${name} || ' ' || id as name, min(recorded_at) as at from cdd.case_events group by 1`),
    ),
    transitionRecorded: byName(
      await rows(
        `select ${name} || ' ' || sequence as name, recorded_at as at
         from cdd.status_transitions
         where superseded_at is null`,
      ),
    ),
    recordings: await readRecordings(transaction),
    lastSuccessAt: byName(
      await rows(`select id as name, last_success_at as at from cdd.accounts where last_success_at is not null`),
    ),
    addedAt: byName(await rows(`select id as name, next_due_at as at from cdd.accounts where last_success_at is null`)),
    runs: (await rows('select * from cdd.sync_runs')).map(runOf),
  };
}

/** Reads when rows of cases were recorded or closed; a revision is there only where the document became another one. */
async function readRecordings({ rows }: ReadTransaction): Promise<Map<string, Recording[]>> {
  const recorded = await rows(`
    select account_id || ' ' || case_id as name, at, max(run_id::text) as run_id, max(revision) as revision
    from (
      select account_id, case_id, recorded_at as at, run_id, revision from cdd.case_revisions
      union all
      select account_id, case_id, recorded_at, run_id, null from cdd.event_revisions
      union all
      select account_id, case_id, superseded_at, null, null from cdd.event_revisions
      union all
      select account_id, case_id, recorded_at, run_id, null from cdd.status_transitions
      union all
      select account_id, case_id, superseded_at, null, null from cdd.status_transitions
      union all
      select account_id, case_id, recorded_at, run_id, null from cdd.case_problems
      union all
      select account_id, case_id, superseded_at, null, null from cdd.case_problems
    ) as recording
    where at is not null
    group by account_id, case_id, at
    order by at`);
  const entries = recorded.map(({ name, at, run_id, revision }) => ({
    name: String(name),
    at: Number(at),
    runId: typeof run_id === 'string' ? run_id : null,
    revision: typeof revision === 'number' ? revision : null,
  }));
  return Map.groupBy(entries, ({ name }) => name);
}

/** Reads since when cases are missing, by case. */
export async function readMissingSince({ rows }: ReadTransaction): Promise<Map<string, Instant>> {
  return byName(
    await rows(
      `select account_id || ' ' || id as name, missing_since as at from cdd.cases where missing_since is not null`,
    ),
  );
}

function byName(rows: Row[]): Map<string, Instant> {
  return new Map(rows.map(({ name, at }) => [String(name), Number(at)]));
}

function runOf(row: Row): Run {
  const { account_id, state, started_at, finished_at, error_code } = row;
  return {
    ...row,
    account_id: String(account_id),
    state: String(state),
    started_at: Number(started_at),
    finished_at: typeof finished_at === 'number' ? finished_at : null,
    error_code: typeof error_code === 'string' ? error_code : null,
  };
}
