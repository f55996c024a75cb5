import { SyncError } from '../../model/sync-error.ts';
import { BATCHES_AT_ONCE } from '../../sync/batcher.ts';
import type { RunContext } from '../cases/sql/batch-input.ts';
import { Prisma, type Transaction } from '../postgres/pool.ts';

/**
 * `recordedAt` is a time as Postgres writes it; the others say whether the account has such rows that are current, and
 * whether facts are configured.
 */
type LockedRun = { recordedAt: string; hasRejected: boolean; hasProblems: boolean; hasFacts: boolean };

/**
 * Settings for the statements of a batch. The planner cannot know how many rows their parts have: with the defaults it
 * sorts whole documents to join them, or reads a whole table for a few cases. The documents of a batch take a few
 * megabytes, more than the default work_mem.
 */
export const BATCH_SETTINGS = { enable_mergejoin: 'off', enable_seqscan: 'off', work_mem: '32MB' };

const setBatchSettings = Prisma.join(
  Object.entries(BATCH_SETTINGS).map(([name, value]) => Prisma.sql`set_config(${name}, ${value}, true)`),
);

/**
 * Locks the run's row until the transaction ends: no other worker can declare the run abandoned between this check and
 * the commit. The lock is shared, so batches of a run and its heartbeat do not wait for each other (decision 6).
 * Returns the time to record facts with, and whether the account has rejected items or problems of cases. The time is
 * now, but later than everything recorded before: a clock that was ahead once, or was set back, must not make histories
 * overlap. It is stored in a free slot, which stays locked too: see cdd.batch_slots.
 * Also makes the settings of a batch.
 * @throws SyncError ABANDONED when the run is no longer running.
 */
export async function lockRun(
  tx: Transaction,
  { accountId, runId }: Pick<RunContext, 'accountId' | 'runId'>,
): Promise<LockedRun> {
  const [running] = await tx.$queryRaw<LockedRun[]>`
    with locked_run as (
      select account_id
      from cdd.sync_runs
      where account_id = ${accountId} and id = ${runId}::uuid and state = 'running'
      for key share
    ),
    free_slot as (
      select account_id, slot, recorded_at
      from cdd.batch_slots
      where account_id = ${accountId}
      order by slot
      limit 1
      for update skip locked
    ),
    -- A heartbeat may hold all slots for a moment.
    next_slot as (
      select account_id, slot, recorded_at
      from cdd.batch_slots
      where account_id = ${accountId} and not exists (select from free_slot)
      order by slot
      limit 1
      for update
    ),
    taken_slot as (
      update cdd.batch_slots as taken
      -- Two batches that begin at once see the same latest time. Modulo the number of slots, the microseconds of a batch
      -- are its slot: no two batches of an account have one time. It is not later than now, unless it must be: an event
      -- without a time gets this one, and would count as one of the future.
      set recorded_at = case
        when wanted.at - wanted.excess >= wanted.earliest then wanted.at - wanted.excess
        else wanted.at - wanted.excess + ${BATCHES_AT_ONCE} * interval '1 microsecond'
      end
      from (
        select
          account_id,
          slot,
          earliest,
          at,
          mod(cdd.epoch_micros(at) - slot, ${BATCHES_AT_ONCE}::bigint) * interval '1 microsecond' as excess
        from (
          select account_id, slot, earliest, greatest(now(), earliest) as at
          from (
            select
              account_id,
              slot,
              greatest(recorded_at, (select max(recorded_at) from cdd.batch_slots)) + interval '1 microsecond'
                as earliest
            from (
              select * from free_slot
              union all
              select * from next_slot
            ) as chosen
          ) as bounded
        ) as timed
      ) as wanted
      where taken.account_id = wanted.account_id and taken.slot = wanted.slot
      returning taken.account_id, taken.recorded_at
    )
    select
      taken_slot.recorded_at::text as "recordedAt",
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
      -- The lock of the table makes a change of the facts wait for this batch, also while there is no row.
      (select true from cdd.configured_facts limit 1 for key share) is not null as "hasFacts",
      -- For trigger keep_case_state.
      set_config('cdd.recorded_at', taken_slot.recorded_at::text, true),
      ${setBatchSettings}
    from locked_run
    join taken_slot on taken_slot.account_id = locked_run.account_id`;
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
