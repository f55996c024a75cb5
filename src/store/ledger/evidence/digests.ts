import { Prisma } from '../../postgres/pool.ts';
import { columns, type EvidenceKey, type EvidenceTable, hex, TIME } from './columns.ts';

const LEAF = { recorded_at: TIME, part: 'text' };

export const leaves: EvidenceTable = {
  name: 'digest-leaves',
  columns: columns({ ...LEAF, digest: 'text', rows: 'text' }),
  query: (key) => Prisma.sql`
    select recorded_at, part, ${hex('digest')} as digest, ${hex('rows')} as rows
    from (${leavesOf(key)}) as leaf
    order by recorded_at, part`,
};

/** What the leaves are made of: the digest of each row when it was added, and when it was closed. */
export const rowDigests: EvidenceTable = {
  name: 'digest-rows',
  columns: columns({ at: TIME, table_name: 'text', is_added: 'boolean', digest: 'text' }),
  query: ({ accountId, caseId, knownAt }) => Prisma.sql`
    select at, table_name, is_added, ${hex('digest')} as digest
    from cdd.row_digests
    where account_id = ${accountId} and case_id = ${caseId}::uuid and at <= ${knownAt}::timestamptz
    order by at, row_digests.digest`,
};

/** Batches are digested at the end of their run, so only those are known then whose run had its link. */
export const batches: EvidenceTable = {
  name: 'digest-batches',
  columns: columns({ ...LEAF, run_id: 'uuid', cases: 'integer', digest: 'text' }),
  query: (key) => Prisma.sql`
    select recorded_at, part, run_id, cases, ${hex('digest')} as digest
    from (${batchesOf(key)}) as batch
    order by recorded_at, part`,
};

/** The leaves of the other cases in these batches, without which their digests cannot be recomputed. */
export const otherLeaves: EvidenceTable = {
  name: 'digest-other-leaves',
  columns: columns({ ...LEAF, case_id: 'uuid', digest: 'text' }),
  query: (key) => Prisma.sql`
    select leaf.recorded_at, leaf.part, leaf.case_id, ${hex('leaf.digest')} as digest
    from (${batchesOf(key)}) as batch
    join cdd.case_digests as leaf
      on leaf.account_id = ${key.accountId} and leaf.recorded_at = batch.recorded_at and leaf.part = batch.part
    where leaf.case_id <> ${key.caseId}::uuid
    order by leaf.recorded_at, leaf.part, leaf.case_id`,
};

/** The links that vouch for something of the case, the first one, and the newest one then. */
export const links: EvidenceTable = {
  name: 'digest-links',
  columns: columns({
    number: 'integer',
    kind: 'text',
    linked_at: TIME,
    run_id: 'uuid',
    content: 'text',
    previous: 'text',
    digest: 'text',
    is_newest: 'boolean',
  }),
  query: (key) => Prisma.sql`
    select
      number, kind, linked_at, run_id, ${hex('content')} as content, ${hex('previous')} as previous,
      ${hex('digest')} as digest, number = newest.newest_number as is_newest
    from cdd.digest_links
    cross join (
      select max(number) as newest_number
      from cdd.digest_links
      where account_id = ${key.accountId} and linked_at <= ${key.knownAt}::timestamptz
    ) as newest
    where account_id = ${key.accountId}
      and linked_at <= ${key.knownAt}::timestamptz
      and (
        number in (1, newest.newest_number)
        or run_id in (select batch.run_id from (${batchesOf(key)}) as batch)
        or number in (
          select link_number from cdd.erasures
          where account_id = ${key.accountId} and case_id = ${key.caseId}::uuid
        )
      )
    order by number`,
};

function leavesOf({ accountId, caseId, knownAt }: EvidenceKey): Prisma.Sql {
  return Prisma.sql`
    select *
    from cdd.case_digests
    where account_id = ${accountId} and case_id = ${caseId}::uuid and recorded_at <= ${knownAt}::timestamptz`;
}

function batchesOf(key: EvidenceKey): Prisma.Sql {
  return Prisma.sql`
    select batch_row.*
    from (${leavesOf(key)}) as own_leaf
    join cdd.batch_digests as batch_row
      on batch_row.account_id = ${key.accountId}
      and batch_row.recorded_at = own_leaf.recorded_at
      and batch_row.part = own_leaf.part
    join cdd.digest_links as link
      on link.account_id = batch_row.account_id
      and link.run_id = batch_row.run_id
      and link.linked_at <= ${key.knownAt}::timestamptz`;
}
