import type { ReadCase } from '../../../sync/batcher.ts';
import { saveLeaves } from '../../ledger/leaves.ts';
import { Prisma } from '../../postgres/pool.ts';
import { type BatchContext, batchInput, EVENTS_PER_ARRAY } from './batch-input.ts';
import { caseColumns } from './case-columns.ts';
import { lastError, transitionFacts } from './case-facts.ts';
import { closeSuperseded } from './close-superseded.ts';
import { batchChanges, compareWithStored, isAddedEvent, isAddedTransition } from './compare-stored.ts';
import { saveLaterDecisions } from './later-decisions.ts';
import { addedEventFields, readableFields } from './readable-fields.ts';

const columns = Object.keys(caseColumns);
const columnList = Prisma.raw(columns.join(', '));
const valueList = Prisma.raw(Object.values(caseColumns).join(',\n        '));
const assignments = Prisma.raw(columns.map((column) => `${column} = excluded.${column}`).join(',\n        '));

/**
 * Not used in a batch that has only new cases: Postgres would look for each row before it inserts it, which costs as
 * much as one more index, and call the triggers for updates.
 */
const onConflictUpdate = Prisma.sql`
      on conflict (account_id, id) do update
      set
        changed_at = greatest(cases.changed_at, excluded.changed_at),
        missing_since = excluded.missing_since,
        ${assignments}`;

/** CTEs that write rows of the history. */
const added = ['saved_revisions', 'saved_bodies', 'saved_events', 'saved_transitions'];
const closed = ['closed_revisions', 'closed_events', 'closed_transitions'];

/**
 * The statement that saves the cases of a batch. It closes rows that the documents no longer contain, and adds rows for
 * documents, events and transitions that no current row contains. It is one statement, so that the documents are sent
 * and parsed once. All its parts see the tables as they were before it. Returns one row, `BatchChanges`.
 */
export function saveCases(cases: ReadCase[], context: BatchContext): Prisma.Sql {
  const { accountId, runId, recordedAt } = context;
  return Prisma.sql`
    with ${batchInput(cases, context)},
    ${readableFields(cases, context)},
    ${compareWithStored(cases, context)}${closeSuperseded(cases, context)},
    ${transitionFacts},
    saved_cases as (
      insert into cdd.cases (
        account_id, id, first_seen_at, state_recorded_at, changed_at, missing_since, ${columnList}
      )
      select
        ${accountId},
        input.id,
        ${recordedAt}::timestamptz,
        ${recordedAt}::timestamptz,
        ${recordedAt}::timestamptz,
        -- A case that returns unchanged stays missing here: setMissing in missing.ts ends that and adds a revision.
        case
          when input.is_known and changed.closed_revision is null then (
            select existing_case.missing_since
            from cdd.cases as existing_case
            where existing_case.account_id = ${accountId} and existing_case.id = input.id
          )
        end,
        ${valueList}
      from input_fields as input
      left join changed_cases as changed on changed.case_id = input.id
      left join transition_facts as facts on facts.case_id = input.id
      left join ${lastError(context)} as last_error on true
      where not input.is_known or changed.case_id is not null
      ${cases.some((one) => one.known) ? onConflictUpdate : Prisma.empty}
    ),
    ${saveLaterDecisions(cases, context)},
    saved_revisions as (
      insert into cdd.case_revisions as stored (
        account_id, case_id, revision, body, readable, deleted_at, recorded_at, run_id
      )
      select
        ${accountId},
        input.id,
        1 + coalesce(changed.closed_revision, 0),
        input.body,
        input.readable,
        (input.fields ->> 'deleted_at')::timestamptz,
        ${recordedAt}::timestamptz,
        ${runId}::uuid
      from input_fields as input
      left join changed_cases as changed on changed.case_id = input.id
      where not input.is_known or changed.closed_revision is not null
      returning stored.case_id, cdd.revision_digest(stored) as digest
    ),
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
    ),
    saved_transitions as (
      insert into cdd.status_transitions as stored (
        account_id, case_id, sequence, from_status, from_since, to_status, occurred_at, occurred_at_source, event_id,
        recorded_at, run_id
      )
      select
        ${accountId}, case_id, sequence, from_status, from_since, to_status, occurred_at, occurred_at_source, event_id,
        ${recordedAt}::timestamptz, ${runId}::uuid
      from compared_transitions
      where ${isAddedTransition}
      returning stored.case_id, cdd.transition_digest(stored) as digest
    ),
    ${saveLeaves('document', [...added, ...(cases.some((one) => one.known) ? closed : [])], context)}
    select${batchChanges}`;
}
