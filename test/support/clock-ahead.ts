import { type Database, Prisma } from '../../src/store/postgres/pool.ts';

/** Every column with a time that the database's clock gave. */
const CLOCK_TIMES: Readonly<Record<string, readonly string[]>> = {
  accounts: [
    'last_success_at',
    'next_try_at',
    'nudged_at',
    'next_due_at',
    'stale_at',
    'label_changed_at',
    'first_read_at',
  ],
  sync_runs: ['started_at', 'heartbeat_at', 'finished_at'],
  batch_slots: ['recorded_at'],
  cases: ['first_seen_at', 'changed_at', 'missing_since', 'state_recorded_at'],
  superseded_case_states: ['recorded_at', 'superseded_at', 'missing_since'],
  case_revisions: ['recorded_at', 'superseded_at'],
  event_revisions: ['recorded_at', 'superseded_at'],
  status_transitions: ['recorded_at', 'superseded_at'],
  case_problems: ['recorded_at', 'superseded_at'],
  rejected_items: ['first_seen_at', 'last_seen_at', 'resolved_at'],
  webhook_deliveries: ['received_at'],
  api_holds: ['started_at', 'open_at'],
  account_holds: ['started_at', 'open_at'],
  transition_pairs: ['made_at'],
  report_changes: ['noted_at'],
};

/**
 * Moves every stored time, or those of some tables, an hour ahead: the database as it is when its clock was an hour ahead
 * until a moment ago. No test can set the clock of a server that it shares.
 */
export async function makeClockHaveBeenAhead(database: Database, tables = Object.keys(CLOCK_TIMES)): Promise<void> {
  await database.transact(async (tx) => {
    // Moving missing_since is no new knowledge of a case.
    await tx.$executeRaw`alter table cdd.cases disable trigger keep_case_state`;
    for (const table of tables) {
      const changes = (CLOCK_TIMES[table] ?? []).map((column) => `${column} = ${column} + interval '1 hour'`);
      await tx.$executeRaw(Prisma.raw(`update cdd.${table} set ${changes.join(', ')}`));
    }
    await tx.$executeRaw`alter table cdd.cases enable trigger keep_case_state`;
  });
}
