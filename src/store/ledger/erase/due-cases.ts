import { type Database, Prisma } from '../../postgres/pool.ts';
import { onlyRow } from '../../postgres/query.ts';

/** A case that is due to be erased. */
export type DueCase = { caseId: string; endedAt: Date; keepUntil: Date };

/**
 * The cases of an account that are due to be erased, the longest overdue first. A case is due only if the clocks of the
 * database and of this machine (`machineTime`) agree on it: a wrong clock must not erase years of cases. A case is left out
 * if any account holds it, or if a newer document of it was rejected: it may have been opened again.
 */
export async function dueCases(
  database: Database,
  accountId: string,
  limit: number,
  machineTime = new Date(),
): Promise<DueCase[]> {
  return database.$queryRaw<DueCase[]>`
    select case_id::text as "caseId", ended_at as "endedAt", keep_until as "keepUntil"
    from cdd.case_retention
    where account_id = ${accountId} and ${isDue(machineTime)}
    order by keep_until, case_id
    limit ${limit}`;
}

/** `due`: how many cases `dueCases` would give without a limit; `left`: how many more the reports call due. */
export type DueOfAccount = { due: number; left: number };

export async function countDueCases(database: Database, accountId: string): Promise<DueOfAccount> {
  const rows = await database.$queryRaw<DueOfAccount[]>`
    select
      count(*) filter (where ${isDue(new Date())})::integer as due,
      count(*) filter (where not (${isDue(new Date())}))::integer as left
    from cdd.case_retention
    where account_id = ${accountId} and state = 'due'`;
  return onlyRow(rows);
}

/** How many cases of an account are due to be erased. */
export type DueCount = { accountId: string; cases: number };

/** What `countDueCases` gives as `due`, for each account. */
export function countDueByAccount(database: Database): Promise<DueCount[]> {
  return database.$queryRaw<DueCount[]>`
    select account.id as "accountId", coalesce(due.cases, 0)::integer as cases
    from cdd.accounts as account
    left join (
      select account_id, count(*) as cases
      from cdd.case_retention
      where ${isDue(new Date())}
      group by account_id
    ) as due on due.account_id = account.id
    order by account.id`;
}

const isDue = (machineTime: Date) => Prisma.sql`
    state = 'due'
    and keep_until <= ${machineTime.toISOString()}::timestamptz
    and case_id not in (
      select case_id
      from cdd.rejected_items
      where resolved_at is null and case_id is not null
    )
    and case_id not in (
      select case_id
      from cdd.legal_holds
      where released_at is null
    )`;
