import { documentRows, readInTime } from '../../cases/configured-facts.ts';
import { Prisma, type Transaction } from '../../postgres/pool.ts';

const ERASED = 'the case was erased';

/**
 * Removes the values of the case's facts that its erased newest document does not give. In place: a fact that stays is
 * not recorded anew.
 */
export async function eraseFacts(
  tx: Transaction,
  { accountId, caseId }: { accountId: string; caseId: string },
): Promise<void> {
  await readInTime(
    tx,
    (found) => Prisma.sql`
      with ${documentRows([caseId], { accountId })},
      read_facts as materialized (
        select configured.fact, found.value, found.problem
        from document_rows as document_row
        cross join cdd.configured_facts as configured
        cross join lateral ${found} as found (value, problem)
      ),
      erased_facts as (
        update cdd.case_facts as erased_fact
        set
          value = kept_fact.value,
          problem = case when kept_fact.fact is null then ${ERASED} else kept_fact.problem end
        from cdd.case_facts as existing_fact
        left join read_facts as kept_fact
          on kept_fact.fact = existing_fact.fact and existing_fact.superseded_at is null
        where existing_fact.account_id = ${accountId}
          and existing_fact.case_id = ${caseId}::uuid
          and (existing_fact.value is not null or kept_fact.fact is not null)
          and erased_fact.account_id = existing_fact.account_id
          and erased_fact.case_id = existing_fact.case_id
          and erased_fact.fact = existing_fact.fact
          and erased_fact.recorded_at = existing_fact.recorded_at
      )
      update cdd.cases
      set facts = (select jsonb_object_agg(fact, value) filter (where value is not null) from read_facts)
      where account_id = ${accountId} and id = ${caseId}::uuid and facts is not null`,
  );
}
