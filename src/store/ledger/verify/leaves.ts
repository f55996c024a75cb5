import { exactTime } from '../../postgres/exact-time.ts';
import { Prisma, type Transaction } from '../../postgres/pool.ts';
import { type CaseRange, type Found, foundOf, inRange } from './history-tables.ts';

/** A leaf that does not fit its rows, or a receipt that does not fit the rows of its case. */
export type BrokenLeaf = {
  /** `first bytes`: the digest of the leaf is right, and its first bytes of the digests of rows are not. */
  problem: 'differs' | 'first bytes' | 'no leaf' | 'no rows' | 'receipt';
  caseId: string;
  recordedAt: string;
  /** Null for a receipt. */
  part: string | null;
  /** The receipt's link; null for a leaf. */
  linkNumber: number | null;
  /** The first four bytes of the digest of each row that was recorded, in hexadecimal. */
  rows: string[];
};

/**
 * Compares the rows of the cases with their leaves, in both directions. Rows up to `since` are older than the chain.
 * Of a case with receipts, rows up to the newest one are compared with that receipt instead: values of them were
 * removed. Their leaves must still be there.
 */
export async function brokenLeaves(
  tx: Transaction,
  range: CaseRange,
  { since, limit }: { since: string | null; limit: number },
): Promise<Found<BrokenLeaf>> {
  const rows = await tx.$queryRaw<(BrokenLeaf & { total: number })[]>`
    with ${recordedDigests(range)},
    ${digestsOfRows(range, since)},
    ${differences}
    select
      problem,
      case_id::text as "caseId",
      ${exactTime('at')} as "recordedAt",
      part,
      link_number as "linkNumber",
      coalesce(
        array(
          select encode(substring(broken_leaf.rows from position for 4), 'hex')
          from generate_series(1, octet_length(broken_leaf.rows), 4) as position
        ),
        '{}'
      ) as rows,
      (count(*) over ())::integer as total
    from broken_leaf
    order by at, case_id, part
    limit ${limit}`;
  return foundOf(rows);
}

/** CTEs: the newest receipt of each case, and the leaves as they are stored. */
function recordedDigests(range: CaseRange): Prisma.Sql {
  return Prisma.sql`
    newest_receipt as materialized (
      select distinct on (receipt.case_id) receipt.case_id, receipt.erased_at, receipt.digest, receipt.link_number
      from cdd.erasures as receipt
      where ${inRange(range, 'receipt')}
      order by receipt.case_id, receipt.erased_at desc
    ),
    stored_leaf as materialized (
      select leaf.case_id, leaf.recorded_at as at, leaf.part, leaf.digest, leaf.rows
      from cdd.case_digests as leaf
      where ${inRange(range, 'leaf')}
    )`;
}

/** CTEs: the digests of all rows, and the leaves that they give; those up to `since` give none. */
function digestsOfRows(range: CaseRange, since: string | null): Prisma.Sql {
  return Prisma.sql`
    row_digest as materialized (
      select
        history_row.case_id,
        history_row.at,
        history_row.digest,
        case
          when history_row.table_name = 'case_problems' then 'problems'
          when presence.part is not null then 'presence'
          else 'document'
        end as part,
        history_row.at <= receipt.erased_at as has_receipt
      from cdd.row_digests as history_row
      left join stored_leaf as presence
        on presence.case_id = history_row.case_id
        and presence.at = history_row.at
        and presence.part = 'presence'
        and history_row.table_name = 'case_revisions'
      left join newest_receipt as receipt on receipt.case_id = history_row.case_id
      where ${inRange(range, 'history_row')}
    ),
    leaf as (
      select
        case_id,
        at,
        part,
        sha256(string_agg(digest, '' order by digest)) as digest,
        string_agg(substring(digest for 4), '' order by digest) as rows
      from row_digest
      where ${since}::timestamptz is null or at > ${since}::timestamptz
      group by case_id, at, part
    )`;
}

/** A CTE: the leaves and receipts that differ. */
const differences = Prisma.sql`
    broken_leaf as (
      select
        case
          when stored_leaf.part is null then 'no leaf'
          when leaf.part is null then 'no rows'
          when leaf.digest is not distinct from stored_leaf.digest then 'first bytes'
          else 'differs'
        end as problem,
        case_id,
        at,
        part,
        null::integer as link_number,
        stored_leaf.rows
      from leaf
      full join stored_leaf using (case_id, at, part)
      left join newest_receipt as receipt using (case_id)
      where (leaf.digest, leaf.rows) is distinct from (stored_leaf.digest, stored_leaf.rows)
        and (stored_leaf.part is null or receipt.erased_at is null or at > receipt.erased_at)
      union all
      select 'receipt', case_id, receipt.erased_at, null, receipt.link_number, null
      from newest_receipt as receipt
      left join (
        select case_id, sha256(string_agg(digest, '' order by digest)) as digest
        from row_digest
        where has_receipt
        group by case_id
      ) as snapshot using (case_id)
      where receipt.digest is distinct from snapshot.digest
    )`;
