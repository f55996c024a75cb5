import type { ReadCase } from '../../../sync/batcher.ts';
import { Prisma } from '../../postgres/pool.ts';
import { isAddedEvent } from './batch-changes.ts';
import { type BatchContext, EVENTS_PER_ARRAY } from './batch-input.ts';
import { addedEventFields } from './readable-fields.ts';

/** CTEs that add the events of a batch that no current row contains, and the arrays that have their bodies. */
export function saveEvents(cases: readonly ReadCase[], { accountId, runId, recordedAt }: BatchContext): Prisma.Sql {
  return Prisma.sql`
    -- Events that are equal to no current row. Those of a new case mostly stay in the array they came in; others are
    -- put into new arrays after the ones the case has.
    added_events as (
      select case_id, is_known, is_stored_whole, id, 1 as bodies_revision, place, body
      from compared_events
      where is_stored_whole
      union all
      select
        case_id,
        is_known,
        is_stored_whole,
        id,
        1 + number / ${EVENTS_PER_ARRAY} + coalesce(
          (
            select max(existing_bodies.revision)
            from cdd.event_bodies as existing_bodies
            where existing_bodies.account_id = ${accountId} and existing_bodies.case_id = numbered_event.case_id
          ),
          0
        ),
        number % ${EVENTS_PER_ARRAY},
        body
      from (
        select *, (row_number() over (partition by case_id order by place) - 1)::integer as number
        from compared_events
        where not is_stored_whole and ${isAddedEvent}
      ) as numbered_event
    ),
    saved_bodies as (
      insert into cdd.event_bodies as stored (account_id, case_id, revision, bodies)
      select ${accountId}, id, 1, document -> 'events'
      from input_cases
      where is_stored_whole and document -> 'events' <> '[]'
      union all
      select ${accountId}, case_id, bodies_revision, jsonb_agg(body order by place)
      from added_events
      where not is_stored_whole
      group by case_id, bodies_revision
      returning stored.case_id, cdd.bodies_digest(stored) as digest
    ),
    saved_events as (
      insert into cdd.event_revisions as stored (
        account_id, case_id, id, revision, event, status, occurred_at, request_id, error, provider_case_id,
        contract_url, bodies_revision, place, recorded_at, run_id
      )
      select
        ${accountId},
        case_id,
        id,
        1 + case
          when is_known then coalesce(
            (
              select max(existing_event.revision)
              from cdd.event_revisions as existing_event
              where existing_event.account_id = ${accountId}
                and existing_event.case_id = added_event.case_id
                and existing_event.id = added_event.id
            ),
            0
          )
          else 0
        end,
        fields ->> 'event',
        fields ->> 'case_status',
        (fields ->> 'created_at')::timestamptz,
        fields ->> 'request_id',
        fields ->> 'error',
        fields #>> '{created,case_id}',
        fields #>> '{created,contract_url}',
        bodies_revision,
        place,
        ${recordedAt}::timestamptz,
        ${runId}::uuid
      from ${addedEventFields(cases)} as added_event
      returning stored.case_id, cdd.event_digest(stored) as digest
    )`;
}
