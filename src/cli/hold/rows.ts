import type { CaseKey } from '../../model/case-key.ts';
import type { Database } from '../../store/postgres/pool.ts';

/** The newest row of reporting.legal_holds of a case, for programs; none if the case was never held. */
export async function holdRows(database: Database, { accountId, caseId }: CaseKey): Promise<object[]> {
  return database.$queryRaw<object[]>`
    select *
    from reporting.legal_holds
    where account_id = ${accountId} and case_id = ${caseId}::uuid
    order by held_at desc
    limit 1`;
}
