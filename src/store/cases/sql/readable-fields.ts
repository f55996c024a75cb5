import type { ReadCase } from '../../../sync/batcher.ts';
import { Prisma } from '../../postgres/pool.ts';
import type { RunContext } from './batch-input.ts';

/**
 * The sources of columns, as CTEs:
 * - `input_fields`: `input_cases` with the column `fields`, the document without values that are not as documented, and
 *   `readable`, the part of it that is kept with a revision;
 * - `readable_events`: only for cases with problems, the same of each of their events.
 * A document without problems is its own `fields`, and the statement of a batch of such documents has no join for them.
 */
export function readableFields(cases: ReadCase[], { personalData }: Pick<RunContext, 'personalData'>) {
  const odd = cases.filter((one) => one.readable !== null);
  if (odd.length === 0) {
    return Prisma.sql`
    input_fields as not materialized (
      select *, document as fields, null::jsonb as readable
      from input_cases
    )`;
  }
  return Prisma.sql`
    readable_cases as materialized (
      select
        readable.id,
        case
          when input.is_erased then cdd.erased_document(cdd.kept_document(readable.fields, ${personalData}))
          else cdd.kept_document(readable.fields, ${personalData})
        end as fields
      from unnest(
        ${odd.map((one) => one.id)}::uuid[],
        ${odd.map((one) => one.readable)}::jsonb[]
      ) as readable (id, fields)
      join input_cases as input using (id)
    ),
    readable_events as materialized (
      select readable_case.id as case_id, (event.fields -> 'id')::bigint as id, event.fields
      from readable_cases as readable_case
      cross join jsonb_array_elements(readable_case.fields -> 'events') as event (fields)
    ),
    input_fields as not materialized (
      select
        input.*,
        coalesce(readable_case.fields, input.document) as fields,
        -- A second copy of personal data would have to be found when it is erased.
        (readable_case.fields - 'events') #- '{case_request,details}' as readable
      from input_cases as input
      left join readable_cases as readable_case using (id)
    )`;
}

/** `added_events` with the `fields` of each event, as a table expression. */
export function addedEventFields(cases: readonly ReadCase[]): Prisma.Sql {
  if (cases.every((one) => one.readable === null)) return Prisma.sql`(select *, body as fields from added_events)`;
  return Prisma.sql`(
        select added.*, coalesce(readable_event.fields, added.body) as fields
        from added_events as added
        left join readable_events as readable_event using (case_id, id)
      )`;
}
