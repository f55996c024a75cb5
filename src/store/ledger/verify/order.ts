import { exactTime } from '../../postgres/exact-time.ts';
import type { Transaction } from '../../postgres/pool.ts';
import { type Found, foundOf } from './history-tables.ts';

/** A run with a batch, or a receipt, that is dated before a batch of an earlier link. `number` is null for an open run. */
export type DatedBack = {
  kind: 'run' | 'receipts';
  number: number | null;
  runId: string | null;
  caseId: string | null;
  at: string;
};

/**
 * Batches and receipts that are not later than all batches of earlier links. The times of batches and receipts of an
 * account only grow (cdd.batch_slots), also if a clock was ahead. Without this check, rows of any date could be added
 * to a run that is not over, which then links them itself. A receipt may lie between two batches of a run.
 */
export async function datedBack(tx: Transaction, accountId: string, limit: number): Promise<Found<DatedBack>> {
  const rows = await tx.$queryRaw<(DatedBack & { total: number })[]>`
    with run_time as (
      select link.number, batch.run_id, min(batch.recorded_at) as first_at, max(batch.recorded_at) as last_at
      from cdd.batch_digests as batch
      left join cdd.digest_links as link on link.account_id = batch.account_id and link.run_id = batch.run_id
      where batch.account_id = ${accountId}
      group by link.number, batch.run_id
    ),
    dated as (
      select 'run' as kind, number, run_id, null::uuid as case_id, first_at as at, last_at
      from run_time
      union all
      select 'receipts', link_number, null, case_id, erased_at, null
      from cdd.erasures
      where account_id = ${accountId}
    ),
    followed as (
      select
        *,
        max(last_at) over (order by number nulls last groups between unbounded preceding and 1 preceding) as last_before
      from dated
    )
    select
      kind,
      number,
      run_id::text as "runId",
      case_id::text as "caseId",
      ${exactTime('at')} as at,
      (count(*) over ())::integer as total
    from followed
    where at <= last_before
    order by followed.at, number
    limit ${limit}`;
  return foundOf(rows);
}
