import { documentRows, readInTime } from '../../cases/configured-facts.ts';
import { Prisma, type Transaction } from '../../postgres/pool.ts';

/**
 * Removes the values of facts that the reduced documents do not give: those of the newest document, and for facts of the
 * past, of the document as it was known then. In place: a fact that stays is not recorded anew.
 */
export async function reduceFacts(
  tx: Transaction,
  { accountId, caseIds, personalData }: { accountId: string; caseIds: readonly string[]; personalData: string },
): Promise<void> {
  const problem = `personalData: ${personalData} does not store it`;
  await readInTime(
    tx,
    (found) => Prisma.sql`
      with ${documentRows(caseIds, { accountId })},
      stored_facts as materialized (
        select
          stored_fact.*,
          case
            when stored_fact.superseded_at is null then newest.document
            else cdd.case_document(${accountId}, stored_fact.case_id, stored_fact.recorded_at)
          end as document
        from cdd.case_facts as stored_fact
        left join document_rows as newest on newest.case_id = stored_fact.case_id
        where stored_fact.account_id = ${accountId}
          and stored_fact.case_id = any(${caseIds}::uuid[])
          and stored_fact.value is not null
      ),
      removed_facts as (
        update cdd.case_facts as removed_fact
        set value = null, problem = ${problem}
        from stored_facts as document_row
        left join cdd.configured_facts as configured on configured.fact = document_row.fact
        left join lateral ${found} as found (value, problem) on configured.fact is not null
        where found.value is distinct from document_row.value
          and removed_fact.account_id = ${accountId}
          and removed_fact.case_id = document_row.case_id
          and removed_fact.fact = document_row.fact
          and removed_fact.recorded_at = document_row.recorded_at
        returning removed_fact.case_id, removed_fact.fact, removed_fact.superseded_at
      )
      update cdd.cases
      set facts = nullif(facts - removed.names, '{}')
      from (
        select case_id, array_agg(fact) as names
        from removed_facts
        where superseded_at is null
        group by case_id
      ) as removed
      where cases.account_id = ${accountId} and cases.id = removed.case_id and cases.facts is not null`,
  );
}
