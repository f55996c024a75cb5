import type { ReadCase } from '../../../sync/batcher.ts';
import { Prisma } from '../../postgres/pool.ts';
import type { Recording } from './batch-input.ts';

/** For a batch in which every case is new, so that the tables are not even looked at, nor the documents copied. */
const nothing = Prisma.sql`
    compared_events as not materialized (
      select *, false as holds
      from listed
    ),
    compared_transitions as not materialized (
      select *, false as holds
      from derived
    ),
    touched as (
      select null::uuid as case_id, false as content, null::integer as revision
      where false
    )`;

/**
 * Ends whatever the documents of the known cases no longer say: revisions, events and transitions get `superseded_at`.
 * Gives `compared_events` and `compared_transitions`, those of the documents beside those that held: `holds` if the two
 * say the same; and as the last of these row sources `touched`, a row per known case of which something ended or a
 * transition is lacking: whether its document is another one (`content`), and the number of the `revision` that ended, if
 * it is another one leaving its events aside. What was absent is compared with the document before that, so that a case
 * which returns as it was has not changed.
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
      returning held.case_id, held.revision
    ),
    held_events as materialized (
      select
        held.case_id,
        held.id,
        held.ctid as held_row,
        (
          select stored.bodies -> held.place
          from cdd.event_bodies as stored
          where stored.account_id = ${accountId}
            and stored.case_id = held.case_id
            and stored.revision = held.bodies_revision
        ) as body
      from input
      join cdd.event_revisions as held on held.account_id = ${accountId} and held.case_id = input.id
      where input.known and held.superseded_at is null
    ),
    compared_events as materialized (
      select
        case_id,
        id,
        listed.known,
        listed.is_whole,
        listed.place,
        listed.body,
        held_row,
        coalesce(listed.body = held.body, false) as holds
      from listed
      full join held_events as held using (case_id, id)
    ),
    -- Found again by its place in the table. By its key Postgres would read all that the account has, because it expects
    -- a hundred events of each document. Nobody else changes these rows meanwhile: the run is fenced, and its batches side
    -- by side have no case in common.
    closed_events as (
      update cdd.event_revisions as held
      set superseded_at = greatest(${recordedAt}::timestamptz, held.recorded_at)
      from compared_events as compared
      where held.ctid = compared.held_row and not compared.holds
      returning held.case_id
    ),
    compared_transitions as materialized (
      select
        case_id,
        sequence,
        derived.known,
        derived.from_status,
        derived.from_since,
        derived.to_status,
        derived.occurred_at,
        derived.occurred_at_source,
        derived.event_id,
        held_row,
        (
          derived.from_status, derived.from_since, derived.to_status, derived.occurred_at, derived.occurred_at_source,
          derived.event_id
        ) is not distinct from (
          held.from_status, held.from_since, held.to_status, held.occurred_at, held.occurred_at_source, held.event_id
        ) as holds
      from derived
      full join (
        select held.*, held.ctid as held_row
        from input
        join cdd.status_transitions as held on held.account_id = ${accountId} and held.case_id = input.id
        where input.known and held.superseded_at is null
      ) as held using (case_id, sequence)
    ),
    closed_transitions as (
      update cdd.status_transitions as held
      set superseded_at = greatest(${recordedAt}::timestamptz, held.recorded_at)
      from compared_transitions as compared
      where held.ctid = compared.held_row and not compared.holds
      returning held.case_id
    ),
    touched as materialized (
      select case_id, bool_or(content) as content, max(revision) as revision
      from (
        select case_id, true as content, revision from closed_revisions
        union all
        select case_id, true, null from closed_events
        union all
        select case_id, false, null from closed_transitions
        union all
        -- A transition more, of a document that is as it was: derived by a newer version.
        select case_id, false, null from compared_transitions where known and held_row is null
      ) as closed
      group by case_id
    )`;
}
