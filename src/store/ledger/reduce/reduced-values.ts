import type { PersonalData } from '../../../model/personal-data.ts';
import { Prisma, type Transaction } from '../../postgres/pool.ts';
import { KINDS } from '../erase/removed-values.ts';

type Cases = { accountId: string; caseIds: readonly string[]; personalData: PersonalData };

// The part of the stored values of the row `alias` that the setting keeps. The alias becomes part of the statement: never
// pass input.

/** Of cdd.case_revisions: a document with numbers in place of its events. */
export function keptBody(alias: string, personalData: PersonalData): Prisma.Sql {
  const body = Prisma.raw(`${alias}.body`);
  const document = Prisma.sql`cdd.kept_document(jsonb_set(${body}, '{events}', '[]'), ${personalData})`;
  return Prisma.sql`case when ${body} is not null then jsonb_set(${document}, '{events}', ${body} -> 'events') end`;
}

/** Of cdd.case_revisions: fields of a document without its events. */
export function keptReadable(alias: string, personalData: PersonalData): Prisma.Sql {
  const readable = Prisma.raw(`${alias}.readable`);
  return Prisma.sql`
    case
      when ${readable} is not null
        then cdd.kept_document(${readable} || '{"events": []}', ${personalData}) - 'events'
    end`;
}

/** Of cdd.event_bodies: a list of events. */
export function keptBodies(alias: string, personalData: PersonalData): Prisma.Sql {
  const document = Prisma.raw(`jsonb_build_object('events', ${alias}.bodies)`);
  return Prisma.sql`cdd.kept_document(${document}, ${personalData}) -> 'events'`;
}

/**
 * How many values the setting removes from all versions of each document, its events, facts and rejected items, by case
 * and kind. A case of which nothing is removed is left out.
 */
export async function countReducedValues(
  tx: Transaction,
  { accountId, caseIds, personalData }: Cases,
): Promise<Map<string, Record<string, number>>> {
  const rows = await tx.$queryRaw<{ caseId: string; kinds: Record<string, number> }[]>`
    with ${keptParts({ accountId, caseIds, personalData })},
    ${removedValues},
    counted_values as (
      select
        case_id,
        coalesce(${JSON.stringify(KINDS)}::jsonb ->> path, 'other_fields') as kind,
        count(*)::integer as values
      from removed_values
      group by case_id, kind
      union all
      select case_id, 'rejected_items', count(*)::integer
      from cdd.rejected_items
      where account_id = ${accountId} and case_id = any(${caseIds}::uuid[]) and body is not null
      group by case_id
    )
    select case_id::text as "caseId", jsonb_object_agg(kind, values) as kinds
    from counted_values
    group by case_id`;
  return new Map(rows.map(({ caseId, kinds }) => [caseId, kinds]));
}

/** CTEs: all versions of the documents and all events, each beside the part that the setting keeps. */
function keptParts({ accountId, caseIds, personalData }: Cases): Prisma.Sql {
  return Prisma.sql`
    kept_revisions as materialized (
      select
        stored.case_id,
        stored.body - 'events' as body,
        ${keptBody('stored', personalData)} as kept_body,
        stored.readable is distinct from ${keptReadable('stored', personalData)} as is_readable_changed
      from cdd.case_revisions as stored
      where stored.account_id = ${accountId} and stored.case_id = any(${caseIds}::uuid[]) and stored.body is not null
    ),
    kept_events as materialized (
      select stored.case_id, event.body, event.kept_body
      from cdd.event_bodies as stored
      cross join lateral (select ${keptBodies('stored', personalData)} as bodies offset 0) as kept
      cross join lateral rows from (
        jsonb_array_elements(stored.bodies),
        jsonb_array_elements(kept.bodies)
      ) as event (body, kept_body)
      where stored.account_id = ${accountId} and stored.case_id = any(${caseIds}::uuid[])
    )`;
}

/** A CTE: the paths of the values that are not kept. */
const removedValues = Prisma.sql`
    removed_values as (
      select kept.case_id, field.path
      from kept_revisions as kept
      cross join lateral (
        select key as path, array[key] as keys, value
        from jsonb_each(kept.body)
        where key not in ('case_for', 'case_request') or jsonb_typeof(value) <> 'object'
        union all
        select object.key || '.' || field.key, array[object.key, field.key], field.value
        from jsonb_each(kept.body) as object
        cross join lateral jsonb_each(case jsonb_typeof(object.value) when 'object' then object.value end) as field
        where object.key in ('case_for', 'case_request')
      ) as field
      where kept.kept_body #> field.keys is distinct from field.value
      union all
      select kept.case_id, 'events.' || field.key
      from kept_events as kept
      cross join lateral jsonb_each(kept.body) as field
      where kept.kept_body -> field.key is distinct from field.value
      union all
      select case_id, 'readable'
      from kept_revisions
      where is_readable_changed
    )`;
