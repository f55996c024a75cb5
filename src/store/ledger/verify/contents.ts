import { exactTime } from '../../postgres/exact-time.ts';
import { Prisma, type Transaction } from '../../postgres/pool.ts';
import { type Found, foundOf } from './history-tables.ts';

export type BrokenContent = {
  /** `no link`: there are batches of a run, or a hold, and no link of them; `no rows`: the other way round. */
  problem: 'differs' | 'no rows' | 'no link';
  kind: 'begin' | 'run' | 'receipts' | 'hold';
  number: number | null;
  runId: string | null;
  /** Time of the first batch, receipt or hold; null = there is none. */
  at: string | null;
  /** The case of the hold, or of the first receipt. */
  caseId: string | null;
};

/** Batches of a run that is not over yet: its link is made when it ends. */
export async function countUnlinkedBatches(tx: Transaction, accountId: string): Promise<number> {
  const [row] = await tx.$queryRaw<{ batches: number }[]>`
    select count(*)::integer as batches
    from cdd.batch_digests as batch
    join cdd.sync_runs as run on run.account_id = batch.account_id and run.id = batch.run_id
    where batch.account_id = ${accountId} and run.state = 'running'`;
  return row?.batches ?? 0;
}

/** The columns of a hold that is not over. */
export const OPEN_HOLD = JSON.stringify({
  released_at: null,
  release_reason: null,
  released_by: null,
  released_role: null,
});

/** Links of an account that do not fit the batches of their run, their receipts, or their hold. */
export async function brokenContents(tx: Transaction, accountId: string, limit: number): Promise<Found<BrokenContent>> {
  const rows = await tx.$queryRaw<(BrokenContent & { total: number })[]>`
    with ${expectedContents(accountId)},
    ${comparedLinks(accountId)}
    select
      case when linked is null then 'no link' when content is null then 'no rows' else 'differs' end as problem,
      kind,
      number,
      run_id::text as "runId",
      ${exactTime('at')} as at,
      case_id as "caseId",
      (count(*) over ())::integer as total
    from compared
    where linked is distinct from content
    order by coalesce(at, '-infinity'), number
    limit ${limit}`;
  return foundOf(rows);
}

/** CTEs: the contents that links must have by their batches, receipts and holds, as those are now. */
function expectedContents(accountId: string): Prisma.Sql {
  return Prisma.sql`
    run_content as (
      select run_id, recorded_at as at, content from cdd.run_contents where account_id = ${accountId}
    ),
    receipts_content as (
      select
        link_number as number,
        min(erased_at) as at,
        min(case_id::text) as case_id,
        sha256(string_agg(cdd.receipt_bytes(receipt), '' order by case_id, erased_at)) as content
      from cdd.erasures as receipt
      where account_id = ${accountId}
      group by link_number
    ),
    -- Each hold as it was made and, if it is over, as it was released.
    hold_content as (
      select
        held_at as at,
        case_id::text,
        sha256(cdd.hold_bytes(
          case when released_at is null then hold else jsonb_populate_record(hold, ${OPEN_HOLD}::jsonb) end
        )) as content
      from cdd.legal_holds as hold
      where account_id = ${accountId}
      union all
      select released_at, case_id::text, sha256(cdd.hold_bytes(hold))
      from cdd.legal_holds as hold
      where account_id = ${accountId} and released_at is not null
    )`;
}

/** CTEs: the links, and beside each the content that it must have. The link of a running run is not made yet. */
function comparedLinks(accountId: string): Prisma.Sql {
  return Prisma.sql`
    link as (
      select number, kind, linked_at, run_id, content from cdd.digest_links where account_id = ${accountId}
    ),
    compared as (
      select
        'begin' as kind, number, null::uuid as run_id, linked_at as at, null as case_id, content as linked,
        cdd.begin_content(${accountId}, linked_at) as content
      from link
      where kind = 'begin'
      union all
      select 'run', link.number, run_id, run_content.at, null, link.content, run_content.content
      from (select * from link where kind = 'run') as link
      full join run_content using (run_id)
      where not (
        link.number is null
        and exists (
          select
          from cdd.sync_runs as run
          where run.account_id = ${accountId} and run.id = run_content.run_id and run.state = 'running'
        )
      )
      union all
      select 'receipts', number, null, receipts_content.at, receipts_content.case_id, link.content, receipts_content.content
      from (select * from link where kind = 'receipts') as link
      full join receipts_content using (number)
      union all
      select 'hold', link.number, null, hold_content.at, hold_content.case_id, link.content, hold_content.content
      from (select * from link where kind = 'hold') as link
      full join hold_content using (content)
    )`;
}
