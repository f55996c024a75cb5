// For verify --api: where the documents of a list differ from the tables. Only names of fields, no values.
import type { PersonalData } from '../../../model/personal-data.ts';
import type { ReadCase } from '../../../sync/batcher.ts';
import { batchInput } from '../../cases/sql/batch-input.ts';
import { compareWithStored } from '../../cases/sql/compare-stored.ts';
import { type Database, Prisma } from '../../postgres/pool.ts';
import { BATCH_SETTINGS } from '../../runs/run-lock.ts';

/**
 * A case of the list beside the tables. `isSeen`: the last run saw this very document, so that a difference is none of
 * Dintero's. `fields`: names of what differs.
 */
export type ComparedCase = { caseId: string; isSeen: boolean; fields: string[] };

type Context = { accountId: string; personalData: PersonalData };

/** Compares the known cases of a batch with the tables, with the comparison of the saving statement. */
export async function compareCases(
  database: Database,
  cases: readonly ReadCase[],
  context: Context,
): Promise<ComparedCase[]> {
  const known = cases.filter((one) => one.known);
  if (known.length === 0) return [];
  // The time for a transition that has none is that of its first recording, which the reader of the list has looked up.
  const input = batchInput(known, { ...context, recordedAt: new Date().toISOString() });
  const compare = Prisma.sql`
    with ${input},
    ${compareWithStored(known, context)},
    differences as (
      ${documentDifferences(context)}
      union all
      ${eventDifferences}
      union all
      select case_id, 'transition ' || sequence
      from compared_transitions
      where not is_unchanged
    )
    select
      input.id::text as "caseId",
      stored_case.fingerprint = input.fingerprint and stored_case.missing_since is null as "isSeen",
      array(select distinct field from differences where differences.case_id = input.id order by field)
        || case when stored_case.missing_since is not null then array['missing_since'] else '{}' end as fields
    from input_cases as input
    join cdd.cases as stored_case on stored_case.account_id = ${context.accountId} and stored_case.id = input.id`;
  const options = { isReadOnly: true, settings: BATCH_SETTINGS };
  return database.transact((tx) => tx.$queryRaw<ComparedCase[]>(compare), options);
}

/** Names of fields, in two levels, in which the document and the current version differ apart from their events. */
function documentDifferences({ accountId }: Context): Prisma.Sql {
  return Prisma.sql`
      select input.id as case_id, 'document' as field
      from input_cases as input
      where not exists (
        select
        from cdd.case_revisions as current_revision
        where current_revision.account_id = ${accountId}
          and current_revision.case_id = input.id
          and current_revision.superseded_at is null
      )
      union all
      select superseded.case_id, field.name || coalesce('.' || inner_field.name, '')
      from superseded_revisions as superseded
      join input_cases as input on input.id = superseded.case_id
      cross join lateral (
        select coalesce(
          (
            select revision.body
            from cdd.case_revisions as revision
            where revision.account_id = ${accountId}
              and revision.case_id = superseded.case_id
              and revision.body is not null
            order by revision.revision desc
            limit 1
          ),
          '{}'
        ) as body
      ) as stored
      cross join lateral (
        select name, listed_field.value as listed, stored_field.value as stored
        from jsonb_each(input.body) as listed_field (name, value)
        full join jsonb_each(stored.body) as stored_field (name, value) using (name)
        where listed_field.value is distinct from stored_field.value
      ) as field
      left join lateral (
        select name
        from jsonb_each(case when jsonb_typeof(field.listed) = 'object' then field.listed end) as listed_field (name, value)
        full join jsonb_each(case when jsonb_typeof(field.stored) = 'object' then field.stored end)
          as stored_field (name, value) using (name)
        where listed_field.value is distinct from stored_field.value
      ) as inner_field on jsonb_typeof(field.listed) = 'object' and jsonb_typeof(field.stored) = 'object'`;
}

const eventDifferences = Prisma.sql`
      select
        compared.case_id,
        'events[id=' || compared.id || ']' || case
          when compared.existing_row is null then ' (not in the tables)'
          when compared.body is null then ' (only in the tables)'
          else ''
        end
      from compared_events as compared
      where not compared.is_unchanged`;
