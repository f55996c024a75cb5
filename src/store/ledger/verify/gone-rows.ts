import { exactTime } from '../../postgres/exact-time.ts';
import type { Transaction } from '../../postgres/pool.ts';

/** Closed transitions of a case with many leaves are not looked for: the tries grow with the square. About a second. */
const MOST_TRIES = 100_000;

/** Rows of the case that must have been there, because others name or follow them: `table row`. */
export async function goneRows(
  tx: Transaction,
  accountId: string,
  caseId: string,
): Promise<{ table: string; row: string }[]> {
  return tx.$queryRaw`
    with revision as (
      select * from cdd.case_revisions where account_id = ${accountId} and case_id = ${caseId}::uuid
    ),
    event_row as (
      select * from cdd.event_revisions where account_id = ${accountId} and case_id = ${caseId}::uuid
    ),
    transition as (
      select * from cdd.status_transitions where account_id = ${accountId} and case_id = ${caseId}::uuid
    ),
    case_row as (
      select * from cdd.cases where account_id = ${accountId} and id = ${caseId}::uuid
    ),
    -- A closed transition is found by trying: its closing has a digest of nothing but its key and times.
    document_leaf as (
      select recorded_at as at, rows
      from cdd.case_digests
      where account_id = ${accountId} and case_id = ${caseId}::uuid and part = 'document'
    ),
    listed_event as (
      select distinct
        event.id::text::bigint as id,
        -- Of a missing case, the document before it went missing.
        revision.revision = (select max(revision) from revision where body is not null) as is_current
      from revision
      -- The body may be what was changed.
      cross join jsonb_array_elements(case jsonb_typeof(body -> 'events') when 'array' then body -> 'events' end)
        as event (id)
      where event.id::text ~ '^-?[0-9]{1,18}$'
    )
    select 'case_revisions' as table, 'revision ' || number as row
    from generate_series(
      1,
      (select coalesce(max(revision), 0) + (not coalesce(bool_or(superseded_at is null), false))::integer from revision)
    ) as number
    where number not in (select revision from revision)
    union all
    select 'event_revisions', 'id ' || id || ', revision ' || number
    from (
      select id, max(revision) as newest, bool_or(superseded_at is null) as is_current from event_row group by id
      union all
      select id, 0, false from listed_event where id not in (select id from event_row)
    ) as event
    left join (select id, bool_or(is_current) as is_listed from listed_event group by id) as listed using (id)
    cross join generate_series(1, newest + (not is_current and coalesce(is_listed, false))::integer) as number
    where (id, number) not in (select id, revision from event_row)
    union all
    select distinct 'event_bodies', 'revision ' || bodies_revision
    from event_row
    where bodies_revision not in (
      select revision from cdd.event_bodies where account_id = ${accountId} and case_id = ${caseId}::uuid
    )
    union all
    select 'status_transitions', 'sequence ' || number
    from generate_series(
      1,
      greatest((select transitions from case_row), (select max(sequence) from transition where superseded_at is null))
    ) as number
    where number not in (select sequence from transition where superseded_at is null)
    union all
    select 'status_transitions', 'sequence ' || number || ', recorded at ' || ${exactTime('added.at')}
    from generate_series(1, (select coalesce(max(sequence), 0) + 1 from transition)) as number
    cross join document_leaf as added
    join document_leaf as closed on closed.at > added.at
    cross join lateral (
      select substring(
        cdd.closed_transition_digest(jsonb_populate_record(
          null::cdd.status_transitions,
          jsonb_build_object('sequence', number, 'recorded_at', added.at, 'superseded_at', closed.at)
        )) for 4
      ) as prefix
    ) as closing
    where (select count(*) from document_leaf) ^ 2 * (select count(*) from transition) <= ${MOST_TRIES}
      and (number, added.at) not in (select sequence, recorded_at from transition)
      and exists (
        select
        from generate_series(1, octet_length(closed.rows), 4) as place
        where substring(closed.rows from place for 4) = closing.prefix
      )`;
}
