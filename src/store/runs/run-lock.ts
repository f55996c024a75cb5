import { SyncError } from '../../model/sync-error.ts';
import type { RunContext } from '../cases/sql/batch-input.ts';
import type { Transaction } from '../postgres/pool.ts';

/** `recordedAt` is a time as Postgres writes it; the others say whether the account has such rows that are current. */
type LockedRun = { recordedAt: string; hasRejected: boolean; hasProblems: boolean };

/**
 * Locks the run's row until the transaction ends: no other worker can declare the run abandoned between this check and
 * the commit. The lock is shared, so batches of a run and its heartbeat do not wait for each other (decision 6).
 * Returns the time to record facts with, and whether the account has rejected items or problems of cases. The time is now, but never before
 * the account's earlier runs: a clock that was set back would otherwise make histories overlap.
 *
 * The settings are for the statements of a batch. The planner cannot know how many rows their parts have: with the
 * defaults it sorts whole documents to join them, or reads a whole table for a few cases. The documents of a batch take
 * a few megabytes, more than the default work_mem.
 * @throws SyncError ABANDONED when the run is no longer running.
 */
export async function lockRun(
  tx: Transaction,
  { accountId, runId }: Pick<RunContext, 'accountId' | 'runId'>,
): Promise<LockedRun> {
  const [running] = await tx.$queryRaw<LockedRun[]>`
    select
      greatest(
        now(),
        (
          select max(greatest(recent_run.heartbeat_at, recent_run.finished_at))
          from (
            select heartbeat_at, finished_at
            from cdd.sync_runs
            where account_id = ${accountId}
            order by started_at desc
            limit 20
          ) as recent_run
        )
      )::text as "recordedAt",
      -- With "exists", Postgres may read the rejected items of all accounts.
      (
        select true
        from cdd.rejected_items
        where account_id = ${accountId} and resolved_at is null
        order by fingerprint
        limit 1
      ) is not null as "hasRejected",
      (
        select true
        from cdd.case_problems
        where account_id = ${accountId} and superseded_at is null
        order by case_id
        limit 1
      ) is not null as "hasProblems",
      set_config('enable_mergejoin', 'off', true),
      set_config('enable_seqscan', 'off', true),
      set_config('work_mem', '32MB', true)
    from cdd.sync_runs
    where account_id = ${accountId} and id = ${runId}::uuid and state = 'running'
    for key share`;
  if (running === undefined) throw abandonedError(accountId);
  return running;
}

/** The error that ends a worker after another one has taken over its run. */
export function abandonedError(accountId: string): SyncError {
  return new SyncError(
    'ABANDONED',
    `${accountId}: another worker declared this run abandoned, because its heartbeat stood still; nothing more is written. The next run completes it.`,
  );
}
