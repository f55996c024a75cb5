import type { ReadCase } from '../../../sync/batcher.ts';
import { Prisma } from '../../postgres/pool.ts';
import type { RunContext } from './batch-input.ts';

/**
 * Compares the documents of a batch with the tables, and writes nothing: a dry run needs no more. Gives these CTEs to a
 * statement, after those of batch-input.ts:
 * - `superseded_revisions`: current revisions of known cases that differ from the documents apart from their events;
 * - `compared_events` and `compared_transitions`: rows of the documents beside the current rows of the tables;
 *   `is_unchanged` if both are equal;
 * - `changed_cases`: a row per known case that loses a current row, or gets a new transition. `has_new_content` if the
 *   document differs, and `closed_revision` if it differs apart from its events.
 */
export function compareWithStored(cases: ReadCase[], { accountId }: Pick<RunContext, 'accountId'>): Prisma.Sql {
  if (!cases.some((one) => one.known)) return nothingStored;
  return Prisma.sql`
    ${supersededRevisions(accountId)},
    ${comparedEvents(accountId)},
    ${comparedTransitions(accountId)},
    ${changedCases}`;
}

/**
 * A subquery with the current rows of the case `input`. The offset makes Postgres look up the rows of one case after the
 * other. Where the statistics are old, it would read the rows of the whole account for each case.
 */
function currentRows(
  table: 'case_revisions' | 'event_revisions' | 'status_transitions',
  accountId: string,
): Prisma.Sql {
  return Prisma.sql`(
        select stored.*, stored.ctid as existing_row
        from ${Prisma.raw(`cdd.${table}`)} as stored
        where stored.account_id = ${accountId}
          and stored.case_id = input.id
          and stored.superseded_at is null
        offset 0
      )`;
}

function supersededRevisions(accountId: string): Prisma.Sql {
  return Prisma.sql`
    superseded_revisions as materialized (
      select existing_revision.case_id, existing_revision.revision, existing_revision.existing_row
      from input_cases as input
      cross join lateral ${currentRows('case_revisions', accountId)} as existing_revision
      where input.is_known
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
    )`;
}

function comparedEvents(accountId: string): Prisma.Sql {
  return Prisma.sql`
    current_events as materialized (
      select
        existing_event.case_id,
        existing_event.id,
        existing_event.existing_row,
        (
          select stored.bodies -> existing_event.place
          from cdd.event_bodies as stored
          where stored.account_id = ${accountId}
            and stored.case_id = existing_event.case_id
            and stored.revision = existing_event.bodies_revision
        ) as body
      from input_cases as input
      cross join lateral ${currentRows('event_revisions', accountId)} as existing_event
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
    )`;
}

function comparedTransitions(accountId: string): Prisma.Sql {
  return Prisma.sql`
    current_transitions as (
      select existing_transition.*
      from input_cases as input
      cross join lateral ${currentRows('status_transitions', accountId)} as existing_transition
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
    )`;
}

const changedCases = Prisma.sql`
    changed_cases as materialized (
      select case_id, bool_or(is_content) as has_new_content, max(revision) as closed_revision
      from (
        select case_id, true as is_content, revision from superseded_revisions
        union all
        select case_id, true, null from compared_events where existing_row is not null and not is_unchanged
        union all
        -- A transition of the table that differs, or a new one of an equal document, which a newer version of cdd-sync
        -- derived.
        select case_id, false, null from compared_transitions where not is_unchanged and (existing_row is not null or is_known)
      ) as change
      group by case_id
    )`;

/** For a batch that has only new cases: reads no history table and copies no document. */
const nothingStored = Prisma.sql`
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
