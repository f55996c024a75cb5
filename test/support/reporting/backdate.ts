import { withAdmin } from '../admin.ts';
import { formatInstant, type Instant, parseInstant } from '../reference/instant.ts';

/** Columns with times at which the worker did or recorded something. */
const RECORDING_TIMES: Record<string, readonly string[]> = {
  accounts: ['last_success_at', 'label_changed_at', 'first_read_at'],
  sync_runs: ['started_at', 'heartbeat_at', 'finished_at'],
  cases: ['first_seen_at', 'changed_at', 'missing_since', 'state_recorded_at'],
  superseded_case_states: ['recorded_at', 'superseded_at', 'missing_since'],
  case_revisions: ['recorded_at', 'superseded_at'],
  case_events: ['recorded_at', 'superseded_at'],
  status_transitions: ['recorded_at', 'superseded_at'],
  case_problems: ['recorded_at', 'superseded_at'],
  case_facts: ['recorded_at', 'superseded_at'],
  rejected_items: ['first_seen_at', 'last_seen_at', 'resolved_at'],
};

/**
 * Moves the recording times from `since` on back to `to`, so that a run of today becomes one of last month. Every case
 * and event must have a time of its own: a time inferred from its recording would not move along.
 */
export async function backdate(url: string, since: Instant, to: Instant): Promise<void> {
  await withAdmin(url, async (client) => {
    await client.query('begin');
    // JIT compilation of the update of cases takes 1.6 s, the update 20 ms.
    await client.query('set local jit = off');
    // Moving missing_since is no new knowledge of a case.
    await client.query('alter table cdd.cases disable trigger keep_case_state');
    for (const [table, columns] of Object.entries(RECORDING_TIMES)) {
      const isRecent = columns.map((column) => `${column} >= $1`).join(' or ');
      const moved = columns.map(
        (column) => `${column} = case when ${column} >= $1 then ${column} - ($1 - $2::timestamptz) else ${column} end`,
      );
      await client.query(`update cdd.${table} set ${moved.join(', ')} where ${isRecent}`, [
        formatInstant(since),
        formatInstant(to),
      ]);
    }
    await client.query('alter table cdd.cases enable trigger keep_case_state');
    // The triggers that note changes for the roll-ups do not expect recording times to change.
    await client.query('select cdd.rebuild_roll_ups(id)::text from cdd.accounts order by id');
    await client.query('commit');
  });
}

/** Reads the database's clock. */
export async function databaseClock(url: string): Promise<Instant> {
  const text = await withAdmin(url, async (client) => {
    const { rows } = await client.query<{ text: string }>(
      `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as text`,
    );
    return rows[0]?.text ?? '';
  });
  return parseInstant(text) ?? Number.NaN;
}
