import type { CaseKey } from '../../model/case-key.ts';
import type { Transaction } from '../../store/postgres/pool.ts';

// Rows that the page shows as known now at any chosen time.

export type ReviewRow = {
  approved_at: Date;
  last_reviewed_at: Date;
  every_months: number;
  rule: number;
  due_at: Date;
  state: string;
};

export async function readReview(tx: Transaction, { accountId, caseId }: CaseKey): Promise<ReviewRow | null> {
  const [row] = await tx.$queryRaw<ReviewRow[]>`
    select approved_at, last_reviewed_at, every_months, rule, due_at, state
    from reporting.periodic_reviews
    where account_id = ${accountId} and case_id = ${caseId}::uuid`;
  return row ?? null;
}

export type OtherRow = { account_id: string; account_label: string | null };

/** The other accounts of the viewer that have the case in their lists. */
export function readOtherAccounts(tx: Transaction, { accountId, caseId }: CaseKey): Promise<OtherRow[]> {
  return tx.$queryRaw<OtherRow[]>`
    select account_id, account_label
    from reporting.cases
    where case_id = ${caseId}::uuid and account_id <> ${accountId}
    order by account_id`;
}

export type LinkedRow = {
  other_account_id: string;
  other_case_id: string;
  /** Null = there is none, or the viewer may not see it. */
  other_name: string | null;
  other_status: string | null;
  other_decided_at: Date | null;
  declined_before: boolean;
};

export async function readLinkedCases(tx: Transaction, { accountId, caseId }: CaseKey): Promise<LinkedRow[]> {
  const rows = await tx.$queryRaw<Omit<LinkedRow, 'other_name'>[]>`
    select other_account_id, other_case_id::text, other_status, other_decided_at, declined_before
    from reporting.linked_cases
    where account_id = ${accountId} and case_id = ${caseId}::uuid
    order by declined_before desc, other_decided_at desc nulls last, other_account_id, other_case_id`;
  if (rows.length === 0) return [];
  // By id: Postgres takes such a condition into the view, but none of a join.
  const others = await tx.$queryRaw<{ account_id: string; case_id: string; name: string | null }[]>`
    select account_id, case_id::text, payout_destination_name as name
    from reporting.cases
    where case_id = any (${rows.map(({ other_case_id }) => other_case_id)}::uuid[])`;
  const names = new Map(others.map(({ account_id, case_id, name }) => [`${account_id}/${case_id}`, name]));
  return rows.map((row) => ({ ...row, other_name: names.get(`${row.other_account_id}/${row.other_case_id}`) ?? null }));
}
