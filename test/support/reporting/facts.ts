// What only the database can know, read from the worker's own tables.

import type { Reading } from './reading.ts';
import type { Run } from './reference/freshness.ts';
import type { Instant } from './reference/instant.ts';
import type { Row } from './reference/row.ts';

/** Names a case of an account. */
export function keyOf({ accountId, caseId }: { accountId: string; caseId: string }): string {
  return `${accountId} ${caseId}`;
}

export type Facts = {
  firstSeenAt: ReadonlyMap<string, Instant>;
  missingSince: ReadonlyMap<string, Instant>;
  /** By case and event id: when its present content was recorded, and when it was there first. */
  eventRecorded: ReadonlyMap<string, Instant>;
  eventFirstRecorded: ReadonlyMap<string, Instant>;
  /** By case and sequence, of the transitions that hold now. */
  transitionRecorded: ReadonlyMap<string, Instant>;
  lastSuccessAt: ReadonlyMap<string, Instant>;
  runs: Run[];
};

export async function factsOf(reading: Reading): Promise<Facts> {
  const { rows } = reading;
  const name = `account_id || ' ' || case_id`;
  return {
    firstSeenAt: byName(await rows(`select account_id || ' ' || id as name, first_seen_at as at from cdd.cases`)),
    missingSince: await missingSinceBy(reading),
    eventRecorded: byName(
      await rows(
        `select ${name} || ' ' || id as name, recorded_at as at from cdd.case_events where superseded_at is null`,
      ),
    ),
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
    lastSuccessAt: byName(
      await rows(`select id as name, last_success_at as at from cdd.accounts where last_success_at is not null`),
    ),
    runs: (await rows('select * from cdd.sync_runs')).map(runOf),
  };
}

export async function missingSinceBy({ rows }: Reading): Promise<Map<string, Instant>> {
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
