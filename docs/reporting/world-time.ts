// The database behind docs/reporting.md lives in the sandbox's time. Otherwise every generated page would differ, and
// "as known on 1 November" would be a time before the first run.
import type pg from 'pg';
import type { Database } from '../../src/store/postgres/pool.ts';

const TIME_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  accounts: ['last_success_at', 'label_changed_at', 'first_read_at'],
  sync_runs: ['started_at', 'heartbeat_at', 'finished_at'],
  batch_slots: ['recorded_at'],
  cases: ['first_seen_at', 'changed_at', 'missing_since', 'state_recorded_at'],
  superseded_case_states: ['recorded_at', 'superseded_at', 'missing_since'],
  case_revisions: ['recorded_at', 'superseded_at'],
  case_events: ['recorded_at', 'superseded_at'],
  status_transitions: ['recorded_at', 'superseded_at'],
  case_problems: ['recorded_at', 'superseded_at'],
  case_facts: ['recorded_at', 'superseded_at'],
};

/** Moves every knowledge time after `at` to `at`. The sandbox's time lies in the past, so these are the newest facts. */
export async function toWorldTime(database: Database, at: string): Promise<void> {
  // Moving missing_since is no new knowledge of a case.
  await database.$executeRaw`alter table cdd.cases disable trigger keep_case_state`;
  for (const [table, columns] of Object.entries(TIME_COLUMNS)) {
    const changes = columns.map(
      (column) => `${column} = case when ${column} > '${at}' then '${at}' else ${column} end`,
    );
    const later = columns.map((column) => `${column} > '${at}'`);
    await database.$executeRawUnsafe(`update cdd.${table} set ${changes.join(', ')} where ${later.join(' or ')}`);
  }
  await database.$executeRaw`alter table cdd.cases enable trigger keep_case_state`;
}

/**
 * Stops the clock of the reports: the views of both schemas and the functions of reporting are created again with a
 * `now()` that is constant. Queries see the same clock after `set search_path to stopped_clock, pg_catalog`.
 */
export async function stopClock(admin: pg.Client, at: string): Promise<void> {
  const { rows } = await admin.query<{ remake: string }>(`
    select format(
      'create or replace view %s %s as %s',
      oid::regclass, 'with (' || array_to_string(reloptions, ', ') || ')', pg_get_viewdef(oid)
    ) as remake
    from pg_class
    where relnamespace in ('cdd'::regnamespace, 'reporting'::regnamespace) and relkind = 'v'
    union all
    select pg_get_functiondef(oid)
    from pg_proc
    where pronamespace = 'reporting'::regnamespace`);
  await admin.query(`
    create schema stopped_clock;
    grant usage on schema stopped_clock to public;
    create function stopped_clock.now() returns timestamptz language sql stable parallel safe
      as $$ select timestamptz '${at}' $$;
    set search_path to stopped_clock, pg_catalog`);
  for (const { remake } of rows) await admin.query(remake);
  await admin.query('reset search_path');
}
