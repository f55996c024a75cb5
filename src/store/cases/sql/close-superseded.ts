import type { ReadCase } from '../../../sync/batcher.ts';
import { Prisma } from '../../postgres/pool.ts';
import type { BatchContext } from './batch-input.ts';

/**
 * CTEs that set `superseded_at` on the revisions, events and transitions that the documents of known cases no longer
 * contain, as compare-stored.ts found them; each begins with a comma. Rows are found by ctid: joined by key, Postgres
 * would read all events of the account, because it expects a hundred in each document. No other transaction moves these
 * rows meanwhile: the run's row is locked, and the batches of a run have no case in common.
 */
export function closeSuperseded(cases: ReadCase[], { recordedAt }: BatchContext): Prisma.Sql {
  if (!cases.some((one) => one.known)) return Prisma.empty;
  return Prisma.sql`,
    closed_revisions as (
      update cdd.case_revisions as existing_revision
      set superseded_at = greatest(${recordedAt}::timestamptz, existing_revision.recorded_at)
      from superseded_revisions as superseded
      where existing_revision.ctid = superseded.existing_row
      returning existing_revision.case_id, cdd.closed_revision_digest(existing_revision) as digest
    ),
    closed_events as (
      update cdd.event_revisions as existing_event
      set superseded_at = greatest(${recordedAt}::timestamptz, existing_event.recorded_at)
      from compared_events as compared
      where existing_event.ctid = compared.existing_row and not compared.is_unchanged
      returning existing_event.case_id, cdd.closed_event_digest(existing_event) as digest
    ),
    closed_transitions as (
      update cdd.status_transitions as existing_transition
      set superseded_at = greatest(${recordedAt}::timestamptz, existing_transition.recorded_at)
      from compared_transitions as compared
      where existing_transition.ctid = compared.existing_row and not compared.is_unchanged
      returning existing_transition.case_id, cdd.closed_transition_digest(existing_transition) as digest
    )`;
}
