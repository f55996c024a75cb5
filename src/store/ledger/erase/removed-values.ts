import type { CaseKey } from '../../../model/case-key.ts';
import { Prisma, type Transaction } from '../../postgres/pool.ts';

/** Kinds of removed values by field, as a dotted path; every other field is of kind other_fields. */
export const KINDS: Readonly<Record<string, string>> = {
  'case_for.payout_destination_name': 'names',
  'case_for.payout_destination_description': 'names',
  'case_request.organizationNumber': 'organization_numbers',
  'case_for.payout_destination_id': 'references',
  'case_for.payout_reference': 'references',
  'case_request.referenceId': 'references',
  created_by: 'users',
  deleted_by: 'users',
  'case_request.callbackUrl': 'links',
  'case_request.details': 'details',
  'events.case': 'provider_cases',
  'events.created': 'provider_references',
  'events.request_id': 'request_ids',
  'events.error': 'error_texts',
};

/** How many values of each kind an erasure of the case removes from all tables. */
export async function countRemovedValues(tx: Transaction, key: CaseKey): Promise<Record<string, number>> {
  const [items] = await tx.$queryRaw<{ number: number }[]>`
    select count(*)::integer as number
    from cdd.rejected_items
    where ${isItemOf(key)}`;
  return { ...(await countHistoryValues(tx, key)), ...itemCount(items?.number ?? 0) };
}

/**
 * Removes the texts of the case's rejected items, and counts the values that are still to be removed with them: the
 * texts of an account can be many megabytes, so they are read once. Comes before other removals, which remove the
 * values by which items are found.
 */
export async function eraseItems(tx: Transaction, key: CaseKey): Promise<Record<string, number>> {
  const values = await countHistoryValues(tx, key);
  const items = await tx.$executeRaw`update cdd.rejected_items set body = null where ${isItemOf(key)}`;
  return { ...values, ...itemCount(items) };
}

function itemCount(items: number): Record<string, number> {
  return items === 0 ? {} : { rejected_items: items };
}

/** How many values an erasure of the case removes from all versions of its document, events and facts. */
async function countHistoryValues(tx: Transaction, { accountId, caseId }: CaseKey): Promise<Record<string, number>> {
  const rows = await tx.$queryRaw<{ kind: string; values: number }[]>`
    with removed_fields as (
      select field.path, field.value
      from cdd.case_revisions as revision
      cross join lateral (select revision.body - 'events', cdd.erased_document(revision.body)) as document (body, erased)
      cross join lateral (
        select array[key] as path, value
        from jsonb_each(document.body)
        where key not in ('case_for', 'case_request') or jsonb_typeof(value) <> 'object'
        union all
        select array['case_for', key], value
        from jsonb_each(case jsonb_typeof(document.body -> 'case_for') when 'object' then document.body -> 'case_for' end)
        union all
        select array['case_request', key], value
        from jsonb_each(
          case jsonb_typeof(document.body -> 'case_request') when 'object' then document.body -> 'case_request' end
        )
      ) as field
      where revision.account_id = ${accountId}
        and revision.case_id = ${caseId}::uuid
        and document.erased #> field.path is distinct from field.value
      union all
      select array['events', field.key], field.value
      from cdd.event_bodies as stored
      cross join lateral jsonb_array_elements(stored.bodies) as event (body)
      cross join lateral (select cdd.erased_event(event.body)) as erased_event (body)
      cross join lateral jsonb_each(event.body) as field
      where stored.account_id = ${accountId}
        and stored.case_id = ${caseId}::uuid
        and erased_event.body -> field.key is distinct from field.value
    )
    select coalesce(${JSON.stringify(KINDS)}::jsonb ->> array_to_string(path, '.'), 'other_fields') as kind,
      count(*)::integer as values
    from removed_fields
    where value <> 'null'
    group by kind
    union all
    select 'facts', count(*)::integer
    from cdd.case_facts
    where account_id = ${accountId} and case_id = ${caseId}::uuid and value is not null
    having count(*) > 0
    order by kind`;
  return Object.fromEntries(rows.map(({ kind, values }) => [kind, values]));
}

/**
 * A condition on cdd.rejected_items: it still has its text, and is an item of the case or has its id in the text, with or
 * without hyphens. An item whose own id cannot be read also counts if the text has a name, organization number or
 * reference of any version of the case, as cdd.comparable_text compares them; only before these are erased.
 */
function isItemOf({ accountId, caseId }: CaseKey): Prisma.Sql {
  return Prisma.sql`account_id = ${accountId}
      and body is not null
      and (
        case_id = ${caseId}::uuid
        or position(${caseId.replaceAll('-', '')} in lower(replace(body, '-', ''))) > 0
        or case_id is null and exists (
          select
          from (select cdd.comparable_text(body) as text offset 0) as item
          cross join unnest((
            select array_agg(distinct cdd.comparable_text(telling.value))
            from cdd.case_revisions as revision
            cross join lateral unnest(
              array[
                revision.body #>> '{case_for,payout_destination_name}',
                revision.body #>> '{case_for,payout_destination_id}',
                revision.body #>> '{case_for,payout_reference}',
                revision.body #>> '{case_request,organizationNumber}',
                revision.body #>> '{case_request,referenceId}'
              ]
            ) as telling (value)
            where revision.account_id = ${accountId} and revision.case_id = ${caseId}::uuid
          )) as telling (value)
          where length(telling.value) >= ${SHORTEST_TELLING} and position(telling.value in item.text) > 0
        )
      )`;
}

/** Shorter values, in characters, are in texts that are not about the case. */
const SHORTEST_TELLING = 6;
