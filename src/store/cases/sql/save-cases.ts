import type { ReadCase } from '../../../sync/batcher.ts';
import { Prisma } from '../../postgres/pool.ts';
import { BODIES_TOGETHER, given, type Recording } from './batch-input.ts';
import { savedCases } from './case-columns.ts';
import { facts } from './case-facts.ts';
import { superseded } from './close-superseded.ts';

/** What came of a batch: how many rows were added, and which of the cases that were known are not as they were. */
export type Recorded = {
  events: number;
  transitions: number;
  /** Ids of cases of which something ended or a transition was lacking; all others hold as they are stored. */
  touched: string[];
  /** Of those, whose document is another one; and whose document is another one without its events. */
  updated: string[];
  revised: string[];
};

/**
 * Brings what is stored of the cases to what their documents say: ends what they no longer say, adds what they say and
 * no current row does. One statement, so that the documents are sent and read once; all its parts see what held before.
 * Gives one row, `Recorded`.
 */
export function saveCurrent(cases: ReadCase[], writing: Recording): Prisma.Sql {
  const { accountId, runId, recordedAt } = writing;
  return Prisma.sql`
    with ${given(cases, writing)},
    ${superseded(cases, writing)},
    ${facts},
    ${savedCases(cases, writing)},
    saved_revisions as (
      insert into cdd.case_revisions (account_id, case_id, revision, body, deleted_at, recorded_at, run_id)
      select
        ${accountId},
        input.id,
        1 + coalesce(touched.revision, 0),
        input.body,
        (input.body ->> 'deleted_at')::timestamptz,
        ${recordedAt}::timestamptz,
        ${runId}::uuid
      from input
      left join touched on touched.case_id = input.id
      where not input.known or touched.revision is not null
    ),
    -- What no current row is equal to: of a new case all events, which mostly stay in the array that they came in.
    added_events as (
      select case_id, known, is_whole, id, 1 as bodies_revision, place, body
      from compared_events
      where is_whole
      union all
      select
        case_id,
        known,
        is_whole,
        id,
        1 + number / ${BODIES_TOGETHER} + coalesce(
          (
            select max(held.revision)
            from cdd.event_bodies as held
            where held.account_id = ${accountId} and held.case_id = numbered.case_id
          ),
          0
        ),
        number % ${BODIES_TOGETHER},
        body
      from (
        select *, (row_number() over (partition by case_id order by place) - 1)::integer as number
        from compared_events
        where not is_whole and not holds
      ) as numbered
    ),
    saved_bodies as (
      insert into cdd.event_bodies (account_id, case_id, revision, bodies)
      select ${accountId}, id, 1, document -> 'events'
      from input
      where is_whole and document -> 'events' <> '[]'
      union all
      select ${accountId}, case_id, bodies_revision, jsonb_agg(body order by place)
      from added_events
      where not is_whole
      group by case_id, bodies_revision
    ),
    saved_events as (
      insert into cdd.event_revisions (
        account_id, case_id, id, revision, event, status, occurred_at, request_id, error, provider_case_id,
        contract_url, bodies_revision, place, recorded_at, run_id
      )
      select
        ${accountId},
        case_id,
        id,
        1 + case
          when known then coalesce(
            (
              select max(held.revision)
              from cdd.event_revisions as held
              where held.account_id = ${accountId} and held.case_id = added_events.case_id and held.id = added_events.id
            ),
            0
          )
          else 0
        end,
        body ->> 'event',
        body ->> 'case_status',
        (body ->> 'created_at')::timestamptz,
        body ->> 'request_id',
        body ->> 'error',
        body #>> '{created,case_id}',
        body #>> '{created,contract_url}',
        bodies_revision,
        place,
        ${recordedAt}::timestamptz,
        ${runId}::uuid
      from added_events
      returning 1
    ),
    saved_transitions as (
      insert into cdd.status_transitions (
        account_id, case_id, sequence, from_status, from_since, to_status, occurred_at, occurred_at_source, event_id,
        recorded_at, run_id
      )
      select
        ${accountId}, case_id, sequence, from_status, from_since, to_status, occurred_at, occurred_at_source, event_id,
        ${recordedAt}::timestamptz, ${runId}::uuid
      from compared_transitions
      -- Without a status it is one that only held.
      where to_status is not null and not holds
      returning 1
    )
    select
      (select count(*)::integer from saved_events) as events,
      (select count(*)::integer from saved_transitions) as transitions,
      array(select case_id::text from touched) as touched,
      array(select case_id::text from touched where content) as updated,
      array(select case_id::text from touched where revision is not null) as revised`;
}
