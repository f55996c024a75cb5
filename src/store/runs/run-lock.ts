import { SyncError } from '../../model/sync-error.ts';
import type { RunContext } from '../cases/sql/batch-input.ts';
import { Prisma, type Transaction } from '../postgres/pool.ts';

type Fenced = Pick<RunContext, 'accountId' | 'runId'>;

/**
 * Holds the run's row until the transaction ends, so that nobody can declare the run abandoned between this check and
 * the commit. Batches side by side and the heartbeat do not wait for each other: see docs/decisions.md, 6.
 * Gives the instant to record facts with: now, but not before the runs of before, should the clock have stepped back;
 * history would overlap.
 * @throws SyncError ABANDONED when the run is no longer running.
 */
export async function fence(tx: Transaction, run: Fenced): Promise<string> {
  const [running] = await tx.$queryRaw<{ recordedAt: string }[]>`
    select ${recordedAt(run)}
    ${runningRow(run)}`;
  if (running === undefined) throw abandoned(run.accountId);
  return running.recordedAt;
}

/**
 * The fence of a batch, and what the batch has to know: which of these statuses nobody has seen before, and whether the
 * account has rejected items. In one statement, because small accounts are many, and wait for each.
 *
 * Postgres prices the statements of a batch by rows it cannot know: it would sort whole documents to join them, or read a
 * whole table for a few cases of it. The documents are a few megabytes, too many for the memory that it takes by default.
 */
export async function beginBatch(
  tx: Transaction,
  run: Fenced,
  statuses: string[],
): Promise<{ recordedAt: string; newStatuses: string[]; hasRejected: boolean }> {
  const [running] = await tx.$queryRaw<{ recordedAt: string; newStatuses: string[]; hasRejected: boolean }[]>`
    select
      ${recordedAt(run)},
      array(
        select seen.status
        from unnest(${statuses}::text[]) with ordinality as seen (status, place)
        where not exists (select from cdd.case_statuses as held where held.status = seen.status)
        order by seen.place
      ) as "newStatuses",
      -- Not "exists", for which Postgres may read everybody's.
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
    ${runningRow(run)}`;
  if (running === undefined) throw abandoned(run.accountId);
  return running;
}

/** What a worker ends with whose run is no longer its own. */
export function abandoned(accountId: string): SyncError {
  return new SyncError(
    'ABANDONED',
    `${accountId}: another worker declared this run abandoned, because its heartbeat stood still; nothing more is written. The next run completes it.`,
  );
}

function runningRow({ accountId, runId }: Fenced): Prisma.Sql {
  return Prisma.sql`
    from cdd.sync_runs
    where account_id = ${accountId} and id = ${runId}::uuid and state = 'running'
    for key share`;
}

function recordedAt({ accountId }: Fenced): Prisma.Sql {
  return Prisma.sql`
    greatest(
      now(),
      (
        select max(greatest(earlier.heartbeat_at, earlier.finished_at))
        from (
          select heartbeat_at, finished_at
          from cdd.sync_runs
          where account_id = ${accountId}
          order by started_at desc
          limit 20
        ) as earlier
      )
    )::text as "recordedAt"`;
}
