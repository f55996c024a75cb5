import type { Database } from '../../postgres/pool.ts';

/** How many cases of an account are due to be erased, of how many. */
export type DueShare = { accountId: string; due: number; cases: number };

/** The share of each account that has due cases. */
export async function dueShares(database: Database): Promise<DueShare[]> {
  return database.$queryRaw<DueShare[]>`
    select
      due_account.account_id as "accountId",
      due_account.due,
      (select count(*)::integer from cdd.cases where account_id = due_account.account_id) as cases
    from (
      select account_id, count(*)::integer as due
      from cdd.case_retention
      where state = 'due'
      group by account_id
    ) as due_account`;
}
