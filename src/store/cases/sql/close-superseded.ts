import type { ReadCase } from '../../../sync/batcher.ts';
import { Prisma } from '../../postgres/pool.ts';
import type { BatchContext } from './batch-input.ts';

/**
 * Sets `superseded_at` on the revisions, events and transitions that the documents of known cases no longer contain.
 * Gives three CTEs to the statement:
 * - `compared_events` and `compared_transitions`: rows of the documents beside the current rows of the tables;
 *   `is_unchanged` if both are equal;
 * - `changed_cases`: a row per known case in which a row was closed, or a transition is new. `has_new_content` if the
 *   document differs, and `closed_revision` if it differs apart from its events.
 */
export function closeSuperseded(cases: ReadCase[], { accountId, recordedAt }: BatchContext): Prisma.Sql {
  if (!cases.some((one) => one.known)) return nothingToClose;
  return Prisma.sql`
    closed_revisions as (
      update cdd.case_revisions as existing_revision
      set superseded_at = greatest(${recordedAt}::timestamptz, existing_revision.recorded_at)
      from input_cases as input
      where input.is_known
        and existing_revision.account_id = ${accountId}
        and existing_revision.case_id = input.id
        and existing_revision.superseded_at is null
        and input.body is distinct from coalesce(
          existing_revision.body,
          -- For a missing case its last document: if it returns with that one, it has not changed.
          (
            select earlier_revision.body
            from cdd.case_revisions as earlier_revision
            where earlier_revision.account_id = existing_revision.account_id
              and earlier_revision.case_id = existing_revision.case_id
              and earlier_revision.body is not null
            order by earlier_revision.revision desc
            limit 1
          )
        )
      returning existing_revision.case_id, existing_revision.revision
    ),
    -- The offset makes Postgres look up the rows of one case after the other. Where the statistics are old, it would read
    -- the rows of the whole account for each case.
    current_events as materialized (
      select
        existing_event.case_id,
        existing_event.id,
        existing_event.ctid as existing_row,
        (
          select stored.bodies -> existing_event.place
          from cdd.event_bodies as stored
          where stored.account_id = ${accountId}
            and stored.case_id = existing_event.case_id
            and stored.revision = existing_event.bodies_revision
        ) as body
      from input_cases as input
      cross join lateral (
        select stored_event.*, stored_event.ctid
        from cdd.event_revisions as stored_event
        where stored_event.account_id = ${accountId}
          and stored_event.case_id = input.id
          and stored_event.superseded_at is null
        offset 0
      ) as existing_event
      where input.is_known
    ),
    compared_events as materialized (
      select
        case_id,
        id,
        input_event.is_known,
        input_event.is_stored_whole,
        input_event.place,
        input_event.body,
        current_event.existing_row,
        coalesce(input_event.body = current_event.body, false) as is_unchanged
      from input_events as input_event
      full join current_events as current_event using (case_id, id)
    ),
    -- By ctid: joined by key, Postgres would read all events of the account, because it expects a hundred in each
    -- document. No other transaction moves these rows meanwhile: the run's row is locked, and the batches of a run have
    -- no case in common.
    closed_events as (
      update cdd.event_revisions as existing_event
      set superseded_at = greatest(${recordedAt}::timestamptz, existing_event.recorded_at)
      from compared_events as compared
      where existing_event.ctid = compared.existing_row and not compared.is_unchanged
      returning existing_event.case_id
    ),
    current_transitions as (
      select existing_transition.*
      from input_cases as input
      cross join lateral (
        select stored_transition.*, stored_transition.ctid as existing_row
        from cdd.status_transitions as stored_transition
        where stored_transition.account_id = ${accountId}
          and stored_transition.case_id = input.id
          and stored_transition.superseded_at is null
        offset 0
      ) as existing_transition
      where input.is_known
    ),
    compared_transitions as materialized (
      select
        case_id,
        sequence,
        input_transition.is_known,
        input_transition.from_status,
        input_transition.from_since,
        input_transition.to_status,
        input_transition.occurred_at,
        input_transition.occurred_at_source,
        input_transition.event_id,
        current_transition.existing_row,
        (
          input_transition.from_status, input_transition.from_since, input_transition.to_status,
          input_transition.occurred_at, input_transition.occurred_at_source, input_transition.event_id
        ) is not distinct from (
          current_transition.from_status, current_transition.from_since, current_transition.to_status,
          current_transition.occurred_at, current_transition.occurred_at_source, current_transition.event_id
        ) as is_unchanged
      from input_transitions as input_transition
      full join current_transitions as current_transition using (case_id, sequence)
    ),
    closed_transitions as (
      update cdd.status_transitions as existing_transition
      set superseded_at = greatest(${recordedAt}::timestamptz, existing_transition.recorded_at)
      from compared_transitions as compared
      where existing_transition.ctid = compared.existing_row and not compared.is_unchanged
      returning existing_transition.case_id
    ),
    changed_cases as materialized (
      select case_id, bool_or(is_content) as has_new_content, max(revision) as closed_revision
      from (
        select case_id, true as is_content, revision from closed_revisions
        union all
        select case_id, true, null from closed_events
        union all
        select case_id, false, null from closed_transitions
        union all
        -- A new transition of an equal document, which a newer version of cdd-sync derived.
        select case_id, false, null from compared_transitions where is_known and existing_row is null
      ) as change
      group by case_id
    )`;
}

/** For a batch that has only new cases: reads no history table and copies no document. */
const nothingToClose = Prisma.sql`
    compared_events as not materialized (
      select *, false as is_unchanged
      from input_events
    ),
    compared_transitions as not materialized (
      select *, false as is_unchanged
      from input_transitions
    ),
    changed_cases as (
      select null::uuid as case_id, false as has_new_content, null::integer as closed_revision
      where false
    )`;
