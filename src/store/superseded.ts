import type { ReadCase } from '../batches.ts';
import { Prisma } from './database.ts';
import type { Recording } from './given.ts';

/** Whether a stored transition is one that was derived, and holds now. */
export const sameTransition = Prisma.sql`
  held.case_id = derived.case_id
  and held.sequence = derived.sequence
  and held.superseded_at is null
  and held.from_status is not distinct from derived.from_status
  and held.from_since is not distinct from derived.from_since
  and held.to_status = derived.to_status
  and held.occurred_at = derived.occurred_at
  and held.occurred_at_source = derived.occurred_at_source
  and held.event_id = derived.event_id`;

/** For a batch in which every case is new, so that the tables are not even looked at. */
const nothing = Prisma.sql`
    stored_events as (
      select null::uuid as case_id, null::bigint as id, null::jsonb as body
      where false
    ),
    touched as (
      select null::uuid as case_id, false as content, false as revision
      where false
    )`;

/**
 * Ends whatever the documents of the known cases no longer say: revisions, events and transitions get `superseded_at`.
 * Gives `stored_events`, what held of their events, and as the last of these row sources `touched`, a row per known case
 * of which something ended or a transition is lacking: whether its document is another one (`content`), and whether it is
 * without its events (`revision`). What was absent is compared with the document before that, so that a case which
 * returns as it was has not changed.
 */
export function superseded(cases: ReadCase[], { accountId, recordedAt }: Recording): Prisma.Sql {
  if (!cases.some((one) => one.known)) return nothing;
  return Prisma.sql`
    closed_revisions as (
      update cdd.case_revisions as held
      set superseded_at = greatest(${recordedAt}::timestamptz, held.recorded_at)
      from input
      where input.known
        and held.account_id = ${accountId}
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
    -- Materialized, because taking a body out of what it is stored in costs more than comparing it.
    stored_events as materialized (
      select held.case_id, held.id, held.revision, held.body
      from input
      join cdd.case_events as held on held.account_id = ${accountId} and held.case_id = input.id
      where input.known and held.superseded_at is null
    ),
    closed_events as (
      update cdd.event_revisions as held
      set superseded_at = greatest(${recordedAt}::timestamptz, held.recorded_at)
      from stored_events as stored
      where held.account_id = ${accountId}
        and held.case_id = stored.case_id
        and held.id = stored.id
        and held.revision = stored.revision
        and not exists (
          select
          from listed
          where listed.case_id = stored.case_id and listed.id = stored.id and listed.body = stored.body
        )
      returning held.case_id
    ),
    closed_transitions as (
      update cdd.status_transitions as held
      set superseded_at = greatest(${recordedAt}::timestamptz, held.recorded_at)
      from input
      where input.known
        and held.account_id = ${accountId}
        and held.case_id = input.id
        and held.superseded_at is null
        and not exists (select from derived where ${sameTransition})
      returning held.case_id
    ),
    touched as materialized (
      select
        case_id,
        bool_or(kind in ('revision', 'event')) as content,
        bool_or(kind = 'revision') as revision
      from (
        select case_id, 'revision' as kind from closed_revisions
        union all
        select case_id, 'event' from closed_events
        union all
        select case_id, 'transition' from closed_transitions
        union all
        -- A transition more, of a document that is as it was: derived by a newer version. Not "not exists": for that
        -- Postgres reads everything the account has.
        select derived.case_id, 'transition'
        from derived
        where derived.known and (
          select true
          from cdd.status_transitions as held
          where held.account_id = ${accountId}
            and held.case_id = derived.case_id
            and held.sequence = derived.sequence
            and held.superseded_at is null
          limit 1
        ) is null
      ) as closed
      group by case_id
    )`;
}
