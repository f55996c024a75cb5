import { Prisma } from '../../postgres/pool.ts';
import { type CaseRange, inRange } from './history-tables.ts';

/** A change of these columns changes reports, and no digest has them. */
export function caseColumns(range: CaseRange): Prisma.Sql {
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
