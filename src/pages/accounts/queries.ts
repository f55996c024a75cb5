import type { Transaction } from '../../store/postgres/pool.ts';

export type AccountRow = {
  account_id: string;
  account_label: string | null;
  enabled: boolean;
  paused_since: Date | null;
  last_success_at: Date | null;
  next_due_at: Date | null;
  cases: number;
  open_cases: number;
  is_stale: boolean | null;
  last_error_code: string | null;
  /** In minutes. */
  late_by: number | null;
};

/** The accounts that the viewer sees: what is wrong first. */
export function readAccountRows(tx: Transaction, accountId: string | null): Promise<AccountRow[]> {
  return tx.$queryRaw<AccountRow[]>`
    select
      account.account_id,
      account.account_label,
      account.enabled,
      account.paused_since,
      account.last_success_at,
      account.next_due_at,
      account.cases,
      account.open_cases,
      freshness.is_stale,
      freshness.last_error_code,
      freshness.late_by_minutes::float8 as late_by
    from reporting.accounts as account
    left join reporting.sync_freshness as freshness on freshness.account_id = account.account_id
    where ${accountId}::text is null or account.account_id = ${accountId}
    order by freshness.is_stale desc nulls last, account.enabled desc, account.account_id`;
}
