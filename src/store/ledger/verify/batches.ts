import { exactTime } from '../../postgres/exact-time.ts';
import type { Transaction } from '../../postgres/pool.ts';
import { type Found, foundOf } from './history-tables.ts';

export type BrokenBatch = {
  problem: 'differs' | 'no batch' | 'no leaves';
  runId: string | null;
  recordedAt: string;
  part: string;
  /** Leaves as they were recorded, and as they are; null = there is no such batch, or no such leaf. */
  recordedCases: number | null;
  cases: number | null;
};

/** Batches of an account that do not fit their leaves. Receipts change nothing here: leaves stay when a case is erased. */
export async function brokenBatches(tx: Transaction, accountId: string, limit: number): Promise<Found<BrokenBatch>> {
  const rows = await tx.$queryRaw<(BrokenBatch & { total: number })[]>`
    with leaves as (
      select
        recorded_at,
        part,
        count(*)::integer as cases,
        sha256(string_agg(uuid_send(case_id) || digest, '' order by case_id)) as digest
      from cdd.case_digests
      where account_id = ${accountId}
      group by recorded_at, part
    ),
    batch as (
      select recorded_at, part, cases, digest, run_id
      from cdd.batch_digests
      where account_id = ${accountId}
    )
    select
      case when batch.part is null then 'no batch' when leaves.part is null then 'no leaves' else 'differs' end
        as problem,
      batch.run_id::text as "runId",
      ${exactTime('recorded_at')} as "recordedAt",
      part,
      batch.cases as "recordedCases",
      leaves.cases,
      (count(*) over ())::integer as total
    from batch
    full join leaves using (recorded_at, part)
    where (batch.digest, batch.cases) is distinct from (leaves.digest, leaves.cases)
    order by recorded_at, part
    limit ${limit}`;
  return foundOf(rows);
}

/** The run of a batch, and the number of its link; null while the run is not over. */
export type BatchRun = { runId: string; linkNumber: number | null };

/** The runs of batches, by their time and part as `brokenLeaves` writes them: `time part`. */
export async function runsOfBatches(
  tx: Transaction,
  accountId: string,
  times: readonly string[],
): Promise<ReadonlyMap<string, BatchRun>> {
  const rows = await tx.$queryRaw<(BatchRun & { recordedAt: string; part: string })[]>`
    select ${exactTime('batch.recorded_at')} as "recordedAt", batch.part, batch.run_id::text as "runId", link.number as "linkNumber"
    from cdd.batch_digests as batch
    left join cdd.digest_links as link on link.account_id = batch.account_id and link.run_id = batch.run_id
    where batch.account_id = ${accountId} and batch.recorded_at = any(${[...times]}::timestamptz[])`;
  return new Map(rows.map(({ recordedAt, part, ...run }) => [`${recordedAt} ${part}`, run]));
}
