import { SyncError } from '../../model/sync-error.ts';
import { isLockTimeout } from '../postgres/errors.ts';
import { type Database, Prisma } from '../postgres/pool.ts';

const ABANDONED_MESSAGE =
  'The worker of this run gave no sign of life for longer than the lease; it was killed, or lost the database. What it saved stays, the next run completes it.';

/** A take-over that waits longer is tried again later: the caller must not be held up by a lost host. */
const TAKE_OVER_WAIT_MS = 2_000;

/**
 * Declares the account's run abandoned if its last heartbeat is older than the lease, and adds the link of its batches
 * to the digest chain. True if there was such a run: its account is free then, and the next run completes the work.
 * Waits for a batch that the dead run is committing, because a batch locks the row of its run (run-lock.ts).
 * @throws SyncError DATABASE when that lock is not released within two seconds.
 */
export async function abandonDeadRun(database: Database, accountId: string, leaseMs: number): Promise<boolean> {
  try {
    const count = await database.transact(
      (tx) => tx.$executeRaw`
        update cdd.sync_runs
        set ${asAbandoned}
        where account_id = ${accountId} and ${isDead(leaseMs)}
        returning cdd.link_run(account_id, id)`,
      { lockTimeoutMs: TAKE_OVER_WAIT_MS },
    );
    return count > 0;
  } catch (error) {
    throw isLockTimeout(error) ? stillLockedError(accountId) : error;
  }
}

/**
 * A CTE that declares the dead runs of all other accounts abandoned, unless they or their accounts are locked. They may
 * belong to accounts that are disabled by now, and `reporting.known_until()` waits for every running run.
 */
export function abandonOtherDeadRuns(accountId: string, leaseMs: number): Prisma.Sql {
  return Prisma.sql`
    abandoned_runs as (
      update cdd.sync_runs as dead_run
      set ${asAbandoned}
      from (
        select run.account_id, run.id
        from cdd.sync_runs as run
        join cdd.accounts as account on account.id = run.account_id
        where run.account_id <> ${accountId} and ${isDead(leaseMs)}
        -- link_run locks the account.
        for update of run skip locked
        for no key update of account skip locked
      ) as found
      where dead_run.account_id = found.account_id and dead_run.id = found.id
      returning cdd.link_run(dead_run.account_id, dead_run.id)
    )`;
}

/**
 * A heartbeat far in the future is void: the clock was ahead then. If its worker lives, the next heartbeat corrects it.
 */
function isDead(leaseMs: number): Prisma.Sql {
  const lease = Prisma.sql`${leaseMs} * interval '1 millisecond'`;
  return Prisma.sql`state = 'running' and not heartbeat_at between now() - ${lease} and now() + ${lease}`;
}

const asAbandoned = Prisma.sql`
  state = 'abandoned',
  started_at = least(started_at, now()),
  heartbeat_at = least(heartbeat_at, now()),
  finished_at = now(),
  error_code = 'ABANDONED',
  error_message = ${ABANDONED_MESSAGE}`;

function stillLockedError(accountId: string): SyncError {
  const message = `${accountId}: the last run gave no sign of life for longer than the lease, but its database session still holds a lock. Postgres ends a lost session within half a minute; the account is tried again after that.`;
  return new SyncError('DATABASE', message, { retryable: true });
}
