import { Prisma, type Transaction } from '../../postgres/pool.ts';
import { type CaseRange, exactTime, type Found, foundOf, inRange } from './history-tables.ts';

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
    caseColumns(range),
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
  return foundOf(rows);
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

/** cdd.row_digests finds an array of bodies by the events in it, so it has none that no event names. */
function unnamedBodies(range: CaseRange): Prisma.Sql {
  return Prisma.sql`
    select 'event_bodies', stored.case_id, 'revision ' || stored.revision, null::timestamptz, null::uuid, 'unnamed'
    from cdd.event_bodies as stored
    where ${inRange(range, 'stored')}
      and not exists (
        select
        from cdd.event_revisions as event_row
        where ${inRange(range, 'event_row')}
          and event_row.case_id = stored.case_id
          and event_row.bodies_revision = stored.revision
      )`;
}

/** Arrays of bodies from before the chain are in no digest and no count of its first link. */
function lostBodies(range: CaseRange): Prisma.Sql {
  return Prisma.sql`
    select
      'event_bodies',
      event_row.case_id,
      'revision ' || event_row.bodies_revision,
      min(event_row.recorded_at),
      null::uuid,
      'lost'
    from cdd.event_revisions as event_row
    where ${inRange(range, 'event_row')}
      and not exists (
        select
        from cdd.event_bodies as stored
        where ${inRange(range, 'stored')}
          and stored.case_id = event_row.case_id
          and stored.revision = event_row.bodies_revision
      )
    group by event_row.case_id, event_row.bodies_revision`;
}

/** A change of these columns changes reports, and no digest has them. */
function caseColumns(range: CaseRange): Prisma.Sql {
  return Prisma.sql`
    select
      'cases',
      case_id,
      concat_ws(
        ', ',
        case when case_row.case_id is null or revision.case_id is null then 'the row itself' end,
        case when case_row.status is distinct from transition.status then 'status' end,
        case when case_row.status_since is distinct from transition.status_since then 'status_since' end,
        case when case_row.deleted_at is distinct from revision.deleted_at then 'deleted_at' end,
        case when case_row.missing_since is distinct from revision.missing_since then 'missing_since' end
      ),
      revision.recorded_at,
      revision.run_id,
      'column'
    from (
      select stored.case_id, stored.status, stored.status_since, stored.deleted_at, stored.missing_since
      from (select *, id as case_id from cdd.cases) as stored
      where ${inRange(range, 'stored')}
    ) as case_row
    full join (
      select
        stored.case_id,
        stored.deleted_at,
        stored.recorded_at,
        stored.run_id,
        case when stored.body is null then stored.recorded_at end as missing_since
      from cdd.case_revisions as stored
      where ${inRange(range, 'stored')} and stored.superseded_at is null
    ) as revision using (case_id)
    left join (
      select
        stored.case_id,
        (array_agg(stored.to_status order by stored.sequence desc))[1] as status,
        max(stored.occurred_at) as status_since
      from cdd.status_transitions as stored
      where ${inRange(range, 'stored')} and stored.superseded_at is null
      group by stored.case_id
    ) as transition using (case_id)
    where case_row.case_id is null
      or revision.case_id is null
      or (case_row.status, case_row.status_since, case_row.deleted_at, case_row.missing_since)
        is distinct from (transition.status, transition.status_since, revision.deleted_at, revision.missing_since)`;
}
