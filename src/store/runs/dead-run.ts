import { SyncError } from '../../model/sync-error.ts';
import { isLockTimeout } from '../postgres/errors.ts';
import type { Database } from '../postgres/pool.ts';

const ABANDONED_MESSAGE =
  'The worker of this run gave no sign of life for longer than the lease; it was killed, or lost the database. What it saved stays, the next run completes it.';

/** A take-over that waits longer is tried again later: the caller must not be held up by a lost host. */
const TAKE_OVER_WAIT_MS = 2_000;

/**
 * Declares the account's run abandoned if its last heartbeat is older than the lease. True if there was such a run: its
 * account is free then, and the next run completes the work. Waits for a batch that the dead run is committing, because
 * a batch locks the row of its run (run-lock.ts).
 * @throws SyncError DATABASE when that lock is not released within two seconds.
 */
export async function abandonDeadRun(database: Database, accountId: string, leaseMs: number): Promise<boolean> {
  try {
    const abandoned = await database.transact(
      (tx) => tx.$executeRaw`
        update cdd.sync_runs
        set
          state = 'abandoned',
          finished_at = greatest(now(), started_at),
          error_code = 'ABANDONED',
          error_message = ${ABANDONED_MESSAGE}
        where account_id = ${accountId}
          and state = 'running'
          and heartbeat_at < now() - ${leaseMs} * interval '1 millisecond'`,
      { lockTimeoutMs: TAKE_OVER_WAIT_MS },
    );
    return abandoned > 0;
  } catch (error) {
    throw isLockTimeout(error) ? stillLockedError(accountId) : error;
  }
}

function stillLockedError(accountId: string): SyncError {
  const message = `${accountId}: the last run gave no sign of life for longer than the lease, but its database session still holds a lock. Postgres ends a lost session within half a minute; the account is tried again after that.`;
  return new SyncError('DATABASE', message, { retryable: true });
}
