import type { ReadCase } from '../../../sync/batcher.ts';
import { Prisma } from '../../postgres/pool.ts';

/** Whose cases, by which run, and whether personal data is kept. */
export type Writing = { accountId: string; runId: string; keepPersonalData: boolean };

/** When a batch's facts are recorded, as Postgres writes it: one instant for all of them. */
export type Recording = Writing & { recordedAt: string };

/** Whoever asks for one body takes all apart that are stored with it: a case of 8,000 events took seven seconds. */
export const BODIES_TOGETHER = 16;

/**
 * The cases as three row sources: `input` (a case; `is_whole` if its events are stored as the array that they came in),
 * `listed` (an event of its document, each once, with its place in it) and `derived` (a transition). The documents travel
 * as texts that only Postgres parses: numbers stay as they were written.
 */
export function given(cases: ReadCase[], { keepPersonalData, recordedAt }: Recording): Prisma.Sql {
  const ids = Prisma.sql`${plain(cases.map((one) => one.id))}::uuid[]`;
  const known = Prisma.sql`${plain(cases.map((one) => one.known))}::boolean[]`;
  const transitions = cases.flatMap((one, index) =>
    one.transitions.map((transition, at) => ({
      ...transition,
      position: index + 1,
      fromSince: one.transitions[at - 1]?.occurredAt ?? null,
    })),
  );
  const statuses = [...new Set(transitions.map((one) => one.toStatus))];
  const places = new Map(statuses.map((status, index) => [status, index + 1]));
  const placeOf = (status: string | null) => (status === null ? null : (places.get(status) ?? null));
  return Prisma.sql`
    input as materialized (
      select
        id,
        position,
        known,
        not known and jsonb_array_length(document -> 'events') <= ${BODIES_TOGETHER} as is_whole,
        document,
        jsonb_set(document, '{events}', jsonb_path_query_array(document, '$.events[*].id')) as body,
        substring(${Buffer.concat(cases.map((one) => one.fingerprint))}::bytea from position::integer * 32 - 31 for 32)
          as fingerprint,
        content_hash
      from (
        select
          id,
          position,
          known,
          content_hash,
          case when ${keepPersonalData} then document else cdd.without_personal_data(document) end as document
        from rows from (
          unnest(${ids}),
          unnest(${known}),
          unnest(${cases.map((one) => one.contentHash)}::bytea[]),
          unnest(${jsonbArray(cases.map((one) => one.document))}::jsonb[])
        ) with ordinality as item (id, known, content_hash, document, position)
      ) as stored
    ),
    listed as materialized (
      select distinct on (input.position, id)
        input.id as case_id,
        input.known,
        input.is_whole,
        (event.body -> 'id')::bigint as id,
        (event.position - 1)::integer as place,
        event.body
      from input
      cross join jsonb_array_elements(input.document -> 'events') with ordinality as event (body, position)
      order by input.position, id, event.position
    ),
    derived as materialized (
      select
        (${ids})[position] as case_id,
        (${known})[position] as known,
        sequence,
        (${statuses}::text[])[from_place] as from_status,
        case when sequence > 1 then coalesce(${time('from_since')}, ${recordedAt}::timestamptz) end as from_since,
        (${statuses}::text[])[to_place] as to_status,
        coalesce(${time('occurred_at')}, ${recordedAt}::timestamptz) as occurred_at,
        occurred_at_source,
        event_id
      from unnest(
        ${plain(transitions.map((one) => one.position))}::integer[],
        ${plain(transitions.map((one) => one.sequence))}::integer[],
        ${plain(transitions.map((one) => placeOf(one.fromStatus)))}::integer[],
        ${plain(transitions.map((one) => one.fromSince))}::bigint[],
        ${plain(transitions.map((one) => placeOf(one.toStatus)))}::integer[],
        ${plain(transitions.map((one) => one.occurredAt))}::bigint[],
        ${plain(transitions.map((one) => one.occurredAtSource))}::text[],
        ${plain(transitions.map((one) => one.eventId))}::bigint[]
      ) as given (position, sequence, from_place, from_since, to_place, occurred_at, occurred_at_source, event_id)
    )`;
}

/** An array of what needs no quotes, as Postgres writes it. The driver would look for quotes in each of a batch's values. */
function plain(values: (number | boolean | string | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

/** A time out of microseconds; null where there is none. The column is ours, never input. */
function time(column: string): Prisma.Sql {
  return Prisma.sql`timestamptz 'epoch' + ${Prisma.raw(column)} * interval '1 microsecond'`;
}

/**
 * A `jsonb[]` in the binary form that Postgres' array_recv and jsonb_recv read, so that documents are sent as the bytes
 * that were received, and each is read by itself: all as one `jsonb` took a fifth longer.
 */
function jsonbArray(documents: Buffer[]): Buffer {
  const [dimensions, hasNulls, firstIndex] = [1, 0, 1];
  const header = int32s(dimensions, hasNulls, JSONB_OID, documents.length, firstIndex);
  const elements = documents.flatMap((text) => [int32s(JSONB_VERSION.length + text.length), JSONB_VERSION, text]);
  return Buffer.concat([header, ...elements]);
}

const JSONB_OID = 3802;
const JSONB_VERSION = Buffer.from([1]);

function int32s(...values: number[]): Buffer {
  const bytes = Buffer.allocUnsafe(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeInt32BE(value, index * 4);
  return bytes;
}
