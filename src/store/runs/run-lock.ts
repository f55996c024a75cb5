import { SyncError } from '../../model/sync-error.ts';
import type { RunContext } from '../cases/sql/batch-input.ts';
import { Prisma, type Transaction } from '../postgres/pool.ts';

type RunKey = Pick<RunContext, 'accountId' | 'runId'>;

/**
 * Locks the run's row until the transaction ends: no other worker can declare the run abandoned between this check and
 * the commit. The lock is shared, so batches of a run and its heartbeat do not wait for each other (decision 6).
 * Returns the time to record facts with: now, but never before the account's earlier runs. A clock that was set back
 * would otherwise make histories overlap.
 * @throws SyncError ABANDONED when the run is no longer running.
 */
export async function lockRun(tx: Transaction, run: RunKey): Promise<string> {
  const [running] = await tx.$queryRaw<{ recordedAt: string }[]>`
    select ${recordedAt(run)}
    ${lockedRun(run)}`;
  if (running === undefined) throw abandonedError(run.accountId);
  return running.recordedAt;
}

/**
 * Locks the run for a batch, and reads which of the batch's statuses are new and whether the account has rejected
 * items. One statement, because a small account waits for every round trip.
 *
 * The settings are for the batch's statement. The planner cannot know how many rows its parts have: with the defaults
 * it sorts whole documents to join them, or reads a whole table for a few cases. The documents of a batch take a few
 * megabytes, more than the default work_mem.
 * @throws SyncError ABANDONED when the run is no longer running.
 */
export async function beginBatch(
  tx: Transaction,
  run: RunKey,
  statuses: string[],
): Promise<{ recordedAt: string; newStatuses: string[]; hasRejected: boolean }> {
  const [running] = await tx.$queryRaw<{ recordedAt: string; newStatuses: string[]; hasRejected: boolean }[]>`
    select
      ${recordedAt(run)},
      array(
        select batch_status.status
        from unnest(${statuses}::text[]) with ordinality as batch_status (status, place)
        where not exists (select from cdd.case_statuses as known_status where known_status.status = batch_status.status)
        order by batch_status.place
      ) as "newStatuses",
      -- With "exists", Postgres may read the rejected items of all accounts.
      (
        select true
        from cdd.rejected_items
        where account_id = ${run.accountId} and resolved_at is null
        order by fingerprint
        limit 1
      ) is not null as "hasRejected",
      set_config('enable_mergejoin', 'off', true),
      set_config('enable_seqscan', 'off', true),
      set_config('work_mem', '32MB', true)
    ${lockedRun(run)}`;
  if (running === undefined) throw abandonedError(run.accountId);
  return running;
}

/** The error that ends a worker after another one has taken over its run. */
export function abandonedError(accountId: string): SyncError {
  return new SyncError(
    'ABANDONED',
    `${accountId}: another worker declared this run abandoned, because its heartbeat stood still; nothing more is written. The next run completes it.`,
  );
}

function lockedRun({ accountId, runId }: RunKey): Prisma.Sql {
  return Prisma.sql`
    from cdd.sync_runs
    where account_id = ${accountId} and id = ${runId}::uuid and state = 'running'
    for key share`;
}

function recordedAt({ accountId }: RunKey): Prisma.Sql {
  return Prisma.sql`
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
    )::text as "recordedAt"`;
}
