import type { PersonalData } from '../../../model/personal-data.ts';
import type { ReadCase } from '../../../sync/batcher.ts';
import { Prisma } from '../../postgres/pool.ts';

/** The run that writes, its account, and the part of documents that is stored. */
export type RunContext = { accountId: string; runId: string; personalData: PersonalData };

/** `recordedAt` is a time as Postgres writes it; all facts of a batch are recorded at this one instant. */
export type BatchContext = RunContext & { recordedAt: string };

/**
 * Maximum number of event bodies in one array. Postgres decompresses and parses the whole array to read one body: with
 * all events in one array, a case of 8,000 events took seven seconds.
 */
export const EVENTS_PER_ARRAY = 16;

/**
 * The parameters of a batch as three CTEs:
 * - `input_cases`: the cases; `is_stored_whole` if the events of a new case are stored as the array they came in;
 *   `body` is the document with ids in place of its events; `is_erased` if the case was erased, so that the document has
 *   only what stays then;
 * - `input_events`: each event of a document once, with its place in it;
 * - `input_transitions`: the transitions that the worker derived.
 * Documents are sent as text that only Postgres parses, so numbers stay as they were written.
 */
export function batchInput(
  cases: ReadCase[],
  { accountId, personalData, recordedAt }: Pick<BatchContext, 'accountId' | 'personalData' | 'recordedAt'>,
): Prisma.Sql {
  const ids = Prisma.sql`${arrayLiteral(cases.map((one) => one.id))}::uuid[]`;
  const areKnown = Prisma.sql`${arrayLiteral(cases.map((one) => one.known))}::boolean[]`;
  // New cases cost no look-up.
  const erasedCase = cases.some((one) => one.known)
    ? Prisma.sql`
          left join cdd.cases as erased_case
            on item.is_known
            and erased_case.account_id = ${accountId}
            and erased_case.id = item.id
            and erased_case.erased_at is not null`
    : Prisma.sql`
          cross join (select null::timestamptz as erased_at) as erased_case`;
  return Prisma.sql`
    input_cases as materialized (
      select
        id,
        position,
        is_known,
        has_errors,
        is_erased,
        not is_known and jsonb_array_length(document -> 'events') <= ${EVENTS_PER_ARRAY} as is_stored_whole,
        document,
        jsonb_set(document, '{events}', jsonb_path_query_array(document, '$.events[*].id')) as body,
        substring(${Buffer.concat(cases.map((one) => one.fingerprint))}::bytea from position::integer * 32 - 31 for 32)
          as fingerprint,
        content_hash
      from (
        select
          item.id,
          item.position,
          item.is_known,
          item.has_errors,
          item.content_hash,
          erased_case.erased_at is not null as is_erased,
          case
            when erased_case.erased_at is null then cdd.kept_document(item.document, ${personalData})
            else cdd.erased_document(cdd.kept_document(item.document, ${personalData}))
          end as document
        from rows from (
          unnest(${ids}),
          unnest(${areKnown}),
          unnest(${arrayLiteral(cases.map((one) => one.hasErrors))}::boolean[]),
          unnest(${cases.map((one) => one.contentHash)}::bytea[]),
          unnest(${jsonbArray(cases.map((one) => one.document))}::jsonb[])
        ) with ordinality as item (id, is_known, has_errors, content_hash, document, position)${erasedCase}
      ) as kept
    ),
    input_events as materialized (
      select distinct on (input.position, id)
        input.id as case_id,
        input.is_known,
        input.is_stored_whole,
        (event.body -> 'id')::bigint as id,
        (event.position - 1)::integer as place,
        event.body
      from input_cases as input
      cross join jsonb_array_elements(input.document -> 'events') with ordinality as event (body, position)
      order by input.position, id, event.position
    ),
    input_transitions as materialized (
      select
        (${ids})[case_position] as case_id,
        (${areKnown})[case_position] as is_known,
        ${transitionColumns(cases, recordedAt)}
    )`;
}

function transitionColumns(cases: ReadCase[], recordedAt: string): Prisma.Sql {
  const transitions = cases.flatMap((one, index) =>
    one.transitions.map((transition, at) => ({
      ...transition,
      casePosition: index + 1,
      fromSince: one.transitions[at - 1]?.occurredAt ?? null,
    })),
  );
  return Prisma.sql`
        sequence,
        from_status,
        case when sequence > 1 then coalesce(${timeOf('from_since')}, ${recordedAt}::timestamptz) end as from_since,
        to_status,
        coalesce(${timeOf('occurred_at')}, ${recordedAt}::timestamptz) as occurred_at,
        occurred_at_source,
        event_id
      from unnest(
        ${arrayLiteral(transitions.map((one) => one.casePosition))}::integer[],
        ${arrayLiteral(transitions.map((one) => one.sequence))}::integer[],
        ${transitions.map((one) => one.fromStatus)}::text[],
        ${arrayLiteral(transitions.map((one) => one.fromSince))}::bigint[],
        ${transitions.map((one) => one.toStatus)}::text[],
        ${arrayLiteral(transitions.map((one) => one.occurredAt))}::bigint[],
        ${arrayLiteral(transitions.map((one) => one.occurredAtSource))}::text[],
        ${arrayLiteral(transitions.map((one) => one.eventId))}::bigint[]
      ) as transition (
        case_position, sequence, from_status, from_since, to_status, occurred_at, occurred_at_source, event_id
      )`;
}

/**
 * A Postgres array literal of values that need no quotes. Faster than the driver, which looks for quotes in each value.
 */
function arrayLiteral(values: (number | boolean | string | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

/** A column of microseconds since 1970 as a time. The column's name becomes part of the statement: never pass input. */
function timeOf(column: 'from_since' | 'occurred_at'): Prisma.Sql {
  return Prisma.raw(`timestamptz 'epoch' + ${column} * interval '1 microsecond'`);
}

/**
 * A `jsonb[]` in the binary form that array_recv and jsonb_recv of Postgres read: the documents are sent as the bytes
 * that were received. One `jsonb` that holds them all took Postgres a fifth longer.
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
