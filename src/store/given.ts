import type { ReadCase } from '../batches.ts';
import { Prisma } from './database.ts';

/** Whose cases, by which run, and whether personal data is kept. */
export type Writing = { accountId: string; runId: string; keepPersonalData: boolean };

/** When a batch's facts are recorded, as Postgres writes it: one instant for all of them. */
export type Recording = Writing & { recordedAt: string };

/**
 * The cases as three row sources: `input` (a case), `listed` (an event of its document, each once) and `derived` (a
 * transition). The documents travel as one text that only Postgres parses: numbers stay as they were written.
 */
export function given(cases: ReadCase[], { accountId, keepPersonalData, recordedAt }: Recording): Prisma.Sql {
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
          as fingerprint,
        content_hash
      from (
        select
          position,
          known,
          content_hash,
          case when ${keepPersonalData} then document else document #- '{case_request,details}' end as document
        from rows from (
          jsonb_array_elements(${`[${cases.map((one) => one.document).join(',')}]`}::jsonb),
          unnest(${cases.map((one) => one.known)}::boolean[]),
          unnest(${cases.map((one) => one.contentHash)}::bytea[])
        ) with ordinality as item (document, known, content_hash, position)
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
      cross join jsonb_array_elements(input.document -> 'events') with ordinality as event (body, position)
      order by input.position, id, event.position
    ),
    derived as materialized (
      select *, lag(occurred_at) over (partition by case_id order by sequence) as from_since
      from (
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
            ${recordedAt}::timestamptz
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
      ) as timed
    )`;
}
