import type { ReadCase } from '../../../sync/batcher.ts';
import { saveLeaves } from '../../ledger/leaves.ts';
import { Prisma } from '../../postgres/pool.ts';
import { batchChanges, isAddedTransition } from './batch-changes.ts';
import { type BatchContext, batchInput } from './batch-input.ts';
import { caseColumns } from './case-columns.ts';
import { lastError, transitionFacts } from './case-facts.ts';
import { closeSuperseded } from './close-superseded.ts';
import { compareWithStored } from './compare-stored.ts';
import { saveLaterDecisions } from './later-decisions.ts';
import { readableFields } from './readable-fields.ts';
import { saveEvents } from './save-events.ts';

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
    ${saveEvents(cases, context)},
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
