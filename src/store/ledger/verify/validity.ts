import { exactTime } from '../../postgres/exact-time.ts';
import { Prisma, type Transaction } from '../../postgres/pool.ts';
import { lostBodies, unnamedBodies } from './event-arrays.ts';
import { type CaseRange, type Found, foundOf, inRange } from './history-tables.ts';
import { wrongColumnsOf } from './wrong-columns.ts';

export type BrokenValidity = {
  table: string;
  caseId: string;
  row: string;
  recordedAt: string | null;
  runId: string | null;
  problem: 'backwards' | 'overlap' | 'gap' | 'not current' | 'unnamed' | 'lost' | 'column';
};

/** A table with several rows of one key (after account and case) that follow each other in an order. */
type Followed = { table: string; key: string[]; order: string; row: string };

const followed: readonly Followed[] = [
  { table: 'event_revisions', key: ['id'], order: 'revision', row: `'id ' || id || ', revision ' || revision` },
  { table: 'status_transitions', key: ['sequence'], order: 'recorded_at', row: `'sequence ' || sequence` },
  {
    table: 'case_problems',
    key: ['path', 'reason'],
    order: 'recorded_at',
    row: `'path ' || path || ', reason ' || reason`,
  },
];

/**
 * Rows of the history that cannot have been saved like that: they overlap, are missing in between, or do not fit the
 * columns of cdd.cases that follow from them. Also for rows that are older than the chain.
 */
export async function brokenValidity(tx: Transaction, range: CaseRange, limit: number): Promise<Found<BrokenValidity>> {
  const parts = [
    revisions(range),
    ...followed.map((table) => overlaps(range, table)),
    unnamedBodies(range),
    lostBodies(range),
  ];
  const rows = await tx.$queryRaw<(BrokenValidity & { total: number })[]>`
    select
      table_name as table,
      case_id::text as "caseId",
      row_key as row,
      ${exactTime('recorded_at')} as "recordedAt",
      run_id::text as "runId",
      problem,
      (count(*) over ())::integer as total
    from (${Prisma.join(parts, ' union all ')}) as broken (table_name, case_id, row_key, recorded_at, run_id, problem)
    where problem is not null
    order by recorded_at nulls last, case_id
    limit ${limit}`;
  const found = foundOf(rows);
  const wrong = (await wrongColumnsOf(tx, range)).map(
    ({ columns, ...one }): BrokenValidity => ({ ...one, table: 'cases', row: columns, problem: 'column' }),
  );
  return { rows: [...found.rows, ...wrong.slice(0, limit)], total: found.total + wrong.length };
}

/** Revisions of a case begin with 1, each one when the one before ends, and the last one is current. */
function revisions(range: CaseRange): Prisma.Sql {
  return Prisma.sql`
    select
      'case_revisions',
      case_id,
      'revision ' || revision,
      recorded_at,
      run_id,
      case
        when superseded_at < recorded_at then 'backwards'
        when revision <> coalesce(revision_before, 0) + 1 then 'gap'
        when next_at is null and superseded_at is not null then 'not current'
        when next_at < coalesce(superseded_at, 'infinity') then 'overlap'
        when next_at > superseded_at then 'gap'
      end
    from (
      select
        stored.case_id,
        stored.revision,
        stored.recorded_at,
        stored.superseded_at,
        stored.run_id,
        lag(stored.revision) over following as revision_before,
        lead(stored.recorded_at) over following as next_at
      from cdd.case_revisions as stored
      where ${inRange(range, 'stored')}
      window following as (partition by stored.case_id order by stored.revision)
    ) as followed_row`;
}

function overlaps(range: CaseRange, { table, key, order, row }: Followed): Prisma.Sql {
  return Prisma.sql`
    select
      ${table},
      case_id,
      ${Prisma.raw(row)},
      recorded_at,
      run_id,
      case
        when superseded_at < recorded_at then 'backwards'
        when next_at < coalesce(superseded_at, 'infinity') then 'overlap'
      end
    from (
      select stored.*, lead(stored.recorded_at) over following as next_at
      from ${Prisma.raw(`cdd.${table}`)} as stored
      where ${inRange(range, 'stored')}
      window following as (partition by stored.case_id, ${Prisma.raw(key.map((name) => `stored.${name}`).join(', '))} order by ${Prisma.raw(`stored.${order}`)})
    ) as followed_row`;
}
