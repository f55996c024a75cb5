import { Prisma } from '../../postgres/pool.ts';
import { OPEN_HOLD } from '../verify/contents.ts';
import { columns, type EvidenceKey, type EvidenceTable, hex, TIME } from './columns.ts';
import { recordedBy } from './conditions.ts';

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

/** The rows with the fields of the documents, as they are digested: JSON as Postgres writes it, with ids in place of events. */
export const revisionTexts: EvidenceTable = {
  name: 'digest-revisions',
  columns: columns({
    revision: 'integer',
    recorded_at: TIME,
    run_id: 'uuid',
    deleted_at: TIME,
    body_text: 'text',
    readable_text: 'text',
  }),
  query: (key) => Prisma.sql`
    select revision, recorded_at, run_id, deleted_at, body::text as body_text, readable::text as readable_text
    from cdd.case_revisions
    where ${recordedBy(key)}
    order by revision`,
};

/**
 * All batches of the runs that recorded something of the case: the link of a run is made of all of them. Only of runs that had
 * their link then, since a run adds batches until its end.
 */
export const batches: EvidenceTable = {
  name: 'digest-batches',
  columns: columns({ ...LEAF, run_id: 'uuid', cases: 'integer', digest: 'text', has_case: 'boolean' }),
  query: (key) => Prisma.sql`
    with own_batch as (${ownBatches(key)})
    select
      recorded_at, part, run_id, cases, ${hex('digest')} as digest,
      (recorded_at, part) in (select own_batch.recorded_at, own_batch.part from own_batch) as has_case
    from cdd.batch_digests
    where account_id = ${key.accountId} and run_id in (select own_batch.run_id from own_batch)
    order by recorded_at, part`,
};

/** The leaves of the other cases in the batches of the case, without which their digests cannot be computed again. */
export const otherLeaves: EvidenceTable = {
  name: 'digest-other-leaves',
  columns: columns({ ...LEAF, case_id: 'uuid', digest: 'text' }),
  query: (key) => Prisma.sql`
    select leaf.recorded_at, leaf.part, leaf.case_id, ${hex('leaf.digest')} as digest
    from (${ownBatches(key)}) as batch
    join cdd.case_digests as leaf
      on leaf.account_id = ${key.accountId} and leaf.recorded_at = batch.recorded_at and leaf.part = batch.part
    where leaf.case_id <> ${key.caseId}::uuid
    order by leaf.recorded_at, leaf.part, leaf.case_id`,
};

/**
 * The links that cover rows of the case, the first link, and the newest link at that time; also later links of receipts. The
 * first link of rows that are older than the chain has a time before it was made; it counts from the second link on.
 */
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
    with newest as (
      select max(number) as number
      from cdd.digest_links
      where account_id = ${key.accountId} and linked_at <= ${key.knownAt}::timestamptz and kind <> 'begin'
    )
    select
      link.number, link.kind, link.linked_at, link.run_id, ${hex('link.content')} as content,
      ${hex('link.previous')} as previous, ${hex('link.digest')} as digest, link.number = newest.number as is_newest
    from newest
    join cdd.digest_links as link on link.account_id = ${key.accountId}
    where link.number in (
        select link_number from cdd.erasures where account_id = ${key.accountId} and case_id = ${key.caseId}::uuid
      )
      or link.number <= newest.number
      and (
        link.number in (1, newest.number)
        or link.run_id in (select own_batch.run_id from (${ownBatches(key)}) as own_batch)
        or link.kind = 'hold' and exists (
          select
          from cdd.legal_holds as hold
          where hold.account_id = ${key.accountId}
            and hold.case_id = ${key.caseId}::uuid
            and link.content in (
              sha256(cdd.hold_bytes(hold)),
              sha256(cdd.hold_bytes(jsonb_populate_record(hold, ${OPEN_HOLD}::jsonb)))
            )
        )
      )
    order by link.number`,
};

function leavesOf(key: EvidenceKey): Prisma.Sql {
  return Prisma.sql`select * from cdd.case_digests where ${recordedBy(key)}`;
}

function ownBatches(key: EvidenceKey): Prisma.Sql {
  return Prisma.sql`
    select batch_row.*
    from (${leavesOf(key)}) as own_leaf
    join cdd.batch_digests as batch_row
      on batch_row.account_id = ${key.accountId}
      and batch_row.recorded_at = own_leaf.recorded_at
      and batch_row.part = own_leaf.part
    join cdd.digest_links as run_link
      on run_link.account_id = batch_row.account_id
      and run_link.run_id = batch_row.run_id
      and run_link.linked_at <= ${key.knownAt}::timestamptz`;
}
