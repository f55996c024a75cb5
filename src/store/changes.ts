import type { ReadCase } from '../reader.ts';
import { Prisma } from './database.ts';

/** Whose cases, by which run, and whether personal data is kept. */
export type Writing = { accountId: string; runId: string; keepPersonalData: boolean };

/** Which case of a batch had something that no longer holds. */
export type Closed = { id: string; content: boolean; revision: boolean; transitions: boolean };

/**
 * Ends whatever the documents of these known cases no longer say: revisions, events and transitions get
 * `superseded_at`. Gives one row per case of which something ended; a case without a row holds as it is stored. What
 * was absent is compared with the document before that, so that a case which returns as it was has not changed.
 */
export function closeSuperseded(cases: ReadCase[], writing: Writing): Prisma.Sql {
  return Prisma.sql`
    with ${given(cases, writing)},
    closed_revisions as (
      update cdd.case_revisions as held
      set superseded_at = greatest(now(), held.recorded_at)
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
      set superseded_at = greatest(now(), held.recorded_at)
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
      set superseded_at = greatest(now(), held.recorded_at)
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
    ) as closed
    group by case_id`;
}

/**
 * Adds what the documents say and no current row does yet. For known cases `closeSuperseded` must have run before it in
 * the same transaction. Gives one row: how many events and transitions were recorded.
 */
export function addCurrent(cases: (ReadCase & { changed: boolean })[], writing: Writing): Prisma.Sql {
  const { accountId, runId } = writing;
  return Prisma.sql`
    with ${given(cases, writing)},
    saved_cases as (
      insert into cdd.cases (
        account_id, id, owner_account_id, case_for_account_id, payout_destination_id, payout_destination_name,
        payout_destination_description, payout_reference, products, checks, country_code, organization_number,
        requires_contract_signing, reference_id, package, actions_on_approval, payment_options, created_at, created_by,
        updated_at, deleted_at, deleted_by, status, status_since, first_seen_at, changed_at, fingerprint
      )
      select
        ${accountId},
        input.id,
        document ->> 'account_id',
        document -> 'case_for' ->> 'account_id',
        document -> 'case_for' ->> 'payout_destination_id',
        document -> 'case_for' ->> 'payout_destination_name',
        document -> 'case_for' ->> 'payout_destination_description',
        document -> 'case_for' ->> 'payout_reference',
        ${texts('products')},
        ${texts('case_request,checks')},
        document -> 'case_request' ->> 'countryCode',
        document -> 'case_request' ->> 'organizationNumber',
        (document -> 'case_request' ->> 'requireContractSigning')::boolean,
        document -> 'case_request' ->> 'referenceId',
        document ->> 'package',
        ${texts('actions_on_approval')},
        nullif(document -> 'payment_options', 'null'),
        (document ->> 'created_at')::timestamptz,
        document ->> 'created_by',
        (document ->> 'updated_at')::timestamptz,
        (document ->> 'deleted_at')::timestamptz,
        document ->> 'deleted_by',
        last.to_status,
        last.occurred_at,
        now(),
        -- A case of which only the derived transitions differ has not changed.
        case when changed.flag then now() else '-infinity' end,
        input.fingerprint
      from input
      join unnest(${cases.map((one) => one.changed)}::boolean[]) with ordinality as changed (flag, position)
        using (position)
      left join (
        select distinct on (case_id) case_id, to_status, occurred_at
        from derived
        order by case_id, sequence desc
      ) as last on last.case_id = input.id
      on conflict (account_id, id) do update
      set
        owner_account_id = excluded.owner_account_id,
        case_for_account_id = excluded.case_for_account_id,
        payout_destination_id = excluded.payout_destination_id,
        payout_destination_name = excluded.payout_destination_name,
        payout_destination_description = excluded.payout_destination_description,
        payout_reference = excluded.payout_reference,
        products = excluded.products,
        checks = excluded.checks,
        country_code = excluded.country_code,
        organization_number = excluded.organization_number,
        requires_contract_signing = excluded.requires_contract_signing,
        reference_id = excluded.reference_id,
        package = excluded.package,
        actions_on_approval = excluded.actions_on_approval,
        payment_options = excluded.payment_options,
        created_at = excluded.created_at,
        created_by = excluded.created_by,
        updated_at = excluded.updated_at,
        deleted_at = excluded.deleted_at,
        deleted_by = excluded.deleted_by,
        status = excluded.status,
        status_since = excluded.status_since,
        changed_at = greatest(cases.changed_at, excluded.changed_at),
        missing_since = null,
        fingerprint = excluded.fingerprint
    ),
    saved_revisions as (
      insert into cdd.case_revisions (account_id, case_id, revision, body, recorded_at, run_id)
      select
        ${accountId},
        input.id,
        1 + case
          when input.known then (
            select max(held.revision)
            from cdd.case_revisions as held
            where held.account_id = ${accountId} and held.case_id = input.id
          )
          else 0
        end,
        input.body,
        now(),
        ${runId}::uuid
      from input
      where not input.known or not exists (
        select
        from cdd.case_revisions as held
        where held.account_id = ${accountId} and held.case_id = input.id and held.superseded_at is null
      )
    ),
    saved_events as (
      insert into cdd.case_events (
        account_id, case_id, id, revision, event, status, occurred_at, request_id, error, provider_case_id,
        contract_url, body, recorded_at, run_id
      )
      select
        ${accountId},
        case_id,
        id,
        1 + case
          when known then coalesce(
            (
              select max(held.revision)
              from cdd.case_events as held
              where held.account_id = ${accountId} and held.case_id = listed.case_id and held.id = listed.id
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
        body -> 'created' ->> 'case_id',
        body -> 'created' ->> 'contract_url',
        body,
        now(),
        ${runId}::uuid
      from listed
      where not known or not exists (
        select
        from cdd.case_events as held
        where held.account_id = ${accountId}
          and held.case_id = listed.case_id
          and held.id = listed.id
          and held.superseded_at is null
      )
      returning 1
    ),
    saved_transitions as (
      insert into cdd.status_transitions (
        account_id, case_id, sequence, from_status, to_status, occurred_at, occurred_at_source, event_id, recorded_at,
        run_id
      )
      select
        ${accountId}, case_id, sequence, from_status, to_status, occurred_at, occurred_at_source, event_id, now(),
        ${runId}::uuid
      from derived
      where not known or not exists (
        select
        from cdd.status_transitions as held
        where held.account_id = ${accountId}
          and held.case_id = derived.case_id
          and held.sequence = derived.sequence
          and held.superseded_at is null
      )
      returning 1
    )
    select
      (select count(*)::integer from saved_events) as events,
      (select count(*)::integer from saved_transitions) as transitions`;
}

/** A text[] out of the document; null where there is no array. The path is ours, never input. */
function texts(path: string): Prisma.Sql {
  const value = Prisma.raw(`document #> '{${path}}'`);
  return Prisma.sql`case jsonb_typeof(${value}) when 'array' then array(select jsonb_array_elements_text(${value})) end`;
}

/**
 * The cases as three row sources: `input` (a case), `listed` (an event of its document, each once) and `derived` (a
 * transition). The documents travel as one text that only Postgres parses: numbers stay as they were written.
 */
function given(cases: ReadCase[], { accountId, keepPersonalData }: Writing): Prisma.Sql {
  const transitions = cases.flatMap((one, index) => one.transitions.map((t) => ({ ...t, position: index + 1 })));
  return Prisma.sql`
    input as materialized (
      select
        (document ->> 'id')::uuid as id,
        position,
        known,
        document,
        jsonb_set(document, '{events}', jsonb_path_query_array(document, '$.events[*].id')) as body,
        substring(${Buffer.concat(cases.map((one) => one.fingerprint))}::bytea from position::integer * 32 - 31 for 32)
          as fingerprint
      from (
        select
          position,
          known,
          case when ${keepPersonalData} then document else document #- '{case_request,details}' end as document
        from rows from (
          jsonb_array_elements(${`[${cases.map((one) => one.document).join(',')}]`}::jsonb),
          unnest(${cases.map((one) => one.known)}::boolean[])
        ) with ordinality as item (document, known, position)
      ) as stored
    ),
    listed as materialized (
      select distinct on (input.position, id)
        input.id as case_id,
        input.known,
        (event.body -> 'id')::bigint as id,
        case
          when ${keepPersonalData} then event.body
          else (event.body - 'case') #- '{created,contract_url}'
        end as body
      from input
      cross join jsonb_array_elements(input.document -> 'events') as event (body)
      order by input.position, id
    ),
    derived as materialized (
      select
        input.id as case_id,
        input.known,
        given.sequence,
        given.from_status,
        given.to_status,
        coalesce(
          timestamptz 'epoch' + given.occurred_at * interval '1 microsecond',
          (
            select min(event.recorded_at)
            from cdd.case_events as event
            where event.account_id = ${accountId} and event.case_id = input.id and event.id = given.event_id
          ),
          now()
        ) as occurred_at,
        given.occurred_at_source,
        given.event_id
      from unnest(
        ${transitions.map((t) => t.position)}::integer[],
        ${transitions.map((t) => t.sequence)}::integer[],
        ${transitions.map((t) => t.fromStatus)}::text[],
        ${transitions.map((t) => t.toStatus)}::text[],
        ${transitions.map((t) => t.occurredAt)}::bigint[],
        ${transitions.map((t) => t.occurredAtSource)}::text[],
        ${transitions.map((t) => t.eventId)}::bigint[]
      ) as given (position, sequence, from_status, to_status, occurred_at, occurred_at_source, event_id)
      join input using (position)
    )`;
}
