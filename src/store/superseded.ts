import type { ReadCase } from '../batches.ts';
import { Prisma } from './database.ts';
import { given, type Recording } from './given.ts';

/** Which case of a batch had something that no longer holds, or lacks a transition. */
export type Closed = { id: string; content: boolean; revision: boolean; transitions: boolean };

/**
 * Ends whatever the documents of these known cases no longer say: revisions, events and transitions get
 * `superseded_at`. Gives one row per case of which something ended or a transition is lacking; any other holds as it is stored. What
 * was absent is compared with the document before that, so that a case which returns as it was has not changed.
 */
export function closeSuperseded(cases: ReadCase[], writing: Recording): Prisma.Sql {
  return Prisma.sql`
    with ${given(cases, writing)},
    closed_revisions as (
      update cdd.case_revisions as held
      set superseded_at = greatest(${writing.recordedAt}::timestamptz, held.recorded_at)
      from input
      where held.account_id = ${writing.accountId}
        and held.case_id = input.id
        and held.superseded_at is null
        and input.body is distinct from coalesce(
          held.body,
          (
            select earlier.body
            from cdd.case_revisions as earlier
            where earlier.account_id = held.account_id
              and earlier.case_id = held.case_id
              and earlier.body is not null
            order by earlier.revision desc
            limit 1
          )
        )
      returning held.case_id
    ),
    closed_events as (
      update cdd.case_events as held
      set superseded_at = greatest(${writing.recordedAt}::timestamptz, held.recorded_at)
      from input
      where held.account_id = ${writing.accountId}
        and held.case_id = input.id
        and held.superseded_at is null
        and not exists (
          select
          from listed
          where listed.case_id = held.case_id
            and listed.id = held.id
            and listed.body = held.body
        )
      returning held.case_id
    ),
    closed_transitions as (
      update cdd.status_transitions as held
      set superseded_at = greatest(${writing.recordedAt}::timestamptz, held.recorded_at)
      from input
      where held.account_id = ${writing.accountId}
        and held.case_id = input.id
        and held.superseded_at is null
        and not exists (
          select
          from derived
          where derived.case_id = held.case_id
            and derived.sequence = held.sequence
            and derived.from_status is not distinct from held.from_status
            and derived.to_status = held.to_status
            and derived.from_since is not distinct from held.from_since
            and derived.occurred_at = held.occurred_at
            and derived.occurred_at_source = held.occurred_at_source
            and derived.event_id = held.event_id
        )
      returning held.case_id
    )
    select
      case_id as id,
      bool_or(kind in ('revision', 'event')) as content,
      bool_or(kind = 'revision') as revision,
      bool_or(kind = 'transition') as transitions
    from (
      select case_id, 'revision' as kind from closed_revisions
      union all
      select case_id, 'event' from closed_events
      union all
      select case_id, 'transition' from closed_transitions
      union all
      -- A transition more, of a document that is as it was: derived by a newer version.
      select derived.case_id, 'transition'
      from derived
      -- Not "not exists": for that Postgres reads everything the account has.
      where (
        select true
        from cdd.status_transitions as held
        where held.account_id = ${writing.accountId}
          and held.case_id = derived.case_id
          and held.sequence = derived.sequence
          and held.superseded_at is null
        limit 1
      ) is null
    ) as closed
    group by case_id`;
}
