import { Prisma, type Transaction } from '../../postgres/pool.ts';
import { type HistoryTable, historyTables, isOfPart } from './history-tables.ts';

/** A digest that a row has, or would have with another value in one of its columns. */
export type LeafRow = {
  table: string;
  row: string;
  /** `added` and `closed`: the row belongs to the leaf as it is. The others name the column that would be another. */
  as: 'added' | 'closed' | 'recorded_at' | 'superseded_at' | 'run_id';
  /** The first four bytes of the digest, in hexadecimal. */
  prefix: string;
  /** The run that the row names; null for an array of bodies. */
  runId: string | null;
};

type Leaf = { accountId: string; caseId: string; recordedAt: string; part: string; runId: string | null };

/**
 * The rows of a leaf, and those of the same case and part that would belong to it if they had been recorded, closed or
 * recorded by the run of that time: to name the column that was changed by hand.
 */
export async function rowsOfLeaf(tx: Transaction, leaf: Leaf): Promise<LeafRow[]> {
  const tables = historyTables.filter(({ name }) => isOfPart(name, leaf.part));
  return tx.$queryRaw<LeafRow[]>`
    select table_name as table, row_key as row, digest_as as as, encode(substring(digest for 4), 'hex') as prefix,
      run_id::text as "runId"
    from (${Prisma.join(
      tables.map((table) => digestsOfTable(table, leaf)),
      ' union all ',
    )}) as digest_row (table_name, row_key, digest_as, digest, run_id)
    where digest is not null
    order by table_name, row_key`;
}

function digestsOfTable({ name, added, closed, key }: HistoryTable, leaf: Leaf): Prisma.Sql {
  const at = Prisma.sql`${leaf.recordedAt}::timestamptz`;
  const isBodies = name === 'event_bodies';
  const recordedAt = Prisma.raw(isBodies ? 'named.recorded_at' : 'stored.recorded_at');
  const alternatives = [
    Prisma.sql`('added', case when ${recordedAt} = ${at} then ${digest(added)} end)`,
    Prisma.sql`('recorded_at', case when ${recordedAt} is distinct from ${at} then ${digest(added, isBodies ? null : { recorded_at: leaf.recordedAt })} end)`,
    ...(closed === null
      ? []
      : [
          Prisma.sql`('closed', case when stored.superseded_at = ${at} then ${digest(closed)} end)`,
          Prisma.sql`('superseded_at', case when stored.superseded_at is distinct from ${at} then ${digest(closed, { superseded_at: leaf.recordedAt })} end)`,
        ]),
    ...(isBodies || leaf.runId === null
      ? []
      : [
          Prisma.sql`('run_id', case when stored.recorded_at = ${at} and stored.run_id <> ${leaf.runId}::uuid then ${digest(added, { run_id: leaf.runId })} end)`,
        ]),
  ];
  const named = Prisma.sql`
    left join lateral (
      select min(event_row.recorded_at) as recorded_at
      from cdd.event_revisions as event_row
      where event_row.account_id = stored.account_id
        and event_row.case_id = stored.case_id
        and event_row.bodies_revision = stored.revision
    ) as named on true`;
  return Prisma.sql`
    select ${name}, ${Prisma.raw(key)}, alternative.digest_as, alternative.digest,
      ${Prisma.raw(isBodies ? 'null::uuid' : 'stored.run_id')}
    from ${Prisma.raw(`cdd.${name}`)} as stored
    ${isBodies ? named : Prisma.empty}
    cross join lateral (values ${Prisma.join(alternatives)}) as alternative (digest_as, digest)
    where stored.account_id = ${leaf.accountId}
      and stored.case_id = ${leaf.caseId}::uuid
      ${name === 'case_revisions' && leaf.part === 'document' ? notPresent(leaf) : Prisma.empty}`;
}

/** Revisions belong to the part presence, if the case has one at that time. */
function notPresent({ accountId, caseId, recordedAt }: Leaf): Prisma.Sql {
  return Prisma.sql`
      and not exists (
        select
        from cdd.case_digests as presence
        where presence.account_id = ${accountId}
          and presence.case_id = ${caseId}::uuid
          and presence.recorded_at = ${recordedAt}::timestamptz
          and presence.part = 'presence'
      )`;
}

/** The digest of the row `stored`, or of a copy with other values. */
function digest(name: string, changes: Readonly<Record<string, string>> | null = null): Prisma.Sql {
  const call = Prisma.raw(`cdd.${name}`);
  if (changes === null) return Prisma.sql`${call}(stored)`;
  return Prisma.sql`${call}(jsonb_populate_record(stored, ${JSON.stringify(changes)}::jsonb))`;
}
