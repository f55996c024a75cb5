// The time of an erasure on the axis of recorded_at. Without a run, reporting.known_until() is now: an incremental reader
// that read while the erasure was not committed would have passed its time. So that time lies a little ahead, and the
// transaction must end before it comes.
import { SyncError } from '../../../model/sync-error.ts';
import type { Transaction } from '../../postgres/pool.ts';
import { onlyRow } from '../../postgres/query.ts';

const AHEAD = '2 seconds';

/**
 * The time to record an erasure with: two seconds ahead, and later than everything recorded before. Moves a slot of the
 * account (cdd.batch_slots) to it. Call it as late as possible, in a transaction of `betweenBatches`, and
 * `checkErasureTime` at the end.
 */
export async function takeErasureTime(tx: Transaction, accountId: string): Promise<string> {
  // One erasure of all accounts at a time, from here to the commit: of two, that with the earlier time could commit last,
  // and would fail. A row lock, because any login can hold an advisory lock.
  await tx.$queryRaw`select from cdd.report_settings for no key update`;
  const rows = await tx.$queryRaw<{ erasedAt: string }[]>`
    insert into cdd.batch_slots as existing_slot (account_id, slot, recorded_at)
    select
      ${accountId},
      1,
      greatest(clock_timestamp() + ${AHEAD}::interval, max(recorded_at) + interval '1 microsecond')
    from cdd.batch_slots
    on conflict (account_id, slot) do update
    set recorded_at = greatest(excluded.recorded_at, existing_slot.recorded_at + interval '1 microsecond')
    returning recorded_at::text as "erasedAt"`;
  return onlyRow(rows).erasedAt;
}

/**
 * The last statement before the commit.
 * @throws SyncError DATABASE when the time has come, or a batch of another account was recorded with it or later.
 */
export async function checkErasureTime(tx: Transaction, accountId: string, erasedAt: string): Promise<void> {
  const rows = await tx.$queryRaw<{ isAhead: boolean }[]>`
    select
      clock_timestamp() < ${erasedAt}::timestamptz
      and not exists (
        select
        from cdd.batch_slots
        where account_id <> ${accountId} and recorded_at >= ${erasedAt}::timestamptz
      ) as "isAhead"`;
  if (onlyRow(rows).isAhead) return;
  const message = `${accountId}: the database was too slow, nothing was changed. Try again.`;
  throw new SyncError('DATABASE', message, { retryable: true });
}
