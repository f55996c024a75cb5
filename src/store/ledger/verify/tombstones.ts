import { exactTime } from '../../postgres/exact-time.ts';
import type { Transaction } from '../../postgres/pool.ts';
import type { Receipt } from '../receipts.ts';
import { type Found, foundOf } from './history-tables.ts';

type NamedReceipt = Pick<Receipt, 'caseId' | 'kind' | 'erasedAt' | 'linkNumber'>;

/** Numbers of erased and of reduced cases, and the newest receipts. Their times are exact, in UTC. */
export type Receipts = { erased: number; reduced: number; newest: NamedReceipt[] };

/** Receipts that a result names. */
const MOST_NAMED = 5;

/** The receipts of an account. A case that was reduced and then erased counts as erased. */
export async function readReceipts(tx: Transaction, accountId: string): Promise<Receipts> {
  const newest = await tx.$queryRaw<(NamedReceipt & { erased: number; reduced: number })[]>`
    select
      case_id::text as "caseId",
      kind,
      ${exactTime('erased_at')} as "erasedAt",
      link_number as "linkNumber",
      (count(*) filter (where kind = 'erased') over ())::integer as erased,
      (count(*) filter (where kind = 'reduced') over ())::integer as reduced
    from (
      select distinct on (case_id) *
      from cdd.erasures
      where account_id = ${accountId}
      order by case_id, (kind = 'erased') desc, erased_at desc
    ) as receipt
    order by erased_at desc, case_id
    limit ${MOST_NAMED}`;
  const { erased = 0, reduced = 0 } = newest[0] ?? {};
  return { erased, reduced, newest: newest.map(({ erased: _erased, reduced: _reduced, ...receipt }) => receipt) };
}

export type BrokenTombstone = {
  problem: 'no receipt' | 'no tombstone';
  caseId: string;
  /** cases.erased_at, or that of the receipt. */
  at: string;
  linkNumber: number | null;
};

/** Cases with erased_at and without its receipt, and receipts of an erasure without erased_at in their case. */
export async function brokenTombstones(
  tx: Transaction,
  accountId: string,
  limit: number,
): Promise<Found<BrokenTombstone>> {
  const rows = await tx.$queryRaw<(BrokenTombstone & { total: number })[]>`
    with erased_case as (
      select id as case_id, erased_at from cdd.cases where account_id = ${accountId} and erased_at is not null
    ),
    receipt as (
      select case_id, max(link_number) as link_number, array_agg(erased_at) as times
      from cdd.erasures
      where account_id = ${accountId} and kind = 'erased'
      group by case_id
    ),
    broken as (
      select
        case when erased_case.case_id is null then 'no tombstone' else 'no receipt' end as problem,
        case_id,
        coalesce(erased_case.erased_at, receipt.times[1]) as at,
        case when erased_case.case_id is null then link_number end as link_number
      from erased_case
      full join receipt using (case_id)
      where (erased_case.erased_at = any (receipt.times)) is not true
    )
    select
      problem,
      case_id::text as "caseId",
      ${exactTime('at')} as at,
      link_number as "linkNumber",
      (count(*) over ())::integer as total
    from broken
    order by broken.at, case_id
    limit ${limit}`;
  return foundOf(rows);
}
