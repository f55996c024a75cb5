// The time of an erasure, a reduction, a hold or a release on the axis of recorded_at. Without a run,
// reporting.known_until() is now: an incremental reader that read while such a change was not committed would have passed its
// time. So that time lies a little ahead, and the transaction must end before it comes.
import { SyncError } from '../../model/sync-error.ts';
import type { Transaction } from '../postgres/pool.ts';
import { onlyRow } from '../postgres/query.ts';

const AHEAD = '2 seconds';

/**
 * The time to record the change with: two seconds ahead, and later than everything recorded before. Moves a slot of the
 * account (cdd.batch_slots) to it. Call it as late as possible, in a transaction of `betweenBatches`, and
 * `requireTimeAhead` at the end.
 */
export async function takeTimeAhead(tx: Transaction, accountId: string): Promise<string> {
  // Only one such change of all accounts at a time, from here to the commit: of two changes, the one with the earlier time
  // could commit last, and would fail. A row lock, because any login can hold an advisory lock.
  await tx.$queryRaw`select from cdd.report_settings for no key update`;
  const rows = await tx.$queryRaw<{ recordedAt: string }[]>`
    insert into cdd.batch_slots as existing_slot (account_id, slot, recorded_at)
    select
      ${accountId},
      1,
      greatest(clock_timestamp() + ${AHEAD}::interval, max(recorded_at) + interval '1 microsecond')
    from cdd.batch_slots
    on conflict (account_id, slot) do update
    set recorded_at = greatest(excluded.recorded_at, existing_slot.recorded_at + interval '1 microsecond')
    returning recorded_at::text as "recordedAt"`;
  return onlyRow(rows).recordedAt;
}

/**
 * The last statement before the commit.
 * @throws SyncError DATABASE when the time has come, or a batch of another account was recorded with it or later.
 */
export async function requireTimeAhead(tx: Transaction, accountId: string, recordedAt: string): Promise<void> {
  const rows = await tx.$queryRaw<{ isAhead: boolean }[]>`
    select
      clock_timestamp() < ${recordedAt}::timestamptz
      and not exists (
        select
        from cdd.batch_slots
        where account_id <> ${accountId} and recorded_at >= ${recordedAt}::timestamptz
      ) as "isAhead"`;
  if (onlyRow(rows).isAhead) return;
  const message = `${accountId}: the database was too slow, nothing was changed. Try again.`;
  throw new SyncError('DATABASE', message, { retryable: true });
}
