import { type CaseKey, caseName } from '../../../model/case-key.ts';
import type { Database } from '../../postgres/pool.ts';

/**
 * Of cases that are not stored, the names of those that are not in their lists any more: the list was read whole after
 * `since`, and has no rejected item of the case.
 */
export async function unlistedCases(
  database: Database,
  cases: readonly (CaseKey & { since: Date })[],
): Promise<Set<string>> {
  const rows = await database.$queryRaw<CaseKey[]>`
    select asked_case.account_id as "accountId", asked_case.case_id::text as "caseId"
    from unnest(
      ${cases.map(({ accountId }) => accountId)}::text[],
      ${cases.map(({ caseId }) => caseId)}::uuid[],
      ${cases.map(({ since }) => since.toISOString())}::timestamptz[]
    ) as asked_case (account_id, case_id, since)
    join cdd.accounts as account on account.id = asked_case.account_id and account.last_success_at > asked_case.since
    where not exists (
      select
      from cdd.rejected_items as item
      where item.account_id = asked_case.account_id and item.case_id = asked_case.case_id and item.resolved_at is null
    )`;
  return new Set(rows.map(caseName));
}
