import type { Database } from '../postgres/pool.ts';

const ABANDONED_MESSAGE =
  'The worker of this run gave no sign of life for longer than the lease; it was killed, or lost the database. What it saved stays, the next run completes it.';

/**
 * Declares the account's run abandoned if its last heartbeat is older than the lease. True if there was such a run: its
 * account is free then, and the next run completes the work. Waits for a batch that the dead run is committing, because
 * a batch locks the row of its run (run-lock.ts).
 */
export async function abandonDeadRun(database: Database, accountId: string, leaseMs: number): Promise<boolean> {
  const abandoned = await database.$executeRaw`
    update cdd.sync_runs
    set
      state = 'abandoned',
      finished_at = greatest(now(), started_at),
      error_code = 'ABANDONED',
      error_message = ${ABANDONED_MESSAGE}
    where account_id = ${accountId}
      and state = 'running'
      and heartbeat_at < now() - ${leaseMs} * interval '1 millisecond'`;
  return abandoned > 0;
}
