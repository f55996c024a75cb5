import { withAdmin } from '../admin.ts';
import { type Instant, instantOf, writtenOf } from './reference/instant.ts';

/** The columns that say when the worker did or learned something. */
const WHEN: Record<string, readonly string[]> = {
  accounts: ['last_success_at'],
  sync_runs: ['started_at', 'heartbeat_at', 'finished_at'],
  cases: ['first_seen_at', 'changed_at', 'missing_since'],
  case_revisions: ['recorded_at', 'superseded_at'],
  case_events: ['recorded_at', 'superseded_at'],
  status_transitions: ['recorded_at', 'superseded_at'],
  rejected_items: ['first_seen_at', 'last_seen_at', 'resolved_at'],
};

/**
 * Makes what was recorded from `since` on have been recorded then: a run of today becomes one of last month. Nothing
 * may be in the past that has its time from its recording.
 */
export async function backdate(url: string, since: Instant, to: Instant): Promise<void> {
  await withAdmin(url, async (client) => {
    await client.query('begin');
    // Postgres would compile the update of cases for 1.6 s, to run for 20 ms.
    await client.query('set local jit = off');
    for (const [table, columns] of Object.entries(WHEN)) {
      const isRecent = columns.map((column) => `${column} >= $1`).join(' or ');
      const moved = columns.map(
        (column) => `${column} = case when ${column} >= $1 then ${column} - ($1 - $2::timestamptz) else ${column} end`,
      );
      await client.query(`update cdd.${table} set ${moved.join(', ')} where ${isRecent}`, [
        writtenOf(since),
        writtenOf(to),
      ]);
    }
    // Of this no run can know.
    await client.query('select cdd.rebuild_roll_ups(id)::text from cdd.accounts order by id');
    await client.query('commit');
  });
}

/** The database's clock. */
export async function clockOf(url: string): Promise<Instant> {
  const text = await withAdmin(url, async (client) => {
    const { rows } = await client.query<{ text: string }>(
      `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as text`,
    );
    return rows[0]?.text ?? '';
  });
  return instantOf(text) ?? Number.NaN;
}
