import { SyncError } from '../../model/sync-error.ts';
import { isLockTimeout } from '../postgres/errors.ts';
import type { Database, Transaction } from '../postgres/pool.ts';

const LOCK_TIMEOUT_MS = 10_000;
/** A run is opened between the two locks at most once in a while. */
const MAX_ATTEMPTS = 20;

/**
 * Does the work in a transaction while no batch of the account is open and no run of it can be opened, with the rows of
 * these cases locked. The next batch waits, and sees the changes of the work: each batch locks its run's row in its first
 * statement (run-lock.ts).
 * @throws SyncError DATABASE when a lock is not there within ten seconds; then nothing was changed.
 */
export async function betweenBatches<T>(
  database: Database,
  accountId: string,
  work: (tx: Transaction) => Promise<T>,
  { caseIds = [] }: { caseIds?: readonly string[] } = {},
): Promise<T> {
  try {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const done = await database.transact(
        async (tx) => ((await lockOutBatches(tx, { accountId, caseIds })) ? { result: await work(tx) } : null),
        { lockTimeoutMs: LOCK_TIMEOUT_MS },
      );
      if (done !== null) return done.result;
    }
  } catch (error) {
    throw isLockTimeout(error) ? lockedError(accountId) : error;
  }
  throw lockedError(accountId);
}

/**
 * Locks the running run, then the cases, then the account, which keeps new runs waiting by their foreign key. Closing a run
 * locks them in the same order, and a hold the cases and the account. False if a run was opened meanwhile: its row must be
 * locked first.
 */
async function lockOutBatches(
  tx: Transaction,
  { accountId, caseIds }: { accountId: string; caseIds: readonly string[] },
): Promise<boolean> {
  const locked = await tx.$queryRaw<{ id: string }[]>`
    select id::text as id
    from cdd.sync_runs
    where account_id = ${accountId} and state = 'running'
    for update`;
  await tx.$queryRaw`
    select
    from cdd.cases
    where account_id = ${accountId} and id = any(${[...caseIds]}::uuid[])
    order by id
    for update`;
  await tx.$queryRaw`select from cdd.accounts where id = ${accountId} for update`;
  const running = await tx.$queryRaw<{ id: string }[]>`
    select id::text as id
    from cdd.sync_runs
    where account_id = ${accountId} and state = 'running'`;
  return running.every(({ id }) => locked.some((run) => run.id === id));
}

const MAX_RETRIES = 2;

/** Does the work again if a lock was not there in time: a batch of a run may be open for longer. */
export async function retryLocked<T>(work: () => Promise<T>): Promise<T> {
  for (let retries = 0; ; retries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SyncError) || !error.retryable || retries === MAX_RETRIES) throw error;
    }
  }
}

function lockedError(accountId: string): SyncError {
  const message = `${accountId}: its run is saving cases, or another command has locked it; nothing was changed. Try again.`;
  return new SyncError('DATABASE', message, { retryable: true });
}
